"""A dry run: criteria that are not in force, applied to the whole book as a job. Writes nothing to any claim."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.documents import compute_digest
from claims.criteria import list_criteria_ids, read_rulebook
from claims.models import Action, Claim, DryRun, DryRunMoves, HistoryEvent, HistoryHead, Job, JobChunk, Override, User
from claims.models.claims import STANDS
from claims.rules.eligibility import Outcome
from claims.screening import LETTERS, compile_screening, list_ranges, read_people_by_key
from claims.timeline import BY_OFFICE, INTERNAL

KIND = "dry_run"
RANGE = 50_000  # claims a chunk: nothing is written to them, so nobody waits
WORDS = {letter: word for word, letter in LETTERS.items()}
UNSCREENED = "unscreened"
JOINED = {"postgresql": "string_agg({}, ',')", "sqlite": "group_concat({}, ',')"}
# What somebody looked at, and what no criterion asks for, is in the history too, and changes no finding.
LOOKED_AT = (
    *BY_OFFICE, *INTERNAL, "data exported", "certificate issued",
    "contact changed", "evidence received", "use restricted",
)  # fmt: skip
BOOK = ("claim", "claimant", "decision", "merge")  # what the events are about after which a dry run is out of date
BOOK_VERBS = ("claims imported", "screening finished")


@transaction.atomic
def start_dry_run(action: Action, document: Mapping[str, Any], *, by: User | None) -> DryRun:
    """Start the job that applies criteria, as a version would keep them, to every standing claim.

    Raises Refused where a dry run of the action is active, and RuleError where the criteria cannot be read.
    """
    ids = [criterion.id for criterion in read_rulebook(document).criteria]
    mark = HistoryHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    version, digest = action.criteria, compute_digest(document)
    chunks = [({"first": first, "last": last}, units) for first, last, units in list_ranges(action, RANGE)]
    params = {"criteria": ids, "criteria_number": version.number if version else None, "sha256": digest}
    job = jobs.start_job(KIND, by=by, action=action, params=params, chunks=chunks)
    return DryRun.objects.create(
        action=action, job=job, document=document, sha256=digest, version=version, book_mark=mark
    )


def find_running(action: Action) -> Job | None:
    """Return the dry run of an action that waits or runs, of whichever draft."""
    return Job.objects.filter(kind=KIND, action=action, state__in=Job.ACTIVE).first()


def find_dry_run(action: Action, sha256: str) -> DryRun | None:
    """Return the newest dry run of exactly these criteria that has ended well."""
    done = DryRun.objects.filter(action=action, sha256=sha256, job__state=Job.State.DONE)
    return done.select_related("job", "version").order_by("-pk").first()


def list_reasons_to_repeat(found: DryRun) -> list[HistoryEvent]:
    """Return the first event since a dry run began after which it may no longer be true; nothing while it is."""
    about = Q(subject__in=BOOK) & ~Q(verb__in=LOOKED_AT) | Q(verb__in=BOOK_VERBS)
    since = HistoryEvent.objects.filter(about, action=found.action_id, number__gt=found.book_mark)
    return list(since.order_by("number")[:1])


# What one range comes to ----------------------------------------------------------------------------------


def _make_counters() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


@dataclass
class Found:
    """What criteria find in a part of the book, beside what is kept now."""

    outcomes: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)  # "eligible>needs_info"; "unscreened" without a finding yet
    tier_moves: Counter[str] = field(default_factory=Counter)  # "adult>minor"; "none" without a tier
    by_criterion: defaultdict[str, Counter[str]] = field(default_factory=_make_counters)  # id -> yes, no, unknown
    differences: defaultdict[str, Counter[str]] = field(default_factory=_make_counters)  # id -> "yes>no", "new>no"
    moving: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # (from, to) -> ids of claims

    def count(self) -> dict[str, Any]:
        """Return the counts as a job keeps them."""
        return {name: getattr(self, name) for name in COUNTS}


COUNTS = ("outcomes", "moves", "tier_moves", "by_criterion", "differences")


def try_range(action: Action, document: Mapping[str, Any], first: int, last: int) -> Found:
    """Apply criteria to the claims with ids from `first` to `last`. Reads only."""
    book = read_rulebook(document)
    ids = [criterion.id for criterion in book.criteria]
    where = f"c.action_id = {action.pk:d} AND c.{STANDS} AND c.id BETWEEN {first:d} AND {last:d}"
    found = Found()
    with transaction.atomic():
        _read_in_groups()
        # Somebody may set one a moment later: then the dry run began before, and says so (list_reasons_to_repeat).
        is_overridden = Override.objects.filter(applies=True, claim__gte=first, claim__lte=last).exists()
        among = f"claim_id BETWEEN {first:d} AND {last:d}" if is_overridden else ""
        rows = _fetch(_select_groups(compile_screening(book, chosen_among=among, action=action).select_found(where)))
    alike = _list_alike(action, ids)
    old_ids: dict[int | None, list[str]] = {None: []}
    letters: Counter[str] = Counter()
    for version_id, before, after, old, new, old_tier, new_tier, claims, moving in rows:
        found.outcomes[new] += claims
        letters[after] += claims
        if old_tier != new_tier:
            found.tier_moves[f"{old_tier or 'none'}>{new_tier or 'none'}"] += claims
        if before != after or version_id not in alike:
            if version_id not in old_ids:
                old_ids[version_id] = list_criteria_ids(version_id)
            _count_differences(found.differences, before, after, old_ids[version_id], ids, claims)
        if moving:
            found.moves[f"{old or UNSCREENED}>{new}"] += claims
            found.moving.setdefault((old, new), []).extend(map(int, moving.split(",")))
    for after, claims in letters.items():
        _count_letters(found.by_criterion, after, ids, claims)
    return found


def _read_in_groups() -> None:
    """Keep PostgreSQL from reading every claimant for each range, and from sorting claims that it only has to count.

    The ranges run side by side, so that none of them needs help of its own.
    """
    read_people_by_key()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL work_mem = '32MB'")
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")


def _list_alike(action: Action, ids: list[str]) -> set[int]:
    """Return the versions with the same criteria in the same order: under others the same letters say other things."""
    versions = action.criteria_versions.values_list("pk", "document__criteria")
    return {pk for pk, criteria in versions if [item["id"] for item in criteria] == ids}


def _select_groups(found: str) -> str:
    """Return a query with a row for all claims that are alike in what is kept and found: how many, and who moves.

    Findings are alike again and again: there are some hundred ways where there are tens of thousands of claims.
    """
    moving = JOINED[connection.vendor].format("CASE WHEN outcome <> new_outcome THEN CAST(id AS text) END")
    return f"""
        SELECT criteria_version_id, findings, new_findings, outcome, new_outcome, tier, new_tier, count(*), {moving}
        FROM ({found}) AS f GROUP BY 1, 2, 3, 4, 5, 6, 7"""  # noqa: S608  # no value of people is in it


def _count_letters(counts: defaultdict[str, Counter[str]], letters: str, ids: list[str], claims: int) -> None:
    for name, letter in zip(ids, letters, strict=True):
        counts[name][WORDS[letter]] += claims


def _count_differences(
    counts: defaultdict[str, Counter[str]], before: str, after: str, old: list[str], new: list[str], claims: int
) -> None:
    """Count how the findings of each criterion differ."""
    kept = dict(zip(old, before, strict=False))  # a claim without a finding yet has no letters
    for name, letter in zip(new, after, strict=True):
        if kept.get(name) != letter:
            counts[name][f"{WORDS.get(kept.get(name, ''), 'new')}>{WORDS[letter]}"] += claims


def _fetch(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


# As a job -----------------------------------------------------------------------------------------------


def _try_chunk(job: Job, chunk: JobChunk) -> Found:
    assert job.action is not None  # start_dry_run gives one
    return try_range(job.action, job.dry_run.document, chunk.params["first"], chunk.params["last"])


def _store_chunk(job: Job, chunk: JobChunk, found: Found) -> dict:
    """Keep the counts with the chunk and the claims that would move as rows."""
    DryRunMoves.objects.bulk_create(
        DryRunMoves(dry_run=job.dry_run, number=chunk.number, old=old, new=new, claims=sorted(claims), last=max(claims))
        for (old, new), claims in found.moving.items()
    )
    return found.count()


def _finish(job: Job) -> dict:
    """Add up what the ranges came to."""
    total: dict[str, Any] = {name: Counter() for name in COUNTS[:3]} | {name: {} for name in COUNTS[3:]}
    total["outcomes"].update(dict.fromkeys(Outcome, 0))
    for name in job.params["criteria"]:
        total["by_criterion"][name] = Counter(dict.fromkeys(LETTERS, 0))
        total["differences"][name] = Counter()
    for result in job.chunks.values_list("result", flat=True):
        for name in COUNTS[:3]:
            total[name].update(result[name])
        for name in COUNTS[3:]:
            for criterion, counts in result[name].items():
                total[name][criterion].update(counts)
    return {name: _sort(counts) for name, counts in total.items()}


def _sort(counts: Any) -> Any:
    return {key: _sort(counts[key]) for key in sorted(counts)} if isinstance(counts, dict) else counts


def _find_page(job: Job) -> str:
    found = DryRun.objects.filter(job=job).select_related("action").first()
    return reverse("claims:workspace-dry-run", args=[found.action.slug, found.code]) if found else ""


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Dry run of a draft of the criteria"), unit=gettext_lazy("Claims"),
    compute=_try_chunk, store=_store_chunk, finish=_finish, find_page=_find_page,
)  # fmt: skip


# Who would move -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One claim that would move from one outcome to another."""

    claim: int
    old: str
    new: str


def list_moves(
    found: DryRun, *, after: int = 0, old: str | None = None, new: str | None = None, only_screened: bool = False
) -> Iterator[Move]:
    """Return the claims that would move in the order of their ids, those after `after`; at most a range in memory.

    `only_screened` leaves out those without a finding yet, which move by whatever criteria.
    """
    rows = found.moves.filter(last__gt=after).order_by("number")
    if only_screened:
        rows = rows.exclude(old="")
    rows = rows.filter(**{name: value for name, value in (("old", old), ("new", new)) if value is not None})
    for _number, part in _group_ranges(rows):
        moves = (Move(claim, row.old, row.new) for row in part for claim in row.claims if claim > after)
        yield from sorted(moves, key=lambda move: move.claim)


def _group_ranges(rows: QuerySet[DryRunMoves]) -> Iterator[tuple[int, list[DryRunMoves]]]:
    part: list[DryRunMoves] = []
    for row in rows.iterator(chunk_size=20):
        if part and row.number != part[0].number:
            yield part[0].number, part
            part = []
        part.append(row)
    if part:
        yield part[0].number, part


def name_claims(moves: Iterable[Move], claims: QuerySet[Claim]) -> Iterator[tuple[str, Move]]:
    """Return (reference, move), a few thousand look-ups at a time; claims that are not among `claims` are left out."""
    moves = iter(moves)
    while batch := list(islice(moves, 2000)):
        references = dict(claims.filter(pk__in=[move.claim for move in batch]).values_list("pk", "reference"))
        yield from ((references[move.claim], move) for move in batch if move.claim in references)
