"""The last step: a complete registration is taken as sent, once. A worker makes its claim (claims.intake.entering).

At a deadline everybody presses the last button at once. So the whole registration is checked when the page with that
button is shown, and pressing it is one statement that waits for nobody: the time at which it was sent counts.
"""

from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import mandates
from claims.base.calls import call_worker
from claims.base.errors import Refused
from claims.base.references import make_reference, show_reference
from claims.closing import find_closing_moment, tell_closing
from claims.contacts import make_person_key
from claims.intake.days import list_clashing_steps
from claims.intake.drafts import Draft, open_draft
from claims.models import Action, Claim, Registration, User
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


# What a check holds for: these answers, under this state of the action, on this day. Entries of events stay, and so do
# texts and versions, so each number only grows.
STAMP = """CAST(r.saved_at AS text) || ' ' || CAST(a.loaded_at AS text)
  || ' ' || COALESCE((SELECT MAX(v.number) FROM claims_criteriaversion v WHERE v.action_id = a.id), 0)
  || ' ' || COALESCE((SELECT MAX(t.id) FROM claims_declarationtext t WHERE t.action_id = a.id), 0)
  || ' ' || (SELECT COUNT(e.id) + COUNT(e.taken_back_at) FROM claims_evententry e WHERE e.action_id = a.id)
  || ' ' || %s"""
READ = f"""SELECT {STAMP} FROM claims_registration r JOIN claims_action a ON a.id = r.action_id
WHERE r.id = %s AND r.saved_at = %s AND a.loaded_at = %s"""  # noqa: S608  # all of it is here
NOTE = """UPDATE claims_registration SET checked = %s, open_until = %s, person_key = %s
WHERE id = %s AND state = 'open' AND saved_at = %s"""
SEND = f"""UPDATE claims_registration AS r SET state = 'sent', sent_at = %s, reference = %s, language = %s
FROM claims_action AS a
WHERE r.user_id = %s AND r.state = 'open' AND a.id = r.action_id AND a.slug = %s AND r.code = COALESCE(%s, r.code)
  AND r.checked = {STAMP}
  AND a.is_published AND a.stage NOT IN ({", ".join(f"'{stage}'" for stage in Action.ENDED)})
  AND (r.open_until IS NULL OR r.open_until >= %s)
  AND NOT EXISTS (SELECT 1 FROM claims_registration o WHERE o.person_key = r.person_key AND o.state = 'sent')
  AND NOT EXISTS (SELECT 1 FROM claims_claimant p JOIN claims_claim c ON c.claimant_id = p.id
    WHERE p.person_key = r.person_key AND c.matter_id = a.matter_id AND c.status <> 'withdrawn')"""  # noqa: S608


def send_checked(person: User, slug: str, *, language: str, code: UUID | None = None) -> str | None:
    """Take the registration that a person has open in an action as sent, and return its reference.

    One statement, written by hand: at a deadline it is all that counts. None where nothing was noted for the
    registration as it is now, or it cannot be sent: then `send_registration` knows more. With a `code` it is that
    registration or none: an old page, pressed again, must not send the next person of the family.
    """
    reference, now = make_reference(), _adapt(timezone.now())
    given = [now, reference, language, person.pk, slug, _adapt_code(code), str(timezone.localdate()), now]
    try:
        with connection.cursor() as cursor:  # a transaction of its own would be two more ways to the database
            cursor.execute(SEND, given)
            sent = cursor.rowcount
    except IntegrityError:  # the same person was sent at this very moment, from another window
        return None
    if sent:
        _call_now_and_then()
    return reference if sent else None


def send_registration(registration: Registration, *, by: User, language: str | None = None) -> Registration:
    """Take a registration as sent and return it, with time and reference; sent a second time, it stays as it is.

    `language` is the one that the person reads when sending, where it is not the one of the start: we write in it.
    Raises Closed, NotComplete, or Refused where this person stands in the matter already (Directive 2020/1828,
    Article 9(4)).
    """
    for _turn in range(TRIES):  # another window may save in the meantime
        held = Registration.objects.select_related("action").get(pk=registration.pk)
        if held.state != Registration.State.OPEN:
            return held
        note_checked(open_draft(held), by=by)
        send_checked(by, held.action.slug, language=language or held.language, code=held.code)
    held.refresh_from_db()
    if held.state == Registration.State.OPEN:
        raise Refused(_("this person is being registered at this moment; look under your claims"))
    return held


def note_checked(draft: Draft, *, by: User) -> None:
    """Note that a registration, as it was read, can be sent. Raises Closed, NotComplete or Refused where it cannot."""
    registration, read = draft.registration, _adapt(draft.registration.saved_at)
    loaded = _adapt(registration.action.loaded_at)
    # Before what is checked is read: what changes meanwhile is not taken as checked.
    with connection.cursor() as cursor:
        cursor.execute(READ, [str(timezone.localdate()), registration.pk, read, loaded])
        stamp = cursor.fetchone()
    if closing := tell_closing(registration.action):
        raise Closed(closing)
    check_complete(draft)
    key = make_key(draft, by)
    refuse_standing(key, registration.action)
    until = find_closing_moment(registration.action)
    if stamp:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [*stamp, until and _adapt(until), key, registration.pk, read])


def _adapt(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _adapt_code(code: UUID | None) -> Any:
    return code and Registration._meta.get_field("code").get_db_prep_value(code, connection)


def _call_now_and_then() -> None:
    """Wake a worker, once a second; beat asks too, for whoever came within that second."""
    global _called_at  # of this process, and a race between threads costs one call more
    now = monotonic()
    if now - _called_at >= PAUSE:
        _called_at = now
        call_worker(TASK)


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
    standing = find_standing(person_key, action)
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


def find_standing(person_key: str | None, action: Action) -> Claim | None:
    """Return the claim with which this person stands in the matter of an action, in whichever action of it."""
    if not person_key:
        return None
    claims = Claim.objects.filter(matter=action.matter_id, claimant__person_key=person_key)
    return claims.exclude(status=Claim.Status.WITHDRAWN).select_related("action").first()


def make_key(draft: Draft, by: User) -> str | None:
    """Return the blind index by which the person of a draft is found again; None while a part is unknown."""
    parts = {name: draft.texts.get(name, "") for name in ("given_name", "family_name", "birth_date")}
    return make_person_key(draft.registration.action.matter_id, email=by.email, **parts)
