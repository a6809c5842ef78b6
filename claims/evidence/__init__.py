"""Evidence: files are received, checked and copied by a worker, opened, moved with the claim, and erased."""

from claims.evidence.checking import check_due_evidence, sweep_evidence
from claims.evidence.keeping import (
    Holder,
    erase_evidence,
    list_evidence,
    move_evidence,
    open_copy,
    open_original,
    read_name,
    take_back_evidence,
)
from claims.evidence.receiving import receive_evidence
from claims.evidence.sentences import describe_limits, explain

__all__ = [
    "Holder",
    "check_due_evidence",
    "describe_limits",
    "erase_evidence",
    "explain",
    "list_evidence",
    "move_evidence",
    "open_copy",
    "open_original",
    "read_name",
    "receive_evidence",
    "sweep_evidence",
    "take_back_evidence",
]
