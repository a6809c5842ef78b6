"""A claim moves from one status to the next, in or out of the counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import gettext as _

from claims.base.errors import StaleStatus
from claims.counts import Key, add_counts
from claims.criteria import FOUND, judge_anew
from claims.models import Claim
from claims.tallies import Tally, add_tallies, list_move


class Step(NamedTuple):
    """Where a claim that is locked and read goes. Into another claim and out of it, only merging leads."""

    held: Claim
    target: Claim.Status
    is_merging: bool = False


def move_claim(held: Claim, target: Claim.Status, *, also: Mapping[Tally, int] = MappingProxyType({})) -> None:
    """Move a claim that the caller has locked and read; the counts follow in the same transaction.

    Raises StaleStatus where the table of moves has no such step from where the claim is, or where it is elsewhere by
    now. Call it late: the counts are locked until the transaction ends. `also` are tallies that change with it, since
    a transaction adds to them once and in order.
    """
    take_steps([Step(held, target)], also=also)


def take_steps(steps: Sequence[Step], *, also: Mapping[Tally, int] = MappingProxyType({})) -> None:
    """Move several claims of one action; `move_claim` says how."""
    counts, tallies = Counter[Key](), Counter[Tally](also)
    for held, target, is_merging in steps:
        before, stood = held.status, held.stands
        _take_step(held, target, Claim.MERGE_MOVES if is_merging else Claim.MOVES)
        if held.stands and not stood:
            _examine(held)
        if stood != held.stands:
            counts[held.habitual_residence, held.tier, held.outcome] += 1 if held.stands else -1
        tallies.update(list_move(held, before))
    for action_id in {step.held.action_id for step in steps}:
        add_counts(action_id, counts)
        add_tallies(action_id, tallies)


def _take_step(held: Claim, target: Claim.Status, moves: Mapping[str, tuple[str, ...]]) -> None:
    as_held = Claim.objects.filter(pk=held.pk, status=held.status)
    if held.status not in moves[target] or as_held.update(status=target) != 1:
        raise StaleStatus(_("Someone else has already handled this claim."))
    held.status = target


def _examine(held: Claim) -> None:
    """Let the criteria in force find what they find of a claim that comes back: screenings left it out meanwhile."""
    if (
        held.criteria_version and held.action.criteria != held.criteria_version
    ):  # one never examined waits in the counts
        judge_anew(held)
        Claim.objects.filter(pk=held.pk).update(**{name: getattr(held, name) for name in FOUND})
