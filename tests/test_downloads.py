"""Files users downloaded: Human Mortality Database, World Population Prospects, and dearth new."""

import gzip
from pathlib import Path

import pytest

import dearth
from dearth.case.from_downloads import new_from_hmd, new_from_wpp
from dearth.case.hmd import read_hmd
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import baselines, new_case
from dearth.case.wpp import read_wpp
from dearth.estimate.case_checks import check
from hmd_extracts import hmd_files

TITLE = "Someland, Deaths (period 1x1),\tLast modified: 01 Jan 2020;  Methods Protocol: v6 (2017)\n\n"


def hmd_folder(folder: Path, change: int | None = None, exposures: bool = False) -> Path:
    """Write 1900-1920 with ages 0 and 110+, deaths 100 a year but 300 in 1910."""
    folder.mkdir()
    deaths, people, births = [], [], []
    stock = 10000
    for year in range(1900, 1921):
        dead = 300 if year == 1910 else 100
        deaths += [f"{year} 0 30.0 20.0 50.0", f"{year} 110+ {dead - 50 - 10} 10 {dead - 50}"]
        flags = ["-", "+"] if year == change else [""]
        for flag in flags:
            more = 5000 if flag == "+" else 0
            stock += more
            people += [f"{year}{flag} 0 100 100 200", f"{year}{flag} 110+ . . {stock - 200}"]
        births.append(f"{year} 60 60 120")
        stock += 120 - dead
    people += ["1921 0 100 100 200", f"1921 110+ . . {stock - 200}"]
    head = " Year  Age   Female  Male  Total\n"
    (folder / "Deaths_1x1.txt").write_text(TITLE + head + "\n".join(deaths) + "\n")
    packed = ("\ufeff" + TITLE + head + "\n".join(people) + "\n").encode()
    (folder / "Population.txt.gz").write_bytes(gzip.compress(packed))
    if exposures:
        lived = [
            line.replace("+ .", "+ 0") for line in people if "-" not in line and not line.startswith("1921")
        ]
        lived = [line.replace("+ ", " ", 1) if line[4] == "+" else line for line in lived]
        (folder / "Exposures_1x1.txt").write_text(TITLE + head + "\n".join(lived) + "\n")
    (folder / "births.txt").write_text(TITLE + head.replace("Age", "") + "\n".join(births) + "\n")
    return folder


def test_a_case_from_hmd_files(tmp_path: Path) -> None:
    made = new_from_hmd(tmp_path / "some", hmd_folder(tmp_path / "in"), "1910")
    case = load(made)
    assert case.settings.place == "Someland"
    assert [p for p in check(case) if p.audience == "reader"] == []
    found = dearth.load(str(made)).estimate(method="rate", baseline="mean:1905-1909", window="1910")
    stock = {r.year: r.base for r in case.evidence if r.variable == "population_yearend_total"}
    assert stock[1899] == 10000
    assert stock[1920] == 10000 + 21 * 20 - 200
    middle = {y: (stock[y] + stock[y - 1]) / 2 for y in range(1905, 1911)}
    normal = sum(100 / middle[y] for y in range(1905, 1910)) / 5
    assert found.document["estimates"][0]["excess_deaths"]["median"] == pytest.approx(
        300 - normal * middle[1910]
    )
    ages = [r for r in case.evidence if r.by_age]
    assert {r.age_from for r in ages} == {"0", "110"}
    assert {r.age_to for r in ages} == {"0", ""}


def test_a_change_of_territory_is_two_scopes(tmp_path: Path) -> None:
    made = new_from_hmd(tmp_path / "some", hmd_folder(tmp_path / "in", 1915, exposures=True), "1910")
    problems = check(load(made))
    assert [p for p in problems if p.severity == "error"] == []
    assert any("changes its scope in 1915" in p.message for p in problems)
    rows = {r.year: r for r in load(made).evidence if r.variable == "population_yearend_total"}
    assert (rows[1914].scope, rows[1915].scope) == ("territory_0", "territory_1")
    assert rows[1914].base < 10300


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("Deaths_1x1.txt", "hello\n", "no header"),
        ("Deaths_1x1.txt", TITLE + "Year Age Female Male Total\n", "holds no figures"),
        ("Deaths_1x1.txt", TITLE + "Year Age Female Male Total\n1900 0 1 2\n", "4: has 4 columns"),
        ("Deaths_1x1.txt", TITLE + "Year Age Female Male Total\n1900 0 1 x 2\n", "is not a number"),
    ],
)
def test_wrong_hmd_files_write_nothing(tmp_path: Path, name: str, text: str, told: str) -> None:
    folder = hmd_folder(tmp_path / "in")
    (folder / name).write_text(text)
    with pytest.raises(CaseError, match=told):
        new_from_hmd(tmp_path / "some", folder, "1910")
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("window", ["1890", "1900", "1919-1925", "19x0"])
def test_windows_outside_the_files_write_nothing(tmp_path: Path, window: str) -> None:
    folder = hmd_folder(tmp_path / "in")
    with pytest.raises(CaseError, match="--window"):
        new_from_hmd(tmp_path / "some", folder, window)
    assert not (tmp_path / "some").exists()


def test_missing_hmd_file_is_named(tmp_path: Path) -> None:
    folder = hmd_folder(tmp_path / "in")
    (folder / "births.txt").unlink()
    with pytest.raises(CaseError, match=r"has no Births\.txt"):
        new_from_hmd(tmp_path / "some", folder, "1910")


def test_baselines_never_touch_the_window() -> None:
    found = baselines(1910, 1911, set(range(1900, 1921)))
    assert "mean:1905-1909" in found
    assert "mean:1900-1909" in found
    assert "line:1909-1914" in found
    assert not any("1910" in name or "1911" in name for name in found)


WPP = (
    "SortOrder,LocID,Notes,ISO3_code,Location,VarID,Variant,Time,TPopulation1Jan,TPopulation1July,"
    "Births,CBR,Deaths,CDR,TFR,NetMigrations\n"
)


def wpp_file(path: Path) -> Path:
    lines = [
        f'1,1,,CHN,"{place}",2,Medium,{y},{1000 + 10 * (y - 1950)},{1005 + 10 * (y - 1950)},40,39,'
        f"{60 if y == 1960 else 20},{19.8},6,-1\n"
        for place in ("China", "China, Hong Kong SAR")
        for y in range(1950, 1971)
    ]
    path.write_bytes(gzip.compress(("\ufeff" + WPP + "".join(lines)).encode()))
    return path


def test_a_case_from_wpp(tmp_path: Path) -> None:
    file = wpp_file(tmp_path / "wpp.csv.gz")
    made = new_from_wpp(tmp_path / "china", file, "China", "1960")
    assert not [p for p in check(load(made)) if p.severity == "error"]
    found = dearth.load(str(made)).estimate(method="rate", baseline="level:1959", window="1960")
    (only,) = found.document["estimates"]
    normal = 20 / 1095
    assert only["excess_deaths"]["median"] == pytest.approx((60 - normal * 1105) * 1000)
    assert read_wpp(file, "China, Hong Kong SAR")["Births"][1950] == 40


def test_wpp_mistakes(tmp_path: Path) -> None:
    file = wpp_file(tmp_path / "wpp.csv.gz")
    with pytest.raises(CaseError, match="spelt alike: 'China'"):
        new_from_wpp(tmp_path / "x", file, "Chna", "1960")
    (tmp_path / "old.csv").write_text("LocID,Location,Time,PopTotal\n")
    with pytest.raises(CaseError, match="has no column Births, Deaths"):
        new_from_wpp(tmp_path / "x", tmp_path / "old.csv", "China", "1960")
    (tmp_path / "cut.csv.gz").write_bytes(file.read_bytes()[:60])
    with pytest.raises(CaseError, match="broken gzip"):
        new_from_wpp(tmp_path / "x", tmp_path / "cut.csv.gz", "China", "1960")
    assert not (tmp_path / "x").exists()


def test_the_template_is_sound_and_estimable(tmp_path: Path) -> None:
    made = new_case(tmp_path / "my-case")
    assert [p for p in check(load(made)) if p.audience == "reader"] == []
    document = dearth.load(str(made)).estimate(quick=True).document
    assert max(abs(row["residual"]) for row in document["accounts"]) < 1e-9
    with pytest.raises(CaseError, match="already there"):
        new_case(tmp_path / "my-case")
    with pytest.raises(CaseError, match="no name for a case"):
        new_case(tmp_path / "my case!")


def test_sweden_1772(tmp_path: Path) -> None:
    folder = hmd_files("sweden", tmp_path / "in")
    made = new_from_hmd(tmp_path / "sweden", folder, "1772-1773")
    case = load(made)
    assert not [p for p in check(case) if p.severity == "error"]
    deaths = case.evidence.series("hmd/deaths").by_year
    table = read_hmd(folder / "Deaths_1x1.txt")
    assert deaths[1773] == pytest.approx(sum(r.total or 0 for r in table.rows if r.year == 1773))
    people = case.evidence.series("hmd/population_midyear").by_year
    # the national crude death rate of 1773 is quoted as 52 per 1000
    assert 1000 * deaths[1773] / people[1773] == pytest.approx(52.5, abs=1)
    found = dearth.load(str(made)).estimate(quick=True).document
    low = min(row["excess_deaths"]["median"] for row in found["estimates"])
    assert low > 30000
