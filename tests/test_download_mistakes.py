"""Downloads that are broken without looking broken: refused, or read as what they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dearth.case.atomic_files import new_folder
from dearth.case.from_downloads import new_from_hmd, new_from_wpp
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case, run_around
from dearth.case.wpp import read_wpp
from dearth.estimate.case_checks import check
from test_downloads import WPP, hmd_folder

ROW = '1,1,,CHN,"China",2,Medium,{year},1000,1005,40,39,20,19.8,6,-1\n'
ROWS = "".join(ROW.format(year=year) for year in range(1950, 1971))


def edit(folder: Path, old: str, new: str) -> Path:
    path = folder / "Deaths_1x1.txt"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1909 0 30.0 20.0 50.0\n", "1909 0 30.0 20.0 50.0\n" * 2, "23: age 0 follows age 0 in 1909"),
        ("\n1909 110+ 40 10 50", "", "23: 1909 ends at age 0 without an open age"),
        ("1909 0 30.0 20.0 50.0\n", "", "22: 1909: the open age 110.* where 0 is expected"),
        ("\n1920 110+ 40 10 50", "", "44: the file ends within 1920"),
        ("1909 0 30.0 20.0 50.0", "1909 0 30.0 20.0 nan", "22: .*is not a number"),
        ("1909 0 30.0 20.0 50.0", "1909 0 30.0 20.0 -5", "22: '-5' is no count"),
        ("1909 0 ", "1907 0 ", "22: the year 1907 is given twice"),
    ],
)
def test_damaged_hmd_files_write_nothing(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = edit(hmd_folder(tmp_path / "in"), old, new)
    with pytest.raises(CaseError, match=told):
        new_from_hmd(tmp_path / "some", folder, "1910")
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_years_before_a_gap_are_left_out(tmp_path: Path) -> None:
    folder = edit(hmd_folder(tmp_path / "in"), "1903 0 30.0 20.0 50.0", "1903 0 . . .")
    case = load(new_from_hmd(tmp_path / "some", folder, "1910"))
    assert [p for p in check(case) if p.audience == "reader"] == []
    assert case.evidence.series("hmd/deaths").years[0] == 1904
    assert "mean:1905-1909" in case.settings.baselines
    assert run_around(5, {1, 2, 4, 5, 6, 8}) == {4, 5, 6}


def test_ages_carry_the_territory_of_their_year(tmp_path: Path) -> None:
    case = load(new_from_hmd(tmp_path / "some", hmd_folder(tmp_path / "in", change=1915), "1910"))
    scopes = {r.year: r.scope for r in case.evidence if r.variable == "population_jan1_by_age"}
    assert (scopes[1914], scopes[1915]) == ("territory_0", "territory_1")


def test_every_hmd_file_is_its_own_source(tmp_path: Path) -> None:
    folder = hmd_folder(tmp_path / "in")
    deaths = (folder / "Deaths_1x1.txt").read_text()
    (folder / "Exposures_1x1.txt").write_text(deaths.replace("Deaths", "Exposure to risk"))
    case = load(new_from_hmd(tmp_path / "some", folder, "1910"))
    used = {r.source_id for r in case.evidence if r.variable == "population_midyear"}
    assert used == {"hmd_exposures"}
    assert "Exposure to risk" in case.sources["hmd_exposures"]["title"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROWS + "1,1,,CHN\n", "23: the line does not have 16 fields"),
        (ROW.format(year="1950-1955"), "Time: '1950-1955' is no single year"),
        (ROWS.replace("Medium", "High"), "holds 'China' only as High"),
        (ROWS.replace("1955,1000", "1955,nan"), "7: TPopulation1Jan: 'nan' is no number"),
        (ROWS + ROWS.replace(",20,", ",90,"), "gives 'China' twice for 1950"),
        (ROWS.replace(",40,39,", ",,,"), "has no births, no deaths or no people"),
        (ROWS + "x" * 200_000 + "\n", "is not valid CSV"),
    ],
)
def test_damaged_wpp_files_write_nothing(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wpp.csv").write_text(WPP + text)
    with pytest.raises(CaseError, match=told):
        new_from_wpp(tmp_path / "china", tmp_path / "wpp.csv", "China", "1960")
    assert [p.name for p in tmp_path.iterdir()] == ["wpp.csv"]


def test_rows_repeated_alike_are_one(tmp_path: Path) -> None:
    (tmp_path / "wpp.csv").write_text(WPP + ROWS + ROWS)
    assert len(read_wpp(tmp_path / "wpp.csv", "China")["Deaths"]) == 21


@pytest.mark.parametrize("name", ["1943", "null", "true", "1e3"])
def test_names_yaml_would_read_as_something_else(tmp_path: Path, name: str) -> None:
    assert load(new_case(tmp_path / name)).name == name


@pytest.mark.parametrize("name", ["Öland", "x" * 81, "-x"])
def test_names_a_case_cannot_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseError, match="is no name for a case"):
        new_case(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [new_case, lambda path: new_folder(path).__enter__()])
def test_a_folder_that_cannot_be_made(tmp_path: Path, make: Callable[[Path], object]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="cannot be made"):
        make(tmp_path / "file" / "case")
