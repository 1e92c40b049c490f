"""Patterns by age that a reconstruction starts from: people, death rates, births; from rows or curves."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.evidence import Row
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Schedule, StartingAges
from dearth.population.carrying import carry
from dearth.population.model_schedules import beta_fertility, siler, stable_ages
from dearth.population.vital_registration import held_out_years

Floats = NDArray[np.float64]
AGES = 101  # single ages 0-99 and 100+
SEXES = ("female", "male")
BOYS = 1.06  # per girl at birth; assumed
FARTHEST_START = 5  # years a start is carried at most: migration is not carried
ROUNDS = 60  # of fitting a curve to the rates of groups; the error falls by half or more in each
ROOT = "reconstruction"


def rows_of(case: Case, series: str, variable: str, year: int | None, field: str) -> list[Row]:
    """Return the rows of the whole place, of one year or (None) of all.

    Raises
    ------
    CaseError
        None are available, or one is `recalled`; names the field.
    """
    found = [
        r
        for r in case.evidence
        if (r.place, r.series, r.variable) == ("", series, variable) and year in (None, r.year)
    ]
    if not found:
        when = "" if year is None else f" in {year}"
        raise mistake("case.yaml", f"no rows of {series}/{variable}{when}", field=f"{ROOT}.{field}")
    out = held_out_years(case, (f"{series}/{variable}",), "")
    if year is not None and year in out:
        raise mistake("case.yaml", f"{series}/{variable} of {year} is held out of every fit",
                      field=f"{ROOT}.{field}")  # fmt: skip
    if any(row.quality == "recalled" for row in found):
        raise mistake("case.yaml", f"{series}/{variable} is recalled: it may centre a prior, never stand in "
                      "a fit", field=f"{ROOT}.{field}")  # fmt: skip
    return found


def span(row: Row) -> slice:
    """Return the single ages a row covers; ages beyond the last are in the open one."""
    low = int(row.age_from or 0)
    high = AGES - 1 if row.age_to == "" else int(row.age_to)
    return slice(min(low, AGES - 1), min(high, AGES - 1) + 1)


def sexes(row: Row) -> list[int]:
    """Return the places of a row's sexes along the sex axis."""
    return [SEXES.index(row.sex)] if row.sex in SEXES else [0, 1]


def starting_people(
    case: Case, spec: StartingAges, mortality: Floats, total: float, fertility: Floats, year: int
) -> Floats:
    """Return people on 1 January of the first year [sex, age], persons.

    Parameters
    ----------
    mortality
        Normal death rates [sex, age], per person-year; where `spec` gives growth, their stable population
        is the start.
    total
        Persons a stable population is scaled to.
    fertility
        Births per woman-year [age], for people counted before that day.
    year
        The first year.

    Raises
    ------
    CaseError
        When the rows are of a later date than the first 1 January.
    """
    if spec.growth is not None:
        people = np.array([[1.0], [BOYS]]) * stable_ages(mortality, spec.growth)
        return np.asarray(people / people.sum() * total)
    assert spec.series is not None
    assert spec.variable is not None
    people = _spread(rows_of(case, spec.series, spec.variable, spec.year, "start"))
    between = 0.0 if spec.date is None else year - spec.date
    if not 0 <= between <= FARTHEST_START:
        message = (
            f"people of {spec.date:g} cannot be carried to 1 January {year}; "
            f"give rows of that day or of at most {FARTHEST_START} years before it"
        )
        raise mistake("case.yaml", message, field=f"{ROOT}.start.date")
    return np.asarray(carry(people, mortality, fertility, 1 / (1 + BOYS), between))


def _spread(rows: list[Row]) -> Floats:
    """Spread groups over single ages along a curve that is straight in the log between groups."""
    out = np.zeros((2, AGES))
    for sex in (0, 1):
        mine = sorted((r for r in rows if sex in sexes(r)), key=lambda r: int(r.age_from))
        spans = [span(r) for r in mine]
        middle = [(s.start + s.stop) / 2 for s in spans]
        density = [np.log(max(r.base / (s.stop - s.start), 1e-9)) for r, s in zip(mine, spans, strict=True)]
        curve = np.exp(np.interp(np.arange(AGES) + 0.5, middle, density))
        for row, ages in zip(mine, spans, strict=True):
            out[sex, ages] += curve[ages] / curve[ages].sum() * row.base
    # an age nobody was counted at is nearly empty, not empty: its log is taken
    return np.asarray(np.maximum(out, 1e-9 * out.sum()))


def death_rates(case: Case, spec: Schedule) -> Floats:
    """Return the pattern of normal death rates [sex, age], per person-year.

    Raises
    ------
    CaseError
        Rows that are missing or recalled, or a births curve where death rates are wanted.
    """
    if spec.siler is not None:
        curve = siler(np.arange(AGES) + 0.5, **spec.siler.model_dump(exclude={"source"}))
        return np.array([curve, curve])
    rows = _rows(case, spec, "mortality")
    out = np.zeros((2, AGES))
    for sex in (0, 1):
        mine = sorted((r for r in rows if sex in sexes(r)), key=lambda r: int(r.age_from))
        out[sex] = _through([span(r) for r in mine], np.array([r.base for r in mine]))
    return out


def _through(spans: list[slice], rates: Floats) -> Floats:
    """Return a curve by single age, straight in the log between groups, whose mean over each is its rate.

    The open group is left at its middle: who lives in it is not known.
    """
    middle = [(s.start + s.stop) / 2 for s in spans]
    closed = np.array([s.stop < AGES for s in spans])
    knots = np.log(rates)
    for _ in range(ROUNDS):
        curve = np.exp(np.interp(np.arange(AGES) + 0.5, middle, knots))
        means = np.array([curve[s].mean() for s in spans])
        knots = knots + closed * (np.log(rates) - np.log(means))
    return np.asarray(curve)


def birth_shares(case: Case, spec: Schedule) -> Floats:
    """Return births per woman-year by age for a total fertility of 1 [age].

    Raises
    ------
    CaseError
        Rows that are missing or recalled, or death rates where births are wanted.
    """
    if spec.mean_age is not None:
        return beta_fertility(np.arange(AGES), spec.mean_age, spec.age_sd)
    out = np.zeros(AGES)
    for row in _rows(case, spec, "fertility"):
        ages = span(row)
        out[ages] = row.base / (ages.stop - ages.start)
    return np.asarray(out / out.sum())


def _rows(case: Case, spec: Schedule, field: str) -> list[Row]:
    if spec.series is None or spec.variable is None:
        curve = "siler" if field == "mortality" else "mean_age"
        raise mistake("case.yaml", f"this is the curve of another pattern; give rows, or {curve}",
                      field=f"{ROOT}.{field}")  # fmt: skip
    return rows_of(case, spec.series, spec.variable, spec.year, field)


def names_of(first_ages: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of groups that begin at `first_ages`, the last one open."""
    ends = [str(a) if b == a + 1 else f"{a}-{b - 1}" for a, b in pairwise(first_ages)]
    return (*ends, f"{first_ages[-1]}+")


def groups_of(first_ages: tuple[int, ...]) -> Any:
    """Return the weights [group, age] of groups that begin at `first_ages`, the last one open."""
    ages = np.arange(AGES)
    ends = (*first_ages[1:], AGES)
    return np.array([(ages >= a) & (ages < b) for a, b in zip(first_ages, ends, strict=True)], float)
