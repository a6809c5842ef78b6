"""Why a code was not taken, in words for the person who typed it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.base.errors import Refused


class CodeRefused(Refused):
    """A code or link that does not count. Says so in the language of whoever reads it."""

    text: str | Promise = ""

    def __init__(self) -> None:
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)


class WrongCode(CodeRefused):
    """There is no such code for this address, or no such link."""

    text = _("This code is not right. Look again at the newest e-mail from us, or ask for a new code.")


class ReplacedCode(WrongCode):
    """The link is of an earlier mail than the newest one."""

    text = _("This link is from an earlier e-mail. Use the one in the newest e-mail, or ask for a new code.")


class ExpiredCode(CodeRefused):
    """The half hour is over."""

    text = _("This code was good for 30 minutes, and these are over. Ask for a new code.")


class UsedCode(CodeRefused):
    """Somebody was quicker, or did it before."""

    text = _("This code was used already, and each works once. If you need another, ask for a new code.")


class TooManyTries(CodeRefused):
    """A code that was typed wrong too often counts no more, not even when it is right."""

    text = _("A wrong code was entered too often. For your protection this one counts no more: ask for a new code.")


class TooManyCodes(CodeRefused):
    """No further code is made for this address now. Show what you would show otherwise: it must not tell strangers."""

    text = _("Too many codes were asked for. Wait an hour, or use the newest one that you have.")
