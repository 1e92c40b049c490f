"""Death and birth rates by year: of the case's default estimate, and of the rival series."""

from dataclasses import dataclass

import numpy as np

from dearth.case.read import Case
from dearth.estimate.choices import whole_registers
from dearth.estimate.multiverse import Calculation, Engine


@dataclass(frozen=True)
class YearRates:
    """Rates of one year, per 1000 people a year; None where they are not known.

    Attributes
    ----------
    cdr, cdr_registered, normal_cdr : crude death rate corrected for completeness, as registered, and normal
    cbr, normal_cbr : crude birth rate corrected for completeness, and normal
    person_years : of the year
    """

    year: int
    cdr: float | None
    cdr_registered: float | None
    normal_cdr: float | None
    cbr: float | None
    normal_cbr: float | None
    person_years: float | None


@dataclass(frozen=True)
class RivalRate:
    """Crude death and birth rates of one series in one year, per 1000 people; None where it has none."""

    series: str
    year: int
    cdr: float | None
    cbr: float | None
    quality: str


def yearly_rates(toll: Calculation) -> tuple[YearRates, ...]:
    """Return the rates behind one estimate; none without a population, where only numbers are known."""
    r = toll.corrected.register
    births = toll.normal_births
    if r.counts:
        return ()
    columns = (
        np.median(toll.corrected.death_rate, axis=0),
        r.death_rate,
        np.median(toll.normal_deaths, axis=0),
        np.median(toll.corrected.birth_rate, axis=0),
        np.full(len(r.years), np.nan) if births is None else np.median(births, axis=0),
        r.person_years,
    )
    return tuple(
        YearRates(year, *(_known(column[i]) for column in columns)) for i, year in enumerate(r.years)
    )


def rival_rates(case: Case) -> tuple[RivalRate, ...]:
    """Return crude rates of the rival series, as the evidence holds them; else those of the registers."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    quality: dict[tuple[str, int], str] = {}
    names = case.settings.rival_series or tuple(dict.fromkeys(r.series for r in case.evidence if not r.place))
    short = {"crude_death_rate": "cdr", "crude_birth_rate": "cbr"}
    for row in case.evidence:
        if row.place or row.by_age or row.series not in names or row.variable not in short:
            continue
        if row.when != row.year:  # a rate of a part of a year has no place among yearly rates
            continue
        key = (row.series, row.year)
        found.setdefault(key, {})[short[row.variable]] = row.base
        quality.setdefault(key, row.quality)
    if found:
        return tuple(
            RivalRate(*key, found[key].get("cdr"), found[key].get("cbr"), quality[key])
            for key in sorted(found)
        )
    return tuple(
        RivalRate(name, year, _known(d), _known(b), "derived")
        for name in whole_registers(case)
        for r in [Engine(case).register(name)]
        if not r.counts
        for year, d, b in zip(r.years, r.death_rate, r.birth_rate, strict=True)
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
