"""Workbooks: a sheet is read as its CSV would be; one that is no table is refused with its cells."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

pytest.importorskip("openpyxl")
pytest.importorskip("polars")
pytest.importorskip("svy")

import openpyxl

from dearth.case.dated_layouts import read_dated
from dearth.case.indirect_file import read_answers
from dearth.case.lists_file import read_lists
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.surveys.read import read_survey
from dearth.case.workbook import read_sheet
from dearth.checks import problems
from dearth.cli import app
from dearth.estimate.estimates import estimate

PERSONS = """\
household,cluster,sex,age,died,person_days
1,1,1,30,0,90
1,1,2,3,1,40.5
2,2,2,50,0,90
3,3,1,20,0,90
"""
LISTS = "police,clinic,church,count\n1,0,0,90\n0,1,0,80\n0,0,1,70\n1,1,0,30\n1,0,1,25\n0,1,1,20\n1,1,1,15\n"
Change = Callable[[Any], None]


def cell(text: str) -> Any:
    """Return a cell as a program would store it: a number, or text."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text or None


def book(path: Path, text: str, change: Change = lambda sheet: None, **more: str) -> Path:
    """Write the rows of a CSV as the first sheet of a workbook, changed, and further sheets by title."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Data"
    for row in csv.reader(io.StringIO(text)):
        sheet.append([cell(one) for one in row])
    for title, content in more.items():
        other = made.create_sheet(title)
        for row in csv.reader(io.StringIO(content)):
            other.append([cell(one) for one in row])
    change(sheet)
    made.save(path)
    return path


def test_a_sheet_gives_the_table_that_its_csv_gives(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(PERSONS, encoding="utf-8")
    (tmp_path / "l.csv").write_text(LISTS, encoding="utf-8")
    plain = read_survey(tmp_path / "p.csv", "p.csv")
    found = read_survey(book(tmp_path / "p.xlsx", PERSONS), "p.xlsx")
    assert found.frame.equals(plain.frame)
    lists = read_lists(book(tmp_path / "l.xlsx", LISTS), "l.xlsx")
    assert lists == read_lists(tmp_path / "l.csv", "l.csv")


def test_cells_become_text_that_the_readers_understand() -> None:
    made = openpyxl.Workbook()
    made.active.append(["a", "b", "c", "d", "e", 2015])
    made.active.append(
        [datetime(2017, 2, 1), datetime(2017, 2, 1, 9, 30), date(2017, 3, 1), True, 0.1, "x\ny"]
    )
    made.active.append([3.0, 12345678.25, None, "", "  ", 'say "no", please'])
    made.active.append([None] * 6)
    made.active["H9"] = "   "
    out = io.BytesIO()
    made.save(out)
    sheet = read_sheet(out.getvalue(), "b.xlsx")
    assert list(csv.reader(io.StringIO(sheet.text))) == [
        ["a", "b", "c", "d", "e", "2015"],
        ["2017-02-01", "2017-02-01 09:30:00", "2017-03-01", "1", "0.1", "x y"],
        ["3", "12345678.25", "", "", "  ", 'say "no", please'],
    ]
    assert (sheet.title, sheet.rows) == ("Sheet", 2)


def test_dates_of_a_sheet_are_days_of_a_survey(tmp_path: Path) -> None:
    text = "household,cluster,sex,age,start_date,end_date,died\n1,1,1,30,x,y,0\n"

    def dated(sheet: Any) -> None:
        sheet["E2"], sheet["F2"] = datetime(2017, 2, 1), datetime(2017, 4, 2)

    table = read_survey(book(tmp_path / "p.xlsx", text, dated), "p.xlsx")
    assert table.frame["end_day"].to_list() == [60]


def test_a_decimal_comma_in_text_is_read_where_it_has_one_meaning(tmp_path: Path) -> None:
    def comma(sheet: Any) -> None:
        sheet["F3"] = "40,5"

    found = read_survey(book(tmp_path / "p.xlsx", PERSONS, comma), "p.xlsx")
    assert found.frame["person_days"].to_list() == [90, 40.5, 90, 90]
    rows = "start,end,deaths\n" + "".join(f"2015-{m:02}-01,2015-{m:02}-28,1000\n" for m in range(1, 13))

    def either(sheet: Any) -> None:
        sheet["C3"] = "1,234"

    with pytest.raises(CaseError, match=r"'1,234' is 1234 in one language and 1\.234 in another"):
        read_dated(book(tmp_path / "d.xlsx", rows, either))


def test_indirect_answers_and_dated_deaths_come_from_sheets(tmp_path: Path) -> None:
    text = "age_start,women,children_born,children_dead\n" + "".join(
        f"{15 + 5 * k},1000,{400 + 700 * k},{40 + 90 * k}\n" for k in range(7)
    )
    found = read_answers(book(tmp_path / "a.xlsx", text), "a.xlsx", "children", [])
    assert found["women"].tolist() == [1000.0] * 7
    rows = "start,end,deaths\n" + "".join(f"2015-{m:02}-01,2015-{m:02}-28,{m}\n" for m in range(1, 13))
    assert [one.deaths for one in read_dated(book(tmp_path / "d.xlsx", rows)).counts] == list(range(1, 13))


def merged(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"], sheet["C1"] = "place", "person"
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:F1")


def body(sheet: Any) -> None:
    sheet.merge_cells("B2:B3")


def title(sheet: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Survey of the north"


def broken(sheet: Any) -> None:
    sheet["D4"], sheet["F4"] = "#REF!", "#N/A"


def formula(sheet: Any) -> None:
    sheet["D2"] = "=2020-1990"


def nameless(sheet: Any) -> None:
    sheet["E1"] = None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (merged, r"p\.xlsx, sheet 'Data':1: has merged cells in the header: A1:B1, C1:F1; write one row"),
        (body, r"has merged cells in the rows: B2:B3; take them apart"),
        (title, r"the first row holds a title \('Survey of the north'\) .*; remove rows 1 to 2"),
        (broken, r"has cells with an error: D4 \(#REF!\), F4 \(#N/A\)"),
        (formula, r"has formulas without a stored value: D2; open and save the file"),
        (nameless, r"the columns E have cells and no name"),
    ],
)
def test_a_sheet_that_is_no_table_is_refused_with_its_cells(
    change: Change, said: str, tmp_path: Path
) -> None:
    with pytest.raises(CaseError, match=said):
        read_survey(book(tmp_path / "p.xlsx", PERSONS, change), "p.xlsx")


def test_a_row_of_a_sheet_is_named_as_the_user_sees_it(tmp_path: Path) -> None:
    def wrong(sheet: Any) -> None:
        sheet["E4"] = "maybe\nnot"

    with pytest.raises(CaseError) as raised:
        read_survey(book(tmp_path / "p.xlsx", PERSONS, wrong), "p.xlsx")
    assert {one.line for one in raised.value.problems if one.field == "died"} == {4}


def test_other_files_are_refused_with_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "p.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(60))
    with pytest.raises(CaseError, match="an old workbook"):
        read_survey(old, "p.xls")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("content.xml", "x")
    with pytest.raises(CaseError, match="a workbook of another kind"):
        read_sheet(packed.getvalue(), "p.ods")
    with pytest.raises(CaseError, match="broken workbook"):
        read_sheet(b"PK\x03\x04" + bytes(40), "p.xlsx")
    with pytest.raises(CaseError, match="no visible sheet"):
        read_survey(book(tmp_path / "e.xlsx", ""), "e.xlsx")


def test_new_takes_the_sheet_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book(tmp_path / "kobo.xlsx", "a,b\n1,2\n", members=PERSONS)
    several = CliRunner().invoke(app, ["new", "north", "--from-survey", "kobo.xlsx"])
    assert several.exit_code == 1
    assert "has 2 sheets, 'Data', 'members'; with dearth new say which one by --sheet" in str(
        several.exception
    )
    absent = CliRunner().invoke(app, ["new", "north", "--from-survey", "kobo.xlsx", "--sheet", "people"])
    assert "has no sheet 'people' (there is: Data, members)" in str(absent.exception)
    made = CliRunner().invoke(app, ["new", "north", "--from-survey", "kobo.xlsx", "--sheet", "members"])
    assert made.exit_code == 0, made.output
    assert "read the sheet 'members' of kobo.xlsx, 4 rows below its header" in made.output
    (row,) = [r for r in estimate(load("north"), quick=True).document["surveys"]
              if (r["outcome"], r["domain"]) == ("crude", None)]  # fmt: skip
    assert (row["deaths"], row["person_days"]) == (1, 310.5)
    plain = CliRunner().invoke(
        app, ["new", "b", "--from-survey", "north/surveys/persons.csv", "--sheet", "x"]
    )
    assert plain.exit_code == 2


def test_a_proposed_map_repeats_the_command_with_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PERSONS.replace("household", "hh_number").replace("person_days", "persontime")
    book(tmp_path / "kobo.xlsx", "a,b\n1,2\n", members=text)
    words = ["new", "north", "--from-survey", "kobo.xlsx", "--sheet", "members"]
    said = str(CliRunner().invoke(app, words).exception)
    command = "dearth new north --from-survey kobo.xlsx --sheet 'members' --map north-map.yaml"
    assert command in said
    assert command in (tmp_path / "north-map.yaml").read_text(encoding="utf-8")
    made = CliRunner().invoke(app, [*words, "--map", "north-map.yaml"])
    assert made.exit_code == 0, f"{made.output} {made.exception}"


def test_a_workbook_may_be_a_record_file_of_a_case(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    (folder / "lists").mkdir(parents=True)
    book(folder / "lists" / "all.xlsx", LISTS)
    (folder / "case.yaml").write_text(
        "schema_version: 1\nname: c\ntitle: C\nplace: C\nwindow: 1999\n"
        "lists:\n  all: {file: lists/all.xlsx, title: All, source: assumed}\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "sources.csv").write_text("source_id,author,year,title,where\n", encoding="utf-8")
    assert [p for p in problems(str(folder))[1] if p.severity == "error"] == []
    assert estimate(load(folder), quick=True).document["lists"][0]["seen"] == 330
    book(folder / "lists" / "all.xlsx", LISTS, body)
    (wrong,) = [p for p in problems(str(folder))[1] if p.severity == "error"]
    assert wrong.file == "lists/all.xlsx, sheet 'Data'"
