"""Why a proof of joining was not taken, in words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from claims.base.references import show_reference
from claims.models import Claim
from claims.procedure.words import name_event
from claims.rules.eligibility import Outcome
from claims.rules.joining import Complaint, Fault
from claims.rules.joiningrows import BAD_DATE, BAD_REFERENCE, BAD_TIME, BAD_WORD, NO_REFERENCE, ROW
from claims.wording import day

# What can be wrong with a line of a file besides its cells and what speaks against the joining itself.
NO_CLAIM, JOINED, NOT_STANDING, TAKEN, TWICE = "no claim", "joined", "not standing", "taken", "twice"
OWN = "own"
# What somebody should see before a proof is recorded all the same.
HELD, NOT_MET, NOT_KNOWN, UNDECIDED = "held", "not met", "not known", "undecided"
RANGES = 20  # of lines that one complaint names; the file of all lines has the rest


def say_complaint(complaint: Complaint) -> str:
    """Say what speaks against a joining, and how to mend it."""
    return say_fault(complaint.fault, event=complaint.event, on=complaint.day)


def say_fault(code: str, *, event: str = "", on: date | None = None) -> str:
    """Say a fault by its code."""
    words = {"event": name_event(event), "day": day(on)}
    match code:
        case Fault.AHEAD:
            text = _("The day lies ahead; at the court it is %(day)s. Record it when it has happened.")
        case Fault.NOT_OPEN:
            text = _("Joining is not possible before this: %(event)s. Enter that event on the page Procedure first.")
        case Fault.TOO_EARLY:
            text = _("The day is before the first day to join, %(day)s. Check the date.")
        case Fault.TOO_LATE:
            text = _("The day is after the last day to join, %(day)s. Check the date.")
        case Fault.NEEDS_TIME:
            text = _("On %(day)s joining ended at a certain moment. Give the time at the court too.")
        case Fault.BELONGS:
            text = _("This person lives in the state of the court and takes part without joining.")
        case Fault.NOT_DECLARED:
            text = _("The declaration that the law wants is not signed; without it the joining has no effect.")
        case Fault.FEE_UNPAID:
            text = _("The entry fee is not paid; without it the person is not represented.")
        case _:
            text = _say_line(code)
    return text % words


def _say_line(code: str) -> str:
    return {
        ROW: _("The line cannot be read as one row: the number of cells is wrong, or a quote is not closed."),
        NO_CLAIM: _("There is no claim with this reference in this action."),
        NO_REFERENCE: _("The line names no claim: fill in reference or external_ref."),
        BAD_REFERENCE: _("The reference of the register is missing or longer than 100 characters."),
        BAD_DATE: _("This is not a date such as 2027-05-24 (year-month-day)."),
        BAD_TIME: _("This is not a time such as 14:30."),
        BAD_WORD: _("Write yes or no, or leave it empty."),
        JOINED: _("This claim has joined already with another proof, on %(day)s."),
        NOT_STANDING: _("This claim was withdrawn, refused or merged, so it cannot join."),
        TAKEN: _("Another claim of this action has this reference of the register already."),
        OWN: _("This is your own claim: somebody else has to look at it and decide."),
        TWICE: _("This claim or this reference of the register stands in the file a second time."),
    }.get(code, code)


def say_early(registered_on: date) -> str:
    """Say that a proof was recorded with a day before the registration with us: most often a slip of the year."""
    words = {"day": day(registered_on)}
    text = _(
        "This day is before the registration with us on %(day)s."
        " Check the date, and take the proof back if it is wrong."
    )
    return text % words


def say_led(reference: str) -> str:
    """Say with which claim a proof was recorded that came in for one merged into it."""
    words = _("Recorded with the claim {reference}, into which this one was merged.")
    return words.format(reference=show_reference(reference))


def find_doubt(claim: Claim, held: Collection[int]) -> str:
    """Return what a lawyer should see before the proof of a claim is recorded; "" where nothing is."""
    if claim.pk in held:
        return HELD
    if claim.outcome == Outcome.INELIGIBLE:
        return NOT_MET
    if claim.outcome != Outcome.ELIGIBLE:
        return NOT_KNOWN
    return "" if claim.status == Claim.Status.ACCEPTED else UNDECIDED


def say_doubt(code: str) -> str:
    """Say it."""
    return {
        HELD: _("This claim is held for a look: release it first."),
        NOT_MET: _("This claim does not meet the criteria."),
        NOT_KNOWN: _("It is not known yet whether this claim meets the criteria."),
        UNDECIDED: _("No lawyer has accepted this claim yet."),
    }[code]


@dataclass(frozen=True)
class Alike:
    """Lines of a file of which the same is said, for example 2–20, 24."""

    lines: str
    is_one: bool
    column: str
    reason: str


def put_alike_together(faults: Iterable[tuple[int, str, str]]) -> list[Alike]:
    """Return what is said of lines, once each, in the order of the first line that it concerns."""
    lines: dict[tuple[str, str], list[int]] = {}
    for line, column, reason in faults:
        lines.setdefault((column, reason), []).append(line)
    found = sorted((sorted(set(numbers)), key) for key, numbers in lines.items())
    return [Alike(_write_lines(numbers), len(numbers) == 1, *key) for numbers, key in found]


def _write_lines(numbers: Sequence[int]) -> str:
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:RANGES]]
    return ", ".join([*shown, "…"] if len(ranges) > RANGES else shown)
