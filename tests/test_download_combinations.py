"""Whatever is downloaded: a case that `dearth check` finds sound, or a refusal that leaves nothing."""

import csv
import gzip
import io
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from dearth.case.from_downloads import new_from_hmd, new_from_wpp
from dearth.case.hmd import read_hmd
from dearth.case.periods import Period
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.cli_new_case import refuse_unsound
from dearth.estimate.case_checks import check
from test_downloads import TITLE, hmd_folder, wpp_file

HEAD = TITLE + "Year Age Female Male Total\n"


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in check(load(folder)) if problem.severity == "error"]


@pytest.mark.parametrize(
    ("change", "exposures", "all_ages"),
    list(product([None, 1901, 1905, 1909, 1910, 1911, 1920], [False, True], [False, True])),
)
def test_hmd_territories_are_sound_or_refused(
    tmp_path: Path, change: int | None, exposures: bool, all_ages: bool
) -> None:
    folder = hmd_folder(tmp_path / "in", change, exposures)
    refused = change in (1909, 1910) and not exposures  # the year before the window, or the window
    if refused:
        with pytest.raises(CaseError, match=r"Exposures_1x1\.txt: is needed"):
            new_from_hmd(tmp_path / "some", folder, "1910", all_ages=all_ages)
        assert [path.name for path in tmp_path.iterdir()] == ["in"]
        return
    made = new_from_hmd(tmp_path / "some", folder, "1910", all_ages=all_ages, verify=refuse_unsound)
    assert errors(made) == []


def test_the_template_is_sound(tmp_path: Path) -> None:
    assert errors(new_case(tmp_path / "some")) == []


@pytest.mark.parametrize(
    "left_out", ["TPopulation1Jan", "TPopulation1July", "CBR", "CDR", "TFR", "NetMigrations"]
)
def test_wpp_columns_are_sound_or_refused(tmp_path: Path, left_out: str) -> None:
    path = wpp_file(tmp_path / "wpp.csv.gz")
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    rows = [{k: v for k, v in row.items() if k != left_out} for row in csv.DictReader(io.StringIO(text))]
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    path.write_bytes(gzip.compress(out.getvalue().encode()))
    made = new_from_wpp(tmp_path / "un", path, "China", "1960", refuse_unsound)
    assert errors(made) == []


def test_a_case_that_check_would_refuse_is_not_made(tmp_path: Path) -> None:
    folder = hmd_folder(tmp_path / "in")
    path = folder / "Deaths_1x1.txt"
    path.write_text(path.read_text().replace("1910 110+ 240 10 250", "1910 110+ 240 10 999250"))
    with pytest.raises(CaseError, match="the files allow no sound case, so none is made"):
        new_from_hmd(tmp_path / "some", folder, "1910", verify=refuse_unsound)
    assert [found.name for found in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        (
            "Deaths_5x5.txt",
            "1900-1904 0 1 2 3",
            "a group of years; download Deaths_1x1.txt or Deaths_5x1.txt",
        ),
        ("Deaths_5x1.txt", "1900 4-1 1 2 3", "is not a number"),
        ("Deaths_1x1.txt", "1900 0 1 2 ３", "is not a number"),
        ("Deaths_1x1.txt", "1900 0 1 2 1_000", "is not a number"),
        ("Deaths_1x1.txt", "1900 ² 1 2 3", "is not a number"),
    ],
)
def test_groups_name_the_file_to_download(tmp_path: Path, name: str, line: str, said: str) -> None:
    (tmp_path / name).write_text(HEAD + line + "\n")
    with pytest.raises(CaseError, match=said):
        read_hmd(tmp_path / name)


def test_a_folder_of_groups_of_years_names_the_file_to_download(tmp_path: Path) -> None:
    folder = hmd_folder(tmp_path / "in")
    (folder / "Deaths_1x1.txt").rename(folder / "Deaths_5x10.txt")
    with pytest.raises(CaseError, match=r"has no Deaths_1x1\.txt \(Deaths_5x10\.txt has groups of years"):
        new_from_hmd(tmp_path / "some", folder, "1910")


def test_groups_of_ages_are_read_and_no_reconstruction_is_declared(tmp_path: Path) -> None:
    single, wide = hmd_folder(tmp_path / "single"), hmd_folder(tmp_path / "wide")
    text = (wide / "Deaths_1x1.txt").read_text()
    grouped = [
        line.replace(" 0 30.0 20.0 50.0", " 0 10 10 20")
        + "\n"
        + line.replace(" 0 30.0 20.0 50.0", " 1-4 20 10 30")
        if " 0 30.0 20.0 50.0" in line
        else line
        for line in text.splitlines()
    ]
    (wide / "Deaths_1x1.txt").unlink()
    (wide / "Deaths_5x1.txt").write_text("\n".join(grouped) + "\n")
    said: list[str] = []
    one = load(new_from_hmd(tmp_path / "a", single, "1910"))
    two = load(new_from_hmd(tmp_path / "b", wide, "1910", said.append))
    assert two.evidence.series("hmd/deaths").by_year == one.evidence.series("hmd/deaths").by_year
    ages = {(row.age_from, row.age_to) for row in two.evidence if row.variable == "deaths_by_age"}
    assert ages == {("0", "0"), ("1", "4"), ("110", "")}
    assert any("no reconstruction is declared: deaths by sex and single age" in text for text in said)


def test_unknown_ages_are_spread_and_the_total_is_unchanged(tmp_path: Path) -> None:
    lines = ["1900 0 30 10 40", "1900 1 10 0 10", "1900 2+ 60 30 90", "1900 UNK 10 20 30"]
    (tmp_path / "Deaths_1x1.txt").write_text(HEAD + "\n".join(lines) + "\n")
    table = read_hmd(tmp_path / "Deaths_1x1.txt")
    assert table.totals() == {(1900, ""): pytest.approx(170)}
    assert [row.female for row in table.rows] == pytest.approx([33, 11, 66])  # 10 over 30:10:60
    assert [row.male for row in table.rows] == pytest.approx([15, 0, 45])  # 20 over 10:0:30
    assert dict(table.spread) == {1900: 30}


def test_unknown_ages_are_said(tmp_path: Path) -> None:
    folder = hmd_folder(tmp_path / "in")
    path = folder / "Deaths_1x1.txt"
    path.write_text(path.read_text().replace("1909 110+ 40 10 50", "1909 110+ 30 10 40\n1909 UNK 10 0 10"))
    told: list[str] = []
    made = new_from_hmd(tmp_path / "some", folder, "1910", told.append, verify=refuse_unsound)
    said = "Deaths_1x1.txt has 10 people of unknown age in 1909; they are spread over the known ages"
    assert any(said in text for text in told)
    assert said in (made / "README.md").read_text()
    assert load(made).evidence.series("hmd/deaths").by_year[1909] == pytest.approx(100)


def test_unknown_ages_without_known_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "Deaths_1x1.txt").write_text(HEAD + "1900 0+ 0 5 5\n1900 UNK 3 0 3\n")
    with pytest.raises(CaseError, match="none of a known age to spread them over"):
        read_hmd(tmp_path / "Deaths_1x1.txt")


def by_five_years(folder: Path) -> Path:
    """Write the deaths and exposures of `hmd_folder` by groups of five years, in place of the single ones."""
    for stem in ("Deaths", "Exposures"):
        lines = (folder / f"{stem}_1x1.txt").read_text().splitlines()
        at = next(i for i, line in enumerate(lines) if line.split()[:1] == ["Year"])
        sums: dict[tuple[int, str], list[float]] = {}
        for line in lines[at + 1 :]:
            year, age, *cells = line.split()
            key = (int(year) // 5 * 5, age)
            values = [0.0 if cell == "." else float(cell) for cell in cells]
            sums[key] = [a + b for a, b in zip(sums.get(key, [0, 0, 0]), values, strict=True)]
        rows = [
            f"{first}-{first + 4} {age} {' '.join(map(str, values))}"
            for (first, age), values in sorted(sums.items()) if first < 1920
        ]  # fmt: skip
        text = "\n".join([*lines[: at + 1], *rows]) + "\n"
        (folder / f"{stem}_5x5.txt").write_text(text)
        (folder / f"{stem}_1x1.txt").unlink()
    return folder


def test_groups_of_five_years_keep_their_totals_and_need_whole_groups(tmp_path: Path) -> None:
    folder = by_five_years(hmd_folder(tmp_path / "in", exposures=True))
    told: list[str] = []
    made = new_from_hmd(tmp_path / "some", folder, "1910-1914", told.append, verify=refuse_unsound)
    assert errors(made) == []
    case = load(made)
    deaths = case.evidence.series("hmd/deaths")
    assert deaths.over(Period(date(1910, 1, 1), date(1914, 12, 31))) == 700  # 300 in 1910, then 100 a year
    assert [figure.value for figure in deaths.figures] == [500, 500, 700, 500]
    assert any("has groups of years" in text for text in told)
    assert any("no reconstruction is declared" in text for text in told)
    with pytest.raises(CaseError, match=r"Deaths_5x5\.txt has the deaths of 1910-1914 together"):
        new_from_hmd(tmp_path / "part", folder, "1910-1911")


PERIODS = "LocID,Location,VarID,Variant,Time,MidPeriod,TFR,CBR,Births,CDR,Deaths,NetMigrations\n"


def wpp_periods(path: Path, change: str = "") -> Path:
    """Write a file by periods: 8 million people and more, 40 births and 20 deaths (30 in 1960-65) a 1000."""
    lines, people = [], 8000.0
    for first in range(1950, 1980, 5):
        rate = 30 if first == 1960 else 20
        lines.append(f"4,Farland,2,Medium,{first}-{first + 5},{first + 3},6,40,{people * 0.2},{rate},"
                     f"{people * rate / 200},-5\n")  # fmt: skip
        people *= 1.1
    path.write_text(
        PERIODS + "".join(lines).replace(*change.split("|")) if change else PERIODS + "".join(lines)
    )
    return path


def test_periods_of_five_years_of_wpp_keep_totals_and_give_people(tmp_path: Path) -> None:
    file = wpp_periods(tmp_path / "WPP2019_Period_Indicators_Medium.csv")
    told: list[str] = []
    made = new_from_wpp(tmp_path / "far", file, "Farland", "1961-1964", refuse_unsound, told.append)
    assert errors(made) == []
    case = load(made)
    deaths = case.evidence.series("un_wpp/deaths")
    period = Period(date(1960, 7, 1), date(1965, 6, 30))
    assert deaths.over(period) == pytest.approx(8_000_000 * 1.1**2 * 0.15)
    people = case.evidence.series("un_wpp/population_midyear").by_year
    assert people[1955] == pytest.approx(1000 * (8000 + 8800) / 2)
    assert "periods of five years" in told[0]
    assert "reconstruction:" not in (made / "case.yaml").read_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [("1955-1960|1955", "'1955' is no period such as 1955-1960"), (",40,|,x,", "'x' is no number above 0"),
     ("Farland,2,Medium,1955|Farland,2,High,1955", "lacks 1955-1960 of 'Farland'"),
     ("Farland|Nearland", "has no 'Farland' of the medium variant")],
)  # fmt: skip
def test_wrong_periods_of_wpp_write_nothing(tmp_path: Path, change: str, said: str) -> None:
    file = wpp_periods(tmp_path / "WPP2019.csv", change)
    with pytest.raises(CaseError, match=said):
        new_from_wpp(tmp_path / "far", file, "Farland", "1961-1964", refuse_unsound)
    assert not (tmp_path / "far").exists()
