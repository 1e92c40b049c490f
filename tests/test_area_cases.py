"""Cases of small areas from tables of other makers; rows of HXL tags; tables of the IPC API."""

import csv
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.food_security_phases import PHASE_3_PLUS, is_phases, read_phases
from dearth.case.hxl import is_tags
from dearth.case.lists_file import read_lists
from dearth.case.periods import Period
from dearth.case.read import load
from dearth.case.small_area_rows import predictors, surveys
from dearth.case.surveys.read import read_survey
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate

PLACES = [f"District {letter}" for letter in "ABCDEFGH"]


def write(path: Path, header: str, rows: Iterable[Iterable[object]], separator: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=separator)
        out.writerows([header.split(","), *rows])
    return path


def tables(folder: Path) -> dict[str, Path]:
    """Return tables as other makers write them: 24 surveys, people, two predictors, displacement."""
    rng = np.random.default_rng(4)
    found = []
    for at in range(24):
        end = date(2017, 3, 31) + timedelta(days=int(rng.integers(0, 270)))
        rate = float(0.6 * np.exp(0.3 * rng.standard_normal()))
        found.append([f"S{at}", PLACES[at % 6], end, 90, *(f"{rate * by:.3f}" for by in (1, 0.6, 1.7)), 0.9])
    tags = ["#survey+id", "#adm2+name", "#date+end", "", "#rate", "", "", ""]
    header = (
        "survey_id,district,date_end,recall_days,report_cdr_est,report_cdr_lci,report_cdr_uci,quality_score"
    )
    empty = ["S24", PLACES[0], date(2017, 6, 30), 90, "NA", "", "", 0.9]  # a survey whose rate is not known
    months = [(year, month) for year in (2016, 2017) for month in range(1, 13)]
    wide = [[one, year, month, f"{rng.normal():.2f}".replace(".", ","), 10 + at, "x"]
            for at, one in enumerate(PLACES) for year, month in months]  # fmt: skip
    return {
        "surveys": write(folder / "s.csv", header, [tags, *found, empty]),
        "people": write(folder / "p.csv", "district,pop,estimate", [[at, 50_000, "one"] for at in PLACES]),
        "predictors": write(folder / "x.csv", "district,year,month,rain,price,comment", wide, ";"),
        "moves": write(folder / "m.csv", "district,month,arrivals,departures",
                       [[PLACES[0], "2017-04", 5_000, 0]]),
    }  # fmt: skip


def made(folder: Path, *more: str) -> "tuple[int, str, str]":
    files = tables(folder)
    given = ["--from-areas", str(files["surveys"]), "--people", str(files["people"]), "--predictors",
             str(files["predictors"]), "--displacement", str(files["moves"])]  # fmt: skip
    done = CliRunner().invoke(app, ["new", str(folder / "south"), *given, *more])
    return done.exit_code, done.stdout, done.stderr or str(done.exception)


def test_tables_of_other_makers_become_a_case_that_runs(tmp_path: Path) -> None:
    code, out, said = made(tmp_path, "--json")
    assert code == 0, said
    assert json.loads(out)["name"] == "south"
    assert "s.csv: columns that are not used were left out: survey_id" in said
    assert "s.csv: 1 row without a figure left out: line(s) 27" in said
    assert "x.csv: columns that are not used were left out: comment" in said
    case = load(tmp_path / "south")
    assert [one for one in check(case) if one.severity == "error"] == []
    rows = predictors(tmp_path / "south" / "areas" / "predictors_1.csv", "x", [])
    assert {one.variable for one in rows} == {"rain", "price"}
    assert len(rows) == 2 * 8 * 24
    assert min(one.value for one in rows if one.variable == "rain") < -1  # decimal commas
    first = surveys(tmp_path / "south" / "areas" / "surveys.csv", "s", [])[0]
    assert first.period.days == 90
    assert first.quality == 0.9
    whole = estimate(case, quick=True).document["districts"][0]
    true = 8 * 50_000 * 0.6 * 365 / 10_000
    assert whole["surveys"] == 24
    assert 0.4 * true < whole["deaths"]["median"] < 1.6 * true
    assert whole["start"] >= "2017-01-01"


def test_options_and_columns_that_are_missing_are_named_and_nothing_is_made(tmp_path: Path) -> None:
    files = tables(tmp_path)
    alone = CliRunner().invoke(app, ["new", str(tmp_path / "a"), "--from-areas", str(files["surveys"])])
    assert alone.exit_code == 2
    wrong = CliRunner().invoke(app, ["new", str(tmp_path / "a"), "--from-areas", str(files["moves"]),
                                     "--people", str(files["people"])])  # fmt: skip
    assert wrong.exit_code == 1
    assert "m.csv:1: rate: lacks the column rate; it may also be called report_cdr_est" in str(
        wrong.exception
    )
    code, _, said = made(tmp_path, "--window", "2017-13")
    assert code == 1
    assert "--window" in said
    people = write(tmp_path / "p2.csv", "district,pop", [["Elsewhere", 5]])
    other = CliRunner().invoke(app, ["new", str(tmp_path / "a"), "--from-areas", str(files["surveys"]),
                                     "--people", str(people)])  # fmt: skip
    assert other.exit_code == 1
    assert "is no district of" in str(other.exception)
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "south").exists()


@pytest.mark.parametrize(
    ("cells", "tags"),
    [
        (["#adm2+name", "", "#population +f"], True), (["#adm2", "12"], False), (["", ""], False),
        (["# of people", "#adm2"], False), ([None, "#date"], True),
    ],
)  # fmt: skip
def test_a_row_of_tags_has_nothing_but_tags(cells: "list[str | None]", tags: bool) -> None:
    assert is_tags(cells) is tags


def test_rows_of_tags_are_passed_over_in_lists_and_surveys(tmp_path: Path) -> None:
    path = write(
        tmp_path / "lists.csv", "a,b,count", [["#a", "#b", "#affected"], [1, 0, 5], [1, 1, 7], [0, 1, 3]]
    )
    assert sum(read_lists(path, "lists.csv").counts) == 15
    path = write(
        tmp_path / "persons.csv", "household,cluster,sex,age,died,person_days",
        [["#hh", "#loc", "#sex", "#age", "#died", "#days"], [1, 1, 1, 30, 0, 90], [1, 1, 2, 28, 1, 40]],
    )  # fmt: skip
    table = read_survey(path, "persons.csv")
    assert table.frame["line"].to_list() == [3, 4]
    assert table.frame["died"].sum() == 1


def test_areas_of_the_ipc_api_give_the_share_in_phase_3_or_worse(tmp_path: Path) -> None:
    header = (
        "analysis_id,country,area_name,overall_phase,period,estimated_population,p3plus,p3plus_percentage,"
        "analysis_period_start,analysis_period_end"
    )
    path = write(tmp_path / "areas.csv", header, [
        [1, "SO", "Baidoa", 4, "current", 200_000, 90_000, 45, "2017-01-01", "2017-01-31"],
        [1, "SO", "Baidoa", 4, "projected", 200_000, 150_000, 75, "2017-02-01", "2017-06-30"],
        [1, "SO", "Burao", 2, "current", "NA", "NA", "NA", "2017-01-01", "2017-01-31"],
    ])  # fmt: skip
    assert is_phases(tuple(header.split(",")))
    (row,) = read_phases(path, "areas.csv")
    assert (row.place, row.variable, row.value) == ("Baidoa", PHASE_3_PLUS, 0.45)
    assert row.period == Period(date(2017, 1, 1), date(2017, 1, 31))
