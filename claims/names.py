"""Names of claimants as searchable words, kept beside the claims in the same transaction, and found again."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from rapidfuzz.distance import OSA

from claims.models import Claim, Claimant, NameLink, NameWord, Representation
from claims.rules.names import count_allowed, hear, list_heard, list_spellings, split_name

WORDS, LINKS = NameWord._meta.db_table, NameLink._meta.db_table
Named = tuple[int, Sequence[str]]  # the id of a claim, and the words of the names of its person
WIDEST = 100  # words that one typed word may stand for
LOOKED_AT = 5000  # words that are compared with a typed one
SWEPT = 5000  # words that one sweep removes; the next one goes on
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


def find_words(action_id: int, typed: str) -> list[int]:
    """Return the words of an action that a typed word may stand for, the nearest first."""
    words = NameWord.objects.filter(action=action_id)
    near = Q(text__in=sorted(list_spellings(typed)))
    if heard := list_heard(typed):
        near |= Q(sound__in=sorted(heard))
    found = dict(words.filter(near).values_list("text", "pk")[:LOOKED_AT])
    allowed = count_allowed(typed)
    slips = {text: OSA.distance(typed, text, score_cutoff=allowed) for text in found}
    ranked = sorted((slips[text], text) for text in found if slips[text] <= allowed or _sounds_alike(typed, text))
    ids = [found[text] for _slips, text in ranked]
    if len(typed) >= PREFIX_FROM:
        # In no order: PostgreSQL would read all words in that of the language, not those of the index by bytes.
        begun = words.filter(text__startswith=typed).exclude(pk__in=ids).order_by()
        ids += begun.values_list("pk", flat=True)[:WIDEST]
    return ids[:WIDEST]


def _sounds_alike(typed: str, text: str) -> bool:
    """Whether two words that sound the same are written alike too: by half of their letters at least."""
    return hear(typed) == hear(text) and OSA.normalized_similarity(typed, text) >= 0.6


def find_word(action_id: int, typed: str) -> list[int]:
    """Return the word that is exactly this one, or nothing."""
    return list(NameWord.objects.filter(action=action_id, text=typed).values_list("pk", flat=True))


def list_typed(text: str) -> list[str]:
    """Return the words of what was typed, without initials where there are whole words."""
    words = split_name(text[:400])
    return [word for word in words if len(word) > 1 or not word.isascii()] or words
