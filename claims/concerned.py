"""What each event of the history is about: a claim by its reference, somebody of the office by name, a filing, a job.

The module of a use case adds how its own rows are named. Of claimants nothing is said: a reference names nobody.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.base.jobs import KINDS
from claims.base.references import show_reference
from claims.models import Action, Claim, DryRun, Evidence, HistoryEvent, Job, JoiningFile, Role
from claims.models.history import ROLE_REFUSED
from claims.procedure.words import name_event

HASH = 16  # signs of a hash, as the pages show it
OTHERS = ("kept", "merged")  # claims that stand in the data of an event beside the one that it is about


@dataclass(frozen=True)
class Thing:
    """What an event is about, in words, and its page."""

    text: str
    url: str = ""
    is_reference: bool = False  # of a claim: kept on one line


@dataclass(frozen=True)
class Concerned:
    """All that an event is about, named, and the accounts that hold its claims."""

    owners: frozenset[int | None]
    things: tuple[Thing, ...]


Namer = Callable[[Action, Collection[int]], Mapping[int, Thing]]
NAMERS: dict[str, Namer] = {}  # kind of row -> how the rows with these ids are named


def list_concerned(
    action: Action, events: Sequence[HistoryEvent], names: Mapping[int, str], *, about: Claim | None = None
) -> dict[int, Concerned]:
    """Return what each event is about, by its number. `names` are those of the office.

    With `about` all events are those of one claim, which is not named again.
    """
    held = {} if about else _list_held(action, events)
    ids = {event.number: _list_claims(event, held, about) for event in events}
    claims = _find_claims(pk for found in ids.values() for pk in found)
    rows, owner = _name_rows(action, events), {about.claimant.user_id} if about else set[int | None]()
    return {
        event.number: Concerned(
            frozenset(owner | {claims[pk].owner for pk in ids[event.number] if pk in claims}),
            (
                *(_name_claim(action, claims[pk].reference) for pk in ids[event.number] if pk in claims),
                *rows.get((event.subject, event.subject_id), ()),
                *_name_data(action, event, names),
            ),
        )
        for event in events
    }


def _list_held(action: Action, events: Iterable[HistoryEvent]) -> dict[tuple[str, int], list[int]]:
    """Return the claims in an action of each claimant, and of the holder of each file, that an event is about."""
    files = {event.subject_id for event in events if event.subject == "evidence" and event.subject_id}
    owner = dict(Evidence.objects.filter(pk__in=files, owner__isnull=False).values_list("pk", "owner"))
    people = {event.subject_id for event in events if event.subject == "claimant"} | {*owner.values()}
    held: dict[tuple[str, int], list[int]] = {}
    rows = Claim.objects.filter(action=action, claimant__in=people).order_by("pk").values_list("claimant", "pk")
    for claimant, pk in rows:
        held.setdefault(("claimant", claimant), []).append(pk)
    return held | {("evidence", pk): held.get(("claimant", holder), []) for pk, holder in owner.items()}


def _list_claims(event: HistoryEvent, held: Mapping[tuple[str, int], list[int]], about: Claim | None) -> Sequence[int]:
    if event.subject != "claim" or not event.subject_id:
        return held.get((event.subject, event.subject_id or 0), [])
    others = [event.data[name] for name in OTHERS if isinstance(event.data.get(name), int)]
    return others if about else [event.subject_id, *others]


class _Held(NamedTuple):
    reference: str
    owner: int | None


def _find_claims(ids: Iterable[int]) -> dict[int, _Held]:
    """Return the reference of each claim, and whose account holds it."""
    rows = Claim.objects.filter(pk__in=set(ids)).values_list("pk", "reference", "claimant__user")
    return {pk: _Held(reference, owner) for pk, reference, owner in rows}


def _name_claim(action: Action, reference: str) -> Thing:
    return Thing(show_reference(reference), reverse("claims:workspace-claim", args=[action.slug, reference]), True)


def _name_rows(action: Action, events: Iterable[HistoryEvent]) -> dict[tuple[str, int | None], list[Thing]]:
    ids: dict[str, set[int]] = {}
    for event in events:
        if event.subject in NAMERS and event.subject_id:
            ids.setdefault(event.subject, set()).add(event.subject_id)
    return {(kind, pk): [thing] for kind, pks in ids.items() for pk, thing in NAMERS[kind](action, pks).items()}


def _name_data(action: Action, event: HistoryEvent, names: Mapping[int, str]) -> Iterable[Thing]:
    """Return what only the data of an event name: people of the office, an event in court, a version, a file."""
    data = event.data
    person = names.get(event.subject_id or 0, "") if event.subject == "user" and event.verb != ROLE_REFUSED else ""
    if person:
        role = dict(Role.Name.choices).get(data.get("role", ""), "")
        yield Thing(f"{person}: {role}" if role else person)
    if data.get("to") in names:
        yield Thing(names[data["to"]])
    if "event" in data:
        yield Thing(name_event(data["event"]), reverse("claims:workspace-procedure", args=[action.slug]))
    if "criteria" in data:
        page = reverse("claims:workspace-rules", args=[action.slug])
        version = _("Version %(number)s") % {"number": data["criteria"]}
        yield Thing(version, f"{page}?version={data['criteria']}")
    if event.verb == "claims imported":
        yield Thing(f"SHA-256 {data.get('sha256', '')[:HASH]}")
    if isinstance(data.get("versions"), dict):
        yield Thing(", ".join(data["versions"]))


def name_jobs(action: Action, pks: Collection[int]) -> dict[int, Thing]:
    """Return what each job works on, with its page."""
    jobs = Job.objects.filter(action=action, pk__in=pks)
    return {
        job.pk: Thing(_name_job(job), reverse("claims:workspace-job", args=[action.slug, job.code])) for job in jobs
    }


def _name_job(job: Job) -> str:
    kind = KINDS.get(job.kind)
    return (kind.name_subject(job) if kind else job.subject) or str(job.code)[:8]


def name_joining_files(action: Action, pks: Collection[int]) -> dict[int, Thing]:
    """Return each file of proofs by its hash: what it is called is in words of the office that stay sealed."""
    page = reverse("claims:workspace-joining", args=[action.slug])
    files = JoiningFile.objects.filter(action=action, pk__in=pks).values_list("pk", "sha256")
    return {pk: Thing(f"SHA-256 {sha256[:HASH]}", page) for pk, sha256 in files}


def name_dry_runs(action: Action, pks: Collection[int]) -> dict[int, Thing]:
    """Return each dry run by the hash of its criteria, as its page shows it."""
    runs = DryRun.objects.filter(action=action, pk__in=pks).values_list("pk", "code", "sha256")
    return {
        pk: Thing(f"SHA-256 {sha256[:HASH]}", reverse("claims:workspace-dry-run", args=[action.slug, code]))
        for pk, code, sha256 in runs
    }


NAMERS |= {"job": name_jobs, "joiningfile": name_joining_files, "dryrun": name_dry_runs}
