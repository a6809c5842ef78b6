"""Names as they are searched: words of plain Latin letters, whatever script, accents and order they were written in.

A typed word finds a stored one that is the same, begins with it, is one slip away (a letter wrong, missing, too many,
or two swapped), or sounds alike (vowels, doubled letters, v and w, k and c), in long words with a slip more. Greek is
written as ELOT 743 does, Cyrillic as the Bulgarian Law on Transliteration does, with the letters that it lacks. Other
scripts stay what they are and are found by typing them.
"""

import unicodedata
from functools import lru_cache

MAX_WORDS, MAX_LETTERS = 12, 40  # a name of 400 characters is found by its first dozen words
LETTERS = "abcdefghijklmnopqrstuvwxyz"

GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
GREEK_PAIRS = {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "αυ": "av", "ευ": "ev", "ηυ": "iv"}
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya", "ы": "y", "э": "e",
    "і": "i", "є": "e", "ґ": "g", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "d", "џ": "dz",
    "ѓ": "g", "ќ": "k", "ѕ": "dz",
}  # fmt: skip
DIAERESIS = "\u0308"
LATIN = {"ß": "ss", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
         "ĸ": "k", "ŋ": "n", "ŧ": "t", "ə": "e"}  # fmt: skip
PLAIN = str.maketrans({**GREEK, **CYRILLIC, **LATIN})
JOINING = dict.fromkeys(map(ord, "'’‘ʼ`´ʹ·."))  # inside a word: O’Sample and OSample are one
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))  # Müller, Mueller and Muller are one
# Letters that are mistaken for each other when one hears a name; vowels, h and j are not heard at all.
SOUNDS = {
    **dict.fromkeys("bp", "b"),
    **dict.fromkeys("dt", "d"),
    **dict.fromkeys("fvw", "f"),
    **dict.fromkeys("gkqcx", "k"),
    **dict.fromkeys("sz", "s"),
    **dict.fromkeys("mn", "n"),
    "l": "l",
    "r": "r",
}
HEARD_AS_ONE = (("ts", "c"), ("tz", "c"), ("ph", "f"))
SOUND_LETTERS = "bdfklnrs"
SLIP_AFTER, TWO_SLIPS_AFTER = 2, 6  # a slip in two letters is another name


def split_name(*names: str) -> list[str]:
    """Return the words of a name as they are searched, each once, in order."""
    return list(dict.fromkeys(word for name in names for word in _split(name)))[:MAX_WORDS]


@lru_cache(maxsize=20_000)
def _split(name: str) -> tuple[str, ...]:
    if name.isascii():
        folded = name.lower()
    else:
        # The dots of a diaeresis part two vowels (Μαΐου), so they fall last.
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
        folded = "".join(sign for sign in parts if sign == DIAERESIS or not unicodedata.combining(sign))
        for pair, plain in GREEK_PAIRS.items():
            folded = folded.replace(pair, plain)
        folded = folded.replace(DIAERESIS, "").translate(PLAIN)
    folded = folded.translate(JOINING)
    for pair, plain in UMLAUTS:
        folded = folded.replace(pair, plain)
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return tuple(word[:MAX_LETTERS] for word in words)


def hear(word: str) -> str:
    """Return how a word sounds, roughly: its consonants by kind, none twice in a row. "" where it has none."""
    for pair, plain in HEARD_AS_ONE:
        word = word.replace(pair, plain)
    heard = [SOUNDS.get(letter, letter if not letter.isascii() or letter.isdigit() else "") for letter in word]
    kept = [sound for place, sound in enumerate(heard) if sound and (place == 0 or sound != heard[place - 1])]
    return "".join(kept)[:20]


def list_slips(word: str, letters: str = LETTERS) -> set[str]:
    """Return every word that is one slip away from this one, and the word itself."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    added = {head + letter + tail for head, tail in cuts for letter in letters}
    return {word} | missing | swapped | wrong | added


def list_spellings(word: str) -> set[str]:
    """Return the spellings to look up for a typed word: itself, and one slip away where it is long enough."""
    return list_slips(word) if len(word) > SLIP_AFTER else {word}


def list_heard(word: str) -> set[str]:
    """Return the sounds to look up for a typed word; of long words one sound may be wrong too."""
    sound = hear(word)
    if len(word) <= SLIP_AFTER or len(sound) < 2:
        return set()
    return list_slips(sound, SOUND_LETTERS) if len(word) > TWO_SLIPS_AFTER and len(sound) > 2 else {sound}


def count_allowed(word: str) -> int:
    """Return how many slips a typed word may hold."""
    return 0 if len(word) <= SLIP_AFTER else 1 if len(word) <= TWO_SLIPS_AFTER else 2
