"""What a simulation is fitted to: the posterior of true deaths and births, and series that the case names.

The posterior gives means and covariances of excess deaths by year and place and of births by year, for one
registration scenario. Registered deaths never enter: a fit to them could move the simulator's own register.
Series that the case names as targets enter with a declared error. Recalled figures, holdouts and published
estimates never enter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from dearth.case.evidence import Row
from dearth.case.read import Case
from dearth.case.schema import Selection
from dearth.case.years import parse_years
from dearth.estimate.windows import parse_window
from dearth.numerics.namespace import namespace, real
from dearth.reconstruction.joint_draws import JointDraws
from dearth.system.history import History

Floats = NDArray[np.float64]
# log standard deviation with which the simulated measure may differ from a record of it; assumed
GRAIN = {
    "grain_output": ("grain_output_t", 0.05),
    "grain_procurement_gross": ("procurement_gross_t", 0.10),
    "grain_resold_to_countryside": ("resale_t", 0.15),
    "grain_exports": ("exports_t", 0.15),
    "grain_imports": ("imports_t", 0.15),
}
GRAIN_YEAR = ("procurement_gross_t", "resale_t")  # a history ends before its last grain year does
MISFIT = 1.0  # deaths per 1000 of a year by which the best simulation may differ from the true ones; assumed
MISFIT_SHARE = 0.10  # and this share of the excess deaths: no simulation is better than that; assumed
BIRTHS_MISFIT = 0.05  # log ratio of births to normal births; assumed
PLACE_MISFIT = 0.25  # of the excess deaths of a place, and of a tenth of its people in a thousand; assumed


@dataclass(frozen=True)
class Block:
    """Figures that belong together: one series, in the unit in which it is compared.

    Attributes
    ----------
    name : the series as it is printed: "excess deaths", "ssb1979/grain_output"
    what : measure of a history: excess, births, place, or a key of `GRAIN`
    labels : year or place of each figure
    values : as compared: per 1000, log ratio, log tonnes
    covariance : of the error of the record and of the misfit together
    """

    name: str
    what: str
    labels: tuple[str, ...]
    values: Floats
    covariance: Floats

    @property
    def size(self) -> int:
        """How many figures."""
        return len(self.values)


@dataclass(frozen=True)
class Normal:
    """What both sides are compared with.

    Attributes
    ----------
    years : the normal years of the case
    window : the years of the crisis
    heads : people of each granary area on the first day
    """

    years: tuple[int, ...]
    window: tuple[int, ...]
    heads: Mapping[str, float]


def normal_of(case: Case, heads: Mapping[str, float]) -> Normal:
    """Return the normal years of a case, the three before the window where it names none, and its window."""
    window = parse_window(case.settings.window)
    named = case.settings.normal_years
    years = tuple(parse_years(named)) if named else tuple(range(window.first - 3, window.first))
    return Normal(years, tuple(range(window.first, window.last + 1)), heads)


def blocks(case: Case, draws: JointDraws, scenario: str, normal: Normal, span: Sequence[int]) -> list[Block]:
    """Return every target of a case under one registration scenario.

    Parameters
    ----------
    draws : whole draws of the posterior of the case
    span : years of the simulation
    """
    row = draws.coordinates["scenario"].index(scenario)
    found = [_excess(draws, row, normal, span), _births(draws, row, normal, span)]
    places = _places(draws, row, normal)
    found += [places] if places is not None else []
    found += [block for chosen in case.settings.targets for block in _series(case, chosen, span)]
    return found


def _flat(draws: JointDraws, name: str, row: int) -> Floats:
    """Return the draws of a variable of one scenario [draw, ...]."""
    values = np.asarray(draws[name][row], float)
    return values.reshape(-1, *values.shape[2:])


def _years(draws: JointDraws, span: Sequence[int]) -> list[int]:
    return [int(y) for y in draws.coordinates["year"] if int(y) in span]


def _columns(draws: JointDraws, years: Sequence[int]) -> list[int]:
    return [draws.coordinates["year"].index(str(year)) for year in years]


def _excess(draws: JointDraws, row: int, normal: Normal, span: Sequence[int]) -> Block:
    """Return excess deaths per 1000 people, by year of the crisis."""
    years = [year for year in _years(draws, span) if year in normal.window]
    at = _columns(draws, years)
    rates = 1000 * _flat(draws, "excess_deaths_by_year", row)[:, at] / _flat(draws, "people", row)[:, at]
    misfit = MISFIT + MISFIT_SHARE * np.abs(rates.mean(0))
    return _from_draws("true excess deaths", "excess", years, rates, misfit)


def _births(draws: JointDraws, row: int, normal: Normal, span: Sequence[int]) -> Block:
    """Return log of births over births of the normal years, by later year."""
    every = _years(draws, span)
    years = [year for year in every if year > max(normal.years)]
    born = _flat(draws, "births", row)
    base = born[:, _columns(draws, [y for y in every if y in normal.years])].mean(1, keepdims=True)
    ratios = np.log(born[:, _columns(draws, years)] / base)
    return _from_draws("true births", "births", years, ratios, np.full(len(years), BIRTHS_MISFIT))


def _places(draws: JointDraws, row: int, normal: Normal) -> Block | None:
    """Return excess deaths of the window per 1000 people of the first day, by place; None without places."""
    if "excess_deaths_by_place" not in draws.variables:
        return None
    names = draws.coordinates["place"]
    at = [i for i, name in enumerate(names) if name in normal.heads]
    if not at:
        return None
    heads = np.array([normal.heads[names[i]] for i in at])
    rates = 1000 * _flat(draws, "excess_deaths_by_place", row)[:, at] / heads
    misfit = PLACE_MISFIT * (np.abs(rates.mean(0)) + 10.0)
    return _from_draws("true excess deaths of places", "place", [names[i] for i in at], rates, misfit)


def _from_draws(name: str, what: str, labels: Sequence[object], draws: Floats, misfit: Floats) -> Block:
    covariance = np.atleast_2d(np.cov(draws, rowvar=False)) + np.diag(misfit**2)
    return Block(name, what, tuple(map(str, labels)), draws.mean(0), covariance)


def _series(case: Case, chosen: Selection, span: Sequence[int]) -> Iterator[Block]:
    """Yield a series of grain that the case names as target."""
    if chosen.variable not in GRAIN or chosen.places == "parts":
        return
    years = parse_years(chosen.years) if chosen.years else span
    rows = {row.year: row for row in rows_of(case, chosen) if row.year in years}
    whole = span[:-1] if GRAIN[chosen.variable][0] in GRAIN_YEAR else span
    used = [year for year in sorted(rows) if year in whole and rows[year].base > 0]
    if used:
        values = np.log([rows[year].base for year in used])
        error = np.diag(np.full(len(used), GRAIN[chosen.variable][1] ** 2))
        name = f"{chosen.series}/{chosen.variable}"
        yield Block(name, chosen.variable, tuple(map(str, used)), values, error)


def rows_of(case: Case, chosen: Selection) -> list[Row]:
    """Return the rows of a series of the whole that may be fitted; recalled figures never are."""
    return [
        row for row in case.evidence
        if row.series == chosen.series and row.variable == chosen.variable and not row.place
        and not row.by_age and row.quality != "recalled"
    ]  # fmt: skip


def observed(history: History, targets: Sequence[Block], normal: Normal) -> Floats:
    """Return what the runs of a history say of every target [run, figure]; not finite where they cannot.

    A grain measure of a year that the history cuts is missing there and stands as not finite.
    """
    found = [_observed(history, one, normal) for one in targets]
    joined: Floats = namespace(found[0]).concatenate(found, axis=1)
    return joined


def _observed(history: History, block: Block, normal: Normal) -> Floats:
    years = history.years
    if block.what == "place":
        return _place_excess(history, block.labels, normal)
    if block.what in HELD_OUT:
        return HELD_OUT[block.what](history, block.labels)
    at = np.array([years.index(int(label)) for label in block.labels])
    if block.what == "excess":
        rates = 1000 * excess_deaths(history).sum(-1) / history.person_years().sum(-1)
        return cast(Floats, real(rates[:, at]))
    if block.what == "births":
        born = history.by_year()["births"]
        base = born[:, np.array([years.index(year) for year in normal.years])].mean(1, keepdims=True)
        return _log(born[:, at] / base)
    return _log(measure(history, GRAIN[block.what][0])[:, at])


def _registered_rates(history: History, labels: Sequence[str]) -> Floats:
    """Return log registered death rates of granary areas; labels are "area, year"."""
    marks = np.arange(len(history.granary_areas)) == history.granary_area[:, None]
    rates = 1000 * (history.yearly("deaths_registered") @ marks) / (history.yearly("register") @ marks / 12)
    chosen = [label.rsplit(", ", 1) for label in labels]
    columns = [rates[:, history.years.index(int(y)), history.granary_areas.index(a)] for a, y in chosen]
    return _log(np.stack(columns, axis=1))


def _kind_rates(history: History, labels: Sequence[str], towns: bool) -> Floats:
    """Return log registered death rates of all towns, or of all villages; labels are years."""
    mine = history.urban == towns
    deaths = history.yearly("deaths_registered")[..., mine].sum(-1)
    rates = 1000 * deaths / (history.yearly("register")[..., mine].sum(-1) / 12)
    return _log(rates[:, [history.years.index(int(label)) for label in labels]])


HELD_OUT: dict[str, Callable[[History, Sequence[str]], Floats]] = {
    "area rates": _registered_rates,
    "towns": partial(_kind_rates, towns=True),
    "villages": partial(_kind_rates, towns=False),
}


def _log(values: Floats) -> Floats:
    """Return logarithms of values moved a little above zero, so that they stay finite: smooth at the edge."""
    xp = namespace(values)
    found: Floats = xp.log(values + 1e-6 * (xp.abs(values) + 1.0))
    return found


def measure(history: History, name: str) -> Floats:
    """Return a yearly measure [run, year]; resale and relief together are gross less net procurement."""
    found = history.by_year()
    if name == "resale_t":
        return found["procurement_gross_t"] - found["procurement_net_t"]
    return found[name]


def excess_deaths(history: History) -> Floats:
    """Return deaths above the normal deaths of the people alive [run, year, place], persons."""
    return history.yearly("deaths") - history.yearly("normal_deaths")


def _place_excess(history: History, names: Sequence[str], normal: Normal) -> Floats:
    marks = np.arange(len(history.granary_areas)) == history.granary_area[:, None]
    chosen = np.array([year in normal.window for year in history.years])
    by_area = excess_deaths(history)[:, chosen].sum(1) @ marks
    columns = [history.granary_areas.index(name) for name in names]
    heads = np.array([normal.heads[name] for name in names])
    return cast(Floats, real(1000 * by_area[:, np.array(columns)] / heads))
