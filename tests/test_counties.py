"""Counties of a place: its communes in consecutive blocks, part of their spread in common, totals kept."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import dearth
from dearth.case.problems import CaseError
from dearth.system import resolution
from dearth.system.check import check_scenario
from dearth.system.initial_state import world
from dearth.system.levels import Levels
from dearth.system.scenario import Place, Scenario, Spread, read_scenario
from system_world import valley

LEVELS = Levels(("commune", "county", "province", "centre"))
TEN = {"name": "North", "within": {"province": "A"}, "people": 1000, "land_ha": 300, "yield_kg_ha": 1200,
       "units": {"commune": 10}}  # fmt: skip


def scenario(*places: dict[str, Any], **spread: float) -> Scenario:
    """Return valley's scenario with other places and levels, where nothing is told of its own."""
    return valley().model_copy(
        update={
            "places": tuple(Place.model_validate(p) for p in places),
            "spread": Spread.model_validate(spread),
            "levels": LEVELS,
            "disasters": (), "events": (), "timeline": (),
        }
    )  # fmt: skip


def sums(given: Iterable[Place]) -> list[float]:
    """Return people, land and grain of all."""
    places = list(given)
    return [
        sum(p.people for p in places),
        sum(p.land_ha for p in places),
        sum(p.land_ha * p.yield_kg_ha for p in places),
    ]


@settings(max_examples=40, deadline=None)
@given(
    communes=st.integers(1, 60),
    part=st.floats(0, 1),
    between=st.floats(0, 1),
    land=st.sampled_from([0.0, 300.0]),
    seed=st.integers(0, 99),
)
def test_totals_are_kept_and_counties_are_the_sums_of_their_communes(
    communes: int, part: float, between: float, land: float, seed: int
) -> None:
    counties = max(1, round(part * communes))
    given = scenario(
        TEN | {"units": {"commune": communes, "county": counties}, "land_ha": land},
        {"name": "Town", "within": {"province": "A"}, "people": 50, "kind": "town"},
        {
            "name": "Named",
            "within": {"province": "B", "county": "C"},
            "people": 70,
            "land_ha": 9,
            "yield_kg_ha": 900,
        },
        between=between,
    )
    split = resolution.at(given, "commune", seed).places
    merged = resolution.at(given, "county", seed).places
    assert split == resolution.at(given, "commune", seed).places
    assert len(split) == communes + 2
    assert len(merged) == counties + 2
    for places in (split, merged):
        assert sums(places) == pytest.approx(sums(given.places), rel=1e-12)
        assert sums(p for p in places if p.within["province"] == "A") == pytest.approx(
            sums(given.places[:2]), rel=1e-12
        )
    if counties > 1:
        for county in merged[:counties]:
            own = [p for p in split if p.within.get("county") == county.within["county"]]
            assert county.units["commune"] == len(own)
            assert sums([county]) == pytest.approx(sums(own), rel=1e-12)


def test_communes_stand_in_blocks_of_their_counties() -> None:
    split = resolution.at(scenario(TEN | {"units": {"commune": 10, "county": 3}}), "commune", 1)
    blocks = [p.within["county"] for p in split.places]
    assert blocks == ["North county 1"] * 4 + ["North county 2"] * 3 + ["North county 3"] * 3
    at = world(split, 1).places
    assert at.neighbourhoods == ("North county 1", "North county 2", "North county 3")
    assert at.neighbourhood.tolist() == [0] * 4 + [1] * 3 + [2] * 3
    assert at.granary_areas == ("A",)


def test_one_county_is_as_before() -> None:
    split = resolution.at(scenario(TEN), "commune", 1)
    assert {p.within.get("county") for p in split.places} == {None}
    other = resolution.at(scenario(TEN, between=0.9), "commune", 1)
    assert split.places == other.places  # nothing is in common between one county and itself


@pytest.mark.parametrize("counties", [1, 2, 10, 100])
def test_the_spread_over_communes_is_the_same_for_every_number_of_counties(counties: int) -> None:
    found = []
    for seed in range(200):
        given = scenario(TEN | {"units": {"commune": 200, "county": counties}}, grain=0.2, between=0.5)
        split = resolution.at(given, "commune", seed).places
        found.append(np.var(np.log([p.yield_kg_ha for p in split])))
    # yields are grain over land, and grain is land times a log-normal factor
    assert np.mean(found) == pytest.approx(0.2**2, rel=0.06)


@pytest.mark.parametrize(("between", "common"), [(0.0, 0.0), (0.5, 0.02), (1.0, 0.04)])
def test_counties_share_the_part_between_them(between: float, common: float) -> None:
    given = scenario(TEN | {"units": {"commune": 8000, "county": 400}}, grain=0.2, between=between)
    split = resolution.at(given, "commune", 3).places
    logs = np.log([p.yield_kg_ha for p in split]).reshape(400, 20)
    within = logs.var(1, ddof=1).mean()
    assert logs.mean(1).var() - within / 20 == pytest.approx(common, rel=0.2, abs=5e-4)


def test_counties_of_one_name_in_two_provinces_stay_apart() -> None:
    given = scenario(
        TEN | {"within": {"province": "A", "county": "X"}, "units": {}},
        TEN | {"name": "East", "within": {"province": "A", "county": "Y"}, "units": {}},
        TEN | {"name": "South", "within": {"province": "B", "county": "X"}, "units": {}},
    )
    merged = resolution.at(given, "county", 1).places
    assert [p.name for p in merged] == ["A X countryside", "Y countryside", "B X countryside"]


def test_what_was_told_of_a_place_is_told_of_its_counties() -> None:
    own = valley()
    places = tuple(p.model_copy(update={"units": {"community": 4, "district": 2}}) for p in own.places)
    merged = resolution.at(own.model_copy(update={"places": places}), "district", 1)
    assert len(merged.places) == 2 * len(places)
    told = {e.place: e.loss for e in own.events}
    assert len(merged.events) == 2 * len(own.events)
    assert {e.loss for e in merged.events if e.place == "Hazel district 2 countryside"} == {
        e.loss for e in own.events if e.place == "Hazel"
    }
    assert "Hazel" in told
    struck = {d.places[0]: d.share for d in merged.disasters if d.year == 1912 and d.places != "all"}
    assert struck["Fir district 1 countryside"] == struck["Pine district 2 countryside"] == 0.6


def test_counties_of_a_scenario_that_has_none_are_refused() -> None:
    with pytest.raises(CaseError, match=r"give `units: \{district: n\}`"):
        resolution.at(valley(), "district", 1)
    named = resolution.at(scenario(TEN | {"within": {"county": "X"}}), "county", 1)
    assert [p.name for p in named.places] == ["X countryside"]


MISTAKES = {
    "units: {district: 0}": "greater than or equal to 1",
    "units: {district: 3, community: 2}": r"more units of the level district \(3\)",
    "units: {district: 2, community: 2}, within: {district: X}": r"lies in one district \(X\)",
    "within: {distrct: X}": "did you mean 'district'",
    "units: {centre: 1}": "takes the levels below the centre, and 'centre' is none",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_counties_that_cannot_be(text: str, message: str, tmp_path: Path) -> None:
    folder = dearth.load("valley").case.folder
    whole = (folder / "scenario.yaml").read_text(encoding="utf-8")
    line = 1 + whole[: whole.index("{name: Birch")].count("\n")
    path = tmp_path / "scenario.yaml"
    path.write_text(whole.replace("{name: Birch", f"{{{text}, name: Birch", 1), encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        read_scenario(tmp_path)
    assert [p.line for p in check_scenario(tmp_path)] == [line]


def test_a_spread_shares_no_more_than_all() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Spread.model_validate({"between": 1.1})


def test_china_has_two_thousand_counties_and_its_provinces_are_kept() -> None:
    own = read_scenario(dearth.load("china-1958").case.folder)
    rural = [p for p in own.places if p.kind == "rural"]
    counties = sum(p.units["county"] for p in rural)
    assert counties == pytest.approx(2000, abs=10)
    merged = resolution.at(own, "county", 1)
    assert len(merged.places) == counties + 25
    for province in ("Anhui", "Beijing", "rest"):
        before = sums(p for p in own.places if p.within["province"] == province)
        assert sums(p for p in merged.places if p.within["province"] == province) == pytest.approx(
            before, rel=1e-12
        )


def test_at_the_default_resolution_every_place_of_china_is_alone_in_its_county() -> None:
    """As the page of its scenario says: who is alone has nobody to share with or to race against."""
    own = read_scenario(dearth.load("china-1958").case.folder)
    at = world(own, 1).places
    assert at.by_neighbourhood(at.rural).tolist() == [1.0] * 25
    communes = world(resolution.at(own, "county", 1), 1).places
    rural = np.asarray(communes.by_neighbourhood(communes.rural))
    assert sorted(set(rural.tolist())) == [0.0, 1.0]  # towns stand in a county of their own
    assert rural.sum() == 2002
