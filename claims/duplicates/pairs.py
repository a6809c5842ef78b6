"""The pairs that a search has found: written without touching what people decided, listed, and judged."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.base.vault import Unreadable, open_text, seal_text
from claims.duplicates.comparing import read_people
from claims.keys import ensure_data_key
from claims.models import Action, Claim, Claimant, DuplicateKeys, DuplicatePair, Job, User
from claims.rules.duplicates import VERSION, compare

MAX_WORDS = 1000


def write_pairs(job: Job, found: Sequence[tuple]) -> None:
    """Write the pairs of a part. What a person has decided of one stays."""
    assert job.action_id is not None  # a search has one
    rows = sorted({pair[:2]: pair for pair in found}.values())  # in order: two parts that meet wait, and never lock
    pairs = [
        DuplicatePair(action_id=job.action_id, first_id=first, second_id=second, score=score, signs=signs,
                      version=job.params["version"], found_in=job.params["search"])
        for first, second, score, signs in rows
    ]  # fmt: skip
    DuplicatePair.objects.bulk_create(
        pairs, batch_size=500, update_conflicts=True, unique_fields=["first", "second"],
        update_fields=["score", "signs", "version", "found_in"],
    )  # fmt: skip


def write_certain_pair(one: Claim, other: Claim) -> None:
    """Put two claims of one name, date of birth and e-mail before the office at once; no search is needed first."""
    first, second = sorted((one.pk, other.pk))
    people = read_people([first, second])
    signs = compare(people[first], people[second])
    DuplicatePair.objects.get_or_create(
        first_id=first, second_id=second,
        defaults={"action_id": one.action_id, "score": sum(sign.points for sign in signs), "signs": signs,
                  "version": VERSION, "found_in": 0},
    )  # fmt: skip


def close_gone(job: Job) -> int:
    """Remove the open pairs of people who have changed and are no longer alike; return how many there were."""
    since, search = job.params["since"], job.params["search"]
    fresh = DuplicateKeys.objects.filter(action=job.action_id, seen__gt=since).values("pk")
    changed = Q(first__in=fresh) | Q(second__in=fresh)
    open_pairs = DuplicatePair.objects.filter(action=job.action_id, state=DuplicatePair.State.OPEN)
    return open_pairs.filter(changed, found_in__lt=search).delete()[0]


def list_open_pairs(action: Action) -> QuerySet[DuplicatePair]:
    """Return the pairs that wait for a look, both claims of which stand; the most alike first."""
    pairs = DuplicatePair.objects.filter(action=action, state=DuplicatePair.State.OPEN)
    standing = pairs.filter(first__status__in=Claim.STANDING, second__status__in=Claim.STANDING)
    return standing.select_related("first__claimant", "second__claimant").order_by("-score", "pk")


def find_next_pair(pair: DuplicatePair) -> DuplicatePair | None:
    """Return the pair that comes after this one in the queue."""
    after = Q(score__lt=pair.score) | Q(score=pair.score, pk__gt=pair.pk)
    return list_open_pairs(pair.action).filter(after).first()


@transaction.atomic
def mark_not_same(pair: DuplicatePair, *, by: User, reason: str, words: str = "") -> None:
    """Say that two claims are of two people. No later search asks again. Raises Refused, or StaleStatus."""
    if reason not in DuplicatePair.Reason.values:
        raise Refused(_("choose why they are not the same person"))
    held = hold_pair(pair)
    sealed = seal_words(held.first.claimant, words, place=name_place(held))
    settle_pair(held, DuplicatePair.State.NOT_SAME, by=by, reason=reason, words=sealed)
    for claim in (held.first, held.second):
        history.record("not a duplicate", claim, by=by, action=held.action, pair=held.pk, reason=reason)


def hold_pair(pair: DuplicatePair) -> DuplicatePair:
    """Lock a pair that waits for a look. Raises StaleStatus where somebody was quicker."""
    pairs = DuplicatePair.objects.select_for_update(of=("self",))
    held = pairs.select_related("first__claimant", "second__claimant", "action").get(pk=pair.pk)
    if held.state != DuplicatePair.State.OPEN:
        raise StaleStatus(_("Someone else has already handled this pair."))
    return held


def settle_pair(
    held: DuplicatePair, state: DuplicatePair.State, *, by: User, reason: str = "", words: str = ""
) -> None:
    """Write what a person said of a pair that is locked."""
    DuplicatePair.objects.filter(pk=held.pk).update(
        state=state, reason=reason, words=words, decided_by=by, decided_at=timezone.now()
    )


def seal_words(claimant: Claimant, words: str, *, place: str) -> str:
    """Return what somebody of the office adds in own words, sealed with the data key of the person it is about."""
    if len(words) > MAX_WORDS:
        raise Refused(_("write no more than %(n)s characters") % {"n": MAX_WORDS})
    text = words.replace("\x00", "").strip()
    return seal_text(ensure_data_key(claimant), text, place=place) if text else ""


def open_words(claimant: Claimant, sealed: str, *, place: str) -> str:
    """Return such words, or "" where the person was erased since."""
    try:
        return open_text(claimant.data_key, sealed, place=place) if sealed else ""
    except Unreadable:
        return ""


def name_place(pair: DuplicatePair) -> str:
    """Return where the words about a pair are sealed."""
    return f"duplicate pair {pair.code} words"
