"""Runs: the same digest however they are cut, frozen inputs, cancelled, refused, resumed after a kill."""

import pytest

from claims.base import jobs
from claims.base.errors import Refused
from claims.models import Job, JobChunk, Role
from redress.access import list_newest_runs, list_own_runs
from redress.loading import find_scenario
from redress.models import ScenarioPart, ScenarioRun
from redress.scenarios import Basis, find_latest_run, run_inline, split_blocks, start_run
from tests.factories import load_small_pack, load_small_scenarios, make_claim, make_run, make_user
from tests.workers import free_all, hold_back, kill, run_worker, wait_until


@pytest.fixture
def basis(action):
    load_small_scenarios(action)
    return find_basis(action)


def find_basis(action, name="base"):
    stored = find_scenario(action, name)
    return Basis(name, stored.document, stored)


def run_as_job(action, basis, **options):
    run = start_run(action, basis, by=None, **options)
    jobs.work()
    run.refresh_from_db()
    run.job.refresh_from_db()
    return run


def test_a_run_is_done_in_chunks_and_keeps_all_that_repeats_it(action, basis):
    run = run_as_job(action, basis)
    assert (run.job.state, run.job.units_total, run.job.units_done) == (Job.State.DONE, 20000, 20000), run.job.error
    assert run.job.result == {"run": str(run.code), "digest": run.digest}
    assert (run.seed, run.draws, run.document) == (7, 20000, basis.document)
    assert run.digest == run.result["digest"] and run.engine and run.numpy and len(run.model)
    assert run.charts["exceedance-de"].startswith("<svg")
    assert not ScenarioPart.objects.exists()


@pytest.mark.parametrize("chunks", [1, 2, 7, 25])
def test_the_digest_does_not_depend_on_the_number_of_chunks(action, basis, chunks):
    draws = 25 * 4096 - 96
    assert run_as_job(action, basis, chunks=chunks, draws=draws).digest == make_run(action, draws=draws).digest


def test_nor_on_the_order_in_which_chunks_are_done(action, basis):
    run = start_run(action, basis, by=None, chunks=5)
    taken = [jobs.take_chunk() for _ in range(5)]
    for chunk in reversed(taken):
        jobs.do_chunk(chunk)
    jobs.work()
    run.refresh_from_db()
    assert run.digest == make_run(action, draws=20000).digest


def test_draws_and_seed_may_be_others_than_the_documents(action, basis):
    first, other = (run_inline(action, basis, by=None, draws=5000, seed=seed) for seed in (1, 2))
    assert (first.draws, first.seed, first.scenario_id) == (5000, 1, other.scenario_id)
    assert first.digest != other.digest


@pytest.mark.parametrize("options", [{"draws": 0}, {"draws": 10**9}, {"draws": -5}, {"seed": -1}, {"seed": 2**64}])
def test_draws_and_seeds_that_cannot_be_are_refused_with_nothing_written(action, basis, options):
    with pytest.raises(Refused, match=f"base, {next(iter(options))}"):
        start_run(action, basis, by=None, **options)
    assert not ScenarioRun.objects.exists() and not Job.objects.exists()


def test_two_scenarios_of_an_action_run_at_once_and_the_same_one_does_not(action, basis):
    start_run(action, basis, by=None)
    assert start_run(action, find_basis(action, "low"), by=None).job.is_active
    with pytest.raises(Refused, match="already waiting or running"):
        start_run(action, basis, by=None)
    assert ScenarioRun.objects.count() == 2


def test_a_cancelled_run_never_becomes_a_result_and_its_parts_go_with_the_next(action, basis):
    run = start_run(action, basis, by=None, chunks=3)
    jobs.do_chunk(jobs.take_chunk())
    jobs.cancel_job(run.job, by=None)
    jobs.work()
    assert find_latest_run(action, "base") is None and ScenarioPart.objects.count() == 1
    start_run(action, basis, by=None)
    assert ScenarioPart.objects.count() == 0


def test_a_run_with_a_missing_part_fails_and_says_so(action, basis):
    run = start_run(action, basis, by=None, chunks=3)
    for _ in range(3):
        jobs.do_chunk(jobs.take_chunk())
    ScenarioPart.objects.filter(first_block__gt=0).first().delete()
    jobs.work()
    run.job.refresh_from_db()
    assert run.job.state == Job.State.FAILED and "of the run" in run.job.error
    assert find_latest_run(action, "base") is None


def test_registered_counts_are_eligible_claims_frozen_with_time_and_digest(action):
    load_small_scenarios(action)
    for state, tier, outcome in [("AT", "adult", "eligible"), ("AT", "", "eligible"), ("DE", "minor", "ineligible")]:
        make_claim(action, habitual_residence=state, tier=tier, outcome=outcome, criteria_version=action.criteria)
    run = run_inline(action, find_basis(action, "registered"), by=None)
    assert run.counts == [{"state": "AT", "tier": tier, "claims": 1} for tier in ("unknown", "adult")]
    assert len(run.counts_sha256) == 64 and run.counted_at
    make_claim(action, tier="adult", outcome="eligible", criteria_version=action.criteria)
    later = run_inline(action, find_basis(action, "registered"), by=None)
    assert later.counts_sha256 != run.counts_sha256
    assert (run.result["lines"]["total"]["mean_cents"], later.result["lines"]["total"]["mean_cents"]) == (
        "60000",
        "90000",
    )


def test_an_empty_book_cannot_be_reckoned(action):
    load_small_scenarios(action)
    with pytest.raises(Refused, match="no claim in the book"):
        start_run(action, find_basis(action, "registered"), by=None)


def test_a_tier_that_the_scenario_does_not_know_is_refused(action):
    load_small_scenarios(action)
    make_claim(action, tier="heir", outcome="eligible", criteria_version=action.criteria)
    with pytest.raises(Refused, match="heir"):
        start_run(action, find_basis(action, "registered"), by=None)


def test_runs_of_files_are_not_the_newest_result(action, basis):
    run = run_inline(action, basis, by=None)
    run_inline(action, Basis("base", basis.document), by=None)
    assert find_latest_run(action, "base") == run


@pytest.mark.parametrize("own", [{"draws": 1}, {"seed": 8}])
def test_nor_are_runs_with_draws_or_a_seed_of_their_own(action, basis, own):
    run = run_inline(action, basis, by=None)
    trial = run_inline(action, basis, by=None, **own)
    person = make_user(role=Role.Name.STAFF, action=action)
    assert (find_latest_run(action, "base"), trial.has_own_numbers, run.has_own_numbers) == (run, True, False)
    assert [*list_newest_runs(person)] == [run] and [*list_own_runs(person)] == [trial]


def test_nor_are_runs_of_an_earlier_version(action, basis):
    run_inline(action, basis, by=None)
    newest = find_scenario(action, "base")
    newest.pk, newest.version, newest.scenario_id = None, 2, "0" * 64
    newest.save(force_insert=True)
    assert find_latest_run(action, "base") is None
    assert not list_newest_runs(make_user(role=Role.Name.STAFF, action=action)).exists()
    run = run_inline(action, find_basis(action), by=None)
    assert find_latest_run(action, "base") == run


def test_blocks_are_split_evenly_and_no_chunk_is_empty():
    assert split_blocks(25, 7)[0] == (0, 3) and sum(n for _, n in split_blocks(25, 7)) == 25
    assert split_blocks(2, 99) == [(0, 1), (1, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_costs_seconds_and_changes_no_bit():
    action = load_small_pack()
    load_small_scenarios(action)
    run = start_run(action, find_basis(action), by=None, draws=150 * 4096, chunks=150)
    hold_back(run.job.chunks.filter(number__gte=100))
    with run_worker() as first:
        wait_until(lambda: ScenarioPart.objects.count() >= 3, "the first worker's start")
        kill(first)
    assert 3 <= ScenarioPart.objects.count() < 150
    free_all(run.job.chunks)
    with run_worker():
        wait_until(lambda: not is_active(run), "the end of the run")
    run.refresh_from_db()
    assert run.digest == run_inline(action, find_basis(action), by=None, draws=150 * 4096).digest
    assert not JobChunk.objects.exclude(state="done").exists()


def is_active(run):
    run.job.refresh_from_db()
    return run.job.is_active
