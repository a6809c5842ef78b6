"""The history of a whole action in words: what was done, when, and by whom of the office; of claimants no name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base.jobs import KINDS
from claims.erasures import REGISTRATION
from claims.intake.questions import list_person_questions
from claims.models import Action, Claim, HistoryEvent, Job, Role
from claims.models.actions import pick_text
from claims.models.history import ROLE_REFUSED
from claims.review.periods import EVIDENCE
from claims.rules.steps import SELF
from claims.timeline import INTERNAL_WORDS, VERBS

ABOUT_CLAIM: Mapping[str, str | Promise] = {**VERBS, **INTERNAL_WORDS}
ABOUT_ACTION: Mapping[str, str | Promise] = {
    "action opened": gettext_lazy("The action was opened"),
    "action published": gettext_lazy("The action was published"),
    "action taken off": gettext_lazy("The action was taken off the public pages"),
    "confirmed before publication": gettext_lazy("A point of the list before publication was confirmed"),
    "facts changed": gettext_lazy("Facts of the action were changed"),
    "criteria draft begun": gettext_lazy("A draft of the criteria was begun"),
    "criteria draft saved": gettext_lazy("A draft of the criteria was saved"),
    "criteria draft rebased": gettext_lazy("A draft of the criteria was put on the newest version"),
    "criteria draft discarded": gettext_lazy("A draft of the criteria was discarded"),
    "criteria published": gettext_lazy("A version of the criteria was published"),
    "event entered": gettext_lazy("An event of the proceedings was entered"),
    "event corrected": gettext_lazy("An event of the proceedings was corrected"),
    "event taken back": gettext_lazy("An event of the proceedings was taken back"),
    "claims imported": gettext_lazy("Claims were imported from a file"),
    "joinings recorded": gettext_lazy("Proofs of joining were recorded from a file"),
    "joining file dropped": gettext_lazy("A file of proofs of joining was thrown away before it was recorded"),
    "calendar link made": gettext_lazy("An address of the calendar was made"),
    "calendar link revoked": gettext_lazy("An address of the calendar was revoked"),
    "role granted": gettext_lazy("Somebody was given a role"),
    "role revoked": gettext_lazy("Somebody's role was taken away"),
    ROLE_REFUSED: gettext_lazy("A role was refused because the person has a claim"),
    "deletion of a registration announced": gettext_lazy(
        "The deletion of a registration that was not sent was announced"
    ),
    REGISTRATION: gettext_lazy("A registration that was not sent was erased"),
    "filing downloaded": gettext_lazy("A file of a filing was downloaded"),
    "filing verified": gettext_lazy("A filing was verified"),
    "moves of a dry run downloaded": gettext_lazy("The list of a dry run was downloaded"),
    "lines not taken downloaded": gettext_lazy("The lines of a file that were not taken were downloaded"),
    "budget of reading used up": gettext_lazy("Somebody used up the budget of a day"),
    "registration started": gettext_lazy("Somebody began to register"),
    "filing frozen": gettext_lazy("The data of a filing were frozen"),
    "filing resumed": gettext_lazy("A filing that had stopped went on"),
    "filing sealed": gettext_lazy("A filing was sealed"),
    "pack loaded": gettext_lazy("The pack of the action was loaded"),
    "scenario run inline": gettext_lazy("A scenario was run"),
    "scenarios loaded": gettext_lazy("Scenarios were loaded"),
}
WORDS: Mapping[str, str | Promise] = {**ABOUT_CLAIM, **ABOUT_ACTION}
AS_CLAIMANT = (  # whoever does this does it for a claim of their own
    "registration started", "claim registered", "claim connected",
    "answer corrected", "reply received", "claim withdrawn",
)  # fmt: skip
ENDINGS: Mapping[str, str] = {
    "started": Job.State.RUNNING, "finished": Job.State.DONE, "failed": Job.State.FAILED,
    "cancelled": Job.State.CANCELLED,
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """One event: when, what, by whom, the claim that it is about and the names of the fields that changed."""

    number: int
    at: datetime
    what: str
    who: str
    reference: str
    fields: tuple[str, ...]


def list_happened(
    action: Action, *, verb: str = "", before: int | None = None, most: int
) -> tuple[list[Happened], int | None]:
    """Return the newest events of an action, from a number down, and where the next page begins; None at the end."""
    events = HistoryEvent.objects.filter(action=action).order_by("-number").select_related("by")
    if verb:
        events = events.filter(verb=verb)
    if before:
        events = events.filter(number__lt=before)
    found = list(events[: most + 1])
    page = found[:most]
    names, claims, fields = _name_office(action, page), _find_claims(page), _name_fields(action)
    told = [_tell(event, names, claims.get(event.subject_id or 0), fields) for event in page]
    return told, page[-1].number if len(found) > most else None


def _tell(
    event: HistoryEvent, names: Mapping[int, str], found: tuple[str, int | None] | None, fields: Mapping[str, str]
) -> Happened:
    reference, owner = found if found and event.subject == "claim" else ("", None)
    who = names.get(event.by_id, _("Not of the office")) if event.by_id else _("Automatic")
    if event.by_id and (event.verb in AS_CLAIMANT or event.by_id == owner):
        who = _("Not of the office")  # beside the claim a name would tell whose it is, also of somebody who left us
    return Happened(
        event.number, event.at, name_verb(event.verb), who, reference, tuple(fields.get(it, it) for it in event.fields)
    )


def _name_fields(action: Action) -> dict[str, str]:
    """Return questions and criteria as people read them, by id: what was asked, answered or set."""
    version = action.criteria
    criteria = version.document["criteria"] if version else []
    questions = [*list_person_questions(SELF).values(), *action.questions]
    return {
        EVIDENCE: _("A file that shows it"),
        **{it["id"]: pick_text(it["title"]) for it in criteria},
        **{it["id"]: pick_text(dict(it["label"])) for it in questions},
    }


def name_verb(verb: str) -> str:
    """Return what was done in words; that of a job as its title and how it stood then."""
    if verb in WORDS:
        return str(WORDS[verb])
    kind, _space, ending = verb.rpartition(" ")
    if kind in KINDS and ending in ENDINGS:
        return _("%(job)s: %(state)s") % {"job": KINDS[kind].title, "state": Job.State(ENDINGS[ending]).label}
    return verb


def _name_office(action: Action, events: list[HistoryEvent]) -> dict[int, str]:
    """Return the names of those who have or had a role here; whoever else acted is a claimant, or of another office."""
    acting = {event.by.pk: event.by for event in events if event.by}
    granted = HistoryEvent.objects.filter(action=action, verb="role granted", subject="user", subject_id__in=acting)
    office = set[int | None](granted.values_list("subject_id", flat=True))
    office |= {*Role.objects.filter(action=action, user__in=acting).values_list("user_id", flat=True)}
    return {pk: user.name or user.email for pk, user in acting.items() if pk in office}


def _find_claims(events: list[HistoryEvent]) -> dict[int, tuple[str, int | None]]:
    """Return the reference of each claim, and whose account holds it."""
    ids = {event.subject_id for event in events if event.subject == "claim" and event.subject_id}
    claims = Claim.objects.filter(pk__in=ids).values_list("pk", "reference", "claimant__user")
    return {pk: (reference, owner) for pk, reference, owner in claims}


def list_verbs() -> list[tuple[str, str]]:
    """Return what one can look for, (verb, words) each, in the order of the words."""
    return sorted(((verb, str(words)) for verb, words in WORDS.items()), key=lambda pair: pair[1].casefold())
