"""A claim moves from one status to the next, in or out of the counts."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from claims.base.errors import StaleStatus
from claims.counts import add_counts
from claims.models import Claim
from claims.tallies import Tally, add_move


def move_claim(held: Claim, target: Claim.Status, *, also: Mapping[Tally, int] = MappingProxyType({})) -> None:
    """Move a claim that the caller has locked and read; the counts follow in the same transaction.

    Raises StaleStatus where the table of moves has no such step from where the claim is, or where it is elsewhere by
    now. Call it late: the counts are locked until the transaction ends. `also` are tallies that change with it, since
    a transaction adds to them once and in order.
    """
    as_held = Claim.objects.filter(pk=held.pk, status=held.status)
    if held.status not in Claim.MOVES[target] or as_held.update(status=target) != 1:
        raise StaleStatus(_("Someone else has already handled this claim."))
    before, stood, held.status = held.status, held.stands, target
    if stood != held.stands:
        add_counts(held.action_id, {(held.habitual_residence, held.tier, held.outcome): 1 if held.stands else -1})
    add_move(held, before, also=also)
