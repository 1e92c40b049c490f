"""Measures from registers, censuses, published estimates and series of life expectancy."""

from collections.abc import Callable, Iterable
from statistics import fmean
from typing import Any

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Floats
from dearth.case.read import Case
from dearth.case.years import parse_years, window_years
from dearth.compare.definitions import AROUND
from dearth.compare.of_reconstruction import Measured
from dearth.compare.results import Value
from dearth.estimate.choices import Asked, choices, default_choice
from dearth.estimate.evidence_used import register_sources
from dearth.estimate.multiverse import Engine, estimates_of
from dearth.estimate.one_estimate import Estimate
from dearth.numerics.interval import Interval, interval

LIVES = "life_expectancy_at_birth"


def measure_register(case: Case, draws: int, seed: int) -> Measured:
    """Return what the default register gives: its default estimate, and the range over the open choices.

    The range covers every normal death rate and completeness of the case for the same register and window.
    Estimates of two bases are left out of it.
    """
    if not case.settings.registers:
        return {}
    engine, choice = Engine(case, draws, seed), default_choice(case)
    default = engine.estimate(choice)
    asked = Asked(method=choice.method, series=choice.series, window=case.settings.window)
    made, _ = estimates_of(engine, list(choices(case, asked)))
    register = engine.register(choice.series)
    names = labels.of(case)
    by = f"{names.series(choice.series)}, {names.baseline(choice.baseline_name)}"
    sources = register_sources(case)[choice.series]
    open_ones = [one for one in made if one.in_range and one.label != default.label] + [default]
    years = list(window_years(case.settings.window))
    people = register.person_years[register.index[years[0]]]
    span = register.person_years[[register.index[year] for year in years]].sum()

    def value(of: Any) -> Value:
        over = [interval(np.atleast_1d(of(one))).median for one in open_ones]
        ends = (min(over), max(over)) if len(over) > 1 else None
        return Value("register", by, interval(np.atleast_1d(of(default))), ends, len(over), sources)

    found: Measured = {"p_score": [value(lambda one: one.p_score)]}
    if not register.counts:
        found["excess_per_1000"] = [value(lambda one: 1000 * one.total / people)]
        found["normal_death_rate"] = [value(lambda one: 1000 * one.expected / span)]
        worst = float(np.nanmax(register.death_rate[[register.index[year] for year in years]]))
        found["worst_year_rate"] = [Value("register", f"{names.series(choice.series)}, as registered",
                                          Interval(worst), sources=sources)]  # fmt: skip
    _births(case, default, register, by, sources, found)
    for key, around in _around(years):
        stock = {y: s for y, s in zip(register.years, register.person_years, strict=True) if np.isfinite(s)}
        inside = [year for year in around if year in stock]
        if len(inside) > 1:
            rate = 100 * np.log(stock[inside[-1]] / stock[inside[0]]) / (inside[-1] - inside[0])
            found[key] = [
                Value("register", names.series(choice.series), Interval(float(rate)), sources=sources)
            ]
    return found


def _births(
    case: Case, default: Estimate, register: Any, by: str, sources: tuple[str, ...], found: Measured
) -> None:
    """Add the fall and the return of births, where the case names their years."""
    windows, lost = case.settings.births, default.births
    if windows is None or lost.gross is None:
        return
    at = [register.index[year] for year in parse_years(windows.deficit)]
    born = register.births[at].sum()
    shares: dict[str, Floats] = {"births_fall": lost.gross / (born + lost.gross)}
    if lost.recovered is not None:
        shares["births_recovered"] = lost.recovered / lost.gross
    for key, values in shares.items():
        if np.isfinite(values).all():
            found[key] = [Value("register", by.split(",")[0], interval(values), sources=sources)]


def _around(years: list[int]) -> Iterable[tuple[str, range]]:
    yield "growth_before", range(years[0] - AROUND, years[0])
    yield "growth_after", range(years[-1] + 1, years[-1] + 1 + AROUND)


def measure_lives(case: Case) -> Measured:
    """Return life expectancy before, in and after the crisis, of every series that has it."""
    found: Measured = {}
    years = window_years(case.settings.window)
    spans: dict[str, tuple[range, Callable[[list[float]], float]]] = {
        "life_expectancy_before": (range(years[0] - AROUND, years[0]), fmean),
        "life_expectancy_lowest": (range(years[0], years[-1] + 1), min),
        "life_expectancy_after": (range(years[-1] + 1, years[-1] + 1 + AROUND), fmean),
    }
    for reference in case.evidence.references():
        name, _, variable = reference.partition("/")
        if variable != LIVES:
            continue
        series = case.evidence.series(reference)
        if "recalled" in series.qualities:
            continue
        for key, (span, take) in spans.items():
            inside = [series.by_year[year] for year in span if year in series.by_year]
            if inside:
                value = Value("record", labels.of(case).series(name), Interval(float(take(inside))),
                              sources=tuple(sorted(set(series.source_ids))))  # fmt: skip
                found.setdefault(key, []).append(value)
    return found


def measure_published(case: Case, people: float | None) -> Measured:
    """Return the published estimates of the window's excess deaths per 1000 people, one value an author.

    Estimates that are recalled, or that count the unborn, are left out.
    """
    found: list[Value] = []
    for row in case.published:
        if people is None or row["quality"] == "recalled" or row["counts_unborn"] == "yes":
            continue
        low, high = (1000 * end / people for end in row.span)
        middle = 1000 * row.central / people if row.central is not None else (low + high) / 2
        ends = None if low == high else (low, high)
        found.append(
            Value(
                "published", f"{row['author']} {row['year']}", Interval(middle), ends, 0, (row["source_id"],)
            )
        )
    return {"excess_per_1000": found} if found else {}


def people_at_start(case: Case) -> tuple[float | None, str]:
    """Return the people of the first year, or of the last census before it, and whom they are.

    With neither a register nor a census the people are unknown.
    """
    first = window_years(case.settings.window)[0]
    scopes = case.settings.scopes
    if case.settings.registers:
        register = Engine(case, 1, 1).register(default_choice(case).series)
        spec = case.settings.registers[register.name]
        reference = spec.population or spec.population_midyear
        scope = case.evidence.series(reference).scopes[0] if reference else ""
        return (None if register.counts else float(register.person_years[register.index[first]])), scopes.get(
            scope, ""
        )
    counted = [row for row in case.evidence if row.variable == "population_census_total" and not row.place
               and row.year <= first and not row.by_age and row.quality != "recalled"]  # fmt: skip
    if not counted:
        return None, ""
    last = max(counted, key=lambda row: row.year)
    return last.base, f"{scopes.get(last.scope, '')} (census of {last.year})".strip()
