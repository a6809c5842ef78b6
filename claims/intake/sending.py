"""The last step: a complete registration is taken as sent, once. A worker makes its claim (claims.intake.entering).

At a deadline everybody presses the last button at once. So the whole registration is checked when the page with that
button is shown, and pressing it is one statement that waits for nobody: the time at which it was sent counts.
"""

from hashlib import sha256
from time import monotonic
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import mandates
from claims.actions import get_regime
from claims.base.calls import call_worker
from claims.base.errors import Refused
from claims.base.references import make_reference, show_reference
from claims.closing import find_closing_moment, tell_closing
from claims.contacts import make_person_key
from claims.intake.days import list_clashing_steps
from claims.intake.drafts import Draft, open_draft
from claims.models import Action, Claim, CriteriaVersion, DeclarationText, EventEntry, Registration, User
from claims.rules.steps import Step, list_missing

TASK = "claims.tasks.enter_registrations"
PAUSE = 1.0  # seconds between two wake-up calls of one process: a call for each would cost more than sending does
TRIES = 3
_called_at = -PAUSE


class NotComplete(Refused):
    """Something is missing without which a claim cannot be sent; `steps` are the pages where it is asked."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__(_("something is still missing"))
        self.steps = steps


class Closed(Refused):
    """Nobody can come into the action any more."""


def send_registration(registration: Registration, *, by: User, language: str | None = None) -> Registration:
    """Take a registration as sent and return it, with time and reference; sent a second time, it stays as it is.

    `language` is the one that the person reads when sending, where it is not the one of the start: we write in it.
    What was checked when the page was shown is not checked again, unless something changed since.
    Raises Closed, NotComplete, or Refused where this person stands in the matter already (Directive 2020/1828,
    Article 9(4)).
    """
    for turn in range(TRIES):
        held = _read_registration(registration.pk)
        if held.state != Registration.State.OPEN:
            return held
        if turn or held.checked != _make_stamp(held) or not _is_open(held):
            held = note_checked(open_draft(held), by=by)
        if _mark_sent(held, language or held.language):
            _call_now_and_then()
            return held
    raise Refused(_("this registration is being changed in another window; close that, then send it"))


def note_checked(draft: Draft, *, by: User) -> Registration:
    """Note that a registration, as it is saved now, can be sent. Raises NotComplete or Refused where it cannot."""
    registration = draft.registration
    if closing := tell_closing(registration.action):
        raise Closed(closing)
    stamp = _make_stamp(_read_registration(registration.pk))
    check_complete(draft)
    registration.person_key = make_key(draft, by)
    refuse_standing(registration.person_key, registration.action)
    until = find_closing_moment(registration.action)
    _list_unchanged(registration).update(checked=stamp, open_until=until, person_key=registration.person_key)
    return registration


def check_complete(draft: Draft) -> None:
    """Raise NotComplete with the steps that lack something, or tell of days that cannot both be right."""
    missing = list_missing(draft.steps, draft.texts)
    missing += [step for step in list_clashing_steps(draft) if step not in missing]
    if mandates.list_wanted_kinds(draft.registration.action, draft.values) - draft.accepted:
        missing += [step for step in draft.steps if step.name == "declarations"]
    if missing:
        raise NotComplete(missing)


def refuse_standing(person_key: str | None, action: Action) -> None:
    """Raise Refused where this person stands in the matter, in this action or in another."""
    standing = _list_standing(person_key, action.matter_id).select_related("action").first()
    if standing and standing.action_id == action.pk:
        raise Refused(
            _("this person is registered already, under the reference {reference}").format(
                reference=show_reference(standing.reference)
            )
        )
    if standing:
        raise Refused(
            _("this person already stands in another action of this matter, {action}; the law allows one").format(
                action=standing.action.name
            )
        )


def _read_registration(pk: int) -> Registration:
    """Return a registration with what of its action the check depends on, but without the long documents."""
    newest = CriteriaVersion.objects.filter(action=OuterRef("action")).order_by("-number").values("number")[:1]
    entries = EventEntry.objects.filter(action=OuterRef("action")).order_by().values("action")
    changes = entries.annotate(n=Count("pk") + Count("taken_back_at")).values("n")  # entries stay, so it only grows
    texts = DeclarationText.objects.filter(action=OuterRef("action")).order_by("-pk").values("pk")[:1]
    rows = Registration.objects.annotate(
        criteria_number=Subquery(newest), newest_text=Subquery(texts), changes=Subquery(changes)
    )
    return rows.select_related("action").defer("action__facts", "action__questions", "action__precheck").get(pk=pk)


def _make_stamp(read: Any) -> str:
    """Return what a check holds for: these answers, under this state of the action, on this day."""
    action = (read.action.loaded_at.isoformat(), read.criteria_number, read.newest_text, read.changes)
    parts = (read.saved_at.isoformat(), *action, get_regime(read.action).sha256, timezone.localdate())
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()


def _is_open(read: Registration) -> bool:
    """Whether people can still come in, as of the last check; the time of sending counts."""
    action, until = read.action, read.open_until
    return action.is_published and not action.has_ended and (until is None or timezone.now() <= until)


def _list_unchanged(read: Registration) -> QuerySet[Registration]:
    """Return the row of a registration if nobody has saved anything since it was read, and it was not sent."""
    return Registration.objects.filter(pk=read.pk, state=Registration.State.OPEN, saved_at=read.saved_at)


def _mark_sent(read: Registration, language: str) -> bool:
    """Take a registration as sent, in one statement; False where something changed since it was read.

    Raises Refused where the same person was sent by somebody else a moment ago and is no claim yet.
    """
    sent = {
        "state": Registration.State.SENT,
        "sent_at": timezone.now(),
        "reference": make_reference(),
        "language": language,
    }
    rows, standing = _list_unchanged(read), _list_standing(read.person_key, read.action.matter_id)
    try:
        with transaction.atomic():
            taken = rows.exclude(Exists(standing)).update(**sent) if read.person_key else rows.update(**sent)
    except IntegrityError:
        raise Refused(_("this person is being registered at this moment; look under your claims")) from None
    for name, value in sent.items():
        setattr(read, name, value)
    return taken == 1


def _call_now_and_then() -> None:
    """Wake a worker, once a second; beat asks too, for whoever came within that second."""
    global _called_at  # of this process, and a race between threads costs one call more
    now = monotonic()
    if now - _called_at >= PAUSE:
        _called_at = now
        call_worker(TASK)


def _list_standing(person_key: str | None, matter_id: int) -> QuerySet[Claim]:
    claims = Claim.objects.filter(matter=matter_id, claimant__person_key=person_key)
    return claims.exclude(status=Claim.Status.WITHDRAWN) if person_key else claims.none()


def make_key(draft: Draft, by: User) -> str | None:
    """Return the blind index by which the person of a draft is found again; None while a part is unknown."""
    parts = {name: draft.texts.get(name, "") for name in ("given_name", "family_name", "birth_date")}
    return make_person_key(draft.registration.action.matter_id, email=by.email, **parts)
