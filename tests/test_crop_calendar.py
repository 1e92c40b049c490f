"""The crop calendar comes from the scenario: any number of harvests, in any month."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pydantic import ValidationError

from dearth.case.read import find
from dearth.system.crop_calendar import CropCalendar, Part
from dearth.system.draws import prepared, run_draws
from dearth.system.history import History
from dearth.system.initial_state import world
from dearth.system.scenario import Scenario, read_scenario
from dearth.system.settings import settle
from system_world import valley

TWO = valley().calendar


def calendar(*harvests: tuple[int, float]) -> CropCalendar:
    rows = [{"month": month, "share": share} for month, share in harvests]
    return CropCalendar.model_validate({"harvests": rows})


@pytest.mark.parametrize("name", ["valley", "china-1958"])
def test_the_bundled_cases_declare_two_harvests(name: str) -> None:
    """The numbers that stood in the code before."""
    found = read_scenario(find(name)).calendar
    assert found.shares == (0.3, 0.7)
    assert found.left == (6, 5, 4, 3, 2, 1, 4, 3, 2, 1, 8, 7)
    assert found.lengths == (8.0, 4.0)
    assert found.parts == (
        Part(0, 6, (("harvest", 0),)), Part(6, 10, (("harvest", 1),)), Part(10, 12, (("year", -1),))
    )  # fmt: skip
    np.testing.assert_allclose(found.outstanding, (0.2, 0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0.6, 0.3), atol=1e-12)
    assert found.grain_year_start == 6


def test_one_harvest_in_december_ends_with_the_year() -> None:
    one = calendar((12, 1.0))
    assert one.parts == (Part(0, 12, (("harvest", 0), ("year", -1))),)
    assert one.lengths == (12.0,)
    assert one.left == (12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
    assert one.grain_year_start == 0
    np.testing.assert_allclose(one.outstanding, [(11 - m) / 12 for m in range(12)])


@pytest.mark.parametrize(
    ("harvests", "told"),
    [
        (((6, 0.3), (10, 0.6)), "add up to 0.9"),
        (((10, 0.5), (6, 0.5)), "must rise"),
        (((6, 0.5), (6, 0.5)), "no two may be the same"),
        (((13, 1.0),), "less than or equal to 12"),
        ((), "at least 1"),
    ],
)
def test_mistakes(harvests: tuple[tuple[int, float], ...], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        calendar(*harvests)


def test_a_place_gives_a_share_for_each_harvest() -> None:
    places = [p.model_dump(by_alias=True) for p in valley().places]
    places[0]["harvest_shares"] = [0.2, 0.3, 0.5]
    with pytest.raises(ValidationError, match="Alder has 3 harvest_shares; the calendar has 2 harvests"):
        Scenario.model_validate({**valley().model_dump(by_alias=True), "places": places})


def with_calendar(chosen: CropCalendar) -> Scenario:
    """Return three places of valley over two years, in normal times."""
    few = tuple(valley().places[at] for at in (0, 1, 12))
    return valley().model_copy(
        update={"years": "1904-1905", "timeline": (), "disasters": (), "events": (), "places": few,
                "calendar": chosen}
    )  # fmt: skip


@cache
def run(chosen: CropCalendar) -> History:
    scenario = with_calendar(chosen)
    return run_draws(scenario, settle((), 24, len(scenario.places)), 1)


@pytest.mark.parametrize(
    "harvests",
    [((12, 1.0),), pytest.param(((4, 0.2), (8, 0.5), (11, 0.3)), marks=pytest.mark.slow)],
    ids=["one", "three"],
)  # each compiles a program of its own
def test_any_number_of_harvests(harvests: tuple[tuple[int, float], ...]) -> None:
    """Grain comes in the harvest months alone, each year a normal harvest in all; the accounts close."""
    history = run(calendar(*harvests))
    output = history.records["output"][0].sum(-1)
    months = {month for month, _ in harvests}
    assert {int(at) % 12 + 1 for at in np.flatnonzero(output)} == months
    normal = sum(p.land_ha * p.yield_kg_ha / 1000 for p in with_calendar(TWO).places)
    np.testing.assert_allclose(output.reshape(2, 12).sum(1), normal, rtol=0.25)
    first = [output[month - 1] / output[:12].sum() for month, _ in harvests]
    np.testing.assert_allclose(first, [share for _, share in harvests], atol=0.08)
    assert max(history.balance().values()) < 1e-5
    gross = history.by_year()["procurement_gross_t"]
    assert np.isfinite(gross[0, 0])
    assert np.isnan(gross[0, -1]) == (12 not in months)


def test_a_place_of_its_own_shares_reaps_by_them() -> None:
    """What a place reaps in June follows its own share, all else alike."""
    with jax.enable_x64(True):
        scenario = with_calendar(TWO)
        other = scenario.model_copy(
            update={"places": (scenario.places[0].model_copy(update={"harvest_shares": (0.6, 0.4)}),
                               *scenario.places[1:])}
        )  # fmt: skip
        shares = [np.asarray(world(s, 1, 0, jnp.float64).places.shares) for s in (scenario, other)]
    np.testing.assert_array_equal(shares[0][:, 0], [0.3, 0.7])
    np.testing.assert_array_equal(shares[1][:, 0], [0.6, 0.4])
    np.testing.assert_array_equal(shares[0][:, 1:], shares[1][:, 1:])
    assert prepared(settle((), 24, 3), 2, jnp.float32)[2].shape == (3,)
