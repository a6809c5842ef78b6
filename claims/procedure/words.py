"""The events and their faults in words."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.rules.events import Complaint, Fault
from claims.wording import day

TITLES: Mapping[str, str | Promise] = {
    "practice-announced": gettext_lazy("The trader announced the practice"),
    "infringement-began": gettext_lazy("The infringement began"),
    "letter-sent": gettext_lazy("The cease and desist letter was sent"),
    "letter-received": gettext_lazy("The trader received the letter"),
    "consultation-requested": gettext_lazy("The trader was asked for consultation"),
    "consultation-ended": gettext_lazy("The consultation ended"),
    "action-filed": gettext_lazy("The action was filed in court"),
    "action-served": gettext_lazy("The action was served on the trader"),
    "case-published": gettext_lazy("The action was published in the register"),
    "order-published": gettext_lazy("The court published the order to conduct the proceedings"),
    "admissible": gettext_lazy("The court deemed the action admissible"),
    "joining-starts": gettext_lazy("First day to join, as the court set it"),
    "joining-ends": gettext_lazy("Last day to join, as the court set it"),
    "leaving-ends": gettext_lazy("Last day to leave, as the court set it"),
    "hearing-closed": gettext_lazy("The oral hearing was closed"),
    "liability": gettext_lazy("The court ruled on liability"),
    "second-joining-starts": gettext_lazy("First day of the second time to join, as the court set it"),
    "second-joining-ends": gettext_lazy("Last day of the second time to join, as the court set it"),
    "settlement-filed": gettext_lazy("A settlement was put before the court"),
    "settlement-approved": gettext_lazy("The court approved the settlement"),
    "settlement-published": gettext_lazy("The settlement was published in the register"),
    "exit-ends": gettext_lazy("Last day to leave the settlement, as the court set it"),
    "redress": gettext_lazy("The court decided on redress"),
    "distribution-started": gettext_lazy("Paying out began"),
    "final-account": gettext_lazy("The final account was given"),
    "stayed": gettext_lazy("The court stayed the action"),
    "resumed": gettext_lazy("The action goes on again"),
    "dismissed": gettext_lazy("The court dismissed the action"),
    "action-withdrawn": gettext_lazy("The action was withdrawn"),
    "closed": gettext_lazy("The action is closed"),
}
RULES: Mapping[str, str | Promise] = {
    "urgency": gettext_lazy("An urgent ban should be asked for"),
    "consultation": gettext_lazy("End of the consultation"),
    "join_opens": gettext_lazy("First day to join"),
    "join_closes": gettext_lazy("Last day to join"),
    "second_join_opens": gettext_lazy("First day of the second time to join"),
    "second_join_closes": gettext_lazy("Last day of the second time to join"),
    "withdraw_until": gettext_lazy("Leaving after joining"),
    "rivals_join": gettext_lazy("Rival entities come in"),
    "settlement_exit": gettext_lazy("Last day to leave the settlement"),
}

RECORDED: Mapping[str, str | Promise] = {
    "join_opens": gettext_lazy("First day to join"),
    "join_closes": gettext_lazy("Last day to join"),
    "join_channel": gettext_lazy("Channel of joining"),
    "joining_declaration": gettext_lazy("What a person must declare"),
    "withdraw_until": gettext_lazy("Leaving after joining"),
    "settlement_exit": gettext_lazy("Leaving a settlement"),
    "limitation_period": gettext_lazy("Limitation"),
    "min_group": gettext_lazy("Smallest group"),
    "entry_fee_max_cents": gettext_lazy("Highest entry fee"),
    "funder_rule": gettext_lazy("Funding by others"),
    "funder_share_max": gettext_lazy("Highest share of a funder"),
    "residual": gettext_lazy("Money that nobody collects"),
    "names_to_trader": gettext_lazy("Whether the trader learns the names"),
    "register": gettext_lazy("Public register"),
    "infringements_from": gettext_lazy("Infringements from"),
    "in_force_from": gettext_lazy("In force from"),
}


def name_event(key: str) -> str:
    """Return what an event is called."""
    return str(TITLES.get(key, key))


def say_fault(key: str, complaint: Complaint) -> str:
    """Say why an event cannot be entered like this, and how to mend it."""
    words: dict[str, str] = {
        "event": name_event(key), "other": name_event(complaint.other), "day": _say_day(complaint.day),
    }  # fmt: skip
    match complaint.fault:
        case Fault.AHEAD:
            text = _("“%(event)s” cannot lie ahead: at the court it is %(day)s. Enter it when it has happened.")
        case Fault.NEEDS:
            text = _("“%(event)s” cannot come before “%(other)s”. Enter that first.")
        case Fault.TOO_EARLY:
            text = _("“%(event)s” cannot be earlier than “%(other)s” (%(day)s). Mend one of the two dates.")
        case Fault.TOO_LATE:
            text = _(
                "“%(event)s” cannot be later than “%(other)s” (%(day)s), which rests on it. Mend one of the dates."
            )
        case Fault.AFTER_END:
            text = _(
                "“%(event)s” cannot come after “%(other)s” (%(day)s). If the court took the case up again, enter that."
            )
        case Fault.SET_BY_LAW:
            text = _(
                "“%(event)s”: under this law no court sets that day, or our record does not know of it."
                " Enter the event that starts the time."
            )
        case Fault.NEEDS_HOUR:
            text = _("“%(event)s”: joining ends at that very moment. Give the time at the court too.")
        case Fault.RESTED_ON:
            text = _("“%(event)s” cannot be taken back: “%(other)s” rests on it. Take that back first.")
        case _:
            text = _("We do not know the event “%(event)s”. Choose one from the list.")
    return text % words


def _say_day(value: date | None) -> str:
    return day(value)
