"""Fits that ship are those of their cases as they stand, passed their gates, and explain."""

from importlib.resources import files
from pathlib import Path

import pytest

from dearth.case.read import load
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.explain import Wanted
from dearth.explain.fit import Fit
from dearth.explain.problem import fit_problem
from dearth.explain.stored_explanation import read_explanation
from dearth.explain.stored_fit import read_fit

SHIPPED = sorted(path.stem for path in (Path(str(files("dearth"))) / "fits").glob("*.npz"))


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARTH_CACHE", "off")


def shipped(name: str) -> Fit:
    case_name, _, registration = name.rpartition("-")
    case = load(case_name)
    found, why = read_fit(
        case, fit_problem(case, posterior_with_draws(case).draws, registration), registration
    )
    assert found is not None, why
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_fit_belongs_to_its_case_and_passed_its_gates(name: str) -> None:
    found = shipped(name)
    assert found.fitted
    assert found.registration == name.rpartition("-")[2]
    assert found.chains.z.shape[2] == len(found.problem.space.unknowns)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_explanation_belongs_to_its_fit(name: str) -> None:
    found = shipped(name)
    case = load(name.rpartition("-")[0])
    explained = read_explanation(case, found, Wanted())
    assert explained is not None
    shares = [one.amount.median for one in explained.shares.causes]
    assert explained.shares.draws == Wanted().draws
    assert len(shares) == len(found.problem.scenario.causes)
    assert explained.targets
    assert explained.heldout


def test_a_fit_ships() -> None:
    assert SHIPPED
