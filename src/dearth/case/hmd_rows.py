"""Rows of evidence from the files of the Human Mortality Database."""

from collections.abc import Iterable
from pathlib import Path

from dearth.case.downloaded_files import find_file
from dearth.case.hmd import HmdTable, read_hmd
from dearth.case.problems import mistake
from dearth.case.scaffold import Cells, run_around
from dearth.case.years import format_years

SOURCES = {
    "deaths": "hmd_deaths",
    "births": "hmd_births",
    "population_yearend_total": "hmd_population",
    "population_midyear": "hmd_exposures",
}


# files by the name of those of single ages and years, and what is taken where that is absent
OTHERS: dict[str, tuple[str, ...]] = {
    "Deaths_1x1": ("Deaths_5x1", "Deaths_5x5", "Deaths_1x5"), "Births": (), "Population": ("Population5",),
    "Exposures_1x1": ("Exposures_5x1", "Exposures_5x5", "Exposures_1x5"),
}  # fmt: skip


def years_of(row: Cells) -> range:
    """Return the calendar years of a row: its year, or those from its first to its last day."""
    if row.get("year"):
        return range(int(str(row["year"])), int(str(row["year"])) + 1)
    return range(int(str(row["start"])[:4]), int(str(row["end"])[:4]) + 1)


def years_with(rows: Iterable[Cells], variable: str) -> set[int]:
    """Return the years of which the rows have a variable."""
    return {year for row in rows if row["variable"] == variable for year in years_of(row)}


def whole_groups(tables: dict[str, HmdTable], span: tuple[int, int]) -> None:
    """Refuse a window that begins or ends within a group of years.

    Raises
    ------
    CaseError
        With the first and last year that the groups around the window have.
    """
    groups = tables["Deaths_1x1"].groups
    for first, count in groups.items():
        last = first + count - 1
        inside = first <= span[1] and last >= span[0]
        if inside and (first < span[0] or last > span[1]):
            file = tables["Deaths_1x1"].name
            raise mistake(
                "--window", f"{file} has the deaths of {first}-{last} together, and the window "
                f"{span[0]}-{span[1]} has a part of them; take whole groups of years, or download "
                "Deaths_1x1.txt",
            )  # fmt: skip


def hmd_files(folder: Path) -> dict[str, HmdTable]:
    """Return the files of a folder by the name of those with single ages.

    Where one of these is absent, that with groups of ages is taken (``Deaths_5x1``, ``Population5``), else
    that with groups of five years (``Deaths_5x5``, ``Deaths_1x5``).

    Raises
    ------
    CaseError
        When one is absent (exposures may be), of groups of years, or damaged.
    """
    found = {}
    for stem, others in OTHERS.items():
        paths = [find_file(folder, one) for one in (stem, *others)]
        path = next((one for one in paths if one is not None), None)
        if path is not None:
            found[stem] = read_hmd(path, groups="x5" in path.name)
        elif stem != "Exposures_1x1":
            raise mistake(
                str(folder), f"has no {stem}.txt{_grouped(folder, stem)}; download it from the database"
            )
    return found


def _grouped(folder: Path, stem: str) -> str:
    """Return which file of groups of years is there in place of one of single years."""
    base = stem.removesuffix("_1x1")
    others = (f"{base}_1x10", f"{base}_5x10")
    found = [path.name for path in (find_file(folder, other) for other in others) if path is not None]
    return f" ({found[0]} has groups of years, which cannot be divided)" if found else ""


def person_years(rows: list[Cells]) -> set[int]:
    """Return the years whose mean population the rows have, as such or by two stocks of one scope."""
    scopes = {int(str(r["year"])): r["scope"] for r in rows if r["variable"] == "population_yearend_total"}
    means = years_with(rows, "population_midyear")
    return means | {year for year in scopes if scopes.get(year - 1) == scopes[year]}


def one_territory(rows: list[Cells], span: tuple[int, int]) -> list[Cells]:
    """Return the rows of the territory of the window, for files without exposures.

    Stocks of two territories are never differenced, so a year of change has no mean population.

    Raises
    ------
    CaseError
        When the territory changes in the window or the year before it.
    """
    scopes = {int(str(r["year"])): r["scope"] for r in rows if r["variable"] == "population_yearend_total"}
    if len(set(scopes.values())) < 2:
        return rows
    wanted = range(span[0] - 2, span[1] + 1)
    moved = [year for year in wanted if scopes.get(year) != scopes.get(span[0])]
    if moved:
        raise mistake("Exposures_1x1.txt", f"is needed: the people of {format_years(moved)} lived in another "
                      f"territory than those of {span[0]}; download it from the database")  # fmt: skip
    same = run_around(span[0], {year for year, scope in scopes.items() if scope == scopes[span[0]]})
    flows = same - {min(same)}
    stocks = ("population_yearend_total",)
    return [r for r in rows if set(years_of(r)) <= (same if r["variable"] in stocks else flows)]


def territory(tables: dict[str, HmdTable], year: int) -> str:
    """Return the territory a year's people lived in, counted from the first of the series."""
    changes = {row.year for row in tables["Population"].rows if row.flag}
    return f"territory_{sum(year >= change for change in changes)}"


def hmd_totals(tables: dict[str, HmdTable]) -> list[Cells]:
    """Yearly totals; the stock of 1 January is that of 31 December before."""
    rows: list[Cells] = []

    def add(year: int, variable: str, value: float, quality: str, of: str = "") -> None:
        source = SOURCES[variable]
        rows.append({"year": year, "series": "hmd", "variable": variable, "value": f"{value:.10g}",
                     "unit": "persons", "source_id": source, "quality": quality, "scope": of})  # fmt: skip

    groups = tables["Deaths_1x1"].groups
    for (year, _), value in tables["Deaths_1x1"].totals().items():
        add(year, "deaths", value, "official")
        if year in groups:
            last = year + groups[year] - 1
            rows[-1] |= {"year": "", "start": f"{year}-01-01", "end": f"{last}-12-31"}
    for (year, _), value in tables["Births"].totals().items():
        add(year, "births", value, "official")
    for (year, flag), value in tables["Population"].totals().items():
        if flag != "+":  # 31 December of the year before, in the territory of then
            add(year - 1, "population_yearend_total", value, "adjusted", territory(tables, year - 1))
    if "Exposures_1x1" in tables:
        spans = tables["Exposures_1x1"].groups
        for (first, _), value in tables["Exposures_1x1"].totals().items():
            count = spans.get(first, 1)
            for year in range(first, first + count):
                add(year, "population_midyear", value / count, "adjusted", territory(tables, year))
    return rows


def without_gaps(rows: list[Cells], first: int) -> list[Cells]:
    """Keep of every variable the years available without a gap around `first`."""
    kept = {}
    for variable in {str(row["variable"]) for row in rows}:
        kept[variable] = run_around(first, years_with(rows, variable))
    return [row for row in rows if set(years_of(row)) <= kept[str(row["variable"])]]


def hmd_ages(tables: dict[str, HmdTable], kept: range) -> Iterable[Cells]:
    """Yield deaths and people of 1 January by sex and age, for the years `kept`."""
    variables = {"Deaths_1x1": ("deaths_by_age", "hmd_deaths"),
                 "Population": ("population_jan1_by_age", "hmd_population")}  # fmt: skip
    for stem, (variable, source) in variables.items():
        rows = tables[stem].rows
        for row in rows:
            if row.year not in kept or row.flag == "-" or row.years > 1:
                continue
            for sex, value in (("female", row.female), ("male", row.male)):
                if value is not None:
                    yield {"year": row.year, "series": "hmd", "variable": variable,
                           "value": f"{value:.10g}", "unit": "persons", "source_id": source,
                           "quality": "adjusted",
                           "scope": territory(tables, row.year) if stem == "Population" else "",
                           "sex": sex, "age_from": row.age,
                           "age_to": "" if row.open else row.last_age}  # fmt: skip
