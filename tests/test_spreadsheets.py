"""Files that spreadsheets save: read where only one reading is possible, said so; else refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CASE, rows, write_case
from dearth.case.number_format import read_numbers
from dearth.case.problems import CaseError
from dearth.case.read import Case, load
from dearth.estimate.baselines import parse_baseline
from dearth.estimate.case_checks import check
from dearth.estimate.completeness import parse_option
from dearth.numerics.plain_float import plain_float

TEXT = "\n".join(rows()) + "\n"


def german(text: str) -> str:
    """Return a file of points and commas as a spreadsheet in German saves it."""
    lines = []
    for line in text.splitlines():
        cells = line.split(",")
        if cells[3].isdigit():
            cells[3] = f"{int(cells[3]):,}.5".translate(str.maketrans(",.", ".,"))
        lines.append(";".join(cells))
    return "\n".join(lines) + "\n"


def case_of(folder: Path, data: bytes) -> Path:
    made = write_case(folder / "c", CASE)
    (made / "evidence" / "books.csv").write_bytes(data)
    return made


def notice(case: Case) -> str:
    (only,) = case.notices
    assert only in check(case)
    assert (only.file, only.severity) == ("evidence/books.csv", "warning")
    return only.message


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda text: text.replace(",", ";").encode(), "fields separated by semicolons"),
        (lambda text: text.replace(",", "\t").encode(), "fields separated by tabs"),
        (lambda text: ("sep=;\n" + text.replace(",", ";")).encode(), "fields separated by semicolons"),
        (lambda text: text.encode("utf-16"), "encoding UTF-16"),
        (lambda text: text.encode("utf-16-le"), "encoding UTF-16"),
        (
            lambda text: text.replace("10200", "１０２００").encode(),
            "'１０２００' in line 3 is 10200",
        ),
        (lambda text: text.replace("10200", "١٠٢٠٠").encode(), "'١٠٢٠٠' in line 3 is 10200; 1 cell"),
        (lambda text: text.replace("1901,", "१९०१,").encode(), "'१९०१' in line 3 is 1901; 3 cell"),
        (lambda text: text.replace("10200", "10 200").encode(), "'10 200' in line 3 is 10200"),
        (lambda text: text.replace("10200", "10\u202f200").encode(), "'10 200' in line 3 is 10200"),
        (lambda text: text.replace("10200", "10'200").encode(), "\"'10'200' in line 3 is 10200".strip('"')),
        (lambda text: text.replace("10200", '"0,010200e6"').encode(), "is 0.010200e6"),
    ],
)
def test_one_reading_is_read_and_said(tmp_path: Path, write: Callable[[str], bytes], said: str) -> None:
    case = load(case_of(tmp_path, write(TEXT)))
    assert said in notice(case)
    plain = load(write_case(tmp_path / "plain", CASE))
    figures = [(row.year, row.variable, row.base) for row in case.evidence]
    assert figures == [(row.year, row.variable, row.base) for row in plain.evidence]


def test_a_german_spreadsheet(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, german(TEXT).encode("utf-16")))
    text = notice(case)
    for said in ("semicolons", "UTF-16", "'10.000,5' in line 2 is 10000.5"):
        assert said in text
    assert case.evidence.series("books/population_yearend_total").by_year[1901] == 10200.5


def test_notes_in_windows_letters_are_read(tmp_path: Path) -> None:
    head, *lines = TEXT.splitlines()
    text = "\n".join([head + ",note", *(line + ",Kirchenbücher" for line in lines)]) + "\n"
    case = load(case_of(tmp_path, text.encode("cp1252")))
    assert "encoding Windows-1252" in notice(case)
    assert next(iter(case.evidence)).note == "Kirchenbücher"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda text: text.replace("s1", "ä1").encode("cp1252"), "books.csv:2: source_id: 'ä1' is not UTF-8"),
        (lambda text: text.encode("utf-16")[:-1], "is cut off or damaged"),
        (lambda text: text.replace(",", ";").replace("10200", "10.200").encode(),
         "books.csv:3: value: '10.200' is 10.200 in one language and 10200 in another"),
        (lambda text: text.replace(",", ";").replace("10200", "10,200").encode(),
         "books.csv:3: value: '10,200' is 10200 in one language and 10.200 in another"),
        (lambda text: text.replace("10200", '"10,200"').encode(), "is 10200 in one language and 10.200 in"),
        # two conventions in one file
        (lambda text: text.replace("10200", '"10200,5"').replace("10400", "10400.5").encode(),
         "books.csv:3: value: '10200,5' has a decimal comma; write 10200.5"),
        (lambda text: text.replace("10200", "１０２00²").encode(), "is not a number"),
    ],
)  # fmt: skip
def test_two_readings_are_refused_with_the_line(
    tmp_path: Path, write: Callable[[str], bytes], said: str
) -> None:
    with pytest.raises(CaseError) as caught:
        load(case_of(tmp_path, write(TEXT)))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "plain", "ambiguous"),
    [
        (["1.234,5", "45.000"], {"1.234,5": "1234.5", "45.000": "45000"}, set()),
        (["12,5", "1,234"], {"12,5": "12.5", "1,234": "1.234"}, set()),
        (["1,234,567", "1,234"], {"1,234,567": "1234567", "1,234": "1234"}, set()),
        (["12.5", "45.000"], {}, set()),
        (["45.000", "7"], {}, {"45.000"}),
        (["1,234", "0,234"], {"1,234": "1.234", "0,234": "0.234"}, set()),
        (["1.234.567", "1.234"], {"1.234.567": "1234567", "1.234": "1234"}, set()),
        (["12,5", "12.5"], {}, set()),
    ],
)
def test_conventions(texts: list[str], plain: dict[str, str], ambiguous: set[str]) -> None:
    found = read_numbers(texts, spreadsheet=True)
    assert dict(found.plain) == plain
    assert set(found.ambiguous) == ambiguous


def test_plain_figures_are_read_as_the_format_says() -> None:
    found = read_numbers(["45.000", "1e3", "-7.25", "+3"], spreadsheet=False)
    assert (dict(found.plain), dict(found.ambiguous)) == ({}, {})


@pytest.mark.parametrize("age", ["old", "1-4", "²", "1.5", "999"])
def test_ages_are_whole_years(tmp_path: Path, age: str) -> None:
    head = rows()[0] + ",sex,age_from,age_to"
    lines = [head, *(row + ",,," for row in rows()[1:])]
    lines.append(f"1901,books,deaths_by_age,5,persons,s1,official,,male,{age},")
    with pytest.raises(CaseError, match="is not an age in whole years"):
        load(write_case(tmp_path / "c", CASE, lines))


def test_a_point_before_three_digits_of_persons_is_said(tmp_path: Path) -> None:
    """A single census has no other figures that would tell 45.000 from 45000."""
    row = "1901,count,population_census_total,45.000,persons,s1,official,all"
    case = load(write_case(tmp_path / "c", CASE, [*rows(), row]))
    text = notice(case)
    assert "'45.000' persons is read as 45. If the point separates thousands, write 45000" in text
    decimal = load(write_case(tmp_path / "d", CASE, [*rows(), row.replace("45.000", "45.5")]))
    assert decimal.notices == ()


@pytest.mark.parametrize("text", ["０.８", "٠.٨", "1_0"])
def test_typed_numbers_have_the_digits_0_to_9(text: str) -> None:
    for read in (lambda: parse_baseline(f"constant:{text}"), lambda: parse_option(text, {})):
        with pytest.raises(CaseError):
            read()
    with pytest.raises(ValueError, match="digits 0 to 9"):
        plain_float(text)


@pytest.mark.parametrize("text", ["0.8", ".8", "8e-1", "+0.80", 0.8])
def test_typed_numbers(text: str | float) -> None:
    assert plain_float(text) == 0.8
