"""Pinned log densities at ten fixed points: the test fails when the model changes, not when a comma does.

After a deliberate change of the model, raise `MODEL_VERSION`, refit the posteriors with
``tools/fit_posteriors.py`` and write the new values with ``python tests/test_log_density_pins.py``.
"""

import json
from pathlib import Path

import jax
import numpy as np
import pytest

from dearth.case.read import load
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import scenario_data
from dearth.reconstruction.identity import MODEL_VERSION
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.population_model import Model

PINS = Path(__file__).parent / "data" / "log_density.json"
CASES = ("china-1958", "finland-1866", "valley")
POINTS, SPREAD, SEED = 10, 0.5, 20  # half a prior standard deviation: far from the mode, and finite


def log_densities(name: str) -> dict[str, list[float]]:
    with jax.enable_x64(True):
        case = load(name)
        given = read_inputs(case)
        model = Model(given.layout)
        scenarios, data = scenario_data(case, given, model)
        points = SPREAD * np.random.default_rng(SEED).standard_normal((POINTS, model.unknowns.size))
        density = jax.jit(jax.vmap(lambda theta, mine: log_density(model, theta, mine), (0, None)))
        return {
            scenario: np.asarray(density(points, one(data, at))).tolist()
            for at, scenario in enumerate(scenarios)
        }


@pytest.mark.parametrize("name", CASES)
def test_the_log_density_is_the_pinned_one(name: str) -> None:
    pinned = json.loads(PINS.read_text())
    assert pinned["model_version"] == MODEL_VERSION
    found = log_densities(name)
    assert found.keys() == pinned["log_density"][name].keys()
    for scenario, values in pinned["log_density"][name].items():
        assert found[scenario] == pytest.approx(values, rel=1e-9)


if __name__ == "__main__":
    pins = {"model_version": MODEL_VERSION, "log_density": {name: log_densities(name) for name in CASES}}
    PINS.write_text(json.dumps(pins, indent=1) + "\n")
