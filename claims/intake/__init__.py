"""Claims come in online: start, save step by step, send."""

from claims.intake.drafts import (
    Draft,
    StepStatus,
    list_step_status,
    open_draft,
    read_values,
    save_declarations,
    save_step,
    start_registration,
)
from claims.intake.entering import enter_registration, enter_registrations
from claims.intake.sending import Closed, NotComplete, note_checked, send_checked, send_registration
from claims.intake.waiting import describe_late, enter_late, list_late

__all__ = [
    "Closed",
    "Draft",
    "NotComplete",
    "StepStatus",
    "describe_late",
    "enter_late",
    "enter_registration",
    "enter_registrations",
    "list_late",
    "list_step_status",
    "note_checked",
    "open_draft",
    "read_values",
    "save_declarations",
    "save_step",
    "send_checked",
    "send_registration",
    "start_registration",
]
