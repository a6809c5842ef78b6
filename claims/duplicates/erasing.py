"""What a search and the office keep of a person who is erased."""

from collections.abc import Sequence

from django.db.models import Q

from claims.models import Claimant, DuplicateKeys, DuplicatePair, Merge, User


def forget_claims(claims: Sequence[int]) -> None:
    """Forget keys, pairs and words about these claims. That two were merged stays, by ids: a reference leads on."""
    DuplicateKeys.objects.filter(pk__in=claims).delete()
    DuplicatePair.objects.filter(Q(first__in=claims) | Q(second__in=claims)).delete()
    Merge.objects.filter(Q(kept__in=claims) | Q(merged__in=claims)).update(words="", undone_words="")


def list_same_people(claims: Sequence[int], user: User | None) -> list[Claimant]:
    """Return the claimants of claims merged into these who are the same person beyond doubt for erasing.

    That is: of the same account, or of none, so that nobody else could ask for it. A claim of another account stays
    as it is: whether the merge was right, its holder may see otherwise, and erasing cannot be taken back.
    """
    own = Q(merged__claimant__user=user) | Q(merged__claimant__user=None) if user else Q(merged__claimant__user=None)
    merges = Merge.objects.filter(own, kept__in=claims, undone_at=None, merged__claimant__erased_at=None)
    return list(Claimant.objects.filter(pk__in=merges.values("merged__claimant")).order_by("pk"))
