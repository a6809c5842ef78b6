"""The history: append, read, verify."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from claims.models import Action, HistoryEvent, HistoryHead, User

GENESIS = "0" * 64


def record(
    verb: str,
    subject: models.Model,
    *,
    by: User | None = None,
    action: Action | None = None,
    fields: Iterable[str] = (),
    **data: int | str | list | dict,
) -> HistoryEvent:
    """Append an event to the history. Call it last in the transaction of the use case.

    The number is given under a lock on the head row that lasts until the transaction ends, so numbers have no gap
    and the chain cannot fork; whoever records early makes everyone else wait. `fields` are names, `data` holds ids
    and counts: never a person's data.
    """
    with transaction.atomic():
        head, _ = HistoryHead.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
        event = HistoryEvent(
            number=head.number + 1,
            at=timezone.now(),
            by=by,
            verb=verb,
            subject=subject._meta.model_name or "",
            subject_id=subject.pk,
            action=action,
            fields=sorted(fields),
            data=data,
            previous_hash=head.hash,
        )
        event.hash = compute_hash(event)
        event.save(force_insert=True)
        HistoryHead.objects.filter(pk=1).update(number=event.number, hash=event.hash)
    return event


def record_each(
    verb: str,
    subject: str,
    ids: Sequence[int],
    *,
    by: User | None,
    action: Action | None,
    **data: int | str | list | dict,
) -> None:
    """Append the same event for many rows of one kind, in one go: a chunk of a job holds the head once."""
    if not ids:
        return
    with transaction.atomic():
        head, _ = HistoryHead.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
        number, previous, events, now = head.number, head.hash, [], timezone.now()
        for pk in ids:
            number += 1
            event = HistoryEvent(
                number=number, at=now, by=by, verb=verb, subject=subject, subject_id=pk, action=action, data=data,
                previous_hash=previous,
            )  # fmt: skip
            event.hash = previous = compute_hash(event)
            events.append(event)
        HistoryEvent.objects.bulk_create(events, batch_size=500)
        HistoryHead.objects.filter(pk=1).update(number=number, hash=previous)


def compute_hash(event: HistoryEvent) -> str:
    """Return the SHA-256 of all that an event says, the hash before it included (canonical JSON, UTF-8)."""
    content: dict[str, Any] = {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": event.by_id,
        "verb": event.verb,
        "subject": event.subject,
        "subject_id": event.subject_id,
        "action": event.action_id,
        "fields": event.fields,
        "data": event.data,
        "previous_hash": event.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_history() -> tuple[int, int | None]:
    """Return how many events there are and the number of the first bad one (None: all good).

    Finds events that were edited, removed, inserted or reordered by someone who did not reckon all later hashes anew.
    A tail that was cut with the head set to match, or a chain written anew, only `checkpoints` can show.
    """
    expected, previous, count = 1, GENESIS, 0
    events = HistoryEvent.objects.order_by("number").iterator(chunk_size=5000)
    try:
        for event in events:
            if event.number != expected or event.previous_hash != previous or event.hash != compute_hash(event):
                return count, expected
            expected, previous, count = event.number + 1, event.hash, count + 1
    except (ValueError, TypeError, AttributeError):  # a value that no writer of ours would have left there
        return count, expected
    head = HistoryHead.objects.filter(pk=1).first()
    if (head.number, head.hash) != (count, previous) if head else count:
        return count, count + 1
    return count, None


def list_events(subject: models.Model) -> "models.QuerySet[HistoryEvent]":
    """Return the events of one row, the newest first."""
    return HistoryEvent.objects.filter(subject=subject._meta.model_name, subject_id=subject.pk).order_by("-number")
