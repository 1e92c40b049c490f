"""Impossible figures are errors that name their rows; crises that happened are not."""

from collections.abc import Callable
from pathlib import Path

import pytest

import dearth
from dearth.case.from_downloads import new_from_hmd
from dearth.case.problems import CaseError, Problem
from dearth.case.read import bundled, load
from dearth.case.scaffold import new_case
from dearth.estimate.case_checks import check
from hmd_extracts import hmd_files

Change = Callable[[str], str]


def case_of(folder: Path, change: Change = lambda row: row, more: str = "", by_age: str = "") -> Path:
    """Make the template's case with every row of its evidence changed."""
    made = new_case(folder / "place")
    file = made / "evidence" / "totals.csv"
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *map(change, rows), more]) + "\n")
    if by_age:
        (made / "evidence" / "ages.csv").write_text(
            "year,series,variable,value,unit,source_id,quality,scope,sex,age_from,age_to\n" + by_age
        )
    return made


def replaced(start: str, old: str, new: str) -> Change:
    return lambda row: row.replace(old, new, 1) if row.startswith(start) else row


def for_readers(folder: Path) -> list[Problem]:
    return [problem for problem in check(load(folder)) if problem.audience == "reader"]


def found(folder: Path, severity: str) -> list[Problem]:
    return [problem for problem in check(load(folder)) if problem.severity == severity]


def line_of(folder: Path, start: str) -> int:
    lines = (folder / "evidence" / "totals.csv").read_text().splitlines()
    return next(at for at, text in enumerate(lines, 1) if text.startswith(start))


@pytest.mark.parametrize(
    ("start", "old", "new", "said"),
    [
        ("1903,books,deaths", "4100", "246000", "deaths of 1903 exceed the people: 109,430 on 1902-12-31"),
        ("1903,books,deaths", "4100", "4.100", "the source has 4,100, which agrees"),
        ("1903,books,deaths", "4100", "0", "is 0, while the figures around it are about 2,19"),
        ("1903,books,births", "3100", "0", "is 0, while"),
        ("1901,books,deaths", "persons", "thousand persons", "In the unit 'persons' it would agree"),
        ("1903,books,population", "108430", "108.430", "the source has 108,430, which agrees"),
        ("1903,books,population", "108430", "0", "is 0, while"),
        ("1903,books,population", "108430", "108430000", "times the middle of the figures around it"),
    ],
)
def test_an_impossible_figure_is_an_error_of_its_row(
    tmp_path: Path, start: str, old: str, new: str, said: str
) -> None:
    folder = case_of(tmp_path, replaced(start, old, new))
    (only,) = found(folder, "error")
    assert said in only.message
    assert (only.file, only.line) == ("evidence/totals.csv", line_of(folder, start))
    with pytest.raises(CaseError, match="This cannot be"):
        dearth.load(str(folder)).estimate(quick=True)


def test_neighbours_are_named(tmp_path: Path) -> None:
    folder = case_of(tmp_path, replaced("1903,books,deaths", "4100", "246000"))
    (only,) = found(folder, "error")
    for start in ("1902,books,deaths", "1904,books,deaths"):
        assert f"evidence/totals.csv:{line_of(folder, start)}" in only.message


def test_a_column_of_another_unit_is_one_error(tmp_path: Path) -> None:
    """A German spreadsheet: 45.000 everywhere. The years agree with each other, not with the people."""

    def german(row: str) -> str:
        cells = row.split(",")
        if cells[2] == "deaths":
            cells[3] = f"{cells[3][:-3]}.{cells[3][-3:]}"
        return ",".join(cells)

    (only,) = found(case_of(tmp_path, german), "error")
    assert "per 1000 a year, fewer than in any full register" in only.message
    assert "If the point in the figure separates thousands, the source has 2,210" in only.message
    assert "12 more row(s)" in only.message


@pytest.mark.parametrize(("times", "severity"), [(222, "error"), (1.1, "warning"), (0.5, "warning"), (1, "")])
def test_ages_are_compared_with_the_total(tmp_path: Path, times: float, severity: str) -> None:
    groups = [(0, 4, 900), (5, 59, 600), (60, "", 700)]  # 2,200 deaths of 1901
    rows = [
        f"1901,books,deaths_by_age,{n * times / 2},persons,made_up,official,,{sex},{a},{b}\n"
        for sex in ("male", "female")
        for a, b, n in groups
    ]
    folder = case_of(tmp_path, by_age="".join(rows))
    said = [p for p in check(load(folder)) if "add up to" in p.message]
    assert [p.severity for p in said] == ([severity] if severity else [])
    if severity:
        assert f"{2200 * times:,.0f}" in said[0].message
        assert "2,200 (evidence/totals.csv:" in said[0].message
        assert (said[0].file, said[0].line) == ("evidence/ages.csv", 2)


def test_ages_of_which_some_are_absent_may_be_fewer(tmp_path: Path) -> None:
    rows = "1901,books,deaths_by_age,300,persons,made_up,official,,both,0,0\n"
    assert for_readers(case_of(tmp_path, by_age=rows)) == []
    more = rows.replace("300", "4400")
    assert "add up to 4,400" in found(case_of(tmp_path / "more", by_age=more), "error")[0].message


@pytest.mark.parametrize(
    ("rate", "unit", "severity", "said"),
    [
        ("20.51", "per 1000", "", ""),
        ("20.5", "per 1000", "", ""),
        ("23", "per 1000", "warning", "the deaths over the people give 20.5"),
        ("2051", "per 1000", "unread", "outside the credible 0 to 500"),
        ("205.1", "per 1000", "error", "the deaths over the people give 20.5"),
        ("2051", "per 100,000 a year", "", ""),
        ("205.1", "per 10,000 a day", "unread", "outside the credible"),
        ("0.5617", "per 10,000 a day", "", ""),
        ("0.5617", "per 1000", "error", "In the unit 'per 10,000 a day' it would agree"),
    ],
)
def test_rates_are_compared_with_deaths_over_people(
    tmp_path: Path, rate: str, unit: str, severity: str, said: str
) -> None:
    row = f'1901,books,crude_death_rate,{rate},"{unit}",made_up,estimate,,'
    folder = case_of(tmp_path, more=row)
    if severity == "unread":
        with pytest.raises(CaseError, match=said):
            load(folder)
        return
    problems = for_readers(folder)
    assert [p.severity for p in problems] == ([severity] if severity else [])
    assert not severity or said in problems[0].message
    # a hint stands only where it was tested: ten times the rate is no unit of rates
    assert ("In the unit" in "".join(p.message for p in problems)) is ("In the unit" in said)


@pytest.mark.parametrize(
    ("year", "share", "warned"), [(1901, 2.6 / 8.3, True), (1901, 0.9, False), (1903, 2.6 / 8.3, False)]
)
def test_a_survey_without_dissolved_households(tmp_path: Path, year: int, share: float, warned: bool) -> None:
    """Before a crisis a survey found 2.6 deaths per 1000 where the register had 8.3."""
    rate = f"{20.51 * share:.2f}"
    row = f"{year},survey,crude_death_rate,{rate},per 1000,made_up,estimate,,"
    said = for_readers(case_of(tmp_path, more=row))
    assert [p.severity for p in said] == (["warning"] if warned else [])
    if warned:
        assert f"before the crisis, is {float(rate):.4g} per 1000 a year" in said[0].message
        assert "'Registers of births and deaths' has 20.5" in said[0].message


def test_a_stock_that_its_flows_do_not_lead_to(tmp_path: Path) -> None:
    folder = case_of(tmp_path, replaced("1901,books,population", "108010", "138010"))
    said = [p for p in found(folder, "warning") if "lead to 108,010" in p.message]
    assert said[0].line == line_of(folder, "1901,books,population")
    assert "106,630 at the end of 1900" in said[0].message


def test_a_series_that_nothing_computes_with_is_a_warning(tmp_path: Path) -> None:
    rows = "\n".join(
        f"{year},essay,deaths,{n},persons,made_up,estimate,," for year, n in
        ((1900, 2000), (1901, 2.1), (1902, 2050), (1903, 2010))
    )  # fmt: skip
    folder = case_of(tmp_path, more=rows)
    assert found(folder, "error") == []
    assert any("2.1 persons in 1901" in p.message for p in found(folder, "warning"))


@pytest.mark.parametrize("name", sorted(bundled()))
def test_bundled_cases_are_sound(name: str) -> None:
    problems = check(load(name))
    assert [p for p in problems if p.severity == "error"] == []
    for text in ("add up to", "middle of the figures", "exceed", "per 1000 a year", "lead to"):
        assert not [p for p in problems if text in p.message]


@pytest.mark.parametrize(("times", "people"), [(5, 109430), (6, 2000)])
def test_a_famine_is_no_slip(tmp_path: Path, times: int, people: int) -> None:
    """A crisis year of five or six times the normal deaths is neither refused nor warned of."""

    def famine(row: str) -> str:
        cells = row.split(",")
        scale = people / 109430
        if cells[2] == "deaths" and cells[0] in ("1903", "1904"):
            cells[3] = str(times * 2200)
        if cells[2].startswith("population"):  # who died is gone from the stocks
            registered = {1903: 4100, 1904: 3300}
            cells[3] = str(
                int(cells[3]) - sum(times * 2200 - n for y, n in registered.items() if y <= int(cells[0]))
            )
        cells[3] = f"{float(cells[3]) * scale:.0f}"
        return ",".join(cells)

    problems = for_readers(case_of(tmp_path, famine))
    assert problems == []


@pytest.mark.parametrize(
    ("country", "window"),
    [("sweden", "1772-1773"), ("finland", "1918"), ("denmark", "1853"), ("norway", "1868")],
)
def test_registers_of_real_crises_are_sound(tmp_path: Path, country: str, window: str) -> None:
    made = new_from_hmd(tmp_path / country, hmd_files(country, tmp_path / "in"), window, all_ages=True)
    problems = check(load(made))
    assert [p for p in problems if p.severity == "error"] == []
    for text in ("add up to", "middle of the figures", "exceed", "per 1000 a year", "is 0, while"):
        assert not [p for p in problems if text in p.message]
