"""Places after their fit: held-out death rates are predicted with noise, and births add up to the whole's."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from dearth.case.read import load
from dearth.population.vital_registration import VitalRegister, read_register
from dearth.reconstruction import coherence, subpopulation_summary, subpopulations
from dearth.reconstruction.fit import Fit
from dearth.reconstruction.joint_draws import DrawnVariable, JointDraws
from dearth.reconstruction.subpopulations import Parts

YEARS = tuple(range(1954, 1967))
CHAINS, DRAWS, NOISE = 4, 500, 0.05


def register() -> VitalRegister:
    case = load("china-1958")
    return read_register(case, "provincial_registered", "Anhui")


def parts(rate: float) -> Parts:
    """Return one place whose every draw expects `rate` of registered deaths, with a noise of `NOISE`."""
    shape = (CHAINS, DRAWS)
    seen = {
        "registered": [np.full((*shape, len(YEARS)), rate)],
        "deaths_noise": [np.full(shape, NOISE)],
    }
    layout = SimpleNamespace(years=YEARS, crisis=np.isin(YEARS, range(1958, 1962)).astype(float))
    made = SimpleNamespace(
        model=SimpleNamespace(layout=layout), registers=(register(),), draws=(SimpleNamespace(seen=seen),)
    )
    return cast(Parts, made)


def test_the_years_of_places_go_on_as_far_as_held_out_death_rates() -> None:
    case = load("china-1958")
    spec = case.settings.reconstruction
    assert spec is not None
    assert spec.subpopulations is not None
    assert subpopulations._years(case, spec.subpopulations, 1966) == YEARS
    assert subpopulations._years(case, spec.subpopulations, 1964)[-1] == 1964


def test_held_out_death_rates_are_predicted_with_the_noise_of_a_year() -> None:
    whole = cast(Fit, SimpleNamespace(settings=SimpleNamespace(seed=1)))
    found = subpopulation_summary._held_out_rates(whole, parts(0.009), 0, 0)
    held = register()
    assert [one.year for one in found] == sorted(
        year for year in held.held_out & set(YEARS) if np.isfinite(held.death_rate[held.index[year]])
    )
    assert min(one.year for one in found) == 1963
    for one in found:
        assert one.registered == pytest.approx(held.death_rate[held.index[one.year]])
        low, high = one.predicted.ends
        assert one.predicted.median == pytest.approx(9, rel=0.01)
        assert np.log(high / low) == pytest.approx(2 * 1.645 * NOISE, rel=0.1)
    again = subpopulation_summary._held_out_rates(whole, parts(0.009), 0, 0)
    assert again == found


def joint(births: bool) -> JointDraws:
    rng = np.random.default_rng(4)
    places = rng.normal([3e5, 5e5], 2e4, (1, CHAINS, DRAWS, 2))
    whole = places.sum(-1, keepdims=True) / 0.9 + rng.normal(0, 3e4, (1, CHAINS, DRAWS, 1))
    found: dict[str, Any] = {"births": DrawnVariable(("year",), whole.astype(np.float32), "births", "")}
    if births:
        found["births_by_place"] = DrawnVariable(("place",), places.astype(np.float32), "births", "")
    return JointDraws({"scenario": ("a",), "place": ("x", "y"), "year": ("1959",)}, found)


def test_births_of_whole_and_places_stand_under_the_account_too() -> None:
    rng = np.random.default_rng(5)
    assert coherence._births(joint(False), 0, [0], 0.1, rng) is None
    made = coherence._births(joint(True), 0, [0], 0.1, rng)
    assert made is not None
    parts_of_it = made.places_sum.median + made.rest.median + made.discrepancy.median
    assert parts_of_it == pytest.approx(made.nation.median, rel=0.01)
    assert made.nation.median == pytest.approx(8e5 / 0.9, rel=0.02)
    assert made.rest.ends[0] > 0
