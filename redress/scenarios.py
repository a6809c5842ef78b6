"""Runs of scenarios: started, drawn in chunks as a job, put together, found again."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import record
from claims.concerned import NAMERS, Thing
from claims.models import Action, CriteriaVersion, Job, JobChunk, User
from redress.charts import draw_charts
from redress.counts import Frozen, freeze_counts
from redress.models import ScenarioDocument, ScenarioPart, ScenarioRun
from redress.rules.engine import BLOCK, ENGINE, Broken, Model, Part, build_model, draw_part, summarise
from redress.rules.scenarios import Misfit, compute_scenario_id, read_scenario

KIND = "scenario"
OWN = ("draws", "seed")  # what a run may have otherwise than its document
BLOCKS = 5  # a chunk: some 20,000 draws, so that a run of 100,000 keeps several workers busy


@dataclass(frozen=True)
class Basis:
    """What is run: a stored version of a scenario, or the document of a file."""

    name: str
    document: Mapping[str, Any]
    stored: ScenarioDocument | None = None


def start_run(
    action: Action,
    basis: Basis,
    *,
    by: User | None,
    draws: int | None = None,
    seed: int | None = None,
    chunks: int | None = None,
) -> ScenarioRun:
    """Freeze the counts, build the tables, and start the job that draws.

    Raises Refused where the document, the draws or the seed cannot be, or the scenario is being run already.
    """
    run, model = prepare_run(action, basis, by=by, draws=draws, seed=seed)
    parts = split_blocks(model.blocks, chunks or -(-model.blocks // BLOCKS))
    with transaction.atomic():
        drop_stale_parts(action)
        run.save()
        run.job = jobs.start_job(
            KIND, by=by, action=action, subject=run.scenario_name, params={"run": run.pk, "code": str(run.code)},
            chunks=share_draws(run.draws, parts), has_closing=True,
        )  # fmt: skip
        run.save(update_fields=["job"])
    return run


def run_inline(
    action: Action,
    basis: Basis,
    *,
    by: User | None,
    draws: int | None = None,
    seed: int | None = None,
    chunks: int | None = None,
) -> ScenarioRun:
    """Do a whole run in this process and return it; the result is the same to the bit."""
    run, model = prepare_run(action, basis, by=by, draws=draws, seed=seed)
    parts = split_blocks(model.blocks, chunks or 1)
    try:
        finished = _summarise(model, (draw_part(model, first, blocks) for first, blocks in parts))
    except (Broken, OverflowError) as error:
        raise Refused(_("the result cannot be right and is not kept: %s") % error) from None
    with transaction.atomic():
        run.save()
        _finish_run(run, finished)
        record("scenario run inline", run, by=by, action=action, draws=run.draws)
    return run


def prepare_run(
    action: Action, basis: Basis, *, by: User | None, draws: int | None, seed: int | None
) -> tuple[ScenarioRun, Model]:
    """Return the run, not yet saved, and its model. Raises Refused."""
    own = {"draws": draws, "seed": seed}
    chosen = {**basis.document, **{key: value for key, value in own.items() if value is not None}}
    is_registered = basis.document["population"]["basis"] == "registered"
    frozen = freeze_counts(action) if is_registered else Frozen([], "", None)
    if is_registered and not frozen.rows:
        raise Refused(_("no claim in the book meets the criteria yet; import and screen claims first"))
    try:
        model = build_model(read_scenario(chosen), frozen.by_cohort if is_registered else None)
    except Misfit as misfit:
        place = ".".join(str(step) for step in misfit.path)
        raise Refused(f"{basis.name}, {place}: {misfit.message}" if place else f"{basis.name}: {misfit}") from None
    run = ScenarioRun(
        action=action, scenario_document=basis.stored, scenario_name=basis.name[:80], document=dict(basis.document),
        scenario_id=compute_scenario_id(basis.document), counts=frozen.rows, counts_sha256=frozen.sha256,
        counted_at=frozen.at, seed=chosen["seed"], draws=chosen["draws"], engine=ENGINE, numpy=numpy.__version__,
        model=model.to_bytes(), created_by=by,
    )  # fmt: skip
    return run, model


def split_blocks(blocks: int, chunks: int) -> list[tuple[int, int]]:
    """Return (first block, blocks) of each chunk, as even as can be; no chunk is empty."""
    chunks = max(1, min(chunks, blocks))
    edges = [blocks * number // chunks for number in range(chunks + 1)]
    return [(first, last - first) for first, last in itertools.pairwise(edges)]


def share_draws(draws: int, parts: Sequence[tuple[int, int]]) -> list[tuple[dict[str, int], int]]:
    """Return the parameters and the draws of each chunk; of the last block fewer may count."""
    return [
        ({"first": first, "blocks": blocks}, min(draws, (first + blocks) * BLOCK) - first * BLOCK)
        for first, blocks in parts
    ]


def drop_stale_parts(action: Action) -> None:
    """Remove what runs drew that were cancelled or failed: nobody will put it together."""
    stale = ScenarioRun.objects.filter(action=action, finished_at=None).exclude(job__state__in=Job.ACTIVE)
    ScenarioPart.objects.filter(run__in=stale).delete()


def find_criteria(run: ScenarioRun) -> CriteriaVersion | None:
    """Return the criteria in force when the claims of a run were counted; None where it counts no claims.

    Each finding that was counted is pinned to the version it was made under: that of the last screening of its claim.
    """
    if run.counted_at is None:
        return None
    published = CriteriaVersion.objects.filter(action=run.action_id, published_at__lte=run.counted_at)
    return published.defer("document").order_by("-number").first()


def find_latest_run(action: Action, name: str) -> ScenarioRun | None:
    """Return the newest run of a scenario of an action that counts."""
    runs = ScenarioRun.objects.filter(action=action, scenario_name=name)
    return keep_counting(runs).order_by("-finished_at", "-pk").first()


def keep_counting(runs: QuerySet[ScenarioRun]) -> QuerySet[ScenarioRun]:
    """Return of these runs those on which pages and filings may rest: finished, of a document of the pack as it is now.

    A run of a file, of an earlier version, or with draws or a seed of its own is a trial; it is shown as such.
    """
    later = ScenarioDocument.objects.filter(
        action=OuterRef("action"), name=OuterRef("scenario_name"), version__gt=OuterRef("scenario_document__version")
    )
    of_today = runs.exclude(finished_at=None).filter(~Exists(later), scenario_document__isnull=False)
    return of_today.filter(**{key: _read_whole(key) for key in OWN})


def keep_own(runs: QuerySet[ScenarioRun]) -> QuerySet[ScenarioRun]:
    """Return of these runs the trials: those of files, and those with draws or a seed of their own."""
    return runs.filter(
        Q(scenario_document=None) | ~Q(draws=_read_whole("draws")) | ~Q(seed=_read_whole("seed"))
    ).exclude(finished_at=None)


def _read_whole(key: str) -> Cast:
    """Return a whole number of the document, for the database to compare."""
    return Cast(KeyTextTransform(key, "document"), BigIntegerField())


# As a job -----------------------------------------------------------------------------------------------


def _compute(job: Job, chunk: JobChunk) -> Any:
    run = ScenarioRun.objects.get(pk=job.params["run"])
    model = Model.from_bytes(bytes(run.model))
    if chunk.is_closing:
        return _summarise(model, _read_parts(run, model))
    return draw_part(model, chunk.params["first"], chunk.params["blocks"]).to_bytes()


def _read_parts(run: ScenarioRun, model: Model) -> Iterator[Part]:
    """Yield the parts in the order of their blocks, one in memory at a time; a gap is an error of ours."""
    expected = 0
    for part in run.parts.order_by("first_block").iterator(chunk_size=1):
        if part.first_block != expected:
            raise ValueError(f"blocks {expected} to {part.first_block} of the run are missing")
        expected += part.blocks
        yield Part.from_bytes(bytes(part.data))
    if expected != model.blocks:
        raise ValueError(f"the run has {expected} of {model.blocks} blocks")


@dataclass(frozen=True)
class _Finished:
    result: dict[str, Any]
    charts: dict[str, str]


def _summarise(model: Model, parts: Iterator[Part]) -> _Finished:
    result = summarise(model, parts)
    return _Finished(result, draw_charts(result))


def _store(job: Job, chunk: JobChunk, data: Any) -> dict[str, Any]:
    run_id = job.params["run"]
    if not chunk.is_closing:
        first, blocks = chunk.params["first"], chunk.params["blocks"]
        ScenarioPart.objects.create(run_id=run_id, first_block=first, blocks=blocks, data=data)
        return {}
    _finish_run(ScenarioRun.objects.get(pk=run_id), data)
    return {}


def _finish_run(run: ScenarioRun, finished: _Finished) -> None:
    run.digest, run.result, run.charts = finished.result["digest"], finished.result, finished.charts
    run.finished_at = timezone.now()
    run.save(update_fields=["digest", "result", "charts", "finished_at"])
    run.parts.all().delete()


def _finish_job(job: Job) -> dict[str, Any]:
    run = ScenarioRun.objects.only("code", "digest").get(pk=job.params["run"])
    return {"run": str(run.code), "digest": run.digest}


def _find_page(job: Job) -> str:
    assert job.action is not None  # start_run gives one
    return reverse("redress:run", args=[job.action.slug, job.params["code"]])


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Scenario"), unit=gettext_lazy("Draws"),
    compute=_compute, store=_store, finish=_finish_job, find_page=_find_page,
)  # fmt: skip


def name_runs(action: Action, pks: Collection[int]) -> dict[int, Thing]:
    """Return what runs are called in the history of their action, each with its page."""
    runs = ScenarioRun.objects.filter(action=action, pk__in=pks).values_list("pk", "scenario_name", "code")
    return {pk: Thing(name, reverse("redress:run", args=[action.slug, code])) for pk, name, code in runs}


NAMERS["scenariorun"] = name_runs
