"""One-time codes by e-mail: eight digits to type, or the token of a link; either proves once who reads the address.

Eight digits and not letters: they are on every keyboard, also a Greek or Bulgarian one, a phone shows its number pad
for them, and they are read aloud alike in all languages. With five tries a code and five codes of a purpose an hour
a guesser has one chance in four million an hour.
"""

from claims.base.codes.errors import (
    CodeRefused,
    ExpiredCode,
    ReplacedCode,
    TooManyCodes,
    TooManyTries,
    UsedCode,
    WrongCode,
)
from claims.base.codes.making import (
    CODES_AN_HOUR,
    GOOD_FOR,
    NewCode,
    erase_codes,
    erase_codes_by_key,
    forget_codes,
    make_code,
    send_code,
)
from claims.base.codes.using import MAX_TRIES, peek_token, use_code, use_token

__all__ = [
    "CODES_AN_HOUR",
    "GOOD_FOR",
    "MAX_TRIES",
    "CodeRefused",
    "ExpiredCode",
    "NewCode",
    "ReplacedCode",
    "TooManyCodes",
    "TooManyTries",
    "UsedCode",
    "WrongCode",
    "erase_codes",
    "erase_codes_by_key",
    "forget_codes",
    "make_code",
    "peek_token",
    "send_code",
    "use_code",
    "use_token",
]
