"""A posterior as text, as a table and as labelled arrays. Imports no JAX."""

from typing import TYPE_CHECKING

from dearth.numerics.interval import LEVEL, Interval
from dearth.numerics.number_words import persons, span
from dearth.numerics.optional_packages import needed
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior

if TYPE_CHECKING:
    import pandas
    import xarray

Row = tuple[str, str, str, str, Interval]  # quantity, year, age group or place, unit, figure


def summary(posterior: Posterior) -> str:
    """Return excess deaths and births lost of each scenario, a line each, with central intervals."""
    lines = [f"Posterior of {len(posterior.scenarios)} registration scenarios, {posterior.years[0]}-"
             f"{posterior.years[-1]} (medians and central {LEVEL:.0%})"]  # fmt: skip
    for one in posterior.scenarios:
        if one.excess_deaths is None or one.birth_deficit is None:
            lines.append(f"  {one.name}: refused: {'; '.join(one.refused)}")
            continue
        lines.append(
            f"  {one.name}: excess deaths {_said(one.excess_deaths)}; births lost, gross "
            f"{_said(one.birth_deficit.gross)}"
        )
    return "\n".join(lines)


def _said(figure: Interval) -> str:
    low, high = figure.ends
    return f"{persons(figure.median)} ({span(low, high)})"


def to_frame(posterior: Posterior) -> "pandas.DataFrame":
    """Return a tidy table.

    Returns
    -------
    pandas.DataFrame
        Columns ``scenario``, ``quantity``, ``year`` (text, empty for the window), ``part`` (age group
        or place, empty for the whole), ``median``, ``low``, ``high`` and ``unit``.

    Raises
    ------
    ImportError
        When pandas is not installed; it comes with the ``all`` extra.
    """
    columns = ["scenario", "quantity", "year", "part", "median", "low", "high", "unit"]
    rows = [
        (scenario.name, quantity, year, part, figure.median, *figure.ends, unit)
        for scenario in posterior.printed
        for quantity, year, part, unit, figure in _rows(scenario)
    ]
    found: pandas.DataFrame = needed("pandas").DataFrame(rows, columns=columns)
    return found


def _rows(one: ScenarioPosterior) -> list[Row]:
    assert one.excess_deaths is not None
    assert one.birth_deficit is not None
    assert one.migration is not None
    assert one.completeness is not None
    rows: list[Row] = [
        ("excess_deaths", "", "", "persons", one.excess_deaths),
        ("births_lost_gross", "", "", "births", one.birth_deficit.gross),
        ("births_recovered", "", "", "births", one.birth_deficit.recovered),
        ("births_lost_net", "", "", "births", one.birth_deficit.net),
        ("net_migration", "", "", "persons", one.migration.net),
        ("completeness_normal", "", "", "share", one.completeness.normal),
        ("completeness_crisis", "", "", "share", one.completeness.crisis),
        ("completeness_births", "", "", "share", one.completeness.births),
    ]
    rows += [("excess_deaths", year, "", "persons", figure) for year, figure in one.by_year.items()]
    rows += [("excess_deaths", "", age, "persons", figure) for age, figure in one.by_age.items()]
    for rate in one.rates:
        year = str(rate.year)
        rows += [
            ("death_rate", year, "", "per 1000", rate.cdr),
            ("birth_rate", year, "", "per 1000", rate.cbr),
            ("deaths", year, "", "persons", rate.deaths),
            ("births", year, "", "births", rate.births),
        ]
    rows += [
        ("excess_deaths", "", place.place, "persons", place.excess_deaths)
        for place in one.places
        if place.excess_deaths is not None
    ]
    return rows


def to_xarray(posterior: Posterior) -> "xarray.DataTree":
    """Return the thinned draws as a tree with one group, ``posterior``, as ArviZ reads it.

    Raises
    ------
    ValueError
        When no draws are kept with this posterior.
    ImportError
        When xarray is not installed; it comes with the ``all`` extra.
    """
    if posterior.draws is None:
        raise ValueError("no draws are kept with this posterior; fit it again with reconstruct=True")
    found: xarray.DataTree = needed("xarray").DataTree.from_dict({"posterior": posterior.draws.to_xarray()})
    return found
