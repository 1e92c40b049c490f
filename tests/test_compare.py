"""Cases on one scale: each measure is computed once and agrees with arithmetic on paper."""

import json
import math
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from conftest import CASE, rows, write_case
from dearth.bibliography.works import works
from dearth.case.read import load
from dearth.cli import app
from dearth.compare.compare import LACKS, compare
from dearth.compare.definitions import DEFINITIONS
from dearth.compare.famine_table import famine_years
from dearth.compare.of_reconstruction import measure_reconstruction
from dearth.compare.results import Value
from dearth.facade import compare as compare_by_name
from dearth.reconstruction.shipped_posteriors import shipped
from test_cli import SCHEMAS

PUBLISHED = """\
key,author,year,window,method,method_published,quality,source_id,low,central,high,counts_unborn
one,First,1950,1903-1904,counted,yes,secondary,s1,,600,,no
two,Second,1960,1903-1904,counted,yes,secondary,s1,,900,,yes
three,Third,1970,1903-1904,counted,yes,recalled,s1,,700,,no
four,Fourth,1980,1903-1904,counted,yes,secondary,s1,400,,800,unclear
"""


def test_measures_of_a_register_agree_with_arithmetic_on_paper(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a")
    (folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    one = compare([load(folder)], quick=True, famines=False).cases[0]
    people = (10400 + 10100) / 2, (10100 + 9900) / 2
    normal_rate = (100 / 10100 + 120 / 10300) / 2
    normal = normal_rate * sum(people)
    found = {key: values[0] for key, values in one.measures.items()}
    assert found["excess_per_1000"].value.median == pytest.approx(1000 * (900 - normal) / people[0])
    assert found["p_score"].value.median == pytest.approx(900 / normal - 1)
    assert found["normal_death_rate"].value.median == pytest.approx(1000 * normal_rate)
    assert found["worst_year_rate"].value.median == pytest.approx(1000 * 500 / people[0])
    usual = (300 / 10100 + 320 / 10300) / 2
    lost = usual * sum(people) - 400
    assert found["births_fall"].value.median == pytest.approx(lost / (lost + 400))
    back = 710 - usual * ((9900 + 10050) / 2 + (10050 + 10350) / 2)
    assert found["births_recovered"].value.median == pytest.approx(back / lost)
    assert found["growth_before"].value.median == pytest.approx(100 * math.log(10300 / 10100))
    assert found["growth_after"].value.median == pytest.approx(100 * math.log(10200 / 9975))
    assert found["excess_per_1000"].range is not None
    assert found["excess_per_1000"].range[0] == found["excess_per_1000"].value.median  # all registered
    assert found["p_score"].sources == ("s1",)
    assert one.scope == "everybody"
    assert one.missing["person_years_lost"] == LACKS["person_years_lost"]


def test_published_estimates_that_are_recalled_or_count_the_unborn_are_left_out(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a")
    (folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    one = compare([load(folder)], quick=True).cases[0]
    published = [v for v in one.measures["excess_per_1000"] if v.basis == "published"]
    assert [v.by for v in published] == ["First 1950", "Fourth 1980"]
    assert published[0].value.median == pytest.approx(1000 * 600 / 10250)
    assert published[1].range == pytest.approx((1000 * 400 / 10250, 1000 * 800 / 10250))


def test_a_case_without_a_register_is_compared_by_its_census_and_its_published_estimates(
    tmp_path: Path,
) -> None:
    head, rest = CASE.split("registers:\n")[0], "births: {deficit: 1903-1904, recovered: 1905-1906}\n"
    evidence = [rows()[0], "1902,count,population_census_total,10000,persons,s1,official,all",
                "1903,count,life_expectancy_at_birth,21,years,s1,official,",
                "1902,count,life_expectancy_at_birth,40,years,s1,official,"]  # fmt: skip
    folder = write_case(tmp_path / "a", head.replace(rest, ""), evidence)
    (folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    one = compare([load(folder)], quick=True).cases[0]
    assert [v.value.median for v in one.measures["excess_per_1000"]] == [60, 60]
    assert one.scope == "everybody (census of 1902)"
    assert one.missing["p_score"] == "no register of deaths"
    assert one.measures["life_expectancy_lowest"] == (
        Value("record", "Count", one.measures["life_expectancy_lowest"][0].value, sources=("s1",)),
    )
    assert one.measures["life_expectancy_lowest"][0].value.median == 21
    assert one.measures["life_expectancy_before"][0].value.median == 40


def test_measures_of_draws_are_of_whole_draws() -> None:
    case = load("china-1958")
    found, _ = shipped(case, draws=True)
    if found is None or found.draws is None:
        pytest.skip("no posterior of China ships with this version")
    made = measure_reconstruction(case, found.draws)
    draws = found.draws
    years = draws.coordinates["year"]
    crisis = [years.index(str(year)) for year in range(1958, 1962)]
    at = 1
    deaths = np.asarray(draws["deaths"][at], float).reshape(-1, len(years))[:, crisis].sum(-1)
    excess = np.asarray(draws["excess_deaths"][at], float).reshape(-1)
    assert made["p_score"][at].value.median == pytest.approx(np.median(excess / (deaths - excess)))
    lost, per_1000 = made["person_years_lost"][at].value.median, made["excess_per_1000"][at].value.median
    assert 15 < lost / per_1000 < 60  # years a death
    assert set(made) <= {one.key for one in DEFINITIONS}


def test_every_famine_of_the_table_has_its_work() -> None:
    table = famine_years()
    assert len({row.place for row in table}) >= 15
    assert {row.source for row in table} <= set(works())
    for row in table:
        if row.crisis_rate and row.normal_rate and row.grade != "measured_here":
            assert row.p_score == pytest.approx(row.crisis_rate / row.normal_rate - 1, abs=0.01)


def test_the_verb_keeps_its_schema_and_prints_a_table(tmp_path: Path) -> None:
    folder = str(write_case(tmp_path / "a"))
    words = ["compare", "finland-1866", folder, "--quick"]
    done = CliRunner().invoke(app, [*words, "--json"], prog_name="dearth")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "compare-v1.json").read_text()))
    assert [one["case"] for one in document["cases"]] == ["finland-1866", "tiny"]
    assert document == json.loads(json.dumps(compare_by_name("finland-1866", folder, quick=True).document))
    table = CliRunner().invoke(app, words, env={"COLUMNS": "160"}).stdout
    assert "Tiny, 1903-1904" in table
    assert "Ukraine" in table
    short = CliRunner().invoke(app, [*words, "--no-famines"], env={"COLUMNS": "160"}).stdout
    assert "Ukraine" not in short
