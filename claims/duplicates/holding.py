"""Claims are locked in one order, those of their ids: two writers may wait for each other, never both at once.

Whoever leaves takes others along: those that were merged into the claim, and the one that counts for it. So all of
them are locked at the beginning, before anything else of theirs, and the counts and the history at the end.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from claims.models import Claim, Merge


def hold_claims(ids: Iterable[int]) -> dict[int, Claim]:
    """Lock claims, always in the order of their ids."""
    claims = Claim.objects.select_for_update(of=("self",), no_key=True).select_related("claimant", "action")
    return {claim.pk: claim for claim in claims.filter(pk__in=ids).order_by("pk")}


def hold_family(ids: Iterable[int], *, with_people: bool = False) -> dict[int, Claim]:
    """Lock claims and all that merges tie to them, until the transaction ends.

    Which those are is read before they are locked, so it is read again: where a merge came in between, all locks are
    given back and it begins anew. From then on nobody can merge anything into them.
    """
    wanted = list_family(ids, with_people=with_people)
    while True:
        with transaction.atomic():
            held = hold_claims(wanted)
            found = list_family(ids, with_people=with_people)
            if found <= held.keys():
                return held
            transaction.set_rollback(True)
        wanted = found


def list_family(ids: Iterable[int], *, with_people: bool = False) -> set[int]:
    """Return the ids of claims and of all that merges tie to them; `with_people` also of their people's others."""
    found = new = set(ids)
    while new:
        merges = Merge.objects.filter(Q(kept__in=new) | Q(merged__in=new), undone_at=None)
        tied = {pk for pair in merges.values_list("kept_id", "merged_id") for pk in pair}
        if with_people:
            same = Claim.objects.filter(claimant__in=Claim.objects.filter(pk__in=new).values("claimant"))
            tied |= set(same.values_list("pk", flat=True))
        new = tied - found
        found = found | new
    return found
