"""Two censuses as a case: file, mistakes, JSON, terminal, report, checks of reported ages."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from conftest import SHARED, write_case
from dearth.case.problems import CaseError, Problem
from dearth.case.read import load
from dearth.case.two_censuses_file import CensusTable, read_two_censuses
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import Estimates, estimate
from dearth.estimate.two_censuses import TwoCensusResult
from dearth.show.charts import chart_csv, charts
from dearth.show.report import render_report

HEADER = ["location", "pop1", "pop2", "deaths", "migrants", "age_start", "sex", "date1", "date2"]
DATES = ("2001-10-10", "2007-02-15")
AGES = list(range(0, 90, 5))


def table(sexes: tuple[str, ...] = ("male", "female"), migrants: bool = True) -> list[dict[str, object]]:
    """Rows of a stable population: three quarters of the deaths are registered."""
    years = 5.35
    single = np.arange(110)
    hazard = 0.02 * np.exp(-single) + 0.001 + 0.0001 * np.exp(0.09 * single)
    alive = 1e5 * np.exp(-0.02 * single - np.cumsum(hazard) + hazard / 2)
    groups = [slice(age, age + 5) for age in AGES[:-1]] + [slice(85, None)]
    return [
        {
            "location": "Anywhere", "sex": sex, "age_start": age, "date1": DATES[0], "date2": DATES[1],
            "pop1": alive[at].sum(), "pop2": alive[at].sum() * np.exp(0.02 * years),
            "deaths": 0.75 * years * np.exp(0.01 * years) * (alive * hazard)[at].sum(),
            **({"migrants": 10.0 if age == 25 else 0.0} if migrants else {}),
        }
        for sex in sexes for age, at in zip(AGES, groups, strict=True)
    ]  # fmt: skip


def written(folder: Path, made: list[dict[str, object]], name: str = "censuses.csv") -> Path:
    text = io.StringIO()
    columns = [column for column in HEADER if column in made[0]]
    out = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    out.writeheader()
    out.writerows(made)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(folder: Path, made: list[dict[str, object]]) -> tuple[tuple[CensusTable, ...], list[Problem]]:
    notices: list[Problem] = []
    return read_two_censuses(written(folder, made), "censuses.csv", None, notices), notices


def new(folder: Path, file: Path, *more: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["new", str(folder / "made"), "--from-censuses", str(file), *more])
    return found.exit_code, found.output + str(found.exception or "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Estimates:
    folder = tmp_path_factory.mktemp("two_censuses")
    status, text = new(folder, written(folder, table()))
    assert status == 0, text
    return estimate(load(folder / "made"))


def test_the_columns_of_the_worked_example_are_read_without_a_map(tmp_path: Path) -> None:
    file = SHARED / "evidence/live/completeness/south_africa_males_2001_2007.csv"
    if not file.is_file():
        pytest.skip("the worked example of the IUSSP Tools is not beside the checkout")
    assert new(tmp_path, file)[0] == 0
    case = load(tmp_path / "made")
    assert check(case) == []
    document = estimate(case).document
    found = {
        (row["method"], row["migration"]): row["completeness"]["median"] for row in document["completeness"]
    }
    assert found["growth_balance", True] == pytest.approx(0.906, abs=0.0005)
    assert found["growth_balance", False] == pytest.approx(0.934, abs=0.0005)
    assert found["extinct_generations", True] == pytest.approx(1.03, abs=0.005)
    assert "between 91 % and 109 %" in document["answer"][0]
    assert "err by about 20 %" in document["answer"][0]
    assert any("completeness above 100 %" in text for text in document["warnings"])


def test_every_method_stands_in_the_document_with_its_spread(made: Estimates) -> None:
    found = made.document["completeness"]
    assert len(found) == 2 * 4 * 2
    first = found[0]
    assert (first["method"], first["sex"], first["migration"]) == ("growth_balance", "male", True)
    assert (first["start"], first["end"], first["ages"]) == (*DATES, [5, 80])
    assert first["completeness"]["level"] is None
    assert first["completeness"]["low"] <= first["completeness"]["median"] <= first["completeness"]["high"]
    assert "no probability" in first["low_high"]
    medians = [row["completeness"]["median"] for row in found if row["sex"] == "male"]
    assert first["spread"] == {"low": min(medians), "high": max(medians)}
    assert medians == pytest.approx([0.75] * 8, rel=0.05)
    json.dumps(found, allow_nan=False)
    works = {work["key"] for work in made.document["works"]}
    assert works >= {"hill1987", "bennett_horiuchi1981", "hill_you_choi2009", "moultrie2013", "murray2010"}


def test_deaths_of_a_mean_year_give_the_same(made: Estimates, tmp_path: Path) -> None:
    yearly = [
        {**row, "deaths": float(str(row["deaths"])) / (1954 / 365.25), "migrants": 0.0} for row in table()
    ]
    new(tmp_path, written(tmp_path, yearly))
    path = tmp_path / "made" / "case.yaml"
    path.write_text(path.read_text().replace("deaths_cover: interval", "deaths_cover: year"))
    found = estimate(load(tmp_path / "made")).document["completeness"]
    same = [row["completeness"]["median"] for row in made.document["completeness"] if not row["migration"]]
    assert [row["completeness"]["median"] for row in found] == pytest.approx(same)


def test_without_migrants_the_result_says_what_that_means(tmp_path: Path) -> None:
    new(tmp_path, written(tmp_path, table(migrants=False)))
    found = estimate(load(tmp_path / "made"))
    assert {row["migration"] for row in found.document["completeness"]} == {False}
    assert any("no net migrants" in text for text in found.warnings)
    assert any("nobody came or left" in text for text in found.assumptions)


def test_ages_are_joined_to_five_year_groups(tmp_path: Path) -> None:
    plain, _ = read(tmp_path, table(("male",)))
    first = table(("male",))
    infants = {
        **first[0],
        **{c: 0.2 * float(str(first[0][c])) for c in ("pop1", "pop2", "deaths", "migrants")},
    }
    older = {**first[0], "age_start": 1, "pop1": 0.8 * float(str(first[0]["pop1"]))}
    older |= {c: 0.8 * float(str(first[0][c])) for c in ("pop2", "deaths", "migrants")}
    (joined,), notices = read(tmp_path, [infants, older, *first[1:]])
    assert joined.ages == tuple(AGES)
    assert joined.first == pytest.approx(plain[0].first)
    assert notices == []


def test_unknown_ages_are_spread_and_said(tmp_path: Path) -> None:
    (plain,), _ = read(tmp_path, table(("male",)))
    lost = {**table(("male",))[0], "age_start": "unknown", "pop1": 0, "pop2": 0, "migrants": 0}
    lost["deaths"] = 0.1 * sum(plain.deaths)
    (found,), notices = read(tmp_path, [*table(("male",)), lost])
    assert found.deaths == pytest.approx([1.1 * value for value in plain.deaths])
    assert found.first == pytest.approx(plain.first)
    assert "unknown age" in notices[0].message


def test_empty_old_groups_are_joined_and_said(tmp_path: Path) -> None:
    rows_ = table(("male",))
    rows_[-1] = {**rows_[-1], "pop1": 0}
    (found,), notices = read(tmp_path, rows_)
    assert found.ages[-1] == 80
    assert "the open age group starts at 80" in notices[0].message


def test_a_spreadsheet_with_decimal_commas_is_read(tmp_path: Path) -> None:
    text = written(tmp_path, table(("male",))).read_text().replace(",", ";").replace(".", ",")
    path = tmp_path / "commas.csv"
    path.write_text(text, encoding="utf-16")
    notices: list[Problem] = []
    (found,) = read_two_censuses(path, "commas.csv", None, notices)
    (plain,), _ = read(tmp_path, table(("male",)))
    assert found.deaths == pytest.approx(plain.deaths)
    assert "semicolons" in notices[0].message


def test_all_mistakes_of_a_file_are_named_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    rows_ = table(("male",))
    rows_[1] = {**rows_[1], "sex": "both"}
    rows_[2] = {**rows_[2], "pop1": -4}
    rows_[3] = {**rows_[3], "date2": "2007"}
    rows_[5] = {**rows_[5], "age_start": 20}
    rows_[6] = {**rows_[6], "deaths": "many"}
    file = written(tmp_path, rows_)
    with pytest.raises(CaseError) as caught:
        read_two_censuses(file, "censuses.csv", None, [])
    found = {(problem.line, problem.field) for problem in caught.value.problems}
    assert found >= {(3, "sex"), (4, "pop1"), (5, "date2"), (7, "age_start"), (8, "deaths")}
    status, text = new(tmp_path, file)
    assert status != 0
    assert "write male or female" in text
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("rows_", "told"),
    [
        ([row for row in table(("male",)) if row["age_start"] != 40], "no row starts at age 40"),
        ([row for row in table(("male",)) if int(str(row["age_start"])) % 10 == 0], "no row starts at age 5"),
        ([{**row, "date2": "1999-01-01"} for row in table(("male",))], "does not come before"),
        ([{**row, "deaths": 0} for row in table(("male",))], "no method can be fitted"),
        ([{k: v for k, v in row.items() if k not in ("date1", "date2")} for row in table(("male",))],
         "give columns date1 and date2"),
    ],
)  # fmt: skip
def test_files_that_allow_no_method_are_refused(
    tmp_path: Path, rows_: list[dict[str, object]], told: str
) -> None:
    with pytest.raises(CaseError, match=told):
        read(tmp_path, rows_)


def test_a_wrong_file_of_a_case_is_named_by_check(tmp_path: Path) -> None:
    new(tmp_path, written(tmp_path, table()))
    path = tmp_path / "made" / "censuses" / "two_censuses.csv"
    path.write_text(path.read_text().replace("female", "women"))
    found = [problem for problem in check(load(tmp_path / "made")) if problem.severity == "error"]
    assert found[0].file == "censuses/two_censuses.csv"
    assert "write male or female" in found[0].message
    case = tmp_path / "made" / "case.yaml"
    case.write_text(case.read_text().replace("[5, 80]", "[5, 8]"))
    with pytest.raises(CaseError, match="two multiples of 5"):
        load(tmp_path / "made")


def test_charts_report_and_terminal_show_every_method(made: Estimates) -> None:
    drawn = {chart.key: chart for chart in charts(made)}
    assert {"two_censuses", "growth_balance", "extinct_generations"} <= set(drawn)
    assert len(drawn["two_censuses"].rows) == 16
    assert len(drawn["growth_balance"].rows) == 2 * 2 * 16
    assert "20 %" in drawn["two_censuses"].caption
    assert "Anywhere, males, 2001-2007" in chart_csv(drawn["extinct_generations"])
    page = render_report(made, interactive=False)
    assert 'id="two_censuses"' in page
    assert "Completeness of death registration from two censuses" in page


def test_the_terminal_prints_all_methods(tmp_path: Path) -> None:
    new(tmp_path, written(tmp_path, table()))
    found = CliRunner().invoke(app, ["estimate", str(tmp_path / "made")], env={"COLUMNS": "160"})
    assert found.exit_code == 0
    for words in (
        "Generalised growth balance",
        "Synthetic extinct generations with delta",
        "over ranges of ages",
    ):
        assert words in found.output


def test_a_method_that_cannot_be_applied_says_why(tmp_path: Path) -> None:
    young = [row for row in table(("male",)) if int(str(row["age_start"])) <= 50]
    new(tmp_path, written(tmp_path, young))
    found = estimate(load(tmp_path / "made"))
    result = next(one for one in found.record_results if isinstance(one, TwoCensusResult))
    refused = {row["method"]: row for row in result.rows if row["refused"]}
    assert set(refused) == {"extinct_generations", "extinct_generations_delta", "balance_then_generations"}
    assert refused["extinct_generations"]["completeness"] is None
    assert any("the open age group starts at 50" in text for text in found.warnings)


def test_check_warns_of_rough_ages_and_of_an_inaccurate_census(tmp_path: Path) -> None:
    heaped = table()
    for at, row in enumerate(heaped):
        if row["sex"] == "male" and int(str(row["age_start"])) % 10 == 0 and 0 < at < 17:
            row["pop2"] = 1.3 * float(str(row["pop2"]))
    new(tmp_path, written(tmp_path, heaped))
    found = [p.message for p in check(load(tmp_path / "made")) if p.severity == "warning"]
    assert [text for text in found if "2007-02-15" in text and "highly inaccurate by age and sex" in text]
    assert not [text for text in found if "2001-10-10" in text]


def test_single_ages_of_a_file_are_checked_for_heaping_and_joined(tmp_path: Path) -> None:
    single = []
    for row in table():
        start, counts = (
            int(str(row["age_start"])),
            {c: float(str(row[c])) for c in ("pop1", "pop2", "deaths")},
        )
        if start == 85:
            single.append(row)
            continue
        for age in range(start, start + 5):
            of_census = 0.6 if age == start else 0.1  # heaped on 0 and 5 at the second census only
            single.append({
                **row, "age_start": age, "pop1": 0.2 * counts["pop1"], "pop2": of_census * counts["pop2"],
                "deaths": 0.2 * counts["deaths"], "migrants": 0.2 * float(str(row["migrants"])),
            })  # fmt: skip
    new(tmp_path, written(tmp_path, single))
    case = load(tmp_path / "made")
    found = [p.message for p in check(case) if "Whipple" in p.message]
    assert len(found) == 2
    assert all("2007-02-15" in text and "very rough" in text for text in found)
    medians = [row["completeness"]["median"] for row in estimate(case).document["completeness"]]
    assert medians == pytest.approx([0.75] * 16, rel=0.05)


def test_check_warns_of_heaped_single_ages_in_the_evidence(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    lines = ["year,series,variable,value,unit,source_id,quality,scope,sex,age_from,age_to"]
    for age in range(95):
        value = 1000 * np.exp(-0.03 * age) * (3 if age % 5 == 0 else 0.5)
        lines.append(
            f"1902,census,population_census_by_age,{value:.1f},persons,s1,official,all,male,{age},{age}"
        )
    (folder / "evidence" / "ages.csv").write_text("\n".join(lines) + "\n")
    found = [p for p in check(load(folder)) if "Whipple" in p.message]
    assert len(found) == 1
    assert found[0].audience == "maker"
    assert "very rough" in found[0].message
    assert "Myers's index is" in found[0].message
