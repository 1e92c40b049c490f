"""Dated settings that differ between draws, and ages at the start: two parts of the scenario format."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pydantic import ValidationError

from dearth.case.problems import CaseError
from dearth.system import regimes
from dearth.system.age_structure import Ages, structure
from dearth.system.draws import prepared, run_draws, switched_off
from dearth.system.initial_state import world
from dearth.system.prior_draws import own_tables
from dearth.system.scenario import Dated
from dearth.system.settings import Change, settle
from system_world import between

SPREAD = (
    Change("relief.rho", 0.5, 3, 5, (1, 2), "a", 0.3),
    Change("relief.rho", 0.6, 8, None, None, "b"),
    Change("procurement.kappa", 0.5, None, None, None, "c", 1.0),
)


def test_draws_spread_about_what_is_written_and_keep_to_the_range() -> None:
    settings = settle(SPREAD, 12, 4)
    tables = own_tables(settings, 1, 4000, 12)
    rho = tables["relief"]["rho"][:, :, settings.group]
    assert (rho[:, 0] == 0.2).all()  # the normal setting, before
    assert (rho[:, 4, [0, 3]] == 0.2).all()  # and elsewhere
    assert (rho[:, 8:] == 0.6).all()  # written without spread
    drawn = rho[:, 3, 1]
    assert (rho[:, 3:6, 1:3] == drawn[:, None, None]).all()
    assert np.median(drawn) == pytest.approx(0.5, rel=0.05)
    assert np.log(drawn).std() == pytest.approx(0.3, rel=0.1)
    kappa = tables["procurement"]["kappa"]
    assert kappa.min() == 0.45
    assert kappa.max() == 0.6


def test_a_change_has_a_stream_of_its_own() -> None:
    both = own_tables(settle(SPREAD, 12, 4), 1, 5, 12)
    alone = own_tables(settle(SPREAD[2:], 12, 4), 1, 5, 12)
    np.testing.assert_array_equal(both["procurement"]["kappa"][..., 0], alone["procurement"]["kappa"][..., 0])
    other = own_tables(settle(SPREAD, 12, 4), 2, 5, 12)
    assert (both["procurement"]["kappa"] != other["procurement"]["kappa"]).any()
    assert settle(SPREAD[1:2], 12, 4).spread == {}


def test_spread_reaches_the_run_and_one_draw_is_as_written() -> None:
    scenario = between(1904, 1904)
    many = len(scenario.places)
    wide = settle([Change("private_plots.plots", 0.05, sd=0.5)], 12, many)
    energy = run_draws(scenario, wide, 1, 3).records["plots"][:, -1, 0]
    assert len(set(energy.tolist())) == 3
    # a run of one draw is computed from these alone
    plain = settle([Change("private_plots.plots", 0.05)], 12, many)
    one, other = (jax.tree.leaves_with_path(prepared(settings, 1, jnp.float32)) for settings in (wide, plain))
    assert [path for path, _ in one] == [path for path, _ in other]
    for (_, given), (_, without) in zip(one, other, strict=True):
        np.testing.assert_array_equal(given, without)
    off = switched_off(settle([Change("relief.strength", 0.5, sd=0.2)], 12, many), ["relief"])
    assert off.spread == {}


def test_regimes_keep_what_holds_throughout() -> None:
    always, dated = Change("harvest.growth", 0.02), Change("harvest.growth", 0.01, 3, 5)
    assert regimes.apply(regimes.find("normal"), (always, dated)) == (always,)


def test_ages_at_the_start() -> None:
    ages = Ages(first=(0, 1, 100), women=(2, 99, 1), men=(0, 198, 0), source="assumed")
    shares = structure(ages)
    assert shares.sum() == pytest.approx(1)
    assert (shares[:, 0] == 0).all()  # nobody of the new year is born
    assert shares[0, 1] == pytest.approx(2 / 300)
    assert shares[0, 2] == pytest.approx(1 / 300)
    assert shares[1, 2] == pytest.approx(2 / 300)
    assert shares[0, 100] == pytest.approx(2 / 300)  # 99 and over
    scenario = between(1904, 1904).model_copy(update={"ages": ages})
    people = np.asarray(world(scenario, 1).opening.people)
    np.testing.assert_allclose(people.sum((0, 1)), [p.people for p in scenario.places], rtol=1e-5)
    np.testing.assert_allclose(people[1].sum() / people.sum(), 198 / 300, rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first": (1, 5)}, "rise from 0"),
        ({"first": (0, 0)}, "rise from 0"),
        ({"first": (0, 101)}, "stay below 101"),
        ({"women": (1.0,)}, "women has 1 numbers for 2 groups"),
        ({"men": (1.0, -1.0)}, "men has a number below 0"),
        ({"women": (0.0, 0.0), "men": (0.0, 0.0)}, "nobody is counted"),
    ],
)
def test_ages_that_cannot_be(change: dict[str, Any], message: str) -> None:
    good = {"first": (0, 50), "women": (1.0, 1.0), "men": (1.0, 1.0), "source": "assumed"}
    with pytest.raises(ValidationError, match=message):
        Ages.model_validate(good | change)


def test_a_spread_below_nothing_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Dated.model_validate({"set": {"relief.rho": 0.5}, "sd": -0.1, "source": "assumed"})
    with pytest.raises(CaseError, match="allowed are"):
        settle([Change("relief.strength", 1.5, sd=0.1)], 12, 1)
