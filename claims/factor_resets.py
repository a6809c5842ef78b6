"""A lost second factor: one administrator asks to take it off, another one agrees, and its owner is told."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.accounts import end_sessions
from claims.base import history
from claims.base.errors import Refused
from claims.base.mails import queue_mail
from claims.models import Action, FactorReset, Role, User
from claims.people import check_only_here

GOOD_FOR = timedelta(days=1)


def find_open_resets(action: Action) -> dict[int, FactorReset]:
    """Return what was asked for within a day and waits for a second administrator, by the id of its owner."""
    open_ones = FactorReset.objects.filter(action=action, agreed_at=None, asked_at__gt=timezone.now() - GOOD_FOR)
    return {reset.user_id: reset for reset in open_ones}


@transaction.atomic
def ask_reset(role: Role, *, by: User) -> None:
    """Ask to take off every factor of somebody who lost them. What nobody agreed to within a day is forgotten."""
    if role.user_id == by.pk:
        raise Refused(_("nobody takes off the own factors this way; ask two other administrators"))
    check_only_here(role.user, by=by)
    FactorReset.objects.filter(user=role.user, agreed_at=None, asked_at__lte=timezone.now() - GOOD_FOR).delete()
    _reset, is_new = FactorReset.objects.get_or_create(
        user=role.user, agreed_at=None, defaults={"action": role.action, "asked_by": by}
    )
    if not is_new:
        raise Refused(_("this was asked for already; another administrator can agree"))
    history.record("factor reset asked for", role.user, by=by, action=role.action)


@transaction.atomic
def agree_reset(role: Role, *, by: User, language: str) -> None:
    """Take off every factor, end all sessions and tell the owner, who sets up a new one with password and mail."""
    reset = FactorReset.objects.select_for_update(of=("self",)).filter(
        user=role.user, action=role.action, agreed_at=None, asked_at__gt=timezone.now() - GOOD_FOR
    ).first()  # fmt: skip
    if reset is None:
        raise Refused(_("nobody has asked for this within a day; ask for it first"))
    if by.pk in {reset.asked_by_id, reset.user_id}:
        raise Refused(_("this takes two: an administrator who did not ask for it has to agree"))
    check_only_here(role.user, by=by)
    reset.agreed_by, reset.agreed_at = by, timezone.now()
    reset.save(update_fields=["agreed_by", "agreed_at"])
    Authenticator.objects.filter(user=role.user).delete()
    end_sessions(role.user)
    queue_mail(role.user.email, kind="factors_taken_off", language=language, context={})
    history.record("factors taken off", role.user, by=by, action=role.action)
