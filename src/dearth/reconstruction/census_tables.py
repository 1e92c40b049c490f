"""What was counted by age: censuses, and registered deaths by sex and age."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.case.evidence import Row
from dearth.case.periods import calendar_year, decimal_year
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Census, DeathsByAge
from dearth.reconstruction.age_patterns import AGES, SEXES, groups_of, rows_of, sexes, span

Floats = NDArray[np.float64]
DEATH_GROUPS = (0, 1, *range(5, 90, 5))  # first ages, the last group open


DATE_TOLERANCE = 0.02  # years (a week): dates are written as 1964.5


@dataclass(frozen=True)
class Count:
    """What one census counts: the groups as weights [group, sex, age], of persons or as shares."""

    spec: Census
    groups: Floats
    shares: bool
    scope: str = ""

    @property
    def name(self) -> str:
        """Return the count whose coverage it shares."""
        return self.spec.count or f"{self.spec.series} {self.spec.date:g} from {self.spec.ages_from}"


def census(case: Case, spec: Census) -> tuple[Count, Floats]:
    """Return what one census counts, and its figures [group].

    Raises
    ------
    CaseError
        No rows between the ages wanted, figures that are not above zero, rows that are recalled, persons
        without a prior of coverage or shares with one.
    """
    rows = rows_of(case, spec.series, spec.variable, int(spec.date), "censuses")
    rows = [r for r in rows if _wanted(r, spec)]
    if not rows:
        raise mistake("case.yaml", f"{spec.series}: no rows between the ages wanted",
                      field="reconstruction.censuses")  # fmt: skip
    _refuse_other_date(spec, rows)
    shares = rows[0].unit.startswith("percent")
    _refuse_coverage(spec, shares)
    groups = np.zeros((len(rows), 2, AGES))
    for at, row in enumerate(rows):
        groups[at, sexes(row), span(row)] = 1.0
    observed = np.array([r.base / 100 if shares else r.base for r in rows])
    if spec.width is not None or spec.sexes_together:
        observed, groups = _wider(spec, rows, observed)
    if not (observed > 0).all():
        raise mistake("case.yaml", f"{spec.series} of {spec.date:g}: a group of 0 people; add ages up "
                      "(width) or narrow ages_from and ages_to", field="reconstruction.censuses")  # fmt: skip
    return Count(spec, groups, shares, rows[0].scope), observed


def _refuse_other_date(spec: Census, rows: list[Row]) -> None:
    """Refuse a `date` of the reconstruction that is not the date of the rows."""
    for row in rows:
        found = decimal_year(row.period.start)
        if row.dated and abs(found - spec.date) > DATE_TOLERANCE:
            message = f"{spec.series} was counted on {row.period.text}; write date: {found:.3f}"
            raise mistake("case.yaml", message, field="reconstruction.censuses")


def _refuse_coverage(spec: Census, shares: bool) -> None:
    if shares and (spec.coverage is not None or spec.relative is not None):
        raise mistake("case.yaml", f"{spec.series} of {spec.date:g} gives shares, which coverage does not "
                      "move; remove coverage and relative", field="reconstruction.censuses")  # fmt: skip
    if not shares and spec.coverage is None:
        raise mistake("case.yaml", f"{spec.series} of {spec.date:g} counts persons: give a prior of coverage",
                      field="reconstruction.censuses")  # fmt: skip


def _wider(spec: Census, rows: list[Row], observed: Floats) -> tuple[Floats, Floats]:
    """Add single ages up to groups of a width, sexes apart or together; a last one not full stays."""
    found: dict[tuple[int, int], float] = {}
    groups: dict[tuple[int, int], Floats] = {}
    for row, value in zip(rows, observed, strict=True):
        ages = span(row)
        sex = [0, 1] if spec.sexes_together else sexes(row)
        key = (sex[0] if len(sex) == 1 else 2, (ages.start - spec.ages_from) // (spec.width or 1))
        found[key] = found.get(key, 0.0) + float(value)
        groups.setdefault(key, np.zeros((2, AGES)))[sexes(row), ages] = 1.0
    keys = sorted(found)
    return np.array([found[key] for key in keys]), np.array([groups[key] for key in keys])


def _wanted(row: Row, spec: Census) -> bool:
    ages = span(row)
    if not row.age_from and not row.sex.strip("both"):
        return True
    held = any(
        SEXES.index(one.sex) in sexes(row) and ages.start < one.ages_to and ages.stop > one.ages_from
        for one in spec.left_out
    )
    return spec.ages_from <= ages.start < spec.ages_to and not held


def deaths_by_age(case: Case, spec: DeathsByAge | None, years: tuple[int, ...]) -> Floats:
    """Return registered deaths [year, sex, group] in `DEATH_GROUPS`; NaN in years without them.

    Raises
    ------
    CaseError
        Ages that lie across two groups, deaths that are not given by sex.
    """
    first = np.array(DEATH_GROUPS)
    found = np.full((len(years), 2, len(first)), np.nan)
    if spec is None:
        return found
    for row in rows_of(case, spec.series, spec.variable, None, "deaths_by_age"):
        if row.year not in years:
            continue
        if row.period != calendar_year(row.year):
            raise mistake(row.file, "a reconstruction takes deaths by age of whole calendar years; this row "
                          f"has {row.period.text}", row.line, "reconstruction.deaths_by_age")  # fmt: skip
        ages = span(row)
        group = int(np.searchsorted(first, ages.start, "right")) - 1
        end = first[group + 1] if group + 1 < len(first) else AGES
        if row.sex not in SEXES or ages.stop > end:
            raise mistake(row.file, f"deaths of {row.sex or 'both sexes'} at {row.age_from}-{row.age_to}: "
                          f"one sex, and ages within {first[group]}-{end - 1}, are needed", line=row.line,
                          field="reconstruction.deaths_by_age")  # fmt: skip
        at = years.index(row.year), SEXES.index(row.sex), group
        found[at] = np.nan_to_num(found[at]) + row.base
    return found


DEATH_WEIGHTS = groups_of(DEATH_GROUPS)  # [group, age]
