"""The ``reconstruction:`` block of a case made from downloaded files, or why it has none."""

from collections.abc import Callable, Mapping

from dearth.case.hmd import HmdTable
from dearth.case.scaffold import filled, run_around, template
from dearth.case.years import format_years

YEARS_BEFORE, YEARS_AFTER = 15, 10  # normal years on each side: a level and a trend; assumed
LAST_AGE = 84  # single ages up to here are compared by age
CENSUS = """\
    - {series: hmd, variable: population_jan1_by_age, date: @DATE@.0, ages_to: 85, width: 5, group_sd: 0.04,
       evidence_source: @EVIDENCE_SOURCE@, source: assumed, note: @NOTE@,
       coverage: {dist: normal, mean: 1.0, sd: 0.002, source: assumed}}
"""


def hmd_reconstruction(
    name: str, tables: Mapping[str, HmdTable], window: tuple[int, int], territory: Callable[[int], str]
) -> tuple[str, str]:
    """Return the block and "", or "" and why the files do not allow one.

    Parameters
    ----------
    territory
        The scope of a year's people; a block stays inside one.
    """
    same = territory(window[0])
    held = {
        "births": {year for year, _ in tables["Births"].totals()},
        "deaths by sex and single age": _years_by_age(tables["Deaths_1x1"]),
        "people of 1 January by sex and single age": _years_by_age(tables["Population"]),
    }
    needed = range(window[0] - 1, window[1] + 1)
    for what, found in held.items():
        absent = sorted(set(needed) - found)
        if absent:
            return "", f"{what} of {format_years(absent)} are not available"
    moved = [year for year in needed if territory(year) != same]
    if moved:
        return "", f"the territory of {format_years(moved)} is not that of {window[0]}"
    by_age = {year for year in held["people of 1 January by sex and single age"] if territory(year) == same}
    years = _around(window, set.intersection(*held.values()) & by_age)
    censuses = [_census(window[0], "intercensal_closure", "the ages the crisis met")]
    if years[-1] + 1 in by_age:
        censuses.append(_census(years[-1] + 1, "cohort_survival", "the cohorts that came through it"))
    values = {"NAME": name, "YEARS": format_years(years), "START": str(years[0]),
              "CENSUSES": "  censuses:\n" + "".join(censuses)}  # fmt: skip
    return filled(template("reconstruction_hmd.yaml"), values), ""


def wpp_reconstruction(name: str, window: tuple[int, int], held: set[int]) -> str:
    """Return the block of totals alone, or nothing where the year before the window is missing."""
    years = _around(window, held)
    if window[0] - 1 not in years or window[1] not in years:
        return ""
    return filled(template("reconstruction_wpp.yaml"), {"NAME": name, "YEARS": format_years(years)})


def _around(window: tuple[int, int], held: set[int]) -> list[int]:
    """Return the years available without a gap around the window, as many as a reconstruction takes."""
    run = run_around(window[0], held)
    return sorted(y for y in run if window[0] - YEARS_BEFORE <= y <= window[1] + YEARS_AFTER)


def _census(year: int, source: str, note: str) -> str:
    return filled(CENSUS, {"DATE": str(year), "EVIDENCE_SOURCE": source, "NOTE": note})


def _years_by_age(table: HmdTable) -> set[int]:
    """Return the years whose figures are available for both sexes at every age, single up to `LAST_AGE`."""
    ages: dict[int, set[int]] = {}
    for row in table.rows:
        if row.flag != "-" and row.age is not None and row.female is not None and row.male is not None:
            ages.setdefault(row.year, set()).add(row.age)
    wanted = set(range(LAST_AGE + 2))  # the first age of the open group beyond too
    return {year for year, found in ages.items() if wanted <= found}
