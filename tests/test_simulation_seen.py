"""The simulation seen: charts hold the ledger's numbers, the report and the check know the scenario."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.checks import problems
from dearth.run import simulation_of, write_simulation
from dearth.show.charts import chart_csv, chart_svg, simulation_charts
from dearth.show.report import render_report
from dearth.show.terminal import print_answer
from dearth.system import history_tables
from dearth.system.check import check_scenario
from dearth.system.order_of_month import ORDER
from dearth.system.parameter import declared, declared_table
from dearth.system.plan import Asked
from dearth.system.report_document import SimulatedPart, part
from dearth.system.simulation import Simulation, simulate
from test_cli import SCHEMAS
from test_cli import dearth as command

CASE = dearth.load("valley").case
KEYS = ["grain_account", "beliefs", "energy", "deaths", "births", "labour", "map_cdr", "map_kcal", "story"]


@pytest.fixture(scope="module")
def made() -> Simulation:
    return simulate(CASE, Asked(draws=3))


@pytest.fixture(scope="module")
def drawn(made: Simulation) -> dict[str, Any]:
    return {chart.key.removeprefix("simulation_"): chart for chart in simulation_charts(part(CASE, made))}


def figures(drawn: dict[str, Any], key: str, **labels: Any) -> list[list[float]]:
    """Return median, low and high of the rows of a chart's CSV that have the labels."""
    rows = csv.DictReader(io.StringIO(chart_csv(drawn[key])))
    found = [row for row in rows if all(row[k] == str(v) for k, v in labels.items())]
    return [[float(row[k] or "nan") for k in ("median", "low", "high")] for row in found]


def expected(values: Any) -> Any:
    """Return median, low and high of a ledger's sums [draw, item]."""
    return np.quantile(np.asarray(values, float), [0.5, 0.05, 0.95], axis=0).T


def test_every_chart_draws_with_its_label_and_source(drawn: dict[str, Any]) -> None:
    assert list(drawn) == KEYS
    for chart in drawn.values():
        text = html.unescape(chart_svg(chart))
        assert text.startswith("<svg")
        assert (
            "not fitted, not an estimate; regime as_it_was; median and central 90 % of 3 prior draws" in text
        )
        assert chart.title.endswith("(not fitted, not an estimate)")
        assert "case valley" in chart.citation
        assert "tried a great leap" in chart.citation
    assert drawn["map_cdr"].live is not None


def test_charts_hold_the_numbers_of_the_ledger(made: Simulation, drawn: dict[str, Any]) -> None:
    found = made.history.records
    close = {"rtol": 1e-5, "atol": 1e-6}

    def by_year(name: str) -> Any:
        return found[name].astype(float).sum(-1).reshape(3, 14, 12).sum(-1)

    np.testing.assert_allclose(
        figures(drawn, "grain_account", item="output"), expected(by_year("output")), **close
    )
    np.testing.assert_allclose(
        figures(drawn, "grain_account", item="procurement"),
        expected(by_year("procured") + by_year("searched")),
        **close,
    )
    for what, record in (("reported", "claims"), ("believed", "beliefs")):
        for at, level in enumerate(made.history.levels.names):
            ledger = found[record][:, 11::12, at].astype(float).sum(-1)
            np.testing.assert_allclose(
                figures(drawn, "beliefs", what=what, level=level), expected(ledger), **close
            )
    town = made.history.places.index("Ford")
    np.testing.assert_allclose(
        figures(drawn, "energy", where="urban"), expected(found["energy"][..., town]), **close
    )
    months = figures(drawn, "deaths", what="registered")[14:]
    np.testing.assert_allclose(months, expected(found["deaths_registered"].astype(float).sum(-1)), **close)
    years = [[row["deaths"][k] for k in ("median", "low", "high")] for row in made.document["bands"].values()]
    np.testing.assert_allclose(figures(drawn, "deaths", what="deaths")[:14], years, **close)
    labour = found["labour"][:, :, 1].astype(float).sum(-1)
    np.testing.assert_allclose(figures(drawn, "labour", use="industry"), expected(labour), **close)
    rates = made.history.by_place()["cdr"][..., made.history.places.index("Pine")]
    np.testing.assert_allclose(figures(drawn, "map_cdr", place="Pine"), expected(rates), **close)
    place = made.history.places.index(part(CASE, made).story_place)
    assert place == history_tables.worst_rural_place(made.history)
    store = found["store"][..., place]
    np.testing.assert_allclose(figures(drawn, "story", what="in the store"), expected(store), **close)
    reaped = found["output"][:, 12:24, place].astype(float).sum(-1)
    story = figures(drawn, "story", what="harvested")
    assert np.isnan(story[10][0])
    np.testing.assert_allclose(story[23], expected(reaped), **close)


def test_the_grain_account_closes_in_every_draw(made: Simulation) -> None:
    account = history_tables.grain_account(made.history)
    assert np.abs(account["gap"] / account["output"]).max() < 1e-6
    np.testing.assert_array_equal(account["opening"][:, 1:], account["closing"][:, :-1])
    gained = account["opening"] + account["output"] + account["imports"]
    used = sum(account[k] for k in ("seed", "feed", "eaten", "losses", "exports", "closing"))
    np.testing.assert_allclose(gained, used, rtol=1e-6)


def test_one_run_has_no_band_and_says_so(made: Simulation) -> None:
    history = replace(made.history, records={k: v[:1] for k, v in made.history.records.items()})
    asked = Asked(off=("communal_dining",))
    whole = part(CASE, Simulation(CASE.name, asked, history))
    assert whole.level is None
    assert "off: communal_dining" in whole.label
    assert "no uncertainty" in whole.warning
    for chart in simulation_charts(whole):
        assert all(row["low"] is None for row in chart.rows)
        assert "mark_area" not in json.dumps(chart.spec)
        assert "90 %" not in chart.caption


def test_maps_fall_back_on_granary_areas(made: Simulation) -> None:
    rows = history_tables.tile_rows(made.history, {"whole": ("", (0, 0))})
    assert {row.place for row in rows} == {"whole"}
    assert {row.label for row in rows} == {"WH"}
    rates = [row.figure.median for row in rows if row.what == "cdr"]
    np.testing.assert_allclose(
        rates, np.median(made.history.by_place(True)["cdr"][..., 0], axis=0), rtol=1e-5
    )
    assert history_tables.tile_rows(made.history, {}) == ()


def test_the_report_tells_the_simulation_where_there_is_one(made: Simulation) -> None:
    result = dearth.load("valley").estimate(quick=True)
    without = render_report(result, interactive=False)
    assert "simulation" not in without[without.index("<main>") :].lower()
    assert 'id="simulation"' not in without
    page = render_report(result, part(CASE, made), interactive=False)
    sections = re.findall(r'<section id="(\w+)">', page)
    assert sections.index("simulation") > len(sections) // 2
    first_half = page[page.index("<main>") : page.index('<section id="simulation">')]
    assert "simulation" not in first_half.lower()
    assert "not fitted, not an estimate" in page[page.index('<section id="simulation">') :][:200]
    section = re.search(r'<section id="simulation">(.*?)</section>', page, re.S)
    assert section is not None
    text = section[1]
    assert text.index("Prior draws.") < text.index('id="grain-account"') < text.index('id="simulation_grain')
    assert "Nothing is fitted" in text
    assert "no_exports" in text
    for key in KEYS:
        assert f'id="simulation_{key}"' in text
    output = np.median(history_tables.grain_account(made.history)["output"], axis=0)
    assert all(f"{x:,.0f}" in text for x in output)
    refusal = SimulatedPart(CASE, refused=("harvest gave no number in Pine, 1911-06",))
    page = render_report(result, refusal, interactive=False)
    assert "The simulation is refused: harvest gave no number" in page
    assert refusal.document() == {"refused": list(refusal.refused)}
    assert simulation_charts(refusal) == []


def test_a_case_without_scenario_is_as_it_was(tiny: Path) -> None:
    assert simulation_of(load(str(tiny)), 1, True, lambda *told: None) is None
    assert check_scenario(tiny) == []


def test_a_default_run_holds_no_simulation(tmp_path: Path) -> None:
    done = command("run", "valley", "--quick", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "simulat" not in done.stdout.lower()
    out = tmp_path / "out"
    assert not (out / "simulation.json").exists()
    assert not list((out / "charts").glob("simulation*"))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'id="simulation' not in page


def test_a_simulation_is_no_part_of_the_answer(made: Simulation, capsys: Any) -> None:
    result = dearth.load("valley").estimate(quick=True)
    print_answer(result)
    alone = capsys.readouterr().out
    print_answer(result, part(CASE, made))
    both = capsys.readouterr().out
    assert both.startswith(alone)
    added = both.removeprefix(alone).strip().splitlines()
    assert added[0] == "Simulation from priors (not fitted, not an estimate; no part of the answer above)"
    assert not any("simulat" in sentence.lower() for sentence in result.answer)


def test_run_holds_the_simulation_in_its_json_and_folder(tmp_path: Path) -> None:
    options = ("--quick", "--json", "--with-prior-simulation", "--out", "out")
    done = command("run", "valley", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    jsonschema.validate(printed, json.loads((SCHEMAS / "estimate-v1.json").read_text()))
    result = printed["simulation"]["result"]
    assert printed["simulation"]["fitted"] is result["fitted"] is False
    jsonschema.validate(result, json.loads((SCHEMAS / "simulate-v1.json").read_text()))
    assert result["draws"] == 8
    out = tmp_path / "out"
    assert json.loads((out / "simulation.json").read_text()) == printed["simulation"]
    assert "simulation" not in json.loads((out / "estimates.json").read_text())
    assert json.loads((out / "manifest.json").read_text())["simulation_draws"] == 8
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert {"case/scenario.yaml", "charts/simulation_story.svg", "charts/simulation_story.csv"} <= names


def test_simulate_writes_its_charts(made: Simulation, tmp_path: Path) -> None:
    write_simulation(CASE, made, tmp_path / "out", "dearth simulate valley", 1, lambda *told: None)
    names = {p.name for p in (tmp_path / "out" / "charts").iterdir()}
    assert names == {f"simulation_{key}.{kind}" for key in KEYS for kind in ("svg", "csv")}
    files = {p.name for p in (tmp_path / "out").iterdir()}
    assert files == {"charts", "history.nc", "by_year.csv", "simulation.json", "manifest.json"}


def test_the_table_of_declarations_is_the_mechanisms() -> None:
    path = Path(dearth.__file__).parent / "system" / "declared.json"
    message = "write it again: declared.json = declared_table(ORDER)"
    assert path.read_text(encoding="utf-8") == declared_table(ORDER), message
    assert [(m.id, m.parameters) for m in ORDER] == [(m.id, m.parameters) for m in declared()]


# what is put for what; the field and the words of the mistake
BROKEN = {
    ("harvest.growth: 0.02", "harvest.growht: 0.02"): ("timeline.0.set.harvest.growht", "'growth'"),
    ("land_works.labour: 0.27", "land_wroks.labour: 0.27"): ("timeline.1.set.land_wroks", "'land_works'"),
    ("land_works.labour: 0.27", "land_works.labour: 1.27"): ("timeline.1.set", "0 to 1"),
    ("land_works.labour: 0.27", "land_works.labour: 0.995"): ("timeline", "add up to"),
    ("procurement.rule: inflated, procurement.kappa", "procurement.rule: inflate, procurement.kappa"): (
        "timeline.14.set",
        "'inflated'",
    ),
    ("place: Hazel", "place: Hazle"): ("events.0", "'Hazel'"),
    ("share: 0.80, source: assumed", "share: 0.80, source: asumd"): ("disasters.0.source", "sources.csv"),
    ("schema_version: 1", "schema_version: 2"): ("schema_version", "1"),
}


def broken(folder: Path, change: tuple[str, str]) -> Path:
    shutil.copytree(CASE.folder, folder)
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("change", "told"), BROKEN.items())
def test_check_tells_the_mistakes_of_a_scenario(
    change: tuple[str, str], told: tuple[str, str], tmp_path: Path
) -> None:
    folder = broken(tmp_path / "case", change)
    found = problems(str(folder))[1]
    (wrong,) = [p for p in found if p.severity == "error"]
    assert wrong.file == "scenario.yaml"
    assert wrong.field.startswith(told[0])
    assert told[1] in wrong.message
    text = (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    if told[1] != "add up to":
        assert wrong.line is not None
        assert change[1] in text[wrong.line - 1]


def test_a_broken_scenario_stops_the_run_and_not_the_estimates(tmp_path: Path) -> None:
    folder = broken(tmp_path / "case", ("place: Hazel", "place: Hazle"))
    result = dearth.load(str(folder)).estimate(quick=True)
    with pytest.raises(CaseError, match="did you mean 'Hazel'"):
        result.with_simulation(1, True, lambda *told: None)


def test_check_tells_a_broken_case_and_a_broken_scenario_together(tmp_path: Path) -> None:
    folder = broken(tmp_path / "case", ("place: Hazel", "place: Hazle"))
    path = folder / "case.yaml"
    path.write_text(path.read_text().replace("window: 1911-1912", "windw: 1911-1912", 1))
    files = {p.file for p in problems(str(folder))[1]}
    assert {"case.yaml", "scenario.yaml"} <= files


def test_regimes_of_a_case_are_checked(tmp_path: Path) -> None:
    folder = broken(tmp_path / "case", ("schema_version: 1", "schema_version: 1"))
    path = folder / "scenario.yaml"
    own = (
        "\nregimes:\n"
        "  good: {summary: a, set: {relief.rho: 0.9}, normal: [procurement, sharing.theta]}\n"
        "  wrong: {summary: b, set: {relief.roh: 0.9}, normal: [procurment]}\n"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("\nregimes:\n", own), encoding="utf-8")
    found = check_scenario(folder)
    assert [p.field for p in found] == ["regimes.wrong.set.relief.roh", "regimes.wrong.normal"]
    assert all(p.line is not None for p in found)


def test_checking_a_scenario_leaves_jax_alone() -> None:
    code = (
        "import sys; from dearth.checks import problems; problems('valley'); sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
