"""Events are entered, corrected and taken back. Nothing is overwritten: each version stays, and the newest holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.actions import get_regime
from claims.base import vault
from claims.base.errors import Refused, StaleStatus
from claims.base.history import record
from claims.evidence import receive_evidence
from claims.models import Action, EventEntry, Evidence, User
from claims.procedure.dates import find_today, read_happened
from claims.procedure.projecting import project_events
from claims.procedure.words import name_event, say_fault
from claims.rules.courtdays import find_zone
from claims.rules.deadlines import Events, Happened
from claims.rules.events import Complaint, Fault, check_event, list_resting


@dataclass(frozen=True)
class EventDraft:
    """What somebody wants to enter: the event, its day at the court, and where that can be read."""

    key: str
    on: date
    at: time | None = None
    text: str = ""
    source: str = ""
    url: str = ""
    reason: str = ""

    @property
    def happened(self) -> Happened:
        """The event as the rules take it."""
        return Happened(self.on, self.at)


def find_entry(action: Action, key: str) -> EventEntry | None:
    """Return the version of an event that holds, where the office entered one."""
    return action.event_entries.filter(key=key, replaced_at=None, taken_back_at=None).first()


def say_obstacles(action: Action, draft: EventDraft, events: Events | None = None) -> list[str]:
    """Return what speaks against entering an event, a sentence each."""
    known = read_happened(action) if events is None else events
    faults = check_event(draft.key, draft.happened, known, regime=get_regime(action), last_day=find_today(action))
    said = [say_fault(draft.key, fault) for fault in faults]
    if not draft.source.strip():
        said.append(_("Say where this can be read: a judgment, a register, a letter."))
    if draft.key in known and not draft.reason.strip():
        said.append(_("“%(event)s” is entered already. To correct it, say why.") % {"event": name_event(draft.key)})
    return said


def refuse_obstacles(action: Action, draft: EventDraft) -> None:
    """Raise Refused where anything speaks against entering an event."""
    if obstacles := say_obstacles(action, draft):
        raise Refused(" ".join(obstacles))


@transaction.atomic
def record_event(action: Action, draft: EventDraft, *, by: User | None) -> EventEntry:
    """Enter an event, or a new version of one, and move the action to the stage that follows. Raises Refused."""
    held = Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    refuse_obstacles(held, draft)
    now, old = timezone.now(), find_entry(held, draft.key)
    if old:
        EventEntry.objects.filter(pk=old.pk).update(replaced_at=now)
    entry = EventEntry.objects.create(
        action=held, key=draft.key, version=_count_versions(held, draft.key) + 1, on=draft.on, at=draft.at,
        text=_list_texts(draft), source=draft.source.strip(), url=draft.url, reason=draft.reason.strip(),
        entered_by=by, entered_at=now,
    )  # fmt: skip
    project_events(held)
    verb = "event corrected" if draft.reason.strip() else "event entered"
    record(verb, held, by=by, action=held, event=draft.key, version=entry.version, entry=entry.pk)
    action.refresh_from_db()
    return entry


def add_proof(entry: EventEntry, files: Iterable[UploadedFile], *, by: User | None) -> list[Evidence]:
    """Keep files as the proof of an event: sealed, checked, and shown as a safe copy. Outside of a transaction."""
    data_key = vault.make_data_key()
    return receive_evidence(files, data_key=data_key, registration_code=entry.code, by=by)


@transaction.atomic
def take_back_event(action: Action, key: str, *, by: User, reason: str) -> EventEntry:
    """Take an event back with a reason; what the pack says holds again. Raises Refused, or StaleStatus."""
    held = Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    entry = find_entry(held, key)
    if entry is None:
        raise StaleStatus(_("This event was taken back or corrected in the meantime. Look at the list again."))
    if not reason.strip():
        raise Refused(_("Say why the event is taken back; the reason stays in the history."))
    events = read_happened(held)
    if resting := list_resting(key, events) if not _is_in_pack(held, key) else []:
        raise Refused(say_fault(key, Complaint(Fault.RESTED_ON, resting[0])))
    entry.taken_back_at, entry.taken_back_by, entry.taken_back_reason = timezone.now(), by, reason.strip()
    entry.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    project_events(held)
    record("event taken back", held, by=by, action=held, event=key, version=entry.version, entry=entry.pk)
    action.refresh_from_db()
    return entry


def _is_in_pack(action: Action, key: str) -> bool:
    events = action.facts.get("events", [])
    return any(event["on"] and key in {event["id"], event.get("means")} for event in events)


def _count_versions(action: Action, key: str) -> int:
    return action.event_entries.filter(key=key).count()


def _list_texts(draft: EventDraft) -> dict[str, str]:
    """Return the words of an event: those typed in the language of the page, or its name in all of ours."""
    if draft.text.strip():
        return {(get_language() or "en").split("-")[0]: draft.text.strip()}
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code.split("-")[0]] = name_event(draft.key) + "."
    return texts


def find_moment(entry: EventEntry) -> datetime | None:
    """Return the exact moment of an event whose time was entered, with the zone of the court."""
    if entry.at is None:
        return None
    return datetime.combine(entry.on, entry.at, find_zone(get_regime(entry.action).state))
