"""Who works in an action: administrators invite, give and take roles, and open the way to a new factor, two by two."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.accounts import disable_user, find_or_make_user, find_user, grant_role, revoke_role
from claims.base import history
from claims.base.errors import Refused
from claims.base.mails import queue_mail
from claims.conflicts import HasClaim
from claims.models import Action, Role, User
from claims.models.history import ROLE_REFUSED
from claims.reading import ROLES, alert, read_today, say_over


class _IsClosed(Refused):
    """The account is closed: a role would give no right, and nobody could sign in as the mail says."""


def list_people(action: Action) -> list[Role]:
    """Return the roles in an action with their people, those whose time is over last."""
    roles = list(Role.objects.filter(action=action).select_related("user").order_by("user__name", "user__email"))
    return sorted(roles, key=lambda role: is_over(role))


def is_over(role: Role) -> bool:
    """Whether a role gives no right any more: its time is over, or its account is closed."""
    return not role.user.is_active or (role.ends_at is not None and role.ends_at <= timezone.now())


def invite(action: Action, email: str, name: str, *, until: date | None, language: str, by: User) -> Role:
    """Give somebody a role in an action, with a new account where there is none, and queue a mail that says so.

    Who has a claim gets none, nor does a closed account. Administrators see no claim, so the answer is the same for
    both, stands in the history each time, and is given few times in a day: nobody finds out who claims by trying.
    """
    found = read_today(by, ROLES)
    if found.is_over:
        raise Refused(say_over(found))
    try:
        return _invite(action, email, name, until=until, language=language, by=by)
    except (HasClaim, _IsClosed):
        history.record(ROLE_REFUSED, find_user(email), by=by, action=action)
        if (found := read_today(by, ROLES)).is_spent:
            alert(by, found, action=action)
    raise Refused(_("this address cannot have a role here; a lawyer of the action can look into it"))


@transaction.atomic
def _invite(action: Action, email: str, name: str, *, until: date | None, language: str, by: User) -> Role:
    user = find_or_make_user(email)
    check_others(user, by=by)
    check_change(action, user)
    if not user.is_active:
        raise _IsClosed
    role = grant_role(user, action, name, until=until, by=by)
    context = {"action_name": action.name, "role": role, "contact": action.facts.get("contact")}
    queue_mail(user.email, kind="invitation", language=language, context=context)
    return role


@transaction.atomic
def take_away(role: Role, *, by: User) -> None:
    """Take somebody's role in this action away; all sessions of that person end."""
    check_others(role.user, by=by)
    check_change(role.action, role.user)
    revoke_role(role.user, role.action, by=by)


@transaction.atomic
def close_account(role: Role, *, by: User) -> None:
    """Close the account of somebody who works in this action and in no action of others."""
    check_others(role.user, by=by)
    check_change(role.action, role.user)
    check_only_here(role.user, by=by)
    if role.user.claimants.exists():
        raise Refused(_("this person is also in other actions; take the role in this one away instead"))
    disable_user(role.user, by=by)


def check_only_here(user: User, *, by: User) -> None:
    """Raise Refused where somebody also works in an action of others: what concerns the whole account is not ours."""
    mine = Role.objects.current().filter(user=by, name=Role.Name.ADMINISTRATOR).values("action")
    if user.roles.exclude(action__in=mine).exists():
        raise Refused(_("this person is also in other actions; take the role in this one away instead"))


def check_others(user: User, *, by: User) -> None:
    """Raise Refused for one's own rights: nobody lifts or lowers them alone."""
    if user.pk == by.pk:
        raise Refused(_("nobody changes the own rights; ask another administrator"))


def check_change(action: Action, user: User) -> None:
    """Raise Refused where an action would be left without an administrator whose role has no end."""
    lasting = Role.objects.current().filter(action=action, name=Role.Name.ADMINISTRATOR, ends_at=None)
    locked = list(lasting.select_for_update(of=("self",)).values_list("user_id", flat=True))
    if locked == [user.pk]:
        raise Refused(_("this is the last administrator of the action; make another one first"))
