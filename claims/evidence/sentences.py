"""What to tell about a file, in a sentence: how it stands, or what is wrong and how to mend it."""

from django.conf import settings
from django.utils.translation import gettext as _

from claims.models import Evidence

MEGABYTE = 1 << 20


def describe_limits() -> str:
    """Return what we take, for the page that asks."""
    return _("Photos, PDF, e-mails and texts; up to {files} files, {size} MB each and {total} MB together.").format(
        files=settings.EVIDENCE_FILES,
        size=settings.EVIDENCE_FILE_BYTES // MEGABYTE,
        total=settings.EVIDENCE_TOTAL_BYTES // MEGABYTE,
    )


def explain(evidence: Evidence) -> str:
    """Return the verdict on one file."""
    if evidence.state == Evidence.State.RECEIVED:
        return _("Received. We are checking it; this takes seconds.")
    if evidence.state == Evidence.State.READY:
        return _("Good. We have it and can look at it.") + " " + _explain_scan(evidence)
    verdict = str(evidence.get_reason_display())
    if evidence.reason in {Evidence.Reason.TOO_BIG, Evidence.Reason.TOO_MANY, Evidence.Reason.TOO_MUCH}:
        verdict = f"{verdict} {describe_limits()}"
    if evidence.state == Evidence.State.QUARANTINED and evidence.reason != Evidence.Reason.LOST:
        verdict += " " + _("We keep the file locked away; your claim goes on without it.")
    return verdict


def _explain_scan(evidence: Evidence) -> str:
    if evidence.scan == Evidence.Scan.CLEAN:
        return _("The virus check found nothing.")
    return _("It was not checked for viruses.")
