"""Figures by age and sex against the total of the same series and period."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dearth.case.evidence import Evidence, Row
from dearth.case.plausibility.accounts import Finding

UNLIKELY = 0.02  # share: people of unknown age, rounding. Assumed.
TOO_MANY = 1.5  # times the total: parts cannot exceed the whole; a corrected table may, a little. Assumed.
TOO_FEW = 0.01  # of the total, where all ages are present: another unit. Assumed.

_TOTALS = {
    "deaths_by_age": ("deaths",),
    "births_by_age": ("births",),
    "population_jan1_by_age": ("population_yearend_total", "population_total"),
    "population_midyear_by_age": ("population_midyear",),
    "population_census_by_age": ("population_census_total", "population_total"),
}
Key = tuple[str, str, str, date, date, str]


def ages_and_totals(evidence: Evidence, tied: dict[str, str]) -> Iterator[Finding]:
    """Yield tables by age that do not add up to the total.

    Parameters
    ----------
    tied
        Totals that the case itself names for a series by age: reference to reference (``series/variable``).
    """
    tables: dict[Key, list[Row]] = {}
    totals: dict[Key, Row] = {}
    for row in evidence:
        if row.quality == "recalled":
            continue
        start, end = row.period.start, row.period.end
        if row.variable == "population_yearend_total":  # 31 December is the 1 January of a table by age
            start, end = start + timedelta(days=1), end + timedelta(days=1)
        key = (row.place, row.series, row.variable, start, end, row.scope)
        if row.by_age and row.kind == "count":
            tables.setdefault(key, []).append(row)
        elif not row.by_age:
            totals[key] = row
    for (place, series, variable, start, end, scope), rows in tables.items():
        for reference in _references(series, variable, tied):
            total = totals.get((place, *reference, start, end, scope))
            if total is not None and total.base > 0:
                yield from _compared(rows, total)
                break


def _references(series: str, variable: str, tied: dict[str, str]) -> list[tuple[str, str]]:
    found = [(series, name) for name in _TOTALS.get(variable, ())]
    if f"{series}/{variable}" in tied:
        first, _, second = tied[f"{series}/{variable}"].partition("/")
        found.append((first, second))
    return found


def _compared(rows: list[Row], total: Row) -> Iterator[Finding]:
    summed, whole = _sum(rows)
    share = summed / total.base
    first = min(rows, key=lambda row: row.line)
    where = f"the total of {total.when} is {total.base:,.0f} ({total.file}:{total.line})"
    message = (
        f"the ages of {first.when} add up to {summed:,.0f} ({len(rows)} rows from here), but {where}: "
        f"{share:,.3g} times"
    )
    if share > TOO_MANY or (whole and share < TOO_FEW):
        yield Finding(first, "ages", message, "error")
    elif share > 1 + UNLIKELY or (whole and share < 1 - UNLIKELY):
        yield Finding(first, "ages", message)


def _sum(rows: Iterable[Row]) -> tuple[float, bool]:
    """Return the sum of groups that share nobody, and whether they are everybody."""
    by_sex: dict[str, list[Row]] = {}
    for row in rows:
        by_sex.setdefault(row.sex or "both", []).append(row)
    both = _disjoint(by_sex.pop("both", []))
    sexes = [_disjoint(found) for found in by_sex.values()]
    apart = sum(one[0] for one in sexes), len(sexes) == 2 and all(one[1] for one in sexes)
    return max(both, apart, key=lambda one: (one[1], one[0]))


def _disjoint(rows: list[Row]) -> tuple[float, bool]:
    """Return the sum of the narrowest groups that do not overlap, and whether they have all ages."""
    total, reached, whole = 0.0, 0, True
    ordered = sorted(rows, key=lambda row: (int(row.age_from or 0), int(row.age_to or 999)))
    for row in ordered:
        first, last = int(row.age_from or 0), int(row.age_to or 999)
        if first < reached:  # a wider group that repeats people already added
            continue
        whole &= first == reached
        total += row.base
        reached = last + 1
    return total, bool(rows) and whole and reached == 1000
