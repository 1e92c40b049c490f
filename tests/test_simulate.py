"""The verbs simulate and mechanisms: documents, scenarios, regimes, resolution and every user's mistake."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.system import regimes, resolution, settings
from dearth.system.aliases import ALIASES
from dearth.system.check import check_scenario
from dearth.system.parquet_export import write_parquet
from dearth.system.plan import Asked, plan_of
from dearth.system.prior_draws import own_tables, prior_draws
from dearth.system.scenario import own_regimes, read_scenario, timeline
from dearth.system.settings import Change, settle
from dearth.system.simulation import mechanisms, simulate
from system_world import valley
from test_cli import SCHEMAS
from test_cli import dearth as command

CASE = dearth.load("valley").case


@pytest.fixture(scope="module")
def made() -> Any:
    return simulate(CASE, Asked())


def test_the_document_holds_what_its_contract_says(made: Any) -> None:
    document = made.document
    assert document["schema"] == "dearth/simulate/v1"
    wanted = {"grain_output_t", "grain_reported_t", "procurement_gross_t", "procurement_net_t", "exports_t",
              "kcal_rural", "kcal_urban", "deaths", "deaths_registered", "births", "cdr", "cdr_rural",
              "cdr_urban", "cdr_registered", "sown_ha", "yield_kg_ha"}  # fmt: skip
    assert wanted <= set(document["by_year"]["1911"])
    assert set(document["by_year"]) == {str(y) for y in range(1904, 1918)}
    assert document["by_year"]["1917"]["procurement_net_t"] is None  # its grain year is cut
    assert document["bands"]["1911"]["cdr"]["low"] is None
    assert set(document["by_province"]["whole"]["1911"]) == {"cdr", "grain_output_t"}
    assert len(document["by_place"]) == 13
    assert document["balance"]["grain_max_relative"] < 1e-5
    json.dumps(document, allow_nan=False)
    jsonschema.validate(document, json.loads((SCHEMAS / "simulate-v1.json").read_text()))


def test_the_facade_is_the_verb(made: Any) -> None:
    again = dearth.load("valley").simulate()
    assert again.document == made.document
    other = dearth.load("valley").simulate(regime="no_exports", relief__rho=0.5, draws=2)
    assert other.document["by_year"]["1911"]["exports_t"] == 0
    assert other.document["settings"] == ["relief.rho=0.5"]
    assert other.document["bands"]["1911"]["cdr"]["level"] == 0.9
    jsonschema.validate(other.document, json.loads((SCHEMAS / "simulate-v1.json").read_text()))


def test_years_and_places_add_up(made: Any) -> None:
    history = made.history
    by_year = history.by_year()
    np.testing.assert_allclose(by_year["deaths"], history.yearly("deaths_by_age").sum((-1, -2)), rtol=1e-5)
    np.testing.assert_allclose(
        by_year["population"], history.december("people_by_age").sum((-1, -2)), rtol=1e-5
    )
    change = np.diff(by_year["population"], axis=1)
    np.testing.assert_allclose(change, (by_year["births"] - by_year["deaths"])[:, 1:], atol=0.5)


def test_files_of_a_run(made: Any, tmp_path: Path) -> None:
    from scipy.io import netcdf_file

    made.write(tmp_path)
    with netcdf_file(tmp_path / "history.nc", mmap=False) as file:
        assert file.variables["store"].dimensions == ("draw", "month", "place")
        assert file.variables["store"].units == b"t"
        assert b"".join(file.variables["place"][0]).rstrip(b"\0") == b"Alder"
        np.testing.assert_array_equal(file.variables["store"][:], made.history.records["store"])
    rows = (tmp_path / "by_year.csv").read_text().splitlines()
    assert rows[0] == "draw,year,measure,value"
    assert len(rows) == 1 + 14 * len(made.history.by_year())


def test_history_opens_in_xarray_with_its_labels(made: Any, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    made.write(tmp_path)
    live = made.to_xarray()
    with xarray.open_dataset(tmp_path / "history.nc") as found:
        assert set(found.data_vars) == set(live.data_vars) == set(made.history.records)
        for name in live.data_vars:
            assert found[name].dims == live[name].dims
            assert found[name].attrs["units"] == live[name].attrs["units"]
            assert found[name].attrs["long_name"] == live[name].attrs["long_name"]
        for name in live.coords:
            np.testing.assert_array_equal(found.coords[name].values, live.coords[name].values, err_msg=name)
        pine = found["store"].sel(place="Pine", month="1911-07", draw=0)
        at = made.history.places.index("Pine")
        assert float(pine.item()) == made.history.records["store"][0, 12 * 7 + 6, at]
        assert "not fitted, not an estimate" in found.attrs["title"]
        assert "not fitted, not an estimate" in live.attrs["title"]


def test_a_simulation_is_a_table_and_fits_a_screen(made: Any) -> None:
    pytest.importorskip("pandas")
    table = made.to_frame()
    assert list(table.columns) == ["year", "measure", "median", "low", "high", "unit"]
    assert len(table) == 14 * len(made.draws)
    row = table[(table.year == 1911) & (table.measure == "deaths")].iloc[0]
    assert row["median"] == made.document["by_year"]["1911"]["deaths"]
    assert np.isnan(row["low"])
    assert row["unit"] == "persons"
    lines = repr(made).splitlines()
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 100
    assert "not fitted, not an estimate" in lines[0]
    assert made.fitted is False


def test_regimes_change_what_they_name_and_nothing_else() -> None:
    as_it_was = plan_of(CASE, Asked()).settings
    for one in regimes.by_name(own_regimes(valley())).values():
        other = plan_of(CASE, Asked(regime=one.name)).settings
        named = {*one.settings, *one.normal}
        for m in as_it_was.fixed:
            for name in {*as_it_was.fixed[m], *as_it_was.varying.get(m, {})}:
                before = as_it_was.varying.get(m, {}).get(name, as_it_was.fixed[m].get(name))
                after = other.varying.get(m, {}).get(name, other.fixed[m].get(name))
                if "*" not in named and f"{m}.{name}" not in named and m not in named:
                    np.testing.assert_array_equal(before, after, err_msg=f"{one.name}: {m}.{name}")
    assert all(c.places is None for c in timeline(valley()) if c.setting == "procurement.rule")


def test_settings_by_place_and_month() -> None:
    changes = [
        Change("relief.rho", 0.5, 3, 5, (1, 2)),
        Change("relief.rho", 0.7, 4, None, (2,)),
        Change("sharing.theta", 0.1),
    ]
    settings = settle(changes, 12, 4)
    table = settings.varying["relief"]["rho"][:, settings.group]
    assert table[3].tolist() == [0.2, 0.5, 0.5, 0.2]
    assert table[4].tolist() == [0.2, 0.5, 0.7, 0.2]
    assert table[11].tolist() == [0.2, 0.2, 0.7, 0.2]
    assert settings.fixed["sharing"]["theta"] == 0.1
    assert settle([Change("relief.rho", 0.95)], 12, 4).outside == ("relief.rho=0.95",)


def test_a_mechanism_answers_to_its_other_names(tmp_path: Path) -> None:
    by_id, by_alias = (
        plan_of(CASE, Asked(off=(name,), changes=(f"{name}.coverage=0.7",))).settings
        for name in ("communal_dining", "dining_halls")
    )
    assert by_alias.fixed == by_id.fixed
    assert by_alias.fixed["communal_dining"]["strength"] == 0
    for name, of in ALIASES.items():
        assert name in next(m["aliases"] for m in mechanisms() if m["id"] == of)
        assert all(m["id"] != name for m in mechanisms())
    text = (CASE.folder / "scenario.yaml").read_text(encoding="utf-8")
    told = text.replace("communal_dining.", "dining_halls.").replace(
        "\nregimes:\n", "\nregimes:\n  no_halls: {summary: none, normal: [public_dining_halls]}\n"
    )
    (tmp_path / "scenario.yaml").write_text(told, encoding="utf-8")
    assert check_scenario(tmp_path) == []
    own = read_scenario(tmp_path)
    without = regimes.apply(regimes.find("no_halls", own_regimes(own)), timeline(own))
    assert [c for c in timeline(own) if c not in without] == [
        c for c in timeline(own) if c.setting.startswith("dining_halls.")
    ]


MISTAKES = {
    ("--off", "dining_hals"): "there is no mechanism 'dining_hals' — did you mean 'dining_halls'",
    ("--off", "zzz"): "private_plots.*registers.*dining_halls.*list: dearth mechanisms",
    ("--off", "comunal_dining"): "did you mean 'communal_dining'",
    ("--set", "procurement.rul=surplus"): "did you mean 'rule'",
    ("--set", "procurement.rule=surpluss"): "did you mean 'surplus'",
    ("--set", "relief.strength=1.2"): "allowed are 0 to 1",
    ("--set", "relief.rho=much"): "is a number; given 'much'",
    ("--set", "relief"): "write mechanism.parameter=value",
    ("--set", "storage.household=-1"): "allowed are 0 to 1",
    ("--set", "harvest.theta=nan"): "allowed are",
    ("--regime", "cautios"): "did you mean 'cautious'",
    ("--resolution", "comunity"): "did you mean 'community'",
    ("--draws", "0"): "at least 1",
    ("--seed", "-1"): "the seed is -1; give a whole number from 0 up",
    ("--story", "Hazle"): "there is no place 'Hazle' — did you mean 'Hazel'",
}


@pytest.mark.parametrize(("words", "message"), MISTAKES.items())
def test_mistakes_on_the_command_line(words: tuple[str, str], message: str) -> None:
    option, value = words
    asked = {
        "--off": Asked(off=(value,)), "--set": Asked(changes=(value,)), "--regime": Asked(regime=value),
        "--resolution": Asked(resolution=value), "--draws": Asked(draws=0), "--story": Asked(story=value),
        "--seed": Asked(seed=-1),
    }[option]  # fmt: skip
    with pytest.raises(CaseError, match=message):
        simulate(CASE, asked)


def test_every_change_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of a run has sound settings alone; nothing behind it reads a name or a bound again."""
    seen: list[Change] = []
    whole = settings.checked

    def counted(change: Change, order: Any = None) -> Any:
        seen.append(change)
        return whole(change, order)

    monkeypatch.setattr(settings, "checked", counted)
    asked = Asked(changes=("relief.rho=0.5",), off=("sharing",))
    plan = plan_of(CASE, asked)
    written = [
        *timeline(valley()),
        Change("relief.rho", "0.5"),
        Change("sharing.strength", 0.0, where="--off"),
    ]
    assert seen == written
    monkeypatch.setattr(settings, "parse", None)
    monkeypatch.setattr(settings, "number", None)
    assert len(own_tables(plan.settings, 1, 2, 168)) == 0
    assert prior_draws(plan.settings, 1, 2)["relief"]["rho"].tolist() == [0.5, 0.5]


def test_more_labour_than_there_is_is_refused() -> None:
    asked = Asked(changes=("rural_industry.labour=0.9", "land_works.labour=0.3"))
    with pytest.raises(CaseError, match="add up to"):
        plan_of(CASE, asked)


SCENARIO_MISTAKES = {
    ("place: Hazel", "place: Hazle"): "did you mean 'Hazel'",
    ("month: 1911-05", "month: 1931-05"): "1931-05 lies outside the years 1904-1917",
    ("month: 1911-05", "month: 1911-13"): "months are written 1911-07",
    ("to: 1910-03", "to: 1908-03"): "is after to",
    ("year: 1911, share: 0.80", "year: 1911, share: 1.80"): "less than or equal to 1",
    ("{name: Birch", "{name: Alder"): "Alder is listed twice",
    ("people: 10000", "people: -1"): "greater than or equal to 0",
    ("mortality: {infant", "mortality: {infnat"): "unknown field 'infnat'",
    ("years: 1904-1917", "years: 1904,1906"): "must have no gaps",
}


@pytest.mark.parametrize(("change", "message"), SCENARIO_MISTAKES.items())
def test_mistakes_in_a_scenario(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    text = (CASE.folder / "scenario.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "scenario.yaml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        read_scenario(tmp_path)


def test_a_case_without_scenario_says_so() -> None:
    with pytest.raises(CaseError, match=r"scenario\.yaml"):
        simulate(dearth.load("finland-1866").case, Asked())


def test_merging_and_splitting_keep_totals() -> None:
    scenario = valley()
    merged = resolution.at(scenario, "country", 1)
    assert [p.name for p in merged.places] == ["whole countryside", "whole towns"]
    split = scenario.model_copy(
        update={"places": tuple(p.model_copy(update={"units": {"community": 5}}) for p in scenario.places)}
    )
    split = resolution.at(split, "community", 1)
    assert len(split.places) == 65
    for made in (merged, split):
        for measure in ("people", "land_ha"):
            assert sum(getattr(p, measure) for p in made.places) == pytest.approx(
                sum(getattr(p, measure) for p in scenario.places)
            )
        assert sum(p.land_ha * p.yield_kg_ha for p in made.places) == pytest.approx(
            sum(p.land_ha * p.yield_kg_ha for p in scenario.places)
        )
    hit = sum(d.share for d in merged.disasters if d.year == 1912)
    land = {p.name: p.land_ha for p in scenario.places}
    assert hit == pytest.approx(
        0.6 * sum(land[n] for n in ("Fir", "Juniper", "Larch", "Pine")) / sum(land.values())
    )
    assert {e.place for e in split.events} >= {"Hazel 1", "Hazel 5"}


def test_mechanisms_in_the_shape_of_the_contract() -> None:
    for m in mechanisms():
        assert {"id", "systems", "summary", "parameters"} <= set(m)
        for p in m["parameters"]:
            assert {"name", "default", "low", "high", "unit", "source"} <= set(p)


def test_the_commands_print_one_object_and_status_1_for_a_mistake() -> None:
    listed = command("mechanisms", "--json")
    assert listed.returncode == 0
    assert len(json.loads(listed.stdout)) == len(mechanisms())
    wrong = command("simulate", "valley", "--off", "nothing", "--json")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Traceback" not in wrong.stderr


def test_help_and_import_leave_jax_alone() -> None:
    import subprocess
    import sys

    code = "import sys, dearth, dearth.cli; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_parquet_holds_every_month_and_place(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    made = dearth.load("valley").simulate(draws=2)
    write_parquet(made.history, tmp_path / "monthly.parquet")
    table = pq.read_table(tmp_path / "monthly.parquet")
    records = made.history.records
    assert table.num_rows == records["population"].size
    assert table.schema.field("output").metadata == {b"unit": b"t"}
    rows = table.to_pydict()
    keys = list(zip(rows["draw"], rows["year"], rows["month"], strict=True))
    at = keys.index((1, 1912, 7))
    place = made.history.places.index(rows["place"][at])
    month = 12 * (1912 - made.history.first_year) + 6
    assert rows["energy"][at] == pytest.approx(float(records["energy"][1, month, place]))
    assert sum(rows["deaths"]) == pytest.approx(float(records["deaths"].sum(dtype=float)), rel=1e-5)
