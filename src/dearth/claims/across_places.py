"""A relation across places as a quantity of a test: the rank correlation of two recorded figures."""

from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Row
from dearth.case.read import Case
from dearth.case.years import parse_years
from dearth.claims.schema import Quantity
from dearth.numerics.rank_correlation import rank_correlation

FEWEST = 8  # places below which a rank correlation decides nothing; assumed


@dataclass(frozen=True)
class Relation:
    """The rank correlation over places, the places that have both figures, and the rows behind them."""

    value: float
    places: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Measured:
    value: float
    rows: tuple[Row, ...]


def relation(q: Quantity, case: Case, without: tuple[str, ...] = ()) -> Relation:
    """Return the rank correlation of `across_places` with `against` over the places that have both.

    The figure of a place is the mean over its years. With `level`, `across_places` is taken less its mean in
    those years, and `against` is divided by it. With `per`, `against` is divided by that figure first.

    Parameters
    ----------
    without : places that are left out
    """
    found: dict[str, tuple[_Measured, _Measured]] = {}
    figures = _by_place(q, case)
    for place in (one.name for one in case.settings.places):
        if place in without:
            continue
        y = _mean(figures, q.across_places, place, q.years)
        x = _over(figures, q, place, q.against_years or q.years)
        if q.level:
            before, usual = _mean(figures, q.across_places, place, q.level), _over(figures, q, place, q.level)
            y = (
                None
                if y is None or before is None
                else _Measured(y.value - before.value, y.rows + before.rows)
            )
            x = None if x is None or usual is None else _Measured(x.value / usual.value, x.rows + usual.rows)
        if x is not None and y is not None:
            found[place] = (x, y)
    pairs = list(found.values())
    value = rank_correlation([x.value for x, _ in pairs], [y.value for _, y in pairs]) if pairs else np.nan
    rows = {(row.file, row.line): row for pair in pairs for one in pair for row in one.rows}
    return Relation(float(value), tuple(found), tuple(rows.values()))


_Figures = dict[tuple[str, str, int], Row]


def _by_place(q: Quantity, case: Case) -> _Figures:
    """Return the rows of the references by reference, place and year."""
    wanted = {q.across_places, q.against, q.per}
    return {
        (f"{row.series}/{row.variable}", row.place, row.year): row
        for row in case.evidence
        if row.place and not row.by_age and f"{row.series}/{row.variable}" in wanted
    }


def _mean(figures: _Figures, reference: str | None, place: str, years: str | None) -> _Measured | None:
    rows = [figures.get((reference or "", place, year)) for year in parse_years(years or "")]
    known = tuple(row for row in rows if row is not None)
    if not known or len(known) < len(rows):
        return None
    return _Measured(float(np.mean([row.base for row in known])), known)


def _over(figures: _Figures, q: Quantity, place: str, years: str | None) -> _Measured | None:
    """Return the mean of `against`, over that of `per` where it is given."""
    top = _mean(figures, q.against, place, years)
    if top is None or q.per is None:
        return top
    below = _mean(figures, q.per, place, years)
    if below is None or below.value == 0:
        return None
    return _Measured(top.value / below.value, top.rows + below.rows)
