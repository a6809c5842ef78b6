"""What workers are asked to do. Each takes no more than ids, calls one function, and can run twice."""

from celery import shared_task

from claims import (
    dry_runs,  # noqa: F401  # makes its kind of job known
    duplicates,  # noqa: F401  # so does this
    evidence,
    imports,  # noqa: F401  # so does this
    intake,
    joining,
    screening,  # noqa: F401  # makes its kind of job known
    starts,
)
from claims.base import checkpoints, codes, jobs, limits, mails, proofs
from claims.erasures import note_erasures
from claims.expiring import delete_drafts as delete_drafts_that_are_over
from claims.kept_searches import forget_searches
from claims.names import sweep_words as remove_lonely_words
from claims.review import (
    assigning,  # noqa: F401  # makes its kinds of job known
    bulk,  # noqa: F401  # so does this
    bulk_undo,  # noqa: F401  # and this
    casework,
    sweeping,
)


@shared_task
def work() -> None:
    """Do free chunks of any job."""
    jobs.work()


@shared_task
def sweep_jobs() -> None:
    """Wake workers for chunks that nobody works on."""
    jobs.sweep_jobs()


@shared_task
def enter_registrations() -> None:
    """Make the claims of what was sent."""
    intake.enter_registrations()


@shared_task
def check_evidence() -> None:
    """Check files that are due, and make their copies."""
    evidence.check_due_evidence()


@shared_task
def sweep_evidence() -> None:
    """Wake workers for files that nobody works on."""
    evidence.sweep_evidence()


@shared_task
def beat_heart() -> None:
    """Note that beat, the broker and a worker are at work."""
    jobs.beat_heart("worker")


@shared_task
def checkpoint_history() -> None:
    """Note outside the database how far the history has come, and who was erased."""
    checkpoints.note_checkpoint()
    note_erasures()


@shared_task
def send_mails() -> None:
    """Send the mails that wait."""
    mails.send_queued_mails()


@shared_task
def sweep_mails() -> None:
    """Send the mails that no wake-up call has reached, and blank those whose time is over."""
    mails.sweep_mails()


@shared_task
def sweep_periods() -> None:
    """Remind claimants whose time to answer is nearly over, and note whose is."""
    sweeping.sweep_periods()
    casework.forget_presence()


@shared_task
def sweep_words() -> None:
    """Remove words of names that nobody has any more."""
    remove_lonely_words()


@shared_task
def delete_drafts() -> None:
    """Tell whose registration was not sent that it ends soon, and delete those whose time is over."""
    delete_drafts_that_are_over()


@shared_task
def forget_codes() -> None:
    """Delete codes, starts, searches and unrecorded files of the day before, and what limits and proofs do not need."""
    codes.forget_codes()
    forget_searches()
    starts.forget_starts()
    limits.forget_buckets()
    proofs.forget_proofs()
    joining.forget_files()
