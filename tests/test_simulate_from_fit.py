"""A case with a fit is simulated from its draws, and says so; what a fit cannot give is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.chains import Chains
from dearth.explain.fit import Fit
from dearth.explain.problem import fit_problem
from dearth.explain.simulated import DEFAULT_DRAWS, chosen, simulated, usable_fit
from dearth.explain.stored_fit import keep_fit
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.run import simulation_of
from dearth.system.plan import Asked

KEPT = 5
PASSED = Diagnostics(rhat_max=1.0, ess_bulk_min=900.0, ess_tail_min=900.0, divergences=0, draws=40)


def made(refused: tuple[str, ...] = ()) -> Fit:
    case = load("valley")
    problem = fit_problem(case, posterior_with_draws(case).draws, "full")
    narrowed = problem.keeping(problem.space.unknowns[:KEPT])
    z = np.random.default_rng(3).standard_normal((4, 10, KEPT))
    chains = Chains(z, np.zeros((4, 10)), 0.9, 0.1, 0)
    return Fit("full", narrowed, chains, PASSED, 0.0, refused, np.ones(KEPT), (), (1.0,))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))


def test_a_fit_that_was_refused_is_not_used() -> None:
    keep_fit(load("valley"), made(("R-hat 1.19",)))
    assert usable_fit(load("valley")) is None


def test_a_stored_fit_is_found() -> None:
    assert usable_fit(load("valley")) is None
    assert chosen(load("valley"), False, None) == (None, 1)
    keep_fit(load("valley"), made())
    assert chosen(load("valley"), True, None) == (None, 1)
    assert chosen(load("valley"), False, None)[1] == DEFAULT_DRAWS
    assert chosen(load("valley"), False, 0)[1] == 0  # refused later, not replaced
    found = usable_fit(load("valley"))
    assert found is not None
    assert found.chains.z == pytest.approx(made().chains.z, abs=2e-3)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked(resolution="country", draws=4), "of its places, not of 'country'; add --prior"),
        (Asked(draws=4, yearly=True), "monthly records"),
        (Asked(draws=41), "the fit has 40 draws"),
    ],
)
def test_what_a_fit_cannot_give_is_refused(asked: Asked, why: str) -> None:
    with pytest.raises(CaseError, match=why):
        simulated(load("valley"), asked, made())


def test_without_a_fit_a_run_has_no_simulation_unless_it_is_asked_for() -> None:
    assert simulation_of(load("valley"), 1, True, lambda *_: None, prior=False) is None


@pytest.mark.slow  # compiles a batch of runs
def test_a_simulation_from_a_fit_has_intervals_and_says_what_it_rests_on() -> None:
    keep_fit(load("valley"), made())
    case = dearth.load("valley")
    found = case.simulate(draws=8)
    assert found.fitted
    assert found.document["fit"] == "full"
    year = found.document["by_year"]["1911"]
    assert year["deaths"]["low"] < year["deaths"]["median"] < year["deaths"]["high"]  # type: ignore[index]
    assert year["deaths"] == found.document["bands"]["1911"]["deaths"]
    assert "fitted to records, registration scenario full" in found.summary()
    area = next(iter(found.document["by_province"].values()))["1911"]
    assert area["cdr"]["level"] == 0.9  # type: ignore[index]
    assert max(found.document["balance"].values()) < 1e-3
    changed = case.simulate(draws=8, relief__rho=0.9).document["by_year"]["1911"]["deaths"]
    assert changed != year["deaths"]
    part = simulation_of(case.case, 1, True, lambda *_: None, prior=False)
    assert part is not None
    assert part.fitted
    assert "posterior draws" in part.answer
    assert "draws of the fit" in part.warning
    assert not case.simulate(prior=True).fitted


@pytest.mark.slow  # compiles a batch of runs
def test_a_draw_of_a_fit_is_the_run_at_its_unknowns() -> None:
    one = made()
    found = simulated(load("valley"), Asked(draws=4), one)
    problem = one.problem
    direct = np.concatenate(
        [history.by_year()["deaths"] for history in problem.runs(problem.space.given(one.thinned(4)))]
    )
    assert np.array_equal(found.draws["deaths"], direct)
    worse = replace(one, chains=replace(one.chains, z=one.chains.z + np.nan))
    with pytest.raises(CaseError, match="leaves the range of numbers"):
        simulated(load("valley"), Asked(draws=4), worse)
