"""The job of a filing: begin it, notice that it ended without the seal, and go on."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import record
from claims.models import Job, User
from documents.models import Filing, FilingFile

JOB = "filing"


def mark_stopped(filing: Filing) -> bool:
    """Mark a filing whose job ended without it; whether it was one. A job that somebody began since is left alone."""
    if filing.state != Filing.State.BUILDING or filing.is_at_work:
        return False
    abandoned = Filing.objects.filter(pk=filing.pk, state=Filing.State.BUILDING, job=filing.job_id)
    return abandoned.update(state=Filing.State.STOPPED) == 1


def start_job(filing: Filing, *, by: User | None) -> Job:
    """Start the job that makes the files still missing and seals the filing."""
    waiting = filing.files.filter(state=FilingFile.State.WAITING)
    return jobs.start_job(
        JOB, by=by, action=filing.action, subject=str(filing.code), params={"filing": filing.pk},
        chunks=[({"number": file.number}, 1) for file in waiting], has_closing=True,
    )  # fmt: skip


@transaction.atomic
def resume_filing(filing: Filing, *, by: User | None) -> Filing:
    """Go on with a filing that stopped; one that is at work or sealed is returned as it is.

    Raises Refused while another of its kind, language and rendering is in the making.
    """
    mark_stopped(filing)
    moved = take_up(filing)
    filing.refresh_from_db()
    if moved:
        filing.job = start_job(filing, by=by)
        filing.save(update_fields=["job"])
        record("filing resumed", filing, by=by, action=filing.action)
    return filing


def take_up(filing: Filing) -> bool:
    """Move a filing from stopped to building, one person only; the database holds that no other is in the making."""
    try:
        with transaction.atomic():
            stopped = Filing.objects.filter(pk=filing.pk, state=Filing.State.STOPPED)
            return stopped.update(state=Filing.State.BUILDING) == 1
    except IntegrityError:
        raise Refused(_("a newer filing of this kind is in the making; wait until it is sealed")) from None
