"""Stored simulations: a change of the simulated food system shows as a change of these figures.

They are a memory, not a truth. After a deliberate change write them anew with
``python tests/test_golden_simulations.py``, look at the difference, and say in the changelog what changed.
The tolerance covers the rounding of other processors, which single precision and a famine make larger.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from dearth.case.read import load
from dearth.numerics.compilation_cache import keep_compiled
from dearth.system.simulation import Asked, simulate

STORED = Path(__file__).parent / "data" / "simulations.json"
MEASURES = ("population", "deaths", "births", "deaths_registered", "grain_output_t", "grain_reported_t",
            "procurement_net_t", "exports_t", "kcal_rural", "kcal_urban")  # fmt: skip
RUNS = {  # programs that other tests compile too
    "valley as it was": ("valley", Asked()),
    "valley in normal times": ("valley", Asked(regime="normal")),
    "valley drawn from the priors": ("valley", Asked(draws=3)),
}
RELATIVE = {"valley drawn from the priors": 0.02}  # one of its draws ends in a famine, far from the records
OTHERS = 2e-3

Figures = dict[str, list[float | None]]  # by measure and year; None where a year is cut off


def figures(run: str) -> Figures:
    """Return every measure of a run by year, drawn runs as the mean of their draws."""
    name, asked = RUNS[run]
    found = simulate(load(name), asked).history.by_year()
    means = {measure: found[measure].mean(0) for measure in MEASURES}
    return {k: [float(f"{x:.6g}") if np.isfinite(x) else None for x in v] for k, v in means.items()}


def text(made: dict[str, Figures]) -> str:
    """Return the stored file, a line each measure."""
    runs = []
    for run, measures in made.items():
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in measures.items())
        runs.append(f" {json.dumps(run)}: {{\n{rows}\n }}")
    return "{\n" + ",\n".join(runs) + "\n}\n"


@pytest.mark.parametrize("run", RUNS)
def test_a_simulation_is_the_stored_one(run: str) -> None:
    stored: Figures = json.loads(STORED.read_text(encoding="utf-8"))[run]
    found = figures(run)
    assert found.keys() == stored.keys()
    for measure, row in stored.items():
        values, now = (np.array(x, float) for x in (row, found[measure]))
        assert np.isfinite(values).sum() >= len(values) - 1
        least = 1e-6 * float(np.nanmax(np.abs(values)))
        near = RELATIVE.get(run, OTHERS)
        assert now == pytest.approx(values, rel=near, abs=least, nan_ok=True), measure


if __name__ == "__main__":
    keep_compiled()
    STORED.write_text(text({run: figures(run) for run in RUNS}), encoding="utf-8")
