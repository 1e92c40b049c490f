"""Small areas: known worlds, surveys left out, denominators, districts to survey next, files."""

import csv
import json
import shutil
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import validate
from rich.console import Console

from conftest import SHARED
from dearth.case.food_security_phases import PHASE, PHASE_3_PLUS, read_phases
from dearth.case.periods import Period
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.small_area_rows import MovesRow, PeopleRow
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import Estimates, estimate
from dearth.estimate.small_areas.cells import Cells, standardised
from dearth.estimate.small_areas.denominators import people_by_month
from dearth.estimate.small_areas.group_rates import mean_factor, straight
from dearth.estimate.small_areas.left_out import left_out_scores
from dearth.estimate.small_areas.next_surveys import next_surveys
from dearth.estimate.small_areas.rate_model import RateModel, SurveyedRates, fitted_model
from dearth.run import write_districts
from dearth.show.charts.small_areas import small_areas_chart
from dearth.show.report import render_report
from dearth.show.terminal_small_areas import print_small_areas

SOMALIA = SHARED / "evidence" / "somalia_2013_2018"
SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
PLACES = tuple(f"d{at:02}" for at in range(24))
CELLS = Cells(PLACES, (2015, 1), 36)


def world(seed: int, slope: float = 0.4) -> tuple[np.ndarray, np.ndarray, SurveyedRates]:
    """Return a predictor (P, T, 1), true log rates (P, T) and 60 surveys of three months each."""
    rng = np.random.default_rng(seed)
    shape = (len(PLACES), CELLS.count)
    x = rng.standard_normal(shape)
    truth = np.log(0.5) + slope * x + 0.3 * rng.standard_normal((shape[0], 1))
    truth = truth + 0.4 * np.sin(np.arange(36) / 6)
    place, month = rng.integers(0, shape[0], 60), rng.integers(3, 36, 60)
    shares = np.zeros((60, 36))
    for row, at in enumerate(month):
        shares[row, at - 3 : at] = 1 / 3
    error = np.full(60, 0.3)
    seen = np.einsum("nt,nt->n", shares, truth[place]) + error * rng.standard_normal(60)
    return x[..., None], truth, SurveyedRates(seen, error, place, shares, np.zeros((60, 0)))


def chosen(surveys: SurveyedRates, rows: "np.ndarray[Any, Any]") -> SurveyedRates:
    return SurveyedRates(*(getattr(surveys, one.name)[rows] for one in fields(SurveyedRates)))


def test_draws_hold_the_true_rates_of_districts_without_a_survey() -> None:
    inside, widths = [], []
    for seed in range(2):
        x, truth, surveys = world(seed)
        rates = RateModel(CELLS, x, surveys).draws(150, np.random.default_rng(seed)).log_rates
        low, high = np.quantile(rates, [0.025, 0.975], axis=0)
        inside.append(float(((low <= truth) & (truth <= high)).mean()))
        widths.append(float((high - low).mean()))
    assert 0.88 < np.mean(inside) <= 0.995
    assert np.mean(widths) < 2.5


def test_a_useful_predictor_is_found_and_helps_where_a_district_was_left_out() -> None:
    x, _, surveys = world(1)
    known, plain = RateModel(CELLS, x, surveys), RateModel(CELLS, x[..., :0], surveys)
    scores = [left_out_scores(model, "district") for model in (known, plain)]
    assert scores[0].log_density > scores[1].log_density
    assert scores[0].error < scores[1].error
    assert 0.85 < scores[0].covered_95 <= 1


def test_left_out_surveys_are_predicted_as_by_a_model_without_them() -> None:
    """The closed form agrees with a model that is given the other surveys alone."""
    x, _, surveys = world(2)
    keep = np.arange(12)
    few = SurveyedRates(
        *(getattr(surveys, name)[keep] for name in ("log_rate", "error", "place", "shares", "groups"))
    )
    found = left_out_scores(RateModel(CELLS, x, few), "survey")
    errors = []
    for out in range(12):
        rest = np.delete(keep, out)
        other = RateModel(CELLS, x, chosen(few, rest))
        means = []
        for sds, inverse in zip(other.grid, other.inverses, strict=True):
            cross = few.shares[out] @ other._cross(sds).reshape(24, 36, -1)[few.place[out]]
            means.append(float(cross @ inverse @ other.residual))
        errors.append(few.log_rate[out] - float(other.weights @ np.array(means)))
    assert found.error == pytest.approx(float(np.sqrt(np.mean(np.square(errors)))), rel=1e-6)


def test_predictors_are_averaged_over_months_and_missing_cells_have_the_mean() -> None:
    cells = Cells(("a", "b"), (2015, 1), 3)
    rows = {"rain": {(0, month): float(month) for month in range(-1, 3)} | {(1, 0): 5.0}}
    found = standardised(cells, rows, {"rain": 1})
    raw = np.array([[-0.5, 0.5, 1.5], [5.0, 5.0, np.nan]])
    expected = (raw - np.nanmean(raw)) / np.nanstd(raw)
    assert found.values[..., 0] == pytest.approx(np.nan_to_num(expected))
    assert found.missing.tolist() == [pytest.approx(1 / 6)]


def month(text: str) -> Period:
    start = date.fromisoformat(f"{text}-01")
    return Period(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def test_people_move_with_arrivals_and_departures_and_rivals_need_every_district() -> None:
    cells = Cells(("a", "b"), (2015, 1), 4)
    rows = [
        PeopleRow("a", date(2015, 2, 1), 1000, "one", 2), PeopleRow("b", date(2015, 1, 1), 500, "one", 3),
        PeopleRow("b", date(2015, 4, 1), 800, "one", 4), PeopleRow("a", date(2015, 1, 1), 900, "two", 5),
    ]  # fmt: skip
    moved = [MovesRow("a", month("2015-03"), 50, 10, 2), MovesRow("a", month("2015-02"), 0, 100, 3)]
    people, refused = people_by_month(cells, rows, moved, "people.csv")
    assert people["one"].whole[0].tolist() == pytest.approx([1100, 1000, 1040, 1040])
    assert people["one"].whole[1].tolist() == pytest.approx([500, 600, 700, 800])
    assert refused == ["the population 'two' lacks 1 district (b): no total by it"]
    with pytest.raises(CaseError, match=r"people.csv:2: population: 'a' has fewer than 0 people in 2015-03"):
        people_by_month(cells, rows, [MovesRow("a", month("2015-03"), 0, 5000, 2)], "people.csv")


def test_groups_have_counts_of_their_own_within_their_district() -> None:
    cells = Cells(("a", "b"), (2015, 1), 2)
    day = date(2015, 1, 1)
    rows = [
        PeopleRow("a", day, 1000, "one", 2), PeopleRow("b", day, 500, "one", 3),
        PeopleRow("a", day, 200, "one", 4, "displaced"), PeopleRow("a", day, 2000, "two", 5),
        PeopleRow("b", day, 400, "two", 6),
    ]  # fmt: skip
    moved = [MovesRow("a", month("2015-02"), 100, 0, 2, "displaced")]
    people, _ = people_by_month(cells, rows, moved, "people.csv")
    assert people["one"].whole[0].tolist() == pytest.approx([1000, 1100])
    assert people["one"].groups[..., 0].tolist() == [pytest.approx([200, 300]), [0, 0]]
    assert people["two"].groups[0, :, 0].tolist() == pytest.approx([400, 2100 * 3 / 11])
    wrong = [*rows, PeopleRow("b", day, 501, "one", 7, "camp")]
    with pytest.raises(
        CaseError, match=r"people.csv:3: population: the groups of 'b' have 501 people in 2015-01"
    ):
        people_by_month(cells, wrong, moved, "people.csv")


def grouped_world(
    seed: int, offset: float
) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]", SurveyedRates]:
    """Return shares of a group (P, T, 1), true rates (P, T), and surveys, a third of the group."""
    rng = np.random.default_rng(seed)
    _, truth, plain = world(seed)
    shares = np.repeat(rng.uniform(0, 0.6, (len(PLACES), 1, 1)), CELLS.count, 1)
    own = offset + 0.2 * rng.standard_normal((len(PLACES), 1))
    whole = truth + np.log1p(shares[..., 0] * np.expm1(own))
    asked = np.arange(len(plain.place)) % 3 == 0
    rates = np.where(asked[:, None], truth[plain.place] + own[plain.place], whole[plain.place])
    seen = (plain.shares * rates).sum(1) + plain.error * rng.standard_normal(len(asked))
    groups = np.where(asked[:, None], 1.0, shares[plain.place, 0])
    return shares, np.exp(whole), SurveyedRates(seen, plain.error, plain.place, plain.shares, groups)


def test_surveys_of_a_group_and_of_whole_districts_give_the_rates_of_both() -> None:
    inside, offsets = [], []
    for seed in range(3):
        shares, truth, surveys = grouped_world(seed, 0.8)
        x = world(seed)[0]
        drawn = fitted_model(CELLS, x, surveys).draws(150, np.random.default_rng(seed))
        rates = np.exp(drawn.log_rates) * mean_factor(shares, drawn.offsets)
        low, high = np.quantile(rates, [0.025, 0.975], axis=0)
        inside.append(float(((low <= truth) & (truth <= high)).mean()))
        offsets.append(float(drawn.offsets.mean()))
    assert 0.88 < np.mean(inside) <= 0.999
    assert np.mean(offsets) == pytest.approx(0.8, abs=0.2)


def test_the_straight_line_of_groups_is_exact_at_its_offsets() -> None:
    shares, offsets = np.array([[0.3, 0.2], [1.0, 0.0]]), np.array([[0.9, -0.4], [0.5, 0.1]])
    terms = straight(shares, offsets)
    found = terms.constant + (terms.slopes * offsets).sum(1)
    assert found == pytest.approx(np.log(1 + (shares * np.expm1(offsets)).sum(1)))
    step = np.array([[1e-6, 0.0], [0.0, 0.0]])
    moved = np.log(1 + (shares * np.expm1(offsets + step)).sum(1))
    assert (moved - found)[0] / 1e-6 == pytest.approx(terms.slopes[0, 0], rel=1e-4)


def test_the_next_survey_is_the_one_that_narrows_most_and_not_its_twin() -> None:
    rng = np.random.default_rng(3)
    big, small = rng.standard_normal((2, 20_000))
    twin = big + 0.01 * rng.standard_normal(20_000)
    rates = np.stack([big, twin, small], 1)
    first, second, third = next_surveys(("big", "twin", "small"), rates, 10 * big + 4 * small, 0.3, 3)
    assert first.place in ("big", "twin")
    assert second.place == "small"
    assert first.sd_before == pytest.approx(np.sqrt(116), rel=0.03)
    assert first.sd_after == pytest.approx(np.sqrt(16 + 100 * 0.09 / 1.09), rel=0.03)
    assert third.sd_after < first.sd_after


def write(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header.split(","))
        out.writerows(rows)


CASE = """\
schema_version: 1
name: areas
title: Made districts
place: Made
window: 2017-01-01/2017-12-31
small_areas:
  all:
    file: areas/surveys.csv
    title: Made districts
    source: assumed
    population: areas/people.csv
    predictors: [areas/rain.csv]
    displacement: areas/moves.csv
    use: {rain: 1}
    normal:
      before: {title: The same months of 2015 and 2016, months: 2015-01-01/2016-12-31}
      given: {title: A usual rate, rate_per_10000_day: 0.4, low: 0.3, high: 0.5}
    next_surveys: 3
"""


@pytest.fixture(scope="module")
def areas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case of 24 districts; the rate of each doubles in 2017."""
    folder = tmp_path_factory.mktemp("areas") / "areas"
    rng = np.random.default_rng(5)
    surveys = []
    for at in range(70):
        end = date(2015, 4, 1) + timedelta(days=int(rng.integers(0, 990)))
        after = min(90, max(0, (end - date(2016, 12, 31)).days)) / 90
        rate = (0.5 + 0.5 * after) * float(np.exp(0.25 * rng.standard_normal()))
        surveys.append([PLACES[at % 24], end - timedelta(days=89), end, f"{rate:.3f}", f"{rate * 0.6:.3f}",
                        f"{rate * 1.6:.3f}", "displaced" if at % 9 == 0 else ""])  # fmt: skip
    write(folder / "areas" / "surveys.csv", "place,start,end,rate,low,high,group", surveys)
    people = [[place, "2016-01-01", 100_000, one] for one in ("census", "rival") for place in PLACES]
    people[-1][2] = 200_000
    write(folder / "areas" / "people.csv", "place,start,population,estimate", people)
    months = [f"{year}-{at:02}" for year in (2015, 2016, 2017) for at in range(1, 13)]
    rain = [
        [place, when, "rain", round(float(rng.standard_normal()), 3)]
        for place in (*PLACES, "elsewhere")
        for when in months
    ]
    write(folder / "areas" / "rain.csv", "place,start,variable,value", rain)
    write(
        folder / "areas" / "moves.csv",
        "place,start,arrivals,departures",
        [[PLACES[0], "2017-01", 12_000, 2_000]],
    )
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "sources.csv").write_text("source_id,author,year,title,where\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(areas: Path) -> Estimates:
    return estimate(load(areas), quick=True)


def test_the_case_gives_deaths_by_district_and_month_with_what_narrows_them(made: Estimates) -> None:
    document = json.loads(json.dumps(made.document))
    validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    whole, *rows = document["districts"]
    assert len(rows) == 24 * 12
    assert rows[0].keys() >= {"place", "start", "deaths", "p_above_2"}
    true = 24.1e5 * 365 / 1e4  # people, days, rate
    assert whole["place"] is None
    assert whole["deaths"]["low"] < true < whole["deaths"]["high"]
    before, given = whole["totals"][0]["excess"]
    assert before["excess_deaths"]["low"] < true / 2 < before["excess_deaths"]["high"]
    assert given["excess_deaths"]["low"] < true * 0.6 < given["excess_deaths"]["high"]
    census, rival = (one["people"] for one in whole["totals"])
    assert census == pytest.approx(2_410_000, rel=0.002)
    assert rival == pytest.approx(census + 100_000)
    assert rows[0]["people"] == pytest.approx(110_000, rel=0.02)
    assert {(one["what"], one["predictors"]) for one in whole["left_out"]} == {
        (what, with_) for what in ("survey", "district") for with_ in (True, False)
    }
    ends = [one["sd_after"] for one in whole["next_surveys"]]
    assert len(ends) == 3
    assert whole["next_surveys"][0]["sd_before"] > ends[0] > ends[1] > ends[2] > 0


def test_the_answer_names_the_rivals_the_next_surveys_and_says_what_it_is_not(made: Estimates) -> None:
    said = " ".join(made.answer)
    assert "from 70 surveys in 24 of 24 districts" in said
    assert "by 2 rival estimates of the people" in said
    assert "would be expected to take" in said
    assert "Evidence for analysts. Not an IPC classification." in said
    assert "Not answered" not in said
    assert any("1 names of the predictors are no district" in text for text in made.warnings)
    assert any("a survey of a group without people of its own" in text for text in made.assumptions)


def test_displaced_people_have_deaths_and_a_counterfactual_of_their_own(areas: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    shutil.copytree(areas, folder)
    people = [[place, "2016-01-01", 100_000, "census", ""] for place in PLACES]
    people += [[place, "2016-01-01", 30_000, "census", "displaced"] for place in PLACES[:12]]
    write(folder / "areas" / "people.csv", "place,start,population,estimate,group", people)
    surveys = (folder / "areas" / "surveys.csv").read_text().splitlines()
    for at, line in enumerate(surveys):
        if line.endswith(",displaced"):
            start, *figures = line.rsplit(",", 4)
            tripled = [f"{3 * float(one):.3f}" for one in figures[:3]]
            surveys[at] = ",".join([start, *tripled, "displaced"])
    (folder / "areas" / "surveys.csv").write_text("\n".join(surveys) + "\n")
    path = folder / "case.yaml"
    text = path.read_text().replace("2016-12-31}", "2016-12-31, groups: others}")
    own = "  own: {title: Own, months: 2015-01-01/2016-12-31}\n      given:"
    path.write_text(text.replace("  given:", own))
    made = estimate(load(folder), quick=True)
    whole = json.loads(json.dumps(made.document))["districts"][0]
    validate(made.document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    parts = {one["group"]: one for one in whole["groups"] if one["place"] is None}
    ratio = (
        parts["displaced"]["rate_per_10000_day"]["median"] / parts["others"]["rate_per_10000_day"]["median"]
    )
    assert 1.6 < ratio < 3.4
    assert parts["displaced"]["people"] == pytest.approx(360_000)
    assert sum(one["deaths"]["median"] for one in parts.values()) == pytest.approx(
        whole["deaths"]["median"], rel=0.03)  # fmt: skip
    excess = {one["normal"]: one["excess_deaths"]["median"] for one in whole["totals"][0]["excess"]}
    assert excess["before"] > excess["own"] * 1.1
    assert len([one for one in whole["groups"] if one["group"] == "displaced"]) == 13
    assert any(text.startswith("By group") for text in made.answer)
    console = Console(record=True, width=150)
    print_small_areas(console, made)
    assert "groups within the districts" in console.export_text()
    write_districts(made, tmp_path)
    with (tmp_path / "districts_groups.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["place"], rows[0]["group"]) == ("", "others")
    deaths = parts["displaced"]["deaths"]["median"]
    (of_all,) = [one for one in rows if not one["place"] and one["group"] == "displaced"]
    assert float(of_all["deaths"]) == pytest.approx(deaths, abs=0.06)


def test_mistakes_of_all_files_are_named_at_once(areas: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    shutil.copytree(areas, folder)
    for name, old, new in (
        ("surveys", f"{PLACES[3]},", "D 03,"), ("people", "100000", "-5"), ("rain", "rain,", "rain,x"),
        ("moves", "2017-01", "2017-13"),
    ):  # fmt: skip
        path = folder / "areas" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = [one for one in check(load(folder)) if one.severity == "error"]
    assert {(one.file, one.line) for one in found} >= {
        ("areas/people.csv", 2), ("areas/rain.csv", 2), ("areas/moves.csv", 2), ("areas/surveys.csv", 5),
    }  # fmt: skip
    (folder / "areas" / "rain.csv").unlink()
    with pytest.raises(CaseError, match=r"small_areas.all.predictors.0: 'areas/rain.csv' is not a file"):
        load(folder)


def test_normal_months_cover_the_calendar_and_surveys_say_their_error(areas: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    shutil.copytree(areas, folder)
    path = folder / "case.yaml"
    path.write_text(path.read_text().replace("2015-01-01/2016-12-31", "2015-01-01/2015-06-30"))
    (wrong,) = [one for one in check(load(folder)) if one.severity == "error"]
    assert "the normal months lack the calendar months 7, 8, 9, 10, 11, 12" in wrong.message
    assert (wrong.field, wrong.line is not None) == ("small_areas.all.normal.before.months", True)
    write(folder / "areas" / "surveys.csv", "place,start,end,rate",
          [[PLACES[0], "2017-01-01", "2017-03-01", "0.5"]])  # fmt: skip
    assert any("needs low and high above 0, or deaths" in one.message for one in check(load(folder)))


def test_phases_of_hdx_and_fews_net_are_predictors(tmp_path: Path) -> None:
    hdx = tmp_path / "hdx.csv"
    header = (
        "location_code,admin1_name,admin2_name,ipc_phase,ipc_type,population_in_phase,"
        "population_fraction_in_phase,reference_period_start,reference_period_end"
    )
    write(hdx, header, [
        ["#country+code", *["#tag"] * 8],
        ["SOM", "Bay", "Baydhaba", "3+", "current", 1000, 0.35, "2017-01-01 00:00:00", "2017-01-31 23:59:59"],
        ["SOM", "Bay", "Baydhaba", "3+", "first projection", 1, 0.9, "2017-02-01", "2017-06-30"],
        ["SOM", "Bay", "Baydhaba", "3", "current", 1, 0.2, "2017-01-01", "2017-01-31"],
        ["SOM", "Gedo", "", "3+", "current", 1, 0.5, "2017-01-01", "2017-01-31"],
    ])  # fmt: skip
    found = read_phases(hdx, "hdx.csv")
    assert [(one.place, one.variable, one.value) for one in found] == [
        ("Baydhaba", PHASE_3_PLUS, 0.35), ("Gedo", PHASE_3_PLUS, 0.5),
    ]  # fmt: skip
    assert found[0].period == Period(date(2017, 1, 1), date(2017, 1, 31))
    fews = tmp_path / "fews.csv"
    header = "country,fewsnet_region,geographic_unit_name,scenario,projection_start,projection_end,value"
    write(fews, header, [
        ["Somalia", "East Africa", "Baydhaba", "CS", "2017-02-01", "2017-02-28", "4.0"],
        ["Somalia", "East Africa", "Baydhaba", "ML1", "2017-02-01", "2017-05-31", "5.0"],
        ["Somalia", "East Africa", "A park", "CS", "2017-02-01", "2017-02-28", "88.0"],
    ])  # fmt: skip
    assert [(one.place, one.variable, one.value) for one in read_phases(fews, "f")] == [
        ("Baydhaba", PHASE, 4.0)
    ]


USED = ("rainfall", "ndvi", "water_price", "tot_goat_cereal", "sam_admissions", "measles_cases", "awd_cases")
SOMALI_CASE = """\
schema_version: 1
name: somalia
title: Somalia
place: Somalia
window: 2017-01-01/2018-12-31
small_areas:
  all:
    file: s.csv
    title: Somalia
    source: assumed
    population: p.csv
    predictors: [x.csv]
    use: {USE}
    normal:
      before: {title: 2014 and 2015, months: 2014-01-01/2015-12-31}
"""


def somali_case(folder: Path) -> Path:
    """Write the Somali evidence as a case: 84 surveys of districts, seven predictors, rival denominators."""

    def read(name: str) -> list[dict[str, str]]:
        with (SOMALIA / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    people = read("population_alternatives.csv")
    known = {row["district"] for row in people if row["estimate"] == "pop_unpess"}
    surveys = []
    for row in read("surveys.csv"):
        low = float(row["report_cdr_lci"] or 0)
        if row["exclude"] != "N" or row["district"] not in known or not low:
            continue  # other sampling frames; districts spelt otherwise; without an interval
        end = date(int(row["year_survey"]), int(row["month_start"]), 15)
        start = end - timedelta(days=int(float(row["recall_days"] or 90)) - 1)
        surveys.append([row["district"], start, end, row["report_cdr_est"], low, row["report_cdr_uci"],
                        row["livelihood_survey_pop"]])  # fmt: skip
    write(folder / "s.csv", "place,start,end,rate,low,high,group", surveys)
    write(folder / "p.csv", "place,start,population,estimate",
          [[row["district"], "2017-01-01", row["pop"], row["estimate"]] for row in people
           if row["district"] in known])  # fmt: skip
    write(folder / "x.csv", "place,start,variable,value",
          [[row["district"], f"{row['year']}-{int(row['month']):02}", row["variable"], row["value"]]
           for row in read("predictors_district_month.csv") if row["variable"] in USED])  # fmt: skip
    use = ", ".join(f"{name}: 2" for name in USED)
    (folder / "case.yaml").write_text(SOMALI_CASE.replace("USE", use), encoding="utf-8")
    (folder / "sources.csv").write_text("source_id,author,year,title,where\n", encoding="utf-8")
    return folder


@pytest.mark.skipif(not SOMALIA.exists(), reason="the Somali evidence is absent")
def test_somalia_2017_has_the_published_order_of_magnitude(tmp_path: Path) -> None:
    """44,700 to 163,800 excess deaths are published (warsame2023); nothing here is fitted to them."""
    made = estimate(load(somali_case(tmp_path / "somalia")), quick=True)
    whole = made.document["districts"][0]
    assert whole["surveys"] >= 80
    for total in whole["totals"]:
        excess = total["excess"][0]["excess_deaths"]
        assert 44_700 / 2 < excess["median"] < 163_800
        assert excess["low"] < 44_700 < excess["high"]
    scores = {(one["what"], one["predictors"]): one for one in whole["left_out"]}
    assert 0.9 <= scores["survey", True]["covered_95"] <= 1
    assert 0.9 <= scores["district", True]["covered_95"] <= 1
    assert len(whole["next_surveys"]) == 10
    assert any("lacks" in text and "pop_epi_2018" in text for text in made.warnings)


def test_terminal_chart_report_and_files_show_the_districts(made: Estimates, tmp_path: Path) -> None:
    console = Console(record=True, width=150)
    print_small_areas(console, made)
    shown = console.export_text()
    assert "districts to survey next, in this order" in shown
    assert "d00" in shown
    chart = small_areas_chart(made)
    assert chart is not None
    assert len(chart.rows) == 24
    page = render_report(made, interactive=False)
    assert "Deaths by district" in page
    write_districts(made, tmp_path)
    with (tmp_path / "districts_hdx.csv").open(encoding="utf-8", newline="") as file:
        hdx = list(csv.DictReader(file))
    assert len(hdx) == 24 * 12
    assert hdx[0]["reference_period_start"] == "2017-01-01"
    assert hdx[0]["admin2_name"] == "d00"
    row = made.document["districts"][1]
    assert float(hdx[0]["deaths"]) == pytest.approx(row["deaths"]["median"], abs=0.06)
    assert hdx[0]["note"] == "Evidence for analysts. Not an IPC classification."
    header = (tmp_path / "districts_fewsnet.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header.startswith("geographic_unit_name,projection_start,projection_end,")
