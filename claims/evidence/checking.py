"""What a worker does with a file: scan it, make the copy, say how it stands.

The row is the queue. A worker that dies in the middle costs the time of a lease: another one begins again.
"""

import logging
import time
import uuid
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db.models import F, QuerySet
from django.utils import timezone

from claims.base import scanning, vault
from claims.base.jobs.signs import claim_turn
from claims.base.sandbox import WasTooSlow
from claims.base.sealed import remove_files, write_sealed
from claims.copies.answers import Copy, Unfit
from claims.copies.making import make_copy
from claims.evidence.keeping import COPY, find_data_key, find_part, finish_erasing, name_place, open_original
from claims.models import Evidence

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # more than scanning (CLAMD_SECONDS) and copying (clock_seconds) may take together
RETRY = timedelta(seconds=30)  # until a scanner, or a disk, is asked again
MOST_ATTEMPTS = 3
TURN_SECONDS = 5.0  # then jobs get their turn
EVERY = timedelta(seconds=4)
TASK = "claims.tasks.check_evidence"


class NotNow(Exception):
    """The file waits for something that is away; `reason` says for what."""


def nudge_checking() -> None:
    """Ask a worker to check what is due. A broker that is away costs nothing but time: the sweep asks again."""
    try:
        current_app.send_task(TASK)
    except Exception as error:  # kombu raises what its transport raises
        logger.warning("the broker did not take a wake-up call: %s", type(error).__name__)


def sweep_evidence() -> bool:
    """Wake a worker where files are due; return whether that was so."""
    if not list_due_evidence().exists() or not claim_turn("evidence", every=EVERY):
        return False
    nudge_checking()
    return True


def list_due_evidence() -> QuerySet[Evidence]:
    """Return the files that somebody is to work on now, the longest waiting first."""
    return Evidence.objects.filter(due_at__lte=timezone.now()).select_related("owner").order_by("due_at", "pk")


def check_due_evidence() -> int:
    """Check files until none is due or the turn is over; return how many. Safe to run any number of times at once."""
    turn_ends, done = time.monotonic() + TURN_SECONDS, 0
    while evidence := take_evidence():
        check_file(evidence)
        done += 1
        if time.monotonic() > turn_ends:
            nudge_checking()
            break
    return done


def take_evidence() -> Evidence | None:
    """Take a file under a lease, or return None. Of several workers that see it, one gets it."""
    for evidence in list_due_evidence()[:20]:
        lease, until = uuid.uuid4(), timezone.now() + LEASE
        mine = Evidence.objects.filter(pk=evidence.pk, due_at=evidence.due_at, lease=evidence.lease)
        if mine.update(lease=lease, due_at=until, attempts=F("attempts") + 1):
            evidence.lease, evidence.attempts = lease, evidence.attempts + 1
            return evidence
    return None


def check_file(evidence: Evidence) -> None:
    """Bring one file, taken under a lease, to its end, or put it back in line."""
    if evidence.state == Evidence.State.ERASING:
        return finish_erasing(evidence.pk)
    if evidence.attempts > MOST_ATTEMPTS:
        return _quarantine(evidence, Evidence.Reason.TOO_SLOW)
    try:
        _copy_file(evidence)
    except Unfit as error:
        reason = error.reason if error.reason in Evidence.Reason.values else Evidence.Reason.BROKEN
        _quarantine(evidence, reason)
    except FileNotFoundError:
        _quarantine(evidence, Evidence.Reason.LOST)
    except vault.Unreadable:
        _quarantine(evidence, Evidence.Reason.UNREADABLE)
    except scanning.NotScanned as error:
        logger.warning("the scanner gave no answer: %s", error)
        _quarantine(evidence, Evidence.Reason.UNSCANNED, due_at=timezone.now() + RETRY, attempts=0)
    except WasTooSlow:
        _move(evidence, evidence.state, reason=evidence.reason, due_at=timezone.now() + RETRY)
    except OSError as error:  # the disk is full, or gone for now
        logger.error("evidence %s could not be copied: %s", evidence.pk, type(error).__name__)
        _move(evidence, evidence.state, reason=evidence.reason, due_at=timezone.now() + RETRY, attempts=0)
    return None


def _copy_file(evidence: Evidence) -> None:
    """Scan, copy, store, and release the copy. In this order: no copy of an infected file ever lies anywhere."""
    original = open_original(evidence)
    scan = _scan(evidence, original)
    copy = make_copy(evidence.kind, original)
    path, place = find_part(evidence, COPY), name_place(evidence, COPY)
    write_sealed(path, vault.seal(find_data_key(evidence), copy.data, place=place))
    if not _move(evidence, Evidence.State.READY, reason="", scan=scan, copy_kind=copy.kind, **_measure(copy)):
        _remove_unwanted(evidence)


def _scan(evidence: Evidence, original: bytes) -> str:
    """Return what the scanner says, or that there is none. Raises NotScanned, and Unfit where it finds something."""
    if not scanning.is_configured():
        return Evidence.Scan.NONE
    if scanning.is_infected(original):
        raise Unfit(Evidence.Reason.INFECTED)
    return Evidence.Scan.CLEAN


def _measure(copy: Copy) -> dict[str, int | None]:
    return {"pages": copy.pages, "width": copy.width, "height": copy.height}


def _quarantine(evidence: Evidence, reason: str, **fields: Any) -> None:
    scan = Evidence.Scan.INFECTED if reason == Evidence.Reason.INFECTED else Evidence.Scan.NONE
    _move(evidence, Evidence.State.QUARANTINED, reason=reason, scan=scan, **fields)


def _move(evidence: Evidence, state: str, **fields: Any) -> bool:
    """Say how a file stands, if the lease is still ours; return whether it was."""
    fields = {"due_at": None, "attempts": evidence.attempts, **fields}
    mine = Evidence.objects.filter(pk=evidence.pk, lease=evidence.lease)
    return mine.update(state=state, lease=None, **fields) == 1


def _remove_unwanted(evidence: Evidence) -> None:
    """Take back a copy of a file that was erased in the meantime."""
    if not Evidence.objects.filter(pk=evidence.pk).exclude(state=Evidence.State.ERASING).exists():
        remove_files(find_part(evidence, COPY))
