"""One digest for one scenario: whatever broker carries it, however it is cut, on whatever processor."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from claims.base import jobs
from redress.loading import find_scenario
from redress.scenarios import Basis, run_inline, start_run
from tests.factories import load_small_pack, load_small_scenarios
from tests.workers import make_environment, run_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
DRAWS = 25 * 4096 - 96
# Of the small pack's base scenario with so many draws. It changes with engine, seed or scenario, and with nothing else:
# the lanes see the same on SQLite with files as broker and on PostgreSQL with Redis.
DIGEST = "ea73ecd2fcaa27320ff389fad1487f91d2811f9dbc92c28e2653778c484c1239"
RUN = """
import json, sys, django
django.setup()
import numpy
from numpy._core._multiarray_umath import __cpu_features__ as features
from claims.models import Action
from redress.loading import find_scenario
from redress.scenarios import Basis, run_inline
stored = find_scenario(Action.objects.get(slug="small"), "base")
run = run_inline(stored.action, Basis("base", stored.document, stored), by=None, draws=int(sys.argv[1]))
print(json.dumps({"digest": run.digest, "features": [name for name in sys.argv[2:] if features[name]]}))
"""


@pytest.fixture
def basis():
    load_small_scenarios(load_small_pack())
    stored = find_scenario(load_small_pack(), "base")
    return Basis("base", stored.document, stored)


def start(basis, chunks):
    return start_run(basis.stored.action, basis, by=None, draws=DRAWS, chunks=chunks)


def is_ended(run):
    run.job.refresh_from_db()
    return not run.job.is_active


def read_digest(run):
    run.refresh_from_db()
    return run.digest


def test_without_a_worker(basis):
    assert run_inline(basis.stored.action, basis, by=None, draws=DRAWS).digest == DIGEST


def test_through_the_broker_of_the_lane_in_any_number_of_chunks(basis):
    digests = {}
    with run_worker():
        for chunks in (1, 2, 7, 25):
            run = start(basis, chunks)
            wait_until(lambda run=run: is_ended(run), f"the end of the run in {chunks} chunks")
            digests[chunks] = read_digest(run)
    assert digests == dict.fromkeys((1, 2, 7, 25), DIGEST)


def test_in_reversed_order(basis):
    run = start(basis, 7)
    for chunk in reversed([jobs.take_chunk() for _ in range(7)]):
        jobs.do_chunk(chunk)
    while not is_ended(run):
        jobs.work()
    assert read_digest(run) == DIGEST


def list_wide_instructions():
    """The sets of instructions that this processor has beyond what NumPy was built for, and NumPy can leave unused."""
    numpy = import_module("numpy._core._multiarray_umath")
    return [name for name in numpy.__cpu_dispatch__ if numpy.__cpu_features__[name]]


def run_on_an_older_processor(names, **environment):
    known = {**make_environment(), "NPY_DISABLE_CPU_FEATURES": " ".join(names), **environment}
    command = [sys.executable, "-W", "error::ImportWarning", "-c", RUN, str(DRAWS), *list_wide_instructions()]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_on_a_processor_without_wide_instructions(basis):
    """Each is switched off with all that are wider, and that NumPy did so is seen; then the BLAS too is an old one's."""
    wide = list_wide_instructions()
    assert os.environ.get("NPY_DISABLE_CPU_FEATURES") or run_on_an_older_processor([])["features"] == wide
    for first in range(len(wide)):
        assert run_on_an_older_processor(wide[first:]) == {"digest": DIGEST, "features": wide[:first]}
    older = run_on_an_older_processor(wide, OPENBLAS_CORETYPE="Nehalem", OPENBLAS_NUM_THREADS="1")
    assert older == {"digest": DIGEST, "features": []}
