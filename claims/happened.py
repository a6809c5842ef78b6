"""The history of an action, and of a claim for the office, in words: who did what, and to what; no claimant's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base.jobs import KINDS
from claims.concerned import Concerned, Thing, list_concerned
from claims.erasures import CLAIMANT, REGISTRATION
from claims.intake.questions import list_person_questions
from claims.models import Action, Claim, CriteriaVersion, HistoryEvent, Job, Role, User
from claims.models.actions import pick_text
from claims.models.history import ROLE_REFUSED
from claims.opening.changing import TITLES
from claims.opening.checks import list_readers
from claims.review.periods import EVIDENCE
from claims.rules.steps import SELF
from claims.timeline import BY_OFFICE, INTERNAL_WORDS, VERBS, list_claim_events

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
    CLAIMANT: gettext_lazy("All data of a claimant were erased"),
    "factor reset asked for": gettext_lazy("An administrator asked to take off the second factors of somebody"),
    "factors taken off": gettext_lazy("The second factors of somebody were taken off"),
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
    "registration started", "claim registered", "claim connected", "consent given", "consent taken back",
    "answer corrected", "reply received", "claim withdrawn", "contact changed", "evidence received", "data exported",
    "use restricted", CLAIMANT,
)  # fmt: skip
ROLE_VERBS = ("role granted", "role revoked")  # their fields are said with the person
ENDINGS: Mapping[str, str] = {
    "started": Job.State.RUNNING, "finished": Job.State.DONE, "failed": Job.State.FAILED,
    "cancelled": Job.State.CANCELLED,
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """One event: when, what, by whom, what it is about, and the fields that changed as people read them."""

    number: int
    at: datetime
    verb: str
    what: str
    who: str
    things: tuple[Thing, ...]
    fields: tuple[str, ...]


def list_happened(
    action: Action, *, verb: str = "", before: int | None = None, most: int
) -> tuple[list[Happened], int | None]:
    """Return the newest events of an action, from a number down, and where the next page begins; None at the end."""
    events = HistoryEvent.objects.filter(action=action).order_by("-number")
    if verb:
        events = events.filter(verb=verb)
    if before:
        events = events.filter(number__lt=before)
    found = list(events[: most + 1])
    page = found[:most]
    told = _tell_all(action, page, action.criteria)
    return told, page[-1].number if len(found) > most else None


def list_office_happenings(claim: Claim) -> list[Happened]:
    """Return every event of a claim for the office, the newest first; its own reference is not said again."""
    version = claim.criteria_version or claim.action.criteria
    return _tell_all(claim.action, list(list_claim_events(claim)), version, about=claim)


def _tell_all(
    action: Action, events: Sequence[HistoryEvent], version: CriteriaVersion | None, *, about: Claim | None = None
) -> list[Happened]:
    names, fields = _name_office(action, events), _name_fields(action, version)
    concerned = list_concerned(action, events, names, about=about)
    return [_tell(event, names, concerned[event.number], fields) for event in events]


def _tell(
    event: HistoryEvent, names: Mapping[int, str], concerned: Concerned, fields: Mapping[str, Mapping[str, str]]
) -> Happened:
    words = fields.get(event.verb, fields[""])
    changed = () if event.verb in ROLE_VERBS else tuple(words.get(it, it) for it in event.fields)
    who = _say_who(event, names, concerned)
    return Happened(event.number, event.at, event.verb, name_verb(event.verb), who, concerned.things, changed)


def _say_who(event: HistoryEvent, names: Mapping[int, str], concerned: Concerned) -> str:
    """Return who did it. Beside a claim the name of its owner would tell whose it is, also of somebody who left us."""
    if event.by_id is None:
        return _("Automatic")
    is_of_one = event.verb in AS_CLAIMANT or (event.subject in ("claimant", "evidence") and event.verb not in BY_OFFICE)
    if is_of_one or event.by_id in concerned.owners:
        return _("Claimant")
    return names.get(event.by_id, _("Not of the office"))


def _name_fields(action: Action, version: CriteriaVersion | None) -> dict[str, Mapping[str, str]]:
    """Return what changed as people read it, by verb and id; under "" questions and criteria: asked, answered, set."""
    criteria = version.document["criteria"] if version else []
    questions = [*list_person_questions(SELF).values(), *action.questions]
    return {
        "facts changed": {name: str(title) for name, title in TITLES.items()},
        "confirmed before publication": {key: title for key, (title, _read) in list_readers().items()},
        "": {
            EVIDENCE: _("A file that shows it"),
            **{it["id"]: pick_text(it["title"]) for it in criteria},
            **{it["id"]: pick_text(dict(it["label"])) for it in questions},
        },
    }


def name_verb(verb: str) -> str:
    """Return what was done in words; that of a job as its title and how it stood then."""
    if verb in WORDS:
        return str(WORDS[verb])
    kind, _space, ending = verb.rpartition(" ")
    if kind in KINDS and ending in ENDINGS:
        return _("%(job)s: %(state)s") % {"job": KINDS[kind].title, "state": Job.State(ENDINGS[ending]).label}
    return verb


def _name_office(action: Action, events: Sequence[HistoryEvent]) -> dict[int, str]:
    """Return the names of those who have or had a role here; whoever else acted is a claimant, or of another office."""
    about = {event.subject_id for event in events if event.subject == "user"}
    people = {event.by_id for event in events} | about | {event.data.get("to") for event in events}
    roles = Role.objects.filter(action=action, user=OuterRef("pk"))
    granted = HistoryEvent.objects.filter(action=action, verb="role granted", subject="user", subject_id=OuterRef("pk"))
    office = User.objects.filter(Exists(roles) | Exists(granted), pk__in=[pk for pk in people if pk])
    return {user.pk: user.name or user.email for user in office}


def list_verbs() -> list[tuple[str, str]]:
    """Return what one can look for, (verb, words) each, in the order of the words."""
    return sorted(((verb, str(words)) for verb, words in WORDS.items()), key=lambda pair: pair[1].casefold())
