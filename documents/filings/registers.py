"""The register: rows to freeze in one query, and volumes in the words of a language."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.models import Action, Claim, CriteriaVersion
from claims.models.actions import pick_text
from claims.quarantine import leave_out_held
from claims.rules.eligibility import Outcome
from claims.wording import day
from documents.filings.checking import STAMP
from documents.filings.snapshots import Snapshot
from documents.models import Filing
from documents.registers import build_labels
from documents.rules.registers import Register, Volume, lay_out_volume

COLUMNS = (
    "reference", "external_ref", "claimant__given_name", "claimant__family_name", "claimant__birth_date",
    "claimant__email", "claimant__street", "claimant__postcode", "claimant__city", "claimant__country",
    "claimant__language", "claimant__representation__kind", "claimant__representation__given_name",
    "claimant__representation__family_name", "claimant__representation__since", "habitual_residence", "registered_at",
    "joined_on", "outcome", "tier", "answers",
)  # fmt: skip
ACTING = ("kind", "given_name", "family_name", "since")
# What a claimant declares: the answer to a question of the pack, and the letter under which the register shows it.
DECLARATIONS = (
    ("M", "mandate_given", "yes"),
    ("A", "joining_authority_given", "yes"),
    ("P", "other_action", "no"),
    ("C", "earlier_compensation", "no"),
    ("T", "truth_confirmed", "yes"),
)


def iterate_rows(
    action: Action, version: CriteriaVersion, amounts: Mapping[str, int]
) -> Generator[Mapping[str, Any], None, None]:
    """Yield a row for each claim that stands, meets the criteria and is not held, in the order of the references.

    References are random, so the order tells nothing, and it is the same on every database.
    """
    meeting = Claim.objects.standing().filter(action=action, outcome=Outcome.ELIGIBLE, criteria_version=version)
    claims = meeting.order_by("reference")
    for number, values in enumerate(leave_out_held(claims).values_list(*COLUMNS).iterator(chunk_size=2000), 1):
        yield build_row(number, dict(zip(COLUMNS, values, strict=True)), version, amounts)


def build_row(
    number: int, claim: Mapping[str, Any], version: CriteriaVersion, amounts: Mapping[str, int]
) -> dict[str, Any]:
    """Return one row as `documents.rules.registers` reads it: texts, ISO dates, whole cents."""
    person = {name.removeprefix("claimant__"): claim[name] for name in COLUMNS if name.startswith("claimant__")}
    own = {name: claim[name] for name in ("reference", "external_ref", "outcome", "tier")}
    birth_date, joined_on = person.pop("birth_date"), claim["joined_on"]
    kind, given, family, since = (person.pop(f"representation__{part}") for part in ACTING)
    return {
        "number": number,
        **person,
        "acting_as": kind or "",
        "acting_name": f"{given or ''} {family or ''}".strip(),
        "acting_since": since.isoformat() if since else "",
        **own,
        "birth_date": birth_date.isoformat() if birth_date else "",
        "residence": claim["habitual_residence"],
        "registered_on": timezone.localdate(claim["registered_at"]).isoformat(),
        "joined_on": joined_on.isoformat() if joined_on else "",
        "criteria": str(version.number),
        "declarations": list_declarations(claim["answers"]),
        "cents": str(amounts[claim["tier"]]) if claim["tier"] in amounts else "",
    }


def list_declarations(answers: Mapping[str, Any]) -> str:
    """Return the letters of what was declared."""
    return " ".join(letter for letter, question, answer in DECLARATIONS if answers.get(question) == answer)


def lay_out(filing: Filing, number: int, rows: Sequence[Mapping[str, Any]], snapshot: Snapshot) -> Volume:
    """Return one volume of the register in the language and rendering of the filing."""
    labels = build_labels(filing.language)
    if filing.language == "de":
        labels["group"] = "."  # as in the other documents of a filing
    with translation.override(filing.language):
        volume = lay_out_volume(describe_register(filing, snapshot), number, rows, labels)
    volume.frame["keywords"] = [*volume.frame["keywords"], f"{STAMP}{snapshot.sha256}"]
    return volume


def describe_register(filing: Filing, snapshot: Snapshot) -> Register:
    """Return what all volumes share, in the language that is active."""
    facts, criteria = snapshot.facts["action"]["facts"], snapshot.facts["criteria"]
    court = facts["court"]
    entity, trader = facts["parties"]["entity"]["name"], facts["parties"]["trader"]["name"]
    file_number = court.get("file_number") or _("no court file yet")
    total = snapshot.facts["total_cents"]
    tiers = tuple((tier["id"], pick_text(tier["title"])) for tier in criteria["document"]["tiers"])
    return Register(
        language=filing.language,
        rendering=filing.rendering,
        claimants=snapshot.facts["rows"]["count"],
        total_cents=int(total) if total is not None else None,
        snapshot_sha256=snapshot.sha256,
        made_at=filing.frozen_at.isoformat(),
        entity=entity,
        dispute=_("{entity} v {trader}").format(entity=entity, trader=trader),
        docket=f"{pick_text(court['name'])} · {file_number}",
        criteria=_("version {number} of {day}").format(
            number=criteria["number"], day=day(criteria["published_at"][:10])
        ),
        tiers=tiers,
        volume_rows=snapshot.facts["rows"]["volume_rows"],
        mark=_("Illustration – fictitious people") if snapshot.facts["action"]["is_illustration"] else "",
        is_undecided=snapshot.facts.get("is_undecided", False),  # snapshots of before say nothing of it
    )
