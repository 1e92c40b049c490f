"""Levels of the administration as a scenario declares them: two, four or five, under any names."""

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.system import resolution
from dearth.system.check import check_scenario
from dearth.system.crop_calendar import CropCalendar
from dearth.system.initial_state import world
from dearth.system.installed import declarations
from dearth.system.level_parameters import parameters
from dearth.system.levels import NEUTRAL, Levels
from dearth.system.mechanisms import audits, false_reports
from dearth.system.run import simulate
from dearth.system.scenario import Dated, Scenario, read_scenario
from dearth.system.settings import Change, checked
from system_world import ERRORS, inputs, valley
from test_cli import dearth as command

TWO = Levels(("village", "crown"))
FIVE = Levels(("hamlet", "village", "district", "region", "crown"))
ADDED = (0.2, 0.1, 0.05, 0.03)  # by the smallest level and by those above it
WEIGHT = 0.6
ONE_HARVEST = CropCalendar.model_validate({"harvests": [{"month": 12, "share": 1.0}]})


def one_year(levels: Levels) -> Scenario:
    """Return a year of valley under other levels: each adds its own share to the report of one harvest."""
    own: dict[str, Any] = dict(
        zip((f"false_reports.{name}" for name in levels.reporting), ADDED, strict=False)
    )
    more = {"false_reports.race": 0.0, "audits.rate": 0.0, "reporting.weight": WEIGHT}
    named = dict.fromkeys(levels.between, "North")
    return valley().model_copy(
        update={
            "years": "1904-1904", "levels": levels, "calendar": ONE_HARVEST, "disasters": (), "events": (),
            "places": tuple(p.model_copy(update={"within": named}) for p in valley().places),
            "timeline": (Dated.model_validate({"set": own | more, "source": "assumed"}),),
        }
    )  # fmt: skip


@pytest.mark.parametrize("levels", [TWO, FIVE], ids=["two", "five"])
def test_reports_pass_every_level_and_the_accounts_balance(levels: Levels) -> None:
    args = inputs(one_year(levels), jnp.float32)
    found = {k: np.asarray(v) for k, v in jax.jit(simulate)(*args)[1].items()}
    assert max(found[name].max() for name in ERRORS) < 1e-5
    assert all(np.isfinite(v).all() for v in found.values())
    rural = np.asarray(args[0].places.rural) > 0
    claims, beliefs = (found[name][-1][:, rural] for name in ("claims", "beliefs"))
    assert len(claims) == len(beliefs) == levels.many
    added = ADDED[: levels.many - 1]
    seen = beliefs[0]
    for level, whole in enumerate(np.cumsum(added)):
        np.testing.assert_allclose(claims[level], seen * np.exp(whole), rtol=1e-3)
    np.testing.assert_array_equal(claims[-1], claims[-2])  # the centre publishes what it is told
    usual = np.asarray(args[0].places.harvest)[rural]
    for level in range(1, levels.many):  # each believes what it hears in part, the rest is what it believed
        np.testing.assert_allclose(beliefs[level], usual + WEIGHT * (claims[level - 1] - usual), rtol=1e-5)


def test_two_levels_have_one_granary_and_all_are_neighbours() -> None:
    at = world(one_year(TWO), 1).places
    assert at.neighbourhoods == at.granary_areas == ("whole",)
    at = world(one_year(FIVE), 1).places
    assert at.neighbourhoods == at.granary_areas == ("North",)
    assert TWO.path({}) == ()
    assert FIVE.path({"region": "R", "village": "V"}) == ("R", "R", "V")
    assert FIVE.path({}) == ("whole", "whole", "whole")


def test_settings_bear_the_names_of_the_levels() -> None:
    names = [p.name for p in parameters(false_reports.PARAMETERS, FIVE)]
    assert names[:4] == ["hamlet", "village", "district", "region"]
    assert "crown" not in names
    assert [p.name for p in parameters(false_reports.PARAMETERS, TWO)][:2] == ["village", "career"]
    (level,) = (p for p in parameters(audits.PARAMETERS, FIVE) if p.name == "level")
    assert level.options == ("all", "hamlet", "village", "district", "region")
    given = checked(Change("audits.level", "district"), declarations(FIVE))
    assert given.value == 3.0
    with pytest.raises(CaseError, match="hamlet"):
        checked(Change("false_reports.community", 0.1), declarations(FIVE))


def test_places_split_into_nested_units() -> None:
    units = {"hamlet": 23, "village": 7, "district": 3}
    own = one_year(FIVE)
    place = own.places[0].model_copy(update={"units": units, "within": {"region": "North"}})
    given = own.model_copy(update={"places": (place, *own.places[1:])})
    split = [p for p in resolution.at(given, "hamlet", 1).places if p.name.startswith(f"{place.name} ")]
    assert len(split) == 23
    above: dict[str, set[str]] = {}
    for p in split:
        above.setdefault(p.within["village"], set()).add(p.within["district"])
    assert len(above) == 7
    assert all(len(districts) == 1 for districts in above.values())
    assert len({p.within["district"] for p in split}) == 3
    assert sum(p.people for p in split) == pytest.approx(place.people)
    merged = [p for p in resolution.at(given, "district", 1).places if f"{place.name} district" in p.name]
    assert [p.units["hamlet"] for p in merged] == [
        sum(q.within["district"] == f"{place.name} district {i}" for q in split) for i in (1, 2, 3)
    ]


def test_china_has_names_of_its_own_and_others_have_neutral_ones() -> None:
    assert valley().levels == NEUTRAL
    own = read_scenario(dearth.load("china-1958").case.folder)
    assert own.levels.names == ("commune", "county", "province", "centre")


def test_the_list_of_mechanisms_bears_the_names_of_a_case() -> None:
    names = {}
    for case in ((), ("china-1958",)):
        listed = json.loads(command("mechanisms", *case, "--json").stdout)
        names[case] = {p["name"] for m in listed for p in m["parameters"]}
    assert names[()] - names["china-1958",] == {"community", "district", "region"}
    assert names["china-1958",] - names[()] == {"commune", "county", "province"}
    without = command("mechanisms", "finland-1866")
    assert (without.returncode, without.stdout) == (1, "")
    assert "scenario.yaml" in without.stderr


MISTAKES = {
    "levels: [centre]": "2 to 9 levels, and this one has 1; name them from the smallest unit",
    "levels: centre": "a list of names, the smallest unit first",
    "levels: [a, b, c, d, e, f, g, h, i, j]": "2 to 9 levels, and this one has 10",
    "levels: [community, district, community, centre]": "the level community is listed twice",
    "levels: [community, district 2, centre]": "'district 2' is no name of a level; use letters, digits",
    "levels: [community, country, centre]": "cannot be named 'country': the word has another meaning",
    "levels: [community, race, region, centre]": "cannot be named 'race': false_reports.race is a setting",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_levels_that_cannot_be(text: str, message: str, tmp_path: Path) -> None:
    whole = (dearth.load("valley").case.folder / "scenario.yaml").read_text(encoding="utf-8")
    line = 1 + whole[: whole.index("places:\n")].count("\n")
    (tmp_path / "scenario.yaml").write_text(
        whole.replace("places:\n", f"{text}\n\nplaces:\n"), encoding="utf-8"
    )
    found = check_scenario(tmp_path)
    told = [p for p in found if message in p.message]
    assert [(p.file, p.line) for p in told] == [("scenario.yaml", line)], found
    assert all(p.field.startswith("levels") for p in told)


def test_settings_of_other_levels_are_mistakes(tmp_path: Path) -> None:
    whole = (dearth.load("valley").case.folder / "scenario.yaml").read_text(encoding="utf-8")
    text = whole.replace("places:\n", "levels: [village, district, centre]\n\nplaces:\n")
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    found = [p for p in check_scenario(tmp_path) if "community" in p.message]
    assert found
    assert all("no parameter 'community'" in p.message and p.line for p in found)
