"""china-1958's scenario: what it rests on, its normal years, its balances, and the document it makes."""

import csv
import json
import runpy
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import jsonschema
import numpy as np
import pytest

import dearth
from china_world import china, until
from dearth.bibliography.works import works
from dearth.case.problems import CaseError
from dearth.system import regimes
from dearth.system.draws import run_draws
from dearth.system.history import History
from dearth.system.prior_draws import own_tables
from dearth.system.scenario import own_regimes, settled, timeline
from dearth.system.settings import Change, settle
from test_cli import SCHEMAS

ROOT = Path(__file__).parents[1]
CASE = ROOT / "src" / "dearth" / "cases" / "china-1958"
NORMAL = ("1955", "1956", "1957")


def recorded(series: str, variable: str, file: str) -> float:
    """Return the mean of a recorded national series over 1955-57."""
    with (CASE / "evidence" / file).open(encoding="utf-8") as lines:
        found = [
            float(r["value"])
            for r in csv.DictReader(lines)
            if (r["series"], r["variable"], r["place"]) == (series, variable, "") and r["year"] in NORMAL
        ]
    assert len(found) == 3
    return sum(found) / 3


def run(scenario: Any, dtype: Any, draws: int = 1) -> History:
    return run_draws(scenario, settled(scenario), 1, draws, dtype)


@pytest.fixture(scope="module")
def normal() -> History:
    with jax.enable_x64(True):
        return run(until(1957), jnp.float64)


def test_the_places_of_the_case_are_those_of_the_scenario() -> None:
    places = china().places
    rural, towns = [p for p in places if p.kind == "rural"], [p for p in places if p.kind == "town"]
    assert len(rural) == len(towns) == 25
    assert {p.name for p in rural} == {place.name for place in dearth.load("china-1958").case.settings.places}
    assert sum(p.people for p in places) == pytest.approx(574.82e6, abs=100)  # year-end 1952
    assert sum(p.people for p in towns) == pytest.approx(71.63e6, abs=100)
    assert sum(p.land_ha for p in rural) == pytest.approx(133.27e6, rel=1e-3)
    assert sum(p.units["commune"] for p in rural) == pytest.approx(26000, abs=10)


def test_the_tool_makes_the_reckoned_lines(tmp_path: Path) -> None:
    text = (CASE / "scenario.yaml").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "tools" / "make_china_scenario.py"))
    own = tmp_path / "china-1958"
    own.mkdir()
    for name in ("case.yaml", "scenario.yaml"):
        (own / name).write_text((CASE / name).read_text(encoding="utf-8"), encoding="utf-8")
    (own / "evidence").symlink_to(CASE / "evidence")
    made["main"].__globals__["CASE"] = own
    made["main"]()
    again = (own / "scenario.yaml").read_text(encoding="utf-8")
    assert again == text, "rerun tools/make_china_scenario.py"


def test_every_entry_has_a_source_and_what_is_recalled_is_wide() -> None:
    with (CASE / "sources.csv").open(encoding="utf-8") as lines:
        known = {row["source_id"] for row in csv.DictReader(lines)} | {"assumed", *works()}
    scenario = china()
    for entry in (*scenario.timeline, *scenario.events, *scenario.disasters, scenario.mortality):
        assert set(map(str.strip, entry.source.split(";"))) <= known
    for entry in scenario.timeline:
        numbers = [v for v in entry.settings.values() if not isinstance(v, str) and v != 0]
        if entry.source == "recall" and numbers:
            assert entry.sd >= 0.15, entry


def test_campaigns_begin_when_they_began() -> None:
    changes = timeline(china())
    first: dict[str, int] = {}
    for change in changes:
        if change.first is not None:
            first[change.setting] = min(change.first, first.get(change.setting, change.first))
    months = {name: (1953 + first[name] // 12, first[name] % 12 + 1) for name in first}
    assert months["communal_dining.coverage"] == (1958, 9)
    assert months["rural_industry.labour"] == (1958, 8)
    assert months["land_works.labour"] == (1957, 11)
    assert months["external_trade.withdrawn"] == (1960, 7)
    assert months["grain_imports.readiness"] == (1960, 12)
    assert min(first.values()) >= 12 * 4 + 10  # nothing dated before the winter of 1957: normal years


def test_normal_years_come_out_near_the_record(normal: History) -> None:
    found = {k: float(v[0, 2:5].mean()) for k, v in normal.by_year().items()}
    output = 1000 * recorded("ssb1979", "grain_output", "economy.csv")
    assert found["grain_output_t"] == pytest.approx(output, rel=0.02)
    assert found["sown_ha"] == pytest.approx(
        1000 * recorded("ssb1979", "grain_sown_area", "economy.csv"), rel=0.01
    )
    deaths = recorded("nbs_registered", "crude_death_rate", "national.csv")
    assert found["cdr_registered"] == pytest.approx(deaths, rel=0.03)
    booked = normal.yearly("births_registered").sum(-1)[0, 2:5] / (
        normal.yearly("register").sum(-1)[0, 2:5] / 12
    )
    births = recorded("nbs_registered", "crude_birth_rate", "national.csv")
    assert 1000 * booked.mean() == pytest.approx(births, rel=0.03)
    assert 2050 < found["kcal_rural"] < 2200
    assert 2050 < found["kcal_urban"] < 2200
    people = normal.records["population"]
    excess = 12000 * (normal.records["hunger"] * people).sum() / people.sum()
    assert excess < 0.6  # per 1000 a year
    gross, net = (normal.by_year()[f"procurement_{k}_t"][0, 2:4].mean() for k in ("gross", "net"))
    assert gross == pytest.approx(
        1000 * recorded("ssb1979", "grain_procurement_gross", "economy.csv"), rel=0.05
    )
    assert net == pytest.approx(1000 * recorded("ssb1979", "grain_procurement_net", "economy.csv"), rel=0.1)


def test_books_balance_in_the_normal_years(normal: History) -> None:
    assert normal.balance()["grain_max_relative"] < 1e-9
    assert normal.balance()["people_max_relative"] < 1e-9


def test_what_holds_throughout_is_the_normal_setting_of_every_regime() -> None:
    changes = timeline(china())
    always = [c for c in changes if c.first is None and c.last is None and c.places is None]
    assert len(always) > 5
    kept = regimes.apply(regimes.find("normal"), changes)
    assert list(kept) == always
    for own in own_regimes(china()):
        assert set(always) <= set(regimes.apply(own, changes))
        settled(china(), regimes.apply(own, changes))


@pytest.mark.slow
def test_the_whole_run() -> None:
    lab = dearth.load("china-1958")
    made = lab.simulate(draws=2)
    document = made.document
    jsonschema.validate(document, json.loads((SCHEMAS / "simulate-v1.json").read_text()))
    json.dumps(document, allow_nan=False)
    assert set(document["by_year"]) == {str(y) for y in range(1953, 1967)}
    assert len(document["by_province"]) == 25
    assert set(document["by_province"]["Anhui"]["1960"]) == {"cdr", "grain_output_t"}
    assert document["scenario"] == []  # no setting beyond the literature's range
    assert document["balance"]["grain_max_relative"] < 1e-5
    assert document["balance"]["people_max_relative"] < 1e-5
    assert lab.simulate(draws=2).document == document
    off = lab.simulate(draws=2, off=("false_reports",))
    for name in ("output", "population"):
        before = 12 * 4  # nothing is inflated much before 1958
        np.testing.assert_allclose(
            off.history.records[name][:, :before].sum(-1),
            made.history.records[name][:, :before].sum(-1),
            rtol=0.05,
        )


def test_disputed_forms_are_drawn_and_a_single_run_takes_the_first() -> None:
    changes = timeline(china())
    listed = {c.setting: c.rivals for c in changes if c.rivals}
    assert set(listed) == {"procurement.rule", "resale.rule", "bodies.form", "weather.source"}
    months = 168
    settings = settled(china(), changes)
    tables = own_tables(settings, 1, 40, months)
    rule = tables["procurement"]["rule"]
    assert set(np.unique(rule[:, 69:93])) == {0.0, 1.0, 2.0}  # October 1958 to September 1960
    assert (rule[:, 69:93] == rule[:, 69:70, :1]).all()  # alike in every place and month of a draw
    assert (rule[:, :69] == 0).all()  # the rule of 1955-57 before
    assert set(np.unique(tables["resale"]["rule"])) == {0.0, 1.0}
    one = settings.varying["procurement"]["rule"]
    assert (one[69:93] == 1).all()  # progressive stands first
    more = own_tables(settings, 1, 80, months)["resale"]["rule"]
    np.testing.assert_array_equal(more[:40], tables["resale"]["rule"])  # more draws, the same first ones
    chosen = settled(china(), [*changes, Change("resale.rule", "believed")])
    assert (own_tables(chosen, 1, 8, months)["resale"]["rule"] == 0).all()  # asked for: stands over it


def test_rivals_of_a_number_or_of_no_form_are_refused() -> None:
    for setting, rivals, told in (
        ("relief.rho", ("0.2", "0.5"), "takes one value"),
        ("resale.rule", ("fixed", "belived"), "did you mean 'believed'"),
    ):
        with pytest.raises(CaseError, match=told):
            settle([Change(setting, rivals[0], rivals=rivals)], 12, 2)
