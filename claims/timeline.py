"""What happened to a claim, told to the person: each event of the history in words, with who did it by role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.base import history
from claims.models import Action, Claim, Evidence, HistoryEvent, JoiningProof, Role, User
from claims.models.history import OPENED, REVEALED, TAKEN
from claims.review.telling import leave_told

RELEASED = "merge ended by itself"
JOINED = "joining recorded"
# What concerns the work of the office and not the person: notes are privileged, and who does what next is no event.
INTERNAL_WORDS: Mapping[str, str | Promise] = {
    "note added": gettext_lazy("A note was added"),
    "claim taken on": gettext_lazy("Somebody took the work on this claim"),
    "claim given back": gettext_lazy("Somebody gave the work on this claim back"),
    "claim assigned": gettext_lazy("The work on this claim was given to somebody"),
    "assignment undone": gettext_lazy("The work on this claim went back to who had it before"),
    "claim held for a look": gettext_lazy("The claim was held for a look"),
    "held claim released": gettext_lazy("The claim was released and counts"),
}
INTERNAL = ("note added", "claim taken on", "claim given back", "claim assigned", "assignment undone")
AGAIN_AFTER = timedelta(hours=1)  # somebody who works on a claim opens its page many times
VERBS: Mapping[str, str | Promise] = {
    "claim registered": gettext_lazy("The claim was registered with us"),
    "claim connected": gettext_lazy("The person opened the claim for the first time"),
    "claim withdrawn": gettext_lazy("The claim was withdrawn"),
    "answer corrected": gettext_lazy("An answer was added or corrected, and the claim was checked again"),
    "day of birth corrected": gettext_lazy("The office entered or corrected the day of birth"),
    "consent given": gettext_lazy("A consent was given"),
    "consent taken back": gettext_lazy("A consent was taken back"),
    "certificate issued": gettext_lazy("A certificate was issued"),
    "contact changed": gettext_lazy("Contact data were changed"),
    "e-mail changed": gettext_lazy("The e-mail address was changed"),
    "evidence moved to the claimant": gettext_lazy("Files came in with the registration"),
    "evidence received": gettext_lazy("A file was added"),
    "evidence erased": gettext_lazy("A file was erased"),
    "use restricted": gettext_lazy("The use of the data was restricted"),
    "data exported": gettext_lazy("All data were downloaded"),
    JOINED: gettext_lazy("The office recorded the proof that the claim has joined the court action"),
    "joining taken back": gettext_lazy("The office took back the proof of joining: the claim has not joined"),
    "claim accepted": gettext_lazy("A lawyer accepted the claim"),
    "claim taken up again": gettext_lazy("The claim was taken up again"),
    "claim merged": gettext_lazy("The claim was put together with another one of the same person"),
    "claim took another in": gettext_lazy("Another registration of the same person was put into this claim"),
    "merge undone": gettext_lazy("The claim stands by itself again"),
    "claim taken out again": gettext_lazy("A registration that was put into this claim stands by itself again"),
    RELEASED: gettext_lazy("The claim stands by itself again, since the other registration no longer counts"),
    "not a duplicate": gettext_lazy("The office looked at a similar claim: it is of another person"),
    "more was asked": gettext_lazy("The office asked for more"),
    "question taken back": gettext_lazy("The office took a question back"),
    "claimant reminded": gettext_lazy("A reminder was sent"),
    "time to answer is over": gettext_lazy("The time to answer was over; nothing was decided by that"),
    "refusal announced": gettext_lazy("The office announced that it may refuse the claim"),
    "refusal dropped": gettext_lazy("The office no longer means to refuse the claim"),
    "claim refused": gettext_lazy("A lawyer refused the claim"),
    "reply received": gettext_lazy("A message to the office came in"),
    "decision undone": gettext_lazy("The decision before was undone"),
    "finding set by a person": gettext_lazy("A person of the office set a finding"),
    "finding proposed": gettext_lazy("A person of the office proposed another finding"),
    "finding confirmed": gettext_lazy("A second person confirmed a finding"),
    "finding left to the rules": gettext_lazy("A finding was left to the rules again"),
    REVEALED: gettext_lazy("Own words and bank data were uncovered"),
    OPENED: gettext_lazy("The claim was opened"),
    TAKEN: gettext_lazy("A file was looked at"),
}
REGISTERED = ("claim registered", "registered")
BY_OFFICE = (OPENED, TAKEN, REVEALED)
ROLES: Mapping[str, str | Promise] = {
    Role.Name.LAWYER: pgettext_lazy("who did it", "A lawyer of the office"),
    Role.Name.STAFF: pgettext_lazy("who did it", "The staff of the office"),
    Role.Name.FINANCE: pgettext_lazy("who did it", "The finance staff of the office"),
    Role.Name.AUDITOR: pgettext_lazy("who did it", "An auditor"),
    Role.Name.ADMINISTRATOR: pgettext_lazy("who did it", "An administrator of the office"),
}


@dataclass(frozen=True)
class Happening:
    """One event in words: when, what, and who by role; never the name of a member of the office."""

    at: datetime
    verb: str
    what: str
    who: str
    is_opening: bool = False
    fields: tuple[str, ...] = ()


def note_opening(claim: Claim, *, by: User) -> None:
    """Keep in the history that a member of the office opened a claim, not its own; the same person once an hour."""
    if claim.claimant.user_id != by.pk:
        _note_once(OPENED, claim, by=by, action=claim.action)


def note_look(file: Evidence, *, by: User, action: Action) -> None:
    """Keep in the history that a member of the office looked at a file; the same person once an hour, at any pages."""
    _note_once(TAKEN, file, by=by, action=action)


def _note_once(verb: str, subject: Claim | Evidence, *, by: User, action: Action) -> None:
    lately = HistoryEvent.objects.filter(
        subject=subject._meta.model_name, subject_id=subject.pk, verb=verb, by=by, at__gt=timezone.now() - AGAIN_AFTER
    )
    if not lately.exists():
        history.record(verb, subject, by=by, action=action)


def list_happenings(claim: Claim, *, reader: User) -> list[Happening]:
    """Return what happened to a claim and its files, the newest first; the last check by the criteria among it.

    Decisions are told once they can no longer be undone, and those that were undone never.
    """
    events = leave_told(claim, (event for event in list_claim_events(claim) if event.verb not in INTERNAL))
    roles = _list_roles(claim.action, events)
    told = [_tell(event, reader, roles) for event in events]
    if claim.screened_at:
        told.append(
            Happening(claim.screened_at, "screened", _("The claim was checked by the criteria"), _("Automatic"))
        )
    told += [_tell_joining(proof, reader) for proof in claim.joining_proofs.filter(file__isnull=False)]
    if not any(event.verb == "claim registered" for event in events):
        told.append(Happening(claim.registered_at, REGISTERED[1], str(VERBS["claim registered"]), ""))
    return sorted(told, key=_place_in_time, reverse=True)


def _place_in_time(happening: Happening) -> tuple[datetime, bool, datetime]:
    """Within a minute, which is all that a page shows, told is first that there was a claim: its first check and files
    come with it."""
    return happening.at.replace(second=0, microsecond=0), happening.verb not in REGISTERED, happening.at


def list_claim_events(claim: Claim) -> Iterable[HistoryEvent]:
    """Return the events about a claim, its claimant and the files of that claimant, the newest first."""
    about = Q(subject="claim", subject_id=claim.pk) | Q(subject="claimant", subject_id=claim.claimant_id)
    files = Q(subject="evidence", subject_id__in=_list_files(claim))
    return HistoryEvent.objects.filter(about | files).order_by("-number")


def _list_files(claim: Claim) -> set[int]:
    """Return the ids of all files that the claimant ever had, erased ones too, as far as the history tells."""
    kept = set(Evidence.objects.filter(owner=claim.claimant_id).values_list("pk", flat=True))
    named = HistoryEvent.objects.filter(subject="claimant", subject_id=claim.claimant_id, verb__startswith="evidence")
    for data in named.values_list("data", flat=True):
        kept.update(data.get("evidence", ()))
    return kept


def _list_roles(action: Action, events: Iterable[HistoryEvent]) -> dict[int, str]:
    people = {event.by_id for event in events if event.by_id}
    return dict(Role.objects.filter(action=action, user__in=people).values_list("user_id", "name"))


def _tell(event: HistoryEvent, reader: User, roles: Mapping[int, str]) -> Happening:
    what = str(VERBS.get(event.verb, _("The office noted something about the claim")))
    return Happening(
        event.at, event.verb, what, _say_who(event, reader, roles), event.verb in BY_OFFICE, tuple(event.fields)
    )


def _tell_joining(proof: JoiningProof, reader: User) -> Happening:
    """Tell of a proof that came in a file: the history names such claims together."""
    who = _("You") if proof.by_id == reader.pk else _("The office")
    return Happening(proof.made_at, JOINED, str(VERBS[JOINED]), who)


def _say_who(event: HistoryEvent, reader: User, roles: Mapping[int, str]) -> str:
    if event.by_id is None:
        return _("Automatic")
    if event.by_id == reader.pk:
        return _("You")
    return str(ROLES.get(roles.get(event.by_id, ""), _("The office")))
