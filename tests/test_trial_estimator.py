"""The estimator on trial is the reconstruction itself: one model, one density, one set of gates."""

import ast
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import dearth.trials
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.reconstruction import convergence_gates, judgement
from dearth.reconstruction.compiled import Compiled
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.reparameterisation import model_coordinates
from dearth.trials import estimator as trial_estimator
from dearth.trials import replicates
from dearth.trials.estimator import estimator, given_data
from dearth.trials.like import read_like
from dearth.trials.tiers import TIERS, specification
from dearth.trials.trial_plan import plan
from trial_world import truth

TRIALS = Path(dearth.trials.__file__).parent


def test_the_estimator_s_density_is_the_reconstruction_s() -> None:
    with jax.enable_x64(True):
        tier = TIERS[2]
        made = estimator(tier, 2)
        assert type(made.made) is Compiled
        assert type(made.model) is Model
        data = given_data(tier, made.model, plan([truth()], tier, 1, 1)[0].records())
        theta = 0.3 * np.random.default_rng(4).standard_normal(made.model.unknowns.size)
        data = {**data, "warp": np.zeros(made.model.unknowns.size)}

        @jax.jit
        def density(z: Any) -> Any:
            unknowns, volume = model_coordinates(made.model, z, data)
            return log_density(made.model, unknowns, data) + volume

        assert float(made.made.values(data, theta[None])[0]) == pytest.approx(
            float(density(theta)), rel=1e-12
        )


def test_trials_judge_with_the_gates_of_a_report() -> None:
    assert replicates.judge is judgement.judge
    assert replicates.passes is convergence_gates.passes
    assert replicates.JUDGED is judgement.JUDGED
    assert trial_estimator.Model is Model


def test_trials_define_no_density_model_or_gate_of_their_own() -> None:
    for path in sorted(TRIALS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                for word in ("density", "likelihood", "logpdf", "project", "named", "pull", "refus", "judge"):
                    assert word not in node.name.lower(), f"{path.name}: {node.name}"
            if isinstance(node, ast.ClassDef):
                assert "Model" not in {getattr(base, "id", "") for base in node.bases}, path.name
        for word in ("logpdf", "jax.grad", "Sampler("):
            assert word not in text, f"{path.name}: {word}"


def test_each_tier_holds_what_its_letters_say() -> None:
    for number in range(1, 7):
        tier = TIERS[number]
        layout = estimator(tier, 2).model.layout
        assert layout.incomplete == ("R" in tier.letters)
        assert ("birth_completeness" in layout.free) == ("B" in tier.letters)
        assert ("completeness_crisis" in layout.free) == ("K" in tier.letters)
        assert bool(layout.horizon) == ("S" in tier.letters)
        assert layout.spec.migration.kind == "unknown"


def test_a_trial_may_take_the_priors_and_the_scenario_of_a_case() -> None:
    like = read_like("finland-1866:nearly_full")
    spec = load("finland-1866").settings.reconstruction
    assert spec is not None
    assert specification(TIERS[2], like).priors == spec.priors
    layout = estimator(TIERS[2], 2, like=like).model.layout
    assert layout.free == {"completeness_normal"}
    assert layout.incomplete
    with pytest.raises(CaseError, match=r"no scenario 'fulll'.*did you mean 'full'"):
        read_like("finland-1866:fulll")
    with pytest.raises(CaseError, match="write CASE:SCENARIO"):
        read_like("finland-1866")
