"""The dated deaths of a case, from its files and from its evidence, as counts that a baseline takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dearth.case import labels
from dearth.case.calendar_slots import cadence, periods_of_year
from dearth.case.dated_deaths import Group
from dearth.case.dated_layouts import read_dated
from dearth.case.evidence import Row
from dearth.case.periods import Period, calendar_year
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_dated_deaths import SeasonalMethod
from dearth.case.years import parse_years
from dearth.estimate.seasonal_baseline import DatedCounts, middle_year

FIT_YEARS = 5  # karlinsky_kobak2021: 2015-2019 for 2020
LONGEST = 100  # days: a longer period is no part of a season
METHODS: tuple[SeasonalMethod, ...] = ("year_trend", "spline")

Figures = list[tuple[Period, float]]


@dataclass(frozen=True)
class DatedSeries:
    """Deaths by week, month or quarter of one place, by group.

    Attributes
    ----------
    name : as the case names it
    title, source : as readers see them
    figures : periods with deaths (nan where missing) of each group, in the order of time; everybody first
    fit_years : declared years of the fit; None for the years before the window
    methods : baselines to fit
    notes : how the file was read
    """

    name: str
    title: str
    source: str
    figures: dict[Group, Figures]
    fit_years: tuple[int, ...] | None = None
    methods: tuple[SeasonalMethod, ...] = METHODS
    notes: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """Last day that has a figure of everybody, or of the first group."""
        everybody = next(iter(self.figures.values()))
        return max(period.end for period, value in everybody if np.isfinite(value))


def has_dated_series(case: Case) -> bool:
    """Return whether the case has a file of dated deaths, or rows of deaths by week, month or quarter."""
    return bool(case.settings.dated_deaths) or any(seasonal(row) for row in case.evidence)


def dated_series(case: Case) -> Iterator[DatedSeries]:
    """Yield the files of dated deaths, then the series of evidence that have deaths by parts of a year.

    Raises
    ------
    CaseError
        When a file cannot be read.
    """
    for name, spec in case.settings.dated_deaths.items():
        read = read_dated(case.folder / spec.file, spec.location)
        figures = {
            group: [(one.period, np.nan if one.deaths is None else one.deaths) for one in counts]
            for group, counts in read.groups().items()
        }
        years = tuple(sorted(parse_years(spec.fit_years))) if spec.fit_years else None
        notes = tuple(f"{spec.title}: {note}" for note in read.notes)
        yield DatedSeries(name, spec.title, spec.source, figures, years, spec.baselines, notes)
    yield from _of_evidence(case)


def seasonal(row: Row) -> bool:
    """Return whether a row has the deaths of a part of a year, as a seasonal baseline takes them."""
    return (
        row.variable == "deaths"
        and not row.place
        and row.quality != "recalled"
        and row.period.days <= LONGEST
    )


def _of_evidence(case: Case) -> Iterator[DatedSeries]:
    found: dict[str, dict[Group, list[Row]]] = {}
    for row in filter(seasonal, case.evidence):
        ages = [int(age) if age else None for age in (row.age_from, row.age_to)]
        group = Group(row.sex or "both", *ages)
        found.setdefault(row.series, {}).setdefault(group, []).append(row)
    names = labels.of(case)
    for series, groups in found.items():
        ordered = dict(sorted(groups.items(), key=lambda item: not item[0].everybody))
        figures = {
            group: [(row.period, row.base) for row in sorted(rows, key=lambda row: row.period)]
            for group, rows in ordered.items()
        }
        source = next(iter(groups.values()))[0].source_id
        yield DatedSeries(series, names.series(series), source, figures)


def fit_years_of(series: DatedSeries, window: Period) -> tuple[int, ...]:
    """Return the years of the fit: as declared, or the last years before the window that have figures."""
    if series.fit_years is not None:
        return series.fit_years
    everybody = next(iter(series.figures.values()))
    years = {middle_year(period) for period, value in everybody if np.isfinite(value)}
    before = sorted(year for year in years if year < window.start.year)
    return tuple(year for year in before if year >= window.start.year - FIT_YEARS)


def counts_of(figures: Figures, years: Iterable[int], window: Period) -> DatedCounts:
    """Return the figures of the fit and the window, completed to the calendar year in which it starts.

    The periods that complete the year have no deaths (nan): a baseline gives their expected deaths.
    """
    first = min([*years, window.start.year])
    needed = Period(
        date(first, 1, 1) - timedelta(days=7), max(window.end, calendar_year(window.start.year).end)
    )
    kept = [(period, value) for period, value in figures if period.common_days(needed)]
    year = calendar_year(window.start.year)
    kept += [(period, np.nan) for period in _missing_of(year, [period for period, _ in kept])]
    kept.sort(key=lambda one: (one[0].start, one[0].end))
    periods = tuple(period for period, _ in kept)
    return DatedCounts(periods, np.array([value for _, value in kept]), cadence(periods))


def _missing_of(year: Period, there: list[Period]) -> list[Period]:
    """Return the periods of a year that are not there: parts of the year, or else the gaps between."""
    kind = cadence(there)
    inside = [period for period in there if period.common_days(year)]
    if kind != "other":
        like = there[-1]
        parts = [p for y in (year.year - 1, year.year, year.year + 1) for p in periods_of_year(y, like, kind)]
        return [
            part for part in parts
            if part.common_days(year) and not any(part.common_days(period) for period in inside)
        ]  # fmt: skip
    gaps, at = [], year.start
    for period in sorted(inside, key=lambda one: one.start):
        if period.start > at:
            gaps.append(Period(at, period.start - timedelta(days=1)))
        at = max(at, period.end + timedelta(days=1))
    return gaps + ([Period(at, year.end)] if at <= year.end else [])


def dated_problems(case: Case) -> list[Problem]:
    """Return what is wrong with the files of dated deaths, and how they were read."""
    problems: list[Problem] = []
    for name, spec in case.settings.dated_deaths.items():
        try:
            read = read_dated(case.folder / spec.file, spec.location)
        except CaseError as error:
            problems += [Problem(spec.file, p.message, p.line, p.field) for p in error.problems]
            continue
        problems += [
            Problem(spec.file, note, field=f"dated_deaths.{name}", severity="warning", audience="maker")
            for note in read.notes
        ]
    return problems
