"""Names of claimants as searchable words, kept beside the claims in the same transaction, and found again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from claims.models import Claim, Claimant, NameLink, NameWord, Representation
from claims.rules.names import count_allowed, hear, list_heard, list_spellings, split_name

WORDS, LINKS = NameWord._meta.db_table, NameLink._meta.db_table
Named = tuple[int, Sequence[str]]  # the id of a claim, and the words of the names of its person
WIDEST = 60  # words that one typed word may stand for
LOOKED_AT = 5000  # words that are compared with a typed one
SWEPT = 5000  # words that one sweep removes; the next one goes on
ALIKE = 0.6  # of their letters two words share that sound the same
PREFIX_FROM = 3  # letters from which a typed word also means what begins with it


def write_names(action_id: int, named: Sequence[Named]) -> None:
    """Put claims that have no words yet under theirs. In the transaction that makes the claims."""
    ids = _take_words(action_id, {word for _claim, words in named for word in words})
    links = [(claim_id, ids[word]) for claim_id, words in named for word in words]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {LINKS} (claim_id, word_id) FROM STDIN") as copy:
                for link in links:
                    copy.write_row(link)
        elif links:
            cursor.executemany(f"INSERT INTO {LINKS} (claim_id, word_id) VALUES (%s, %s)", links)  # noqa: S608


def _take_words(action_id: int, texts: set[str]) -> dict[str, int]:
    """Return text -> id of these words, made where they are new, and kept from being removed until we are done."""
    ids = _hold_words(action_id, sorted(texts))
    new = sorted(texts - ids.keys())  # in order, so that two imports that meet wait and never lock each other
    if new:
        words = [NameWord(action_id=action_id, text=text, sound=hear(text)) for text in new]
        NameWord.objects.bulk_create(words, ignore_conflicts=True, batch_size=5000)
        ids |= _hold_words(action_id, new)
    return ids


def _hold_words(action_id: int, texts: list[str]) -> dict[str, int]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT text, id FROM {WORDS} WHERE action_id = %s AND text = ANY(%s) FOR KEY SHARE",  # noqa: S608
                [action_id, texts],
            )
            return dict(cursor.fetchall())
    found: dict[str, int] = {}
    for start in range(0, len(texts), 500):
        part = NameWord.objects.filter(action=action_id, text__in=texts[start : start + 500])
        found |= dict(part.values_list("text", "id"))
    return found


@transaction.atomic
def renew_names(claimant: Claimant) -> None:
    """Put all claims of a person under the names that hold now, those of who acts for them too."""
    names = [claimant.given_name, claimant.family_name]
    if acting := Representation.objects.filter(claimant=claimant).first():
        names += [acting.given_name, acting.family_name]
    words = split_name(*names)
    claims = list(Claim.objects.filter(claimant=claimant).order_by("action_id").values_list("id", "action_id"))
    before = _unlink(pk for pk, _action in claims)
    for pk, action_id in claims:
        write_names(action_id, [(pk, words)])
    _drop_lonely(before)  # last: while words are locked, nobody else's word is waited for


@transaction.atomic
def forget_names(claims: Iterable[int]) -> None:
    """Remove claims from the search, and every word that nobody else has; a word in use now is left to the sweep."""
    _drop_lonely(_unlink(claims))


def sweep_words() -> int:
    """Remove the words that nobody has any more but that were in use when the last person left; return how many."""
    lonely = NameWord.objects.exclude(Exists(NameLink.objects.filter(word=OuterRef("pk"))))
    words = list(lonely.order_by("pk").values_list("pk", flat=True)[:SWEPT])
    with transaction.atomic():
        return _drop_lonely(words)


def _unlink(claims: Iterable[int]) -> list[int]:
    links = NameLink.objects.filter(claim__in=list(claims))
    words = list(links.values_list("word_id", flat=True).distinct().order_by("word_id"))
    links.delete()
    return words


def _drop_lonely(words: Sequence[int]) -> int:
    # An import holds its words until it ends, and may in turn wait for what an erasure holds: nothing is waited for
    # here. What is locked by now cannot gain a link before we end, so what is looked at next is the truth.
    held = NameWord.objects.select_for_update(skip_locked=True).filter(pk__in=words).order_by("pk")
    kept = list(held.values_list("pk", flat=True))
    lonely = NameWord.objects.filter(pk__in=kept).exclude(Exists(NameLink.objects.filter(word=OuterRef("pk"))))
    return lonely.delete()[0]


@dataclass(frozen=True)
class Meant:
    """The words of an action that a typed word may stand for, the nearest first, and the one that it is."""

    ids: list[int]
    same: list[int]  # one, or none


def find_words(action_id: int, typed: str, *, slips: int = 1) -> Meant:
    """Return the words of an action that a typed word may stand for, with so many slips if it is long enough."""
    words = NameWord.objects.filter(action=action_id)
    allowed, sound, heard = min(slips, count_allowed(typed)), hear(typed), list_heard(typed)
    near = Q(text__in=sorted(list_spellings(typed)))
    if heard:
        near |= Q(sound=sound)
    if allowed > 1:
        # Those that sound a little different are found by their letters only, so by no more slips than are allowed.
        words = words.annotate(length=Length("text"))
        near |= Q(sound__in=sorted(heard - {sound}), length__range=(len(typed) - allowed, len(typed) + allowed))
    rows = words.filter(near).values_list("text", "pk", "sound")[:LOOKED_AT]
    found = {text: (pk, heard_as == sound and bool(heard)) for text, pk, heard_as in rows}
    far = {text: OSA.distance(typed, text, score_cutoff=allowed) for text in found}
    ranked = sorted(
        (far[text], text)
        for text, (_pk, sounds_so) in found.items()
        if far[text] <= allowed or (sounds_so and OSA.normalized_similarity(typed, text) >= ALIKE)
    )
    ids = [found[text][0] for _far, text in ranked]
    if len(typed) >= PREFIX_FROM:
        # In no order: PostgreSQL would read all words in that of the language, not those of the index by bytes.
        begun = words.filter(text__startswith=typed).exclude(pk__in=ids).order_by()
        ids += begun.values_list("pk", flat=True)[:WIDEST]
    return Meant(ids[:WIDEST], [found[typed][0]] if typed in found else [])


def count_links(sets: Sequence[Sequence[int]], *, most: int) -> list[int]:
    """Return under the words of each set how many claims there are; beyond `most` that is a guess."""
    asked = [
        f"SELECT {place} AS place, count(*), max(word_id) FROM"  # noqa: S608
        f" (SELECT word_id FROM {LINKS} WHERE word_id IN ({_list_numbers(ids)}) LIMIT {most:d}) AS found"
        for place, ids in enumerate(sets)
        if ids
    ]
    numbers = [0] * len(sets)
    for place, n, last in _read_all(" UNION ALL ".join(asked)) if asked else ():
        read = sum(pk <= last for pk in sets[place]) if n else 1  # the index is read word by word
        numbers[place] = n if n < most else n * len(sets[place]) // read
    return numbers


def find_under(few: Sequence[int], *, near: Sequence[Sequence[int]], many: Sequence[Sequence[int]]) -> list[int]:
    """Return the claims under one of a few words, and under one of each other set.

    Of sets that are `near` in size all claims are read, of those with `many` each is looked at for the few.
    """
    found = " INTERSECT ".join(
        f"SELECT claim_id FROM {LINKS} WHERE word_id IN ({_list_numbers(ids)})"  # noqa: S608
        for ids in (few, *near)
    )
    # Neither a join nor the index that PostgreSQL would choose otherwise: both read far more than these few.
    tests = [
        f"EXISTS (SELECT 1 FROM {LINKS} AS link WHERE link.claim_id = found.claim_id"  # noqa: S608
        f" AND link.word_id + 0 IN ({_list_numbers(ids)}) LIMIT 1 OFFSET 0)"
        for ids in many
    ]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    rows = _read_all(f"SELECT DISTINCT claim_id FROM ({found}) AS found{where}")  # noqa: S608
    return sorted(claim for (claim,) in rows)


def _read_all(sql: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _list_numbers(ids: Sequence[int]) -> str:
    return ", ".join(f"{pk:d}" for pk in ids)  # as text: a parameter for each costs more than to look it up


def list_typed(text: str) -> list[str]:
    """Return the words of what was typed, without initials where there are whole words."""
    words = split_name(text[:400])
    return [word for word in words if len(word) > 1 or not word.isascii()] or words
