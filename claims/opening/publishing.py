"""An action is shown to everyone: only once every point of its list is done."""

from django.db import transaction
from django.utils.translation import gettext as _

from claims.base.errors import Refused, StaleStatus
from claims.base.history import record
from claims.models import Action, Confirmation, User
from claims.opening.checks import find_open_checks, list_checks


@transaction.atomic
def confirm_check(action: Action, key: str, sha256: str, *, by: User) -> Confirmation:
    """Note that a lawyer stands for one point as it says now.

    Raises StaleStatus where it has changed since the page was opened, Refused where something is missing.
    """
    check = next((check for check in list_checks(action) if check.key == key), None)
    if check is None or not check.to_confirm or check.missing:
        raise Refused(_("There is nothing to confirm here."))
    if check.sha256 != sha256:
        raise StaleStatus(_("This has changed since you opened the page. Read it again."))
    confirmation, is_new = Confirmation.objects.get_or_create(
        action=action, key=key, sha256=sha256, defaults={"by": by}
    )
    if is_new:
        record("confirmed before publication", action, by=by, action=action, fields=[key], sha256=sha256)
    return confirmation


@transaction.atomic
def publish_action(action: Action, *, by: User) -> None:
    """Show an action to everyone. Raises Refused with what is missing or not confirmed."""
    action = Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    if action.is_published:
        raise StaleStatus(_("The action is published already."))
    if left := find_open_checks(action):
        titles = ", ".join(check.title for check in left)
        raise Refused(_("It cannot be published yet. Open points: %(titles)s.") % {"titles": titles})
    Action.objects.filter(pk=action.pk).update(is_published=True)
    record("action published", action, by=by, action=action)


@transaction.atomic
def take_off_action(action: Action, *, by: User) -> None:
    """Show an action to nobody but the office any more; claims that are there stay."""
    if Action.objects.filter(pk=action.pk, is_published=True).update(is_published=False) != 1:
        raise StaleStatus(_("The action is not published."))
    record("action taken off", action, by=by, action=action)
