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
from claims.intake.sending import NotComplete, send_registration

__all__ = [
    "Draft",
    "NotComplete",
    "StepStatus",
    "list_step_status",
    "open_draft",
    "read_values",
    "save_declarations",
    "save_step",
    "send_registration",
    "start_registration",
]
