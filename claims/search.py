"""One box for everybody: a reference, ours or the external one, an e-mail address, or a name however it was typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from rapidfuzz.distance import OSA

from claims.base.references import clean_reference
from claims.models import Action, Claim, Claimant, NameLink
from claims.names import Meant, count_links, find_under, find_words, list_typed
from claims.rules.names import count_allowed, split_name

MOST = 100  # results that one reads through; who wants fewer types more
CANDIDATES = 200
NEAR = 6  # times as many are quicker read than looked for one by one
FEW = 5000  # claims that are quicker read and tested one by one than joined
NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class People:
    """The conditions on claims that a typed text stands for: without slips, and with them.

    Those without are nobody where the others are so few that all of them are read and ranked.
    """

    exact: Q
    wide: Q


def find_people(action: Action, typed: str) -> People:
    """Return who may be meant in an action. Every word must fit a word of the name, in any order.

    Long words may hold a second slip where nobody is found without.
    """
    text = typed.strip()
    if not text or "\x00" in text:  # PostgreSQL refuses the sign, so nothing holds it
        return People(NOBODY, NOBODY)
    if found := find_by_key(action, text):
        return People(found, found)
    words = list_typed(text)
    people = _find_by_words([find_words(action.pk, word) for word in words])
    if people.wide is NOBODY and any(count_allowed(word) > 1 for word in words):
        people = _find_by_words([find_words(action.pk, word, slips=2) for word in words])
    return people


def _find_by_words(meant: Sequence[Meant]) -> People:
    exact, wide = [word.same for word in meant], [word.ids for word in meant]
    numbers = count_links([*exact, *wide], most=FEW + 1)
    found = _find_under_all(sorted(zip(numbers[len(exact) :], wide, strict=True)))
    if found is NOBODY or (isinstance(found, list) and len(found) <= CANDIDATES):
        return People(NOBODY, _name(found))
    return People(_name(_find_under_all(sorted(zip(numbers, exact, strict=False)))), _name(found))


def _find_under_all(counted: Sequence[tuple[int, list[int]]]) -> Q | list[int]:
    """Return the claims under one word of each set, or the condition for them where they are many.

    The rarest word is read first, the others are tested on it.
    """
    if not counted or not counted[0][0]:
        return NOBODY
    (n, few), *others = counted
    if n > FEW or (n > CANDIDATES and not others):
        condition = Q()
        for _n, ids in counted:
            condition &= Q(pk__in=NameLink.objects.filter(word__in=ids).values("claim_id"))
        return condition
    near = [ids for count, ids in others if count <= NEAR * n]
    found = find_under(few, near=near, many=[ids for _count, ids in others if ids not in near])
    return found or NOBODY


def _name(found: Q | list[int]) -> Q:
    return Q(pk__in=found) if isinstance(found, list) else found


def find_by_key(action: Action, text: str) -> Q | None:
    """Return the condition for a reference or an e-mail address that is in the book, else None."""
    claims = Claim.objects.filter(action=action)
    if (reference := clean_reference(text)) and (pk := _find_pk(claims.filter(reference=reference))):
        return Q(pk=pk)
    # The index leaves out empty references; saying so here lets the database use it.
    if pk := _find_pk(claims.filter(external_ref=text[:101]).exclude(external_ref="")):
        return Q(pk=pk)
    if "@" in text:
        people = Claimant.objects.annotate(address=Lower("email")).filter(address=text.lower()[:255])
        return Q(claimant__in=list(people.values_list("pk", flat=True)[: 10 * MOST]))
    return None


def _find_pk(claims: QuerySet[Claim]) -> int | None:
    return claims.values_list("pk", flat=True).first()


@dataclass(frozen=True)
class Found:
    """Claims of people, the likeliest first, and whether there are more than are shown."""

    ids: Sequence[int]
    has_more: bool


def rank_people(exact: QuerySet[Claim], wide: QuerySet[Claim], typed: str) -> Found:
    """Return the claims that fit best: those under exactly the words that were typed, then those with slips."""
    rows = _read_names(exact.order_by("-pk")[: MOST + 1])
    if len(rows) <= MOST:
        known = {row[0] for row in rows}
        rows += [row for row in _read_names(wide.order_by()[:CANDIDATES]) if row[0] not in known]
    words = list_typed(typed)
    ranked = sorted(rows, key=lambda row: (*_measure(words, split_name(*row[1:])), -row[0]))
    return Found([row[0] for row in ranked[:MOST]], has_more=len(rows) > MOST)


def _read_names(claims: QuerySet[Claim]) -> list[tuple[int, str, str]]:
    return list(claims.values_list("pk", "claimant__given_name", "claimant__family_name"))


def _measure(typed: Sequence[str], words: Sequence[str]) -> tuple[float, int]:
    """Return how far a name is from what was typed, nothing for the same words; and how many words it has more."""
    far = sum(1 - max((_liken(one, word) for word in words), default=0) for one in typed)
    return round(far, 4), abs(len(words) - len(typed))


def _liken(typed: str, word: str) -> float:
    if word.startswith(typed):
        return 1 - 0.1 * (1 - len(typed) / len(word))
    return OSA.normalized_similarity(typed, word)
