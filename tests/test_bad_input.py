"""Every kind of bad input: a clear error that names file, line and field; nothing written."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

import dearth
from conftest import CASE, rows, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.cli import main
from dearth.estimate.case_checks import check


def told(folder: Path) -> str:
    with pytest.raises(CaseError) as caught:
        load(folder)
    return str(caught.value)


def edit(line: int, change: Callable[[str], str]) -> list[str]:
    found = rows()
    found[line - 1] = change(found[line - 1])
    return found


@pytest.mark.parametrize(
    ("line", "old", "new", "message"),
    [
        (
            3,
            "10200",
            '"10,200"',
            "books.csv:3: value: '10,200' is 10200 in one language and 10.200 in another; write it without",
        ),
        (3, "10200", "ten", "books.csv:3: value: 'ten' is not a number"),
        (3, "10200", "", "value: is empty"),
        (3, "10200", "nan", "'nan' is not a number"),
        (3, "10200", "-5", "outside the credible 0 to"),
        (3, "1901", "19O1", "year: '19O1' is not a year"),
        (
            3,
            "persons",
            "person",
            "unit: 'person' is not a unit. Units of population_yearend_total: persons; thousand",
        ),
        (3, "persons", "per 1000", "does not measure population_yearend_total"),
        (3, "s1", "s2", "source_id: 's2' is not in sources.csv"),
        (3, "official", "offical", "did you mean 'official'"),
        (3, ",all", ",everyone", "scope: 'everyone' is not declared"),
        (3, ",all", ",", "a stock of people needs its scope"),
        (3, ",all", ",all,extra", "has 9 fields where the header has 8"),
        (1, "quality", "qualty", "unknown column 'qualty' — did you mean 'quality'"),
        (1, ",scope", ",scope,scope", "occurs twice"),
    ],
)
def test_a_wrong_cell(tmp_path: Path, line: int, old: str, new: str, message: str) -> None:
    folder = write_case(tmp_path / "c", CASE, edit(line, lambda text: text.replace(old, new, 1)))
    assert message in told(folder)


@pytest.mark.parametrize("rate", ["900", "-1"])
def test_absurd_and_negative_rates(tmp_path: Path, rate: str) -> None:
    row = f"1901,books,crude_death_rate,{rate},per 1000,s1,official,"
    assert "outside the credible 0 to 500" in told(write_case(tmp_path / "c", CASE, [*rows(), row]))


def test_duplicate_rows_name_the_first(tmp_path: Path) -> None:
    found = rows()
    text = told(write_case(tmp_path / "c", CASE, [*found, found[1]]))
    assert (
        f"books.csv:{len(found) + 1}: year: evidence/books.csv:2 has a figure of books/population_yea" in text
    )
    assert "To keep both, give this row a series of its own" in text
    assert "keep one" not in text  # a second enumeration is evidence


def test_gaps_in_years(tmp_path: Path) -> None:
    gap = [row for row in rows() if not row.startswith("1902,books,deaths")]
    case = load(write_case(tmp_path / "c", CASE, gap))
    assert any("[1902] are missing" in p.message for p in check(case) if p.severity == "error")


def test_mixed_scopes_are_never_differenced(tmp_path: Path) -> None:
    case = CASE.replace("scopes: {all: everybody}", "scopes: {all: everybody, some: not all}")
    mixed = [r.replace(",all", ",some") if r.startswith("1904") else r for r in rows()]
    problems = check(load(write_case(tmp_path / "c", case, mixed)))
    errors = [p.message for p in problems if p.severity == "error"]
    assert any("changes its scope in 1904-1905" in text for text in errors)


def test_mixed_grain_bases(tmp_path: Path) -> None:
    header = rows()[0] + ",basis"
    grain = [
        f"{y},books,grain_output,{v},tonnes,s1,official,,{b}"
        for y, v, b in ((1901, 900, "original"), (1902, 800, "trade"))
    ]
    case = load(write_case(tmp_path / "c", CASE, [header, *(r + "," for r in rows()[1:]), *grain]))
    assert any("is in trade grain here" in p.message for p in check(case))


def test_grain_without_basis(tmp_path: Path) -> None:
    row = "1901,books,grain_output,900,tonnes,s1,official,"
    assert "grain needs its basis" in told(write_case(tmp_path / "c", CASE, [*rows(), row]))


def test_missing_files(tmp_path: Path, tiny: Path) -> None:
    (tiny / "sources.csv").unlink()
    assert "sources.csv: cannot be read" in told(tiny)
    assert "neither a folder nor a bundled case" in told(tmp_path / "nowhere")
    (tmp_path / "bare").mkdir()
    assert "holds no case.yaml" in told(tmp_path / "bare")


def test_wrong_encoding_names_the_line(tiny: Path) -> None:
    data = (tiny / "sources.csv").read_bytes() + "Bücher,s2\n".encode("latin-1")
    (tiny / "sources.csv").write_bytes(data)
    assert "sources.csv:3: source_id: 'Bücher' is not UTF-8" in told(tiny)
    (tiny / "sources.csv").write_bytes(data + b"s3,\x81\n")
    assert "sources.csv:3: byte 0xfc is not UTF-8" in told(tiny)


def test_a_million_rows(tiny: Path) -> None:
    line = "1901,x,deaths,1,persons,s1,official,\n"
    (tiny / "evidence" / "big.csv").write_text(rows()[0] + "\n" + line * 1_000_000)
    assert "big.csv: holds more than 250,000 rows" in told(tiny)


def test_a_yaml_bomb(tiny: Path) -> None:
    levels = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    (tiny / "case.yaml").write_text("\n".join(levels))
    assert "anchors and aliases" in told(tiny)
    (tiny / "case.yaml").write_text("a: " + "[" * 5000)
    assert "nested deeper" in told(tiny)


def test_a_path_outside_the_case(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "secret.csv").write_text("\n".join(rows()))
    (tiny / "evidence" / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert "link.csv: leads outside the case folder" in told(tiny)


def test_all_mistakes_at_once_with_lines(tmp_path: Path) -> None:
    case = CASE.replace("window: 1903-1904", "windw: 1903-1904").replace(
        "kind: registered", "kind: registred"
    )
    text = told(write_case(tmp_path / "c", case))
    assert "case.yaml:5: windw: unknown field 'windw' — did you mean 'window'?" in text
    assert "window: this field is missing" in text
    assert "case.yaml:11: registers.books.kind" in text
    assert text.count("case.yaml") == 3


def test_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    case = CASE.replace("dist: uniform", "dist: unifrm")
    lines = edit(3, lambda text: text.replace("10200", "ten"))
    folder = write_case(tmp_path / "c", case, lines)
    (folder / "sources.csv").write_text("source_id,title\ns1,x\ns1,y\n")
    text = told(folder).splitlines()
    assert len(text) == 3, text
    assert "case.yaml:20: completeness.prior.normal.dist: Input should be 'beta', 'uniform'" in text[0]
    assert "sources.csv:3: source_id: 's1' is listed twice" in text[1]
    assert "evidence/books.csv:3: value: 'ten' is not a number" in text[2]


def test_registered_is_offered(tmp_path: Path) -> None:
    text = told(write_case(tmp_path / "c", CASE.replace("kind: registered", "kind: registred")))
    assert "registered" in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema_version: 1", "schema_version: 2", "schema_version"),
        ("1903-1904\nbirths", "1903,1905\nbirths", "have gaps"),
        ("low: 0.5, high: 1.0", "low: 0.5, high: 0.1", "must be below high"),
        ("half: 0.5", "half: 1.5", "less than or equal to 1"),
        ("{register: books", "{register: boks", "is not one of the registers"),
        ("kind: registered\n", "kind: registered\n    deths: a/b\n", "did you mean 'deaths'"),
    ],
)
def test_wrong_fields(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CASE
    assert message in told(write_case(tmp_path / "c", CASE.replace(old, new)))


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["dearth", *words])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--window", "1950-1951"], "needs [1950, 1951]; books has 1901-1906"),
        (["--window", "1903,1905"], "have gaps"),
        (["--baseline", "level:1903"], "a crisis year of the window"),
        (["--baseline", "levl:1902"], "did you mean 'level'"),
        (["--completeness", "1.2"], "at most 1"),
        (["--completeness", "haf"], "did you mean 'half'"),
        (["--series", "boks"], "did you mean 'books'"),
        (["--method", "guess"], "method: 'guess' is unknown (allowed: rate, balance, count)"),
        (["--window-kind", "lunar"], "calendar or july_june"),
        (["--transfer", "lat"], "did you mean 'late'"),
        (["--birth-baseline", "level:1903"], "rests on years of the birth deficit"),
    ],
)
def test_wrong_choices_end_with_status_1_and_write_nothing(
    tiny: Path,
    words: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tiny.parent / "out"
    status = run("estimate", str(tiny), *words, "--json", "--out", str(out), monkeypatch=monkeypatch)
    printed = capsys.readouterr()
    assert status == 1
    assert printed.out == ""
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert not out.exists()


def test_a_folder_of_the_users_is_never_replaced(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tiny.parent / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    status = run("run", str(tiny), "--quick", "--out", str(out), monkeypatch=monkeypatch)
    assert status == 1
    assert "is already there" in capsys.readouterr().err
    assert [p.name for p in out.iterdir()] == ["thesis.txt"]


def test_published_rows_are_checked(tiny: Path) -> None:
    header = ["key", "author", "year", "central", "window", "method", "method_published",
              "quality", "source_id", "counts_unborn"]  # fmt: skip
    with (tiny / "published.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerow(["a", "A", 1990, "-3", "1903", "m", "yes", "official", "s1", "no"])
        out.writerow(["a", "A", 1990, "", "19o3", "m", "maybe", "official", "s9", "perhaps"])
    text = told(tiny)
    for piece in ("is negative", "give low, central or high", "not a list of years", "'maybe'",
                  "'perhaps'", "'s9' is not in sources.csv", "is in line 2 too"):  # fmt: skip
        assert piece in text


@pytest.mark.parametrize(("counted", "warned"), [(10250, False), (10400, True)])
def test_a_census_far_from_the_stock_is_told(tmp_path: Path, counted: int, warned: bool) -> None:
    # the stock interpolated to mid-1903 is 10250
    row = f"1903,census,population_census_total,{counted},persons,s1,official,all"
    case = load(write_case(tmp_path / "c", CASE, [*rows(), row]))
    told = [p.message for p in check(case) if "census" in p.message]
    assert any("+1.5 % from" in text for text in told) == warned


def test_targets_and_holdouts_are_kept_apart(tmp_path: Path) -> None:
    both = CASE + (
        "targets: [{series: books, variable: deaths}]\n"
        "holdouts: [{series: books, variable: deaths, years: 1905}, {series: no, variable: deaths}]\n"
    )
    text = " ".join(p.message for p in check(load(write_case(tmp_path / "a", both))))
    assert "1905 is both target and holdout" in text
    assert "selects no row of no/deaths" in text
    remembered = [r.replace("official", "recalled") if ",deaths," in r else r for r in rows()]
    target = CASE + "targets: [{series: books, variable: deaths}]\n"
    case = load(write_case(tmp_path / "b", target, remembered))
    assert any("never fitted on" in p.message for p in check(case) if p.severity == "error")


def test_a_register_may_not_rest_on_recalled_rows(tmp_path: Path) -> None:
    remembered = [r.replace("official", "recalled") if "1902,books,births" in r else r for r in rows()]
    problems = check(load(write_case(tmp_path / "c", CASE, remembered)))
    assert [p.message for p in problems if p.severity == "error"] == [
        "'books/births' of 1902 is recalled; a register may not rest on it. Find the source and cite it, "
        "or leave those years out of the register"
    ]


def test_a_reconstructed_register_is_not_corrected_twice(tmp_path: Path) -> None:
    case = CASE.replace("kind: registered", "kind: reconstructed")
    folder = write_case(tmp_path / "c", case)
    found = dearth.load(str(folder)).estimate().document["estimates"]
    assert {row["completeness"] for row in found} == {1.0}
    with pytest.raises(CaseError, match="corrected already"):
        dearth.load(str(folder)).estimate(completeness="0.5")
