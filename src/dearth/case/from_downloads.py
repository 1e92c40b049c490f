"""Cases made from files users downloaded: Human Mortality Database, World Population Prospects."""

from collections.abc import Callable
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.hmd import HmdTable
from dearth.case.hmd_rows import (
    hmd_ages,
    hmd_files,
    hmd_totals,
    one_territory,
    person_years,
    territory,
    whole_groups,
    without_gaps,
    years_with,
)
from dearth.case.problems import mistake
from dearth.case.reconstruction_blocks import hmd_reconstruction, wpp_reconstruction
from dearth.case.scaffold import (
    COLUMNS,
    Cells,
    add_schemas,
    case_name,
    case_yaml,
    crisis_years,
    run_around,
    write_csv,
    write_sources,
)
from dearth.case.wpp import first_projected, read_wpp
from dearth.case.wpp_periods import is_by_periods, period_rows, read_periods
from dearth.case.years import format_years

Verify = Callable[[Path], None]
# variables of World Population Prospects: the field of a register that each fills
WPP_FIELDS = {
    "population_yearend_total": "population", "population_midyear": "population_midyear", "deaths": "deaths",
    "births": "births", "total_fertility_rate": "total_fertility", "net_migration": "net_migration",
}  # fmt: skip
AGES_BEFORE, AGES_AFTER = 20, 15  # years of single ages kept around the window


def new_from_hmd(
    target: Path, directory: Path, window: str, tell: Callable[[str], None] = lambda text: None,
    all_ages: bool = False, verify: Verify = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case from Human Mortality Database files; return the folder.

    Parameters
    ----------
    tell
        Is given what the files did not allow: why the case declares no reconstruction.
    all_ages
        Keep single ages of every year available, as trials over many windows need; else those of the window.
    verify
        Raises where the finished case is not sound; nothing is written then.

    Raises
    ------
    CaseError
        Files missing or of another layout, a window outside them, or `target` is there already.
    """
    name = case_name(target)
    tables = hmd_files(directory)
    rows = hmd_totals(tables)
    span = crisis_years(window, years_with(rows, "deaths"))
    whole_groups(tables, span)
    if "Exposures_1x1" not in tables:
        rows = one_territory(rows, span)
    dead = years_with(rows, "deaths") & person_years(rows)
    span = crisis_years(window, dead)
    born = years_with(rows, "births") & dead
    rows = without_gaps(rows, span[0])
    dead, born = run_around(span[0], dead), run_around(span[0], born)
    place = tables["Deaths_1x1"].title.split(",")[0].strip() or name
    kept = range(10_000) if all_ages else range(span[0] - AGES_BEFORE, span[1] + AGES_AFTER + 1)
    ages = list(hmd_ages(tables, kept))
    used = sorted({str(row["scope"]) for row in [*rows, *ages] if row["scope"]})
    midyear = "\n    population_midyear: hmd/population_midyear" if "Exposures_1x1" in tables else ""
    register = (
        "  hmd:\n    title: Human Mortality Database\n    kind: registered\n"
        f"    population: hmd/population_yearend_total{midyear}\n"
        "    deaths: hmd/deaths\n    births: hmd/births"
    )
    scopes = "\n".join(f"  {s}: territory of the series, period {s.rpartition('_')[2]}" for s in used)
    title = f"{place}, {format_years(range(span[0], span[1] + 1))}"
    block, why = hmd_reconstruction(name, tables, span, lambda year: territory(tables, year))
    if why:
        tell(f"{name}: no reconstruction is declared: {why}; the other estimates do without")
    if tables["Deaths_1x1"].groups:
        tell(f"{name}: {tables['Deaths_1x1'].name} has groups of years; the deaths of a year in a group are "
             "its share by days, so read whole groups alone")  # fmt: skip
    for table in tables.values():
        if table.spread:
            tell(f"{name}: {_spread(table)}")
    with new_folder(target) as work:
        dated = ("start", "end") if tables["Deaths_1x1"].groups else ()
        write_csv(work / "evidence" / "totals.csv", (*COLUMNS, *dated), rows)
        write_csv(work / "evidence" / "ages.csv", COLUMNS, ages)
        text = case_yaml(name, title, place, span, dead, born, register, scopes, block)
        (work / "case.yaml").write_text(text, encoding="utf-8")
        write_sources(work, [(f"hmd_{stem.split('_')[0].lower()}", table.title)
                             for stem, table in tables.items()],
                 "Human Mortality Database (Max Planck Institute for Demographic Research, University of "
                 "California Berkeley, INED)", "www.mortality.org")  # fmt: skip
        (work / "README.md").write_text(
            f"# {name}\n\n{title}: made from files of the Human Mortality Database. Cite the database and "
            "the dates of modification in `sources.csv`.\n"
            + "".join(f"\n{_spread(table)}.\n" for table in tables.values() if table.spread),
            encoding="utf-8",
        )
        add_schemas(work, name, title)
        verify(work)
    return target


def _spread(table: HmdTable) -> str:
    """Return what was done with people of unknown age, as a sentence without its full stop."""
    return (
        f"{table.name} has {sum(table.spread.values()):,.0f} people of unknown age in "
        f"{format_years(table.spread)}; they are spread over the known ages of the same sex and year, in "
        "proportion, and the totals are unchanged"
    )


def new_from_wpp(
    target: Path, file: Path, location: str, window: str, verify: Verify = lambda folder: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Path:  # fmt: skip
    """Write a case from a UN World Population Prospects file; return the folder.

    A file by periods of five years (2019 and before) gives rows with dates, and no reconstruction.

    Raises
    ------
    CaseError
        A file of another layout, an unknown location, a window outside, `target` there already.
    """
    name = case_name(target)
    by_periods = is_by_periods(file)
    rows = period_rows(read_periods(file, location), file.name) if by_periods else _wpp_years(file, location)
    people = person_years(rows)
    held, births = years_with(rows, "deaths") & people, years_with(rows, "births") & people
    if not held or not births:
        raise mistake(file.name, f"has no births, no deaths or no people of '{location}'")
    span = crisis_years(window, held)
    register = "  un_wpp:\n    title: World Population Prospects\n    kind: reconstructed"
    there = {row["variable"] for row in rows}
    for variable, field in WPP_FIELDS.items():
        if variable in there:
            register += f"\n    {field}: un_wpp/{variable}"
    title = f"{location}, {format_years(range(span[0], span[1] + 1))}"
    note = ""
    if by_periods:
        note = (f"{file.name} has periods of five years, from mid-year to mid-year: the events of a year are "
                "its share by days, so a shorter crisis is spread over its period. People are births over "
                "the birth rate")  # fmt: skip
        tell(f"{name}: {note}")
    with new_folder(target) as work:
        write_csv(
            work / "evidence" / "totals.csv", (*COLUMNS, "start", "end") if by_periods else COLUMNS, rows
        )
        text = case_yaml(
            name, title, location, span, held, births, register,
            "  area: the present area of the location",
            "" if by_periods else wpp_reconstruction(name, span, held & births),
        )  # fmt: skip
        (work / "case.yaml").write_text(text, encoding="utf-8")
        write_sources(work, [("un_wpp", f"World Population Prospects, file {file.name}")],
                 "United Nations, Population Division", "population.un.org/wpp")  # fmt: skip
        (work / "README.md").write_text(
            f"# {name}\n\n{title}: made from {file.name}. The series are a model's, which may smooth a "
            f"crisis away: read them as a claim.\n{f'{chr(10)}{note}.{chr(10)}' if note else ''}",
            encoding="utf-8",
        )
        add_schemas(work, name, title)
        verify(work)
    return target


def _wpp_years(file: Path, location: str) -> list[Cells]:
    """Return rows of evidence from a file of single years."""
    data = read_wpp(file, location)
    # the bulk file does not mark projections: the years of a revision and later are projected
    kinds = {
        "TPopulation1Jan": ("population_yearend_total", "thousand persons", -1),
        "TPopulation1July": ("population_midyear", "thousand persons", 0),
        "Births": ("births", "thousand persons", 0),
        "Deaths": ("deaths", "thousand persons", 0),
        "CBR": ("crude_birth_rate", "per 1000", 0),
        "CDR": ("crude_death_rate", "per 1000", 0),
        "TFR": ("total_fertility_rate", "children per woman", 0),
        "NetMigrations": ("net_migration", "thousand persons", 0),
    }
    return [
        {"year": year + shift, "series": "un_wpp", "variable": variable, "value": f"{value:.10g}",
         "unit": unit, "source_id": "un_wpp",
         "quality": "projection" if year >= first_projected(file.name) else "adjusted",
         "scope": "area" if variable.startswith("population") else ""}
        for indicator, (variable, unit, shift) in kinds.items()
        for year, value in sorted(data.get(indicator, {}).items())
    ]  # fmt: skip
