"""The damage engine against drawing the same count of PCG64 normals, in CPU seconds of one process each."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.book import make_row, median

ROOT = Path(__file__).parents[2]
STATES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
TIERS = {f"T{i}": {"multiple": 0.5 + 0.25 * i} for i in range(8)}
PEOPLE = 450_000_000


def make_founding_case(draws: int) -> dict[str, Any]:
    """Return 450 million members in 216 cohorts of 27 states, with every input uncertain and the whole waterfall."""
    share = PEOPLE // (len(STATES) * len(TIERS))
    return {
        "schema": "scenario/1", "name": "founding case", "illustration": True, "seed": 20260101, "draws": draws,
        "population": {
            "basis": "stated",
            "cohorts": [{"state": state, "tier": tier, "n": share} for state in STATES for tier in TIERS],
            "tiers": TIERS,
        },
        "participation": {"default": {"mode": "opt_in", "rate": {"dist": "beta", "mean": 0.003, "sd": 0.002}}},
        "award_per_head": {"default": {"dist": "lognormal", "p10": 100, "p90": 500, "floor": 0, "cap": 5000}},
        "liability": {"default": {"p": 0.45}},
        "correlation": {"liability": 0.6, "award": 0.5, "participation": 0.4},
        "individual_spread_cv": 0.3,
        "duration_years": {"dist": "pert", "low": 3, "mode": 6, "high": 12},
        "interest": {"default": {"rate": 0.04}},
        "costs": {
            "fixed": {"dist": "triangular", "low": 15_000_000, "mode": 30_000_000, "high": 80_000_000},
            "per_claimant": 3, "adverse_if_lost": {"default": 1_500_000},
        },
        "funder": {
            "share": 0.25, "multiple_of_outlay": 3, "outlay": 20_000_000, "caps": {"DE": {"share_of_award": 0.1}},
        },
        "discount_rate": 0.03,
    }  # fmt: skip


STEPS = """
import json, resource, sys, time
import numpy as np
from redress.rules.engine import build_model, draw_part, summarise
from redress.rules.moments import compute_exact
from redress.rules.scenarios import read_scenario
from tests.bench.scenarios import STATES, make_founding_case
step, draws = sys.argv[1], int(sys.argv[2])
scenario = read_scenario(make_founding_case(draws))
if step == "exact":
    model = build_model(scenario)
    began = time.process_time()
    compute_exact(model)
elif step == "peer":
    generator, out = np.random.Generator(np.random.PCG64(1)), np.empty(4096)
    began = time.process_time()
    for _ in range((5 * len(STATES) + 5) * -(-draws // 4096)):
        generator.standard_normal(out=out)
else:
    began = time.process_time()
    model = build_model(scenario)
    result = summarise(model, (draw_part(model, block, 1) for block in range(model.blocks)))
seconds = time.process_time() - began
print(json.dumps({"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run_step(step: str, draws: int) -> dict[str, float]:
    """Return CPU seconds and peak memory in MB of a step in a process of its own."""
    command = [sys.executable, "-c", STEPS, step, str(draws)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def measure_scenarios() -> list[dict]:
    """Return the figures of the damage engine; each is the median of five runs that take turns."""
    rounds = [(run_step("run", 100_000), run_step("peer", 100_000), run_step("exact", 100_000)) for _ in range(5)]
    ours, peer, exact = (median([turn[i]["seconds"] for turn in rounds]) for i in range(3))
    large = run_step("run", 1_000_000)
    return [
        make_row("100,000 draws / the same count of PCG64 normals, CPU", ours / peer, 2.6, "low",
                 f"{ours:.2f} s against {peer:.2f} s"),
        make_row("1,000,000 draws / 100,000, CPU", large["seconds"] / ours, 10.5, "low", f"{large['seconds']:.1f} s"),
        make_row("1,000,000 draws, peak memory, MB", large["memory"], 400, "low"),
        make_row("exact moments / 100,000 draws, CPU", exact / ours, 0.15, "low", f"{1000 * exact:.0f} ms"),
    ]  # fmt: skip
