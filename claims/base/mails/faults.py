"""What an error of sending means: try again or not, and whose fault it was."""

import re
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException


@dataclass(frozen=True)
class Fault:
    """Why a mail was not sent. `text` is for the log of delivery and never holds the address."""

    text: str
    is_final: bool = False  # no later attempt would end better
    is_of_server: bool = False  # every other mail would meet the same now


def judge_error(error: Exception) -> Fault:
    """Return what an error of sending means. Replies 4xx pass, 5xx stay (RFC 5321, 4.2.1).

    A 5xx is final where it concerns this recipient or this message. One about the connection, our credentials or our
    sender is ours to mend, so the mails wait for that.
    """
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return Fault(f"recipient refused: {describe_reply(code, words)}", is_final=code >= 500)
    if isinstance(error, SMTPDataError):
        reply = describe_reply(error.smtp_code, error.smtp_error)
        return Fault(f"message refused: {reply}", is_final=error.smtp_code >= 500)
    if isinstance(error, SMTPResponseException):
        reply = describe_reply(error.smtp_code, error.smtp_error)
        return Fault(f"{type(error).__name__}: {reply}", is_of_server=True)
    if isinstance(error, OSError):  # no connection, no answer in time, no room on the disk; SMTPException is one too
        return Fault(type(error).__name__, is_of_server=True)
    return Fault(type(error).__name__, is_final=isinstance(error, ValueError))  # what cannot be put into headers


def describe_reply(code: int, words: bytes | str) -> str:
    """Return the code of a reply and its enhanced one (RFC 3463); the words of servers quote the address."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    enhanced = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", text)
    return f"{code} {enhanced[1]}" if enhanced else str(code)
