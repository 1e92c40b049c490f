"""What a reconstruction is given, as arrays: read once from the case, checked, never changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.evidence import Row
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Census, Reconstruction, Schedule
from dearth.case.years import parse_years
from dearth.population.register import held_out, read_register

Floats = NDArray[np.float64]
AGES = 101  # single ages 0-99 and 100+
SEXES = ("female", "male")
SOLDIERS = (18, 34)


@dataclass(frozen=True)
class Count:
    """Figures of one census: observed [group], the groups as weights [group, sex, age]."""

    spec: Census
    observed: Floats
    groups: Floats
    shares: bool


@dataclass(frozen=True)
class Inputs:
    """Years [year] run from 1 January to 31 December; NaN where a figure is not held."""

    spec: Reconstruction
    years: tuple[int, ...]
    crisis: Floats
    start: Floats
    mortality: Floats
    fertility: Floats
    deaths: Floats
    births: Floats
    stocks: Floats
    total_fertility: Floats
    censuses: tuple[Count, ...]

    @property
    def horizon(self) -> int:
        """Return years after the last to be survived to the last census."""
        last = max((c.spec.date for c in self.censuses), default=0.0)
        return max(0, int(np.ceil(last)) - self.years[-1] - 1)

    def mark(self, years: str | None) -> Floats:
        """Return 1 for each of `years`, else 0 [year]."""
        wanted = set(parse_years(years)) if years else set()
        return np.array([float(year in wanted) for year in self.years])


def read_inputs(case: Case) -> Inputs:
    """Read the reconstruction's inputs from `case`.

    Raises
    ------
    CaseError
        Rows that are missing, remembered (`recalled`) or held out; names the field.
    """
    spec = case.settings.reconstruction
    if spec is None:
        raise mistake("case.yaml", "the case declares no 'reconstruction'; totals alone are estimated")
    register = read_register(case, spec.register_name)
    years = tuple(sorted(parse_years(spec.years)))
    out = held_out(case, spec.register_name, "")

    def column(values: Floats) -> Floats:
        held = dict(zip(register.years, values.tolist(), strict=True))
        return np.array([held.get(year, np.nan) if year not in out else np.nan for year in years])

    window = set(parse_years(case.settings.window))
    return Inputs(
        spec, years, np.array([float(year in window) for year in years]),
        _people(_rows(case, spec.start.series, spec.start.variable, spec.start.year, "start")),
        _rates(_schedule(case, spec.mortality, "mortality")),
        _shares(_schedule(case, spec.fertility, "fertility")),
        column(register.deaths), column(register.births), column(register.closing),
        column(register.fertility), tuple(_census(case, census) for census in spec.censuses),
    )  # fmt: skip


def _schedule(case: Case, spec: Schedule, field: str) -> list[Row]:
    return _rows(case, spec.series, spec.variable, spec.year, field)


def _rows(case: Case, series: str, variable: str, year: int, field: str) -> list[Row]:
    found = [
        r for r in case.evidence if (r.place, r.series, r.variable, r.year) == ("", series, variable, year)
    ]
    if not found:
        raise mistake(
            "case.yaml", f"no rows of {series}/{variable} in {year}", field=f"reconstruction.{field}"
        )
    if any(row.quality == "recalled" for row in found):
        raise mistake("case.yaml", f"{series}/{variable} of {year} is recalled: it may centre a prior, "
                      "never stand in a fit", field=f"reconstruction.{field}")  # fmt: skip
    return found


def _span(row: Row) -> slice:
    low = int(row.age_from or 0)
    high = AGES - 1 if row.age_to == "" else int(row.age_to)
    return slice(min(low, AGES - 1), min(high, AGES - 1) + 1)


def _sex(row: Row) -> list[int]:
    return [SEXES.index(row.sex)] if row.sex in SEXES else [0, 1]


def _people(rows: list[Row]) -> Floats:
    """Spread groups over single ages along a curve that is straight in the log between groups."""
    out = np.zeros((2, AGES))
    for sex in (0, 1):
        mine = sorted((r for r in rows if sex in _sex(r)), key=lambda r: int(r.age_from))
        spans = [_span(r) for r in mine]
        middle = [(s.start + s.stop) / 2 for s in spans]
        density = [np.log(max(r.base / (s.stop - s.start), 1e-9)) for r, s in zip(mine, spans, strict=True)]
        curve = np.exp(np.interp(np.arange(AGES) + 0.5, middle, density))
        for row, span in zip(mine, spans, strict=True):
            out[sex, span] = curve[span] / curve[span].sum() * row.base
    return out


def _rates(rows: list[Row]) -> Floats:
    """Return death rates [sex, age]: 0 as given, the rest straight in the log between group middles."""
    out = np.zeros((2, AGES))
    for sex in (0, 1):
        mine = sorted((r for r in rows if sex in _sex(r)), key=lambda r: int(r.age_from))
        middle = [(s.start + s.stop) / 2 for s in map(_span, mine)]
        out[sex] = np.exp(np.interp(np.arange(AGES) + 0.5, middle, np.log([r.base for r in mine])))
    return out


def _shares(rows: list[Row]) -> Floats:
    """Return births per woman-year by age for a total fertility of 1 [age]."""
    out = np.zeros(AGES)
    for row in rows:
        span = _span(row)
        out[span] = row.base / (span.stop - span.start)
    total: Floats = out / out.sum()
    return total


def _census(case: Case, spec: Census) -> Count:
    year = int(spec.date)
    rows = _rows(case, spec.series, spec.variable, year, "censuses")
    rows = [r for r in rows if _wanted(r, spec)]
    if not rows:
        raise mistake("case.yaml", f"{spec.series}: no rows between the ages wanted",
                      field="reconstruction.censuses")  # fmt: skip
    groups = np.zeros((len(rows), 2, AGES))
    for at, row in enumerate(rows):
        groups[at, _sex(row), _span(row)] = 1.0
    shares = rows[0].unit.startswith("percent")
    observed = np.array([r.base / 100 if shares else r.base for r in rows])
    return Count(spec, observed, groups, shares)


def _wanted(row: Row, spec: Census) -> bool:
    span: Any = _span(row)
    if not row.age_from and not row.sex.strip("both"):
        return True
    men = SEXES.index("male") in _sex(row)
    soldiers = spec.without_soldiers and men and span.start <= SOLDIERS[1] and span.stop > SOLDIERS[0]
    return span.start >= spec.ages_from and span.start < spec.ages_to and not soldiers
