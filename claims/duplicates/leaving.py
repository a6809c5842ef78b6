"""A claim leaves, withdrawn or erased, that others were merged into or that was merged itself.

A merge is what the office believes. What somebody does with the claim that counts binds nobody with another account:
their claims stand again by themselves, they are told, and a person of the office looks at them.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from claims.base import history
from claims.duplicates.giving_back import Given, give_proofs_back, tell_given_back, tell_own
from claims.duplicates.holding import hold_claims
from claims.duplicates.merging import end_merge, is_same_account, list_above, reopen_periods
from claims.letters import send_letter
from claims.lifecycle import Step, take_steps
from claims.models import Action, Claim, Decision, DuplicatePair, Merge, User
from claims.tallies import Tally
from claims.timeline import RELEASED


@dataclass(frozen=True)
class Released:
    """A merge that ended by itself, and the proofs of joining that the claim has back: it stands again, or leaves."""

    merge: Merge
    given: list[Given]


def leave(claim: Claim) -> list[Released]:
    """Move a claim to withdrawn and let the claims of other accounts stand that were merged into it; return how.

    Merged itself, it comes out and is withdrawn; the claim that counts stays. Where that is of another account, the
    proofs that name who leaves do not stay with it. The caller tells people with `tell_released`, after the counts, and
    has locked all of them with `hold_family`, before anything else. Raises StaleStatus.
    """
    rows = _list_below(claim)
    own = Merge.objects.filter(merged=claim, undone_at=None).select_related("kept__claimant").first()
    above = [own.kept, *list_above(own.kept)] if own else []
    claims = hold_claims([claim.pk, *(row.merged_id for row in rows), *(kept.pk for kept in above)])  # held already
    held, moved = claims[claim.pk], Counter[Tally]()
    released = list[Released]()
    for row in (row for row in rows if _is_of_another(claims[row.merged_id], held)):
        given, changed = _take_out(row, claims)
        moved.update(changed)
        released.append(Released(row, given))
    steps = [Step(claims[it.merge.merged_id], Claim.Status(it.merge.status_before), is_merging=True) for it in released]
    claim.status, claim.joined_on = held.status, held.joined_on
    if own:
        holders = [claims[kept.pk] for kept in above]
        if holders[-1].stands and not is_same_account(held, holders[-1]):
            given = give_proofs_back(claim, holders, by=None)
            own.merged = claim
            released.append(Released(own, given))
        moved.update(end_merge(own, holders, by=None))
    take_steps([Step(claim, Claim.Status.WITHDRAWN, is_merging=bool(own)), *steps], also=moved)
    return released


def _list_below(claim: Claim) -> list[Merge]:
    """Return the merges into a claim and into those, as far down as they are of the same person."""
    rows, into = list[Merge](), [claim.pk]
    while into:
        merges = Merge.objects.filter(kept__in=into, undone_at=None).select_related("kept", "merged__claimant")
        found = list(merges.order_by("pk"))
        rows += found
        into = [row.merged_id for row in found if not _is_of_another(row.merged, claim)]
    return rows


def _is_of_another(claim: Claim, leaving: Claim) -> bool:
    """Whether somebody else than who leaves holds a claim; one without an account nobody else could ask for."""
    user = claim.claimant.user_id
    return user is not None and user != leaving.claimant.user_id


def _take_out(row: Merge, claims: dict[int, Claim]) -> tuple[list[Given], Counter[Tally]]:
    above = [claims[kept.pk] for kept in [row.kept, *list_above(row.kept)] if kept.pk in claims]
    given = give_proofs_back(claims[row.merged_id], above, by=None)
    moved = end_merge(row, above, by=None)
    reopen_periods(row)
    row.merged = claims[row.merged_id]
    if row.pair_id:
        DuplicatePair.objects.filter(pk=row.pair_id).update(
            state=DuplicatePair.State.OPEN, reason="", words="", decided_by=None, decided_at=None
        )
    return given, moved


def holds_another(claim: Claim) -> bool:
    """Whether a claim of another account is merged into this one, so that it would be decided upon unheard."""
    return any(_is_of_another(row.merged, claim) for row in _list_below(claim))


def tell_released(released: list[Released], *, by: User | None) -> None:
    """Write to the holders of claims that stand again, and keep it in the history, where the office finds it."""
    for it in released:
        if it.merge.merged.stands:
            send_letter(it.merge.merged, "unmerged", is_released=True)
            tell_own(it.merge.merged, it.merge.at, given=it.given)
        tell_given_back(it.given, by=by)
    for row in (it.merge for it in released if it.merge.merged.stands):
        history.record(RELEASED, row.merged, by=by, action=row.merged.action, merge=row.pk)


def list_released(action: Action) -> QuerySet[Merge]:
    """Return the merges that ended by themselves, as long as nobody has decided about the claim since."""
    decided = Decision.objects.filter(claim=OuterRef("merged"), at__gt=OuterRef("undone_at"))
    ended = Merge.objects.filter(merged__action=action, undone_at__isnull=False, undone_by=None)
    return ended.filter(~Exists(decided), merged__status=Claim.Status.SUBMITTED)
