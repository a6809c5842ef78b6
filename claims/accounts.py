"""Who may sign in and what each may do: accounts and roles, made by the office and kept in the history."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.base import history
from claims.base.errors import Refused
from claims.conflicts import check_has_no_claim
from claims.models import Action, Role, User


@transaction.atomic
def make_user(email: str, *, name: str = "", by: User | None = None) -> User:
    """Return a new user without a password: a code sent to the address opens the account, then one can be set."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("this is no e-mail address; write it like name@example.org") from None
    if User.objects.filter(email=email).exists():
        raise Refused("there is an account with this address already; nothing was done")
    user = User.objects.create_user(email, name=name)
    history.record("user made", user, by=by, fields=["email", "name"] if name else ["email"])
    return user


@transaction.atomic
def grant_role(
    user: User, action: Action, name: str, *, until: date | None = None, by: User | None = None
) -> Role:  # fmt: skip
    """Return the one role of a user in an action: a new one, or the old one as it is now. `until` is its last day."""
    if name not in Role.Name.values:
        raise Refused(f"there is no such role; there are: {', '.join(Role.Name.values)}")
    check_has_no_claim(user, action)
    wanted = {"name": name, "ends_at": find_end(until)}
    role, is_new = Role.objects.select_for_update().get_or_create(user=user, action=action, defaults=wanted)
    changed = [field for field, value in wanted.items() if getattr(role, field) != value]
    if not is_new and not changed:
        raise Refused(f"this user is {name} in {action.slug} already; nothing was done")
    for field in changed:
        setattr(role, field, wanted[field])
    role.save(update_fields=changed)
    ends = {"ends_at": role.ends_at.isoformat()} if role.ends_at else {}
    history.record("role granted", user, by=by, action=action, fields=["name", *ends], role=name, **ends)
    return role


def find_end(until: date | None) -> datetime | None:
    """Return the moment after the last day of a role, in the time of the court. Raises Refused for a day that is over.

    None is a role without an end.
    """
    if until is None:
        return None
    if until < timezone.localdate():
        raise Refused(f"the last day {until} is over; name today or a later day")
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))


@transaction.atomic
def revoke_role(user: User, action: Action, *, by: User | None = None) -> None:
    """Take the role of a user in an action away; it counts from the next page on."""
    role = Role.objects.select_for_update().filter(user=user, action=action).first()
    if role is None:
        raise Refused(f"this user has no role in {action.slug}; nothing was done")
    role.delete()
    end_sessions(user)
    history.record("role revoked", user, by=by, action=action, role=role.name)


def end_sessions(user: User) -> None:
    """End every session of a user, on every device; it counts from the next page on."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


@transaction.atomic
def disable_user(user: User, *, by: User | None = None) -> None:
    """Close an account of the office: no sign-in, no session, no role that gives a right. What was done stays known."""
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise Refused("this account is closed already; nothing was done")
    user.is_active = False
    end_sessions(user)
    history.record("user disabled", user, by=by, fields=["is_active"])


@transaction.atomic
def enable_user(user: User, *, by: User | None = None) -> None:
    """Open an account again. Sessions of before stay ended."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise Refused("this account is open; nothing was done")
    user.is_active = True
    history.record("user enabled", user, by=by, fields=["is_active"])


def find_user(email: str) -> User:
    """Return the user with this address, whatever its capitals. Raises Refused where there is none."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise Refused("there is no account with this address; `make_user EMAIL` makes one")
    return user


def find_action(slug: str) -> Action:
    """Return the action. Raises Refused where there is none, with those that there are."""
    action = Action.objects.filter(slug=slug).first()
    if action is None:
        known = ", ".join(Action.objects.order_by("slug").values_list("slug", flat=True)) or "none, load a pack first"
        raise Refused(f"there is no such action; there are: {known}")
    return action


def find_or_make_user(email: str) -> User:
    """Return the account of an address that was just proven, a new one where there is none."""
    found = User.objects.filter(email=email.strip().lower()).first()
    return found or make_user(email)
