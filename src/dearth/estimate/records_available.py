"""Records that need no register: pairs of censuses, rates of surveys, and the questions that stay open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from dearth.case.evidence import Evidence, Row, Series
from dearth.case.labels import Labels
from dearth.case.periods import Period, calendar_year
from dearth.case.read import Case
from dearth.case.years import UNDATED
from dearth.estimate.intercensal_balance import Count, IntercensalBalance, between, intercensal_balance
from dearth.estimate.survey_rate import Rate, SurveyDeaths, survey_deaths
from dearth.estimate.windows import parse_window
from dearth.numerics.number_words import pair, span
from dearth.numerics.number_words import persons as figure
from dearth.population.vital_registration import has_population

ONE_DAY = timedelta(days=1)
EVENTS = ("births", "net_migration", "emigration", "immigration")  # that a balance of two censuses takes
COUNTS = ("population_census_total", "population_total")
STOCKS = (*COUNTS, "population_midyear", "population_yearend_total")


@dataclass(frozen=True)
class Flow:
    """Events between two censuses, with the series that they come from and what is assumed of them."""

    reference: str
    value: float
    assumption: str = ""


@dataclass(frozen=True)
class NamedBalance:
    """A balance with the series that its flows and normal rates come from."""

    balance: IntercensalBalance
    births_from: str
    migration_from: str
    normal_from: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """What the records of a case say without a register."""

    balances: tuple[NamedBalance, ...]
    surveys: tuple[SurveyDeaths, ...]


def window_period(case: Case) -> Period:
    """Return the first to the last day of the case's window; an undated one has no day of any record."""
    if case.settings.window == UNDATED:
        return Period(date.min, date.min)
    window = parse_window(case.settings.window)
    whole = Period(calendar_year(window.first).start, calendar_year(window.last).end)
    return window.period or whole


def records(case: Case) -> Records:
    """Return every balance between two censuses and every survey's deaths that the case has records for.

    A case with a register of people and deaths has no balances here: its requirements between two counts
    are the identification table.
    """
    registers = case.settings.registers
    peopled = any(has_population(case, name) for name, spec in registers.items() if not spec.places)
    return Records(() if peopled else tuple(_balances(case)), tuple(_surveys(case)))


def usable(evidence: Evidence, variable: str) -> Iterator[Series]:
    """Yield the series of the whole that measure `variable`; recalled figures are never computed with."""
    for reference in evidence.references():
        if reference.split("/")[1] == variable:
            series = evidence.series(reference)
            if "recalled" not in {figure.quality for figure in series.figures}:
                yield series


def enclosing_counts(case: Case) -> list[tuple[Count, Count]]:
    """Return the pairs of censuses of one scope that lie nearest before and after the window."""
    window = window_period(case)
    rows = [row for row in case.evidence if is_count(row)]
    pairs = []
    for scope in dict.fromkeys(row.scope for row in rows):
        mine = [row for row in rows if row.scope == scope]
        before = [row for row in mine if row.period.end < window.start]
        after = [row for row in mine if row.period.start >= window.end]
        if before and after:
            first = [row for row in before if row.period == max(r.period for r in before)]
            last = [row for row in after if row.period == min(r.period for r in after)]
            pairs += [(_count(a), _count(b)) for a, b in product(first, last)]
    return pairs


def is_count(row: Row) -> bool:
    """Return whether a row counts the people of the whole place; recalled counts are never computed with."""
    return not row.place and not row.by_age and row.variable in COUNTS and row.quality != "recalled"


def _count(row: Row) -> Count:
    return Count(row.period.start, row.base, row.scope, assumed=not row.dated)


def _balances(case: Case) -> Iterator[NamedBalance]:
    for first, last in enclosing_counts(case):
        period = between(first, last)
        names = sorted(
            {row.series for row in case.evidence if is_count(row) and _count(row) in (first, last)}
        )
        death, birth = (normal_rate_of(case, f"normal_{what}_rate") for what in ("death", "birth"))
        births = list(flows(case, "births", period)) or [Flow("", float("nan"))]
        for born, moved in product(births, migration(case, period) or [Flow("", float("nan"))]):
            balance = intercensal_balance(
                ", ".join(names), first, last,
                births=born.value if born.reference else None,
                net_migration=moved.value if moved.reference else None,
                normal_death_rate=death[1].value if death else None,
                normal_birth_rate=birth[1].value if birth else None,
            )  # fmt: skip
            used = tuple(found[0] for found in (death, birth) if found)
            told = (*balance.assumptions, *filter(None, [moved.assumption]), *gaps(case, period))
            balance = replace(balance, assumptions=told)
            yield NamedBalance(balance, born.reference, moved.reference, used)


def flows(case: Case, variable: str, period: Period) -> Iterator[Flow]:
    """Yield the events of each series that covers every day of `period`."""
    for series in usable(case.evidence, variable):
        value = series.over(period)
        if value == value:
            yield Flow(series.name, value)


def gaps(case: Case, period: Period) -> Iterator[str]:
    """Yield a sentence for each series of events that lacks some of the days of `period`."""
    for variable in EVENTS:
        for series in usable(case.evidence, variable):
            missing = _missing_days(series, period)
            if missing and missing != period:
                yield (f"{series.name} is not used: it has no figures from {missing.start} to {missing.end}. "
                       "Add a row for these days")  # fmt: skip


def _missing_days(series: Series, period: Period) -> Period | None:
    """Return the first days of `period` without a figure, None where every day has one."""
    day = period.start
    for figure_ in series.figures:
        if figure_.period.start > day:
            return Period(day, min(figure_.period.start - ONE_DAY, period.end)) if day <= period.end else None
        day = max(day, figure_.period.end + ONE_DAY)
    return Period(day, period.end) if day <= period.end else None


def migration(case: Case, period: Period) -> list[Flow]:
    """Return net migration of `period`, as recorded or as arrivals less departures."""
    net = list(flows(case, "net_migration", period))
    if net:
        return net
    left, came = (list(flows(case, name, period)) for name in ("emigration", "immigration"))
    if not left:
        return []
    if came:
        return [Flow(f"{i.reference}, {o.reference}", i.value - o.value) for o, i in product(left, came)]
    return [
        Flow(o.reference, -o.value, "arrivals are taken as zero: the case has departures only") for o in left
    ]


def normal_rate_of(case: Case, variable: str, prefer: str = "") -> tuple[str, Rate] | None:
    """Return the normal rate of the case, per 1000 a year, with the series it stands in."""
    found = list(usable(case.evidence, variable))
    mine = [series for series in found if series.name.split("/")[0] == prefer]
    for series in (*mine, *found):
        return series.name, Rate(series.figures[-1].value)
    return None


def _surveys(case: Case) -> Iterator[SurveyDeaths]:
    named = {r for spec in case.settings.registers.values() for r in (spec.death_rate,)}
    window = window_period(case)
    for row in case.evidence:
        reference = f"{row.series}/{row.variable}"
        if row.variable != "crude_death_rate" or row.place or row.by_age or reference in named:
            continue
        normal = normal_rate_of(case, "normal_death_rate", row.series)
        people = population_of(case, row.series, row.period)
        if (
            row.quality == "recalled"
            or normal is None
            or people is None
            or not row.period.common_days(window)
        ):
            continue
        period = Period(max(row.period.start, window.start), min(row.period.end, window.end))
        low, high = (None if end != end else end for end in (row.low, row.high))
        yield survey_deaths(row.series, Rate(row.base, low, high), normal[1], people, period)


def population_of(case: Case, series: str, period: Period) -> float | None:
    """Return the people of `period`: of the survey's own series, else of the only other series; else None.

    The stock at the middle of the period by a straight line, else the stock nearest to it.
    """
    found = [s for variable in STOCKS for s in usable(case.evidence, variable)]
    own = [s for s in found if s.name.split("/")[0] == series]
    if not own and len(found) > 1:
        return None
    for stock in own or found:
        middle = period.start + (period.end - period.start) / 2
        value = stock.at(Period(middle, middle))
        nearest = min(stock.figures, key=lambda figure: abs((figure.period.start - middle).days))
        return value if value == value else nearest.value
    return None


def sentences(found: Records, names: Labels) -> Iterator[str]:
    """Yield what the records say, one sentence each, with the labels of their series."""
    for named in found.balances:
        yield from _balance_sentences(named, names)
    for one in found.surveys:
        ends = "" if one.low is None or one.high is None else f" ({span(one.low, one.high)})"
        yield (
            f"The survey '{names.series(one.series)}' gives {figure(one.excess_deaths)} excess deaths{ends} "
            f"among {figure(one.people)} people in {one.days} days, {one.period.start} to {one.period.end}: "
            f"{figure(one.deaths)} deaths, of which {figure(one.normal_deaths)} are normal "
            f"({one.normal_death_rate:.1f} per 1000 a year)."
        )


def _balance_sentences(named: NamedBalance, names: Labels) -> Iterator[str]:
    b = named.balance
    births_from, migration_from = (
        ", ".join(map(names.reference, one.split(", "))) for one in (named.births_from, named.migration_from)
    )
    moved = (
        f"net migration was {figure(b.net_migration)} ({migration_from})"
        if b.migration_known
        else "net migration is not known and is taken as zero"
    )
    first, last = pair(b.first.people, b.last.people)
    stocks = f"changed from {first} to {last}" if first != last else f"stayed at {first}"
    yield (
        f"Between the censuses of {b.first.text} and {b.last.text} ({b.period.days:,} days) the population "
        f"{stocks}; {moved}."
    )
    deaths_at = _normal_rate(named, "normal_death_rate", b.normal_death_rate, names)
    births_at = _normal_rate(named, "normal_birth_rate", b.normal_birth_rate, names)
    if b.deaths is not None:
        normal = ""
        if b.normal_deaths is not None:
            normal = f", of which {figure(b.normal_deaths)} are normal deaths ({deaths_at})"
        excess = "" if b.excess_deaths is None else f" and {figure(b.excess_deaths)} excess deaths"
        yield (
            f"With births of {figure(b.births or 0)} ({births_from}) there were {figure(b.deaths)} "
            f"deaths between the censuses{normal}{excess}."
        )
    if b.births_lost is not None:
        lost = f"{figure(b.births_lost)} ({births_at})"
        yield f"The birth deficit is {lost}; these children were never born and are never added to deaths."
    if b.people_missing is not None and b.deaths is None:
        yield (
            f"{figure(b.people_missing)} people are missing against normal births and deaths ({births_at}; "
            f"{deaths_at}). Excess deaths and births lost are both in this number; without births it cannot "
            "be divided."
        )


def _normal_rate(named: NamedBalance, variable: str, rate: float | None, names: Labels) -> str:
    """Return the normal rate that a balance used, with the series that it comes from."""
    of = [names.reference(one) for one in named.normal_from if one.endswith(f"/{variable}")]
    return "" if rate is None else f"{', '.join(of)}: {rate:.1f} per 1000 a year"
