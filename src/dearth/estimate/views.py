"""Estimates as text, as a table and as labelled arrays."""

from typing import TYPE_CHECKING

import numpy as np

from dearth.case import labels
from dearth.case.read import Case
from dearth.estimate.one_estimate import Estimate
from dearth.numerics.interval import interval
from dearth.numerics.number_words import span
from dearth.numerics.optional_packages import needed

if TYPE_CHECKING:
    import pandas
    import xarray

CHOICES = ("method", "series", "baseline", "births_adjusted", "completeness", "birth_completeness", "window",
           "window_kind", "transfer")  # fmt: skip


def summary(case: Case, estimates: tuple[Estimate, ...]) -> str:
    """Return the lowest and highest median of each method, series and completeness, a line each."""
    names = labels.of(case)
    groups: dict[tuple[str, str, str, str], list[Estimate]] = {}
    for one in estimates:
        if not one.mixed:
            c = one.choice
            key = (c.window.name, c.method, c.series, c.completeness.label)
            groups.setdefault(key, []).append(one)
    lines = [f"{len(estimates)} estimates of excess deaths; lowest and highest median over baselines"]
    for (window, method, series, completeness), mine in groups.items():
        medians = [one.excess_deaths.median for one in mine]
        lines.append(
            f"  {window}, {method}, {names.short('series', series)}, "
            f"{names.short('completeness', completeness)}: {span(min(medians), max(medians))}"
        )
    return "\n".join(lines)


def to_frame(estimates: tuple[Estimate, ...]) -> "pandas.DataFrame":
    """Return one row an estimate.

    Returns
    -------
    pandas.DataFrame
        The choices (`CHOICES`); excess and expected deaths, persons; P-score; gross birth deficit, births;
        normal death rate, per 1000; ``mixed_basis`` and ``assumption_label``.

    Raises
    ------
    ImportError
        When pandas is not installed; it comes with the ``all`` extra.
    """
    rows = []
    for one in estimates:
        identifiers, gross = one.choice.identifiers, one.births.figures.gross
        low, high = one.excess_deaths.ends
        rows.append({
            **{name: identifiers[name] for name in CHOICES},
            "excess_deaths": one.excess_deaths.median, "excess_deaths_low": low, "excess_deaths_high": high,
            "expected_deaths": one.expected_deaths.median, "p_score": interval(one.p_score).median,
            "birth_deficit_gross": None if gross is None else gross.median,
            "normal_rate": one.normal_rate, "mixed_basis": one.mixed, "assumption_label": one.label,
        })  # fmt: skip
    found: pandas.DataFrame = needed("pandas").DataFrame(rows)
    return found


def to_xarray(estimates: tuple[Estimate, ...]) -> "xarray.Dataset":
    """Return the draws of every estimate.

    Returns
    -------
    xarray.Dataset
        ``excess_deaths`` and ``expected_deaths`` (estimate, draw), persons; the choices as coordinates of
        `estimate`. An estimate without draws is repeated.

    Raises
    ------
    ImportError
        When xarray is not installed; it comes with the ``all`` extra.
    """
    many = max((one.total.size for one in estimates), default=0)
    chosen = [one.choice.identifiers for one in estimates]
    arrays = {
        name: (
            ("estimate", "draw"),
            np.array([np.broadcast_to(getattr(one, of), many) for one in estimates], np.float32),
            {"units": "persons", "long_name": what},
        )
        for name, of, what in (
            ("excess_deaths", "total", "excess deaths of the window"),
            ("expected_deaths", "expected", "deaths that would have been normal in the window"),
        )
    }
    coordinates = {
        name: ("estimate", ["" if row[name] is None else str(row[name]) for row in chosen])
        for name in CHOICES
    }
    found: xarray.Dataset = needed("xarray").Dataset(arrays, coordinates)
    return found
