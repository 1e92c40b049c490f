"""Cases made from a file of deaths by week, month or quarter."""

from collections.abc import Callable
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.calendar_slots import cadence
from dearth.case.dated_deaths import DatedCount, DatedFile
from dearth.case.dated_layouts import read_dated
from dearth.case.from_downloads import Verify
from dearth.case.periods import Period, calendar_year, parse_period
from dearth.case.problems import mistake
from dearth.case.scaffold import Cells, add_schemas, case_name, filled, quotable, template, write_csv

COLUMNS = ("start", "end", "sex", "age_from", "age_to", "deaths")
LEAST_YEARS = 3  # of figures before the window, as the trend over years needs
# author, title, where: of the layouts that name their publisher
SOURCES = {
    "World Mortality Dataset": (
        "Karlinsky and Kobak", "World Mortality Dataset", "github.com/akarlinsky/world_mortality",
        "karlinsky_kobak2021",
    ),
    "Short-term Mortality Fluctuations": (
        "Human Mortality Database", "Short-term Mortality Fluctuations", "www.mortality.org", "jdanov2021"
    ),
    "Short-term Mortality Fluctuations, input file": (
        "Human Mortality Database", "Short-term Mortality Fluctuations, input data", "www.mortality.org",
        "jdanov2021",
    ),
    "Our World in Data, excess mortality": (
        "Our World in Data", "Excess mortality", "ourworldindata.org", "karlinsky_kobak2021"
    ),
}  # fmt: skip


def new_from_deaths(
    target: Path, file: Path, location: str, window: str, tell: Callable[[str], None] = lambda text: None,
    verify: Verify = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case from a file of deaths by week, month or quarter; return the folder.

    Parameters
    ----------
    location : place as the file names it; empty where the file has one
    window : first and last day, ``2020-03-01/2020-12-31``; empty for the last calendar year with deaths
    tell : is given how the file was read, a sentence each
    verify : raises where the finished case is not sound; nothing is written then

    Raises
    ------
    CaseError
        A file that cannot be read, a window that it does not cover, fewer than three years before it, or
        `target` is there already.
    """
    name = case_name(target)
    read = read_dated(file, location)
    everybody = [one for one in next(iter(read.groups().values())) if one.deaths is not None]
    days = _window(window, everybody)
    _refuse_few_years(read, everybody, days)
    place = read.place if read.place != "the place" else name
    author, work_title, where, work = SOURCES.get(read.layout, ("", f"File {file.name}", "", ""))
    title = f"{place}, deaths above normal, {days.start} to {days.end}"
    values = {
        "NAME": name, "TITLE": quotable(title), "PLACE": quotable(place), "WINDOW": days.text,
        "FILE": f"deaths/{name}.csv", "KEY": name,
        "LABEL": quotable(f"{place}, deaths by {_kind(everybody)}"),
    }  # fmt: skip
    for note in read.notes:
        tell(f"{name}: {note}")
    with new_folder(target) as work_in:
        write_csv(work_in / "deaths" / f"{name}.csv", COLUMNS, map(_cells, read.counts))
        (work_in / "case.yaml").write_text(filled(template("dated_deaths.yaml"), values), encoding="utf-8")
        write_csv(work_in / "sources.csv", ("source_id", "author", "title", "where", "work"),
                  [{"source_id": "deaths", "author": author, "title": f"{work_title} (file {file.name})",
                    "where": where, "work": work}])  # fmt: skip
        notes = "".join(f"\n{note[0].upper()}{note[1:]}.\n" for note in read.notes)
        (work_in / "README.md").write_text(
            f"# {name}\n\n{title}: made from {file.name} ({read.layout}). Cite the source named in "
            f"`sources.csv`.\n{notes}",
            encoding="utf-8",
        )
        add_schemas(work_in, name, title)
        verify(work_in)
    return target


def _cells(one: DatedCount) -> Cells:
    group = one.group
    return {
        "start": one.period.start.isoformat(), "end": one.period.end.isoformat(), "sex": group.sex,
        "age_from": "" if group.age_from is None else group.age_from,
        "age_to": "" if group.age_to is None else group.age_to,
        "deaths": "" if one.deaths is None else f"{one.deaths:.10g}",
    }  # fmt: skip


def _kind(counts: list[DatedCount]) -> str:
    kind = cadence(one.period for one in counts)
    return "period" if kind == "other" else kind


def _window(text: str, counts: list[DatedCount]) -> Period:
    """Return the days of the window; by default the last calendar year, as far as there are deaths."""
    first, last = counts[0].period.start, counts[-1].period.end
    if not text:
        year = counts[-1].period.start.year
        return Period(max(first, calendar_year(year).start), min(last, calendar_year(year).end))
    try:
        period = parse_period(text) if "/" in text else calendar_year(int(text))
    except ValueError:
        raise mistake("--window", f"'{text}' is no window; write its first and last day, such as "
                      "2020-03-01/2020-12-31, or one year") from None  # fmt: skip
    if period.start < first or period.end > last:
        raise mistake("--window", f"{period.text} lies outside the deaths of the file, {first} to {last}")
    return period


def _refuse_few_years(read: DatedFile, counts: list[DatedCount], window: Period) -> None:
    years = {one.period.start.year for one in counts if one.period.start.year < window.start.year}
    if len(years) < LEAST_YEARS:
        raise mistake("--window", f"{read.name} has {len(years)} year(s) of '{read.place}' before "
                      f"{window.start}; normal deaths by season need at least {LEAST_YEARS}")  # fmt: skip
