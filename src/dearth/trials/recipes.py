"""Recipes of published estimates on the records of a simulated history: what each says of known deaths.

The recipes are data of the case (``trials.recipes``); this file carries them out. The two counts have no
error, nor has the survey where births are surveyed. No published estimate enters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from dearth.case.schema import Recipe, Transfer, Trials
from dearth.case.years import format_years, parse_years
from dearth.estimate.baselines import normal_rate, parse_baseline
from dearth.estimate.methods import balance_excess, correct, rate_excess
from dearth.estimate.multiverse import over
from dearth.estimate.windows import Window, parse_window
from dearth.numerics.interval import LEVEL
from dearth.population.registration_transfers import apply
from dearth.population.vital_registration import VitalRegister
from dearth.trials.full_records import BEFORE
from dearth.trials.registration_records import Counts, deaths_required, register
from dearth.trials.scores import TOLL
from dearth.trials.simulated_histories import Draw

Floats = NDArray[np.float64]
OWN = "dearth"  # in place of the authors of a published recipe


def own_recipes(first: int, length: int) -> tuple[Recipe, ...]:
    """Return our two methods as recipes; their normal rate is the truth's own, the mean of five years."""
    usual, window = f"mean:{first - BEFORE}-{first - 1}", f"{first}-{first + length - 1}"
    own = {"who": OWN, "published": OWN, "baseline": usual, "window": window, "source": "assumed"}
    return (
        Recipe.model_validate({"name": "rate method", "what": "Registered deaths over the mean rate of five "
                               "years before.", **own}),
        Recipe.model_validate({"name": "balance method", "method": "balance",
                               "what": "Births less stock change, over normal deaths.", **own}),
    )  # fmt: skip


def excess(recipe: Recipe, draw: Draw, counts: Counts) -> float:
    """Return the excess deaths, persons, that a recipe finds in an office's records of a history.

    Parameters
    ----------
    counts
        The two years on whose 1 January people are counted.
    """
    books, window = register(draw), parse_window(recipe.window, recipe.window_kind, "trials.recipes")
    if recipe.births == "surveyed":
        books = replace(books, births=draw.truth.births)
    if recipe.false_entries is not None:
        books = without_false_entries(books, recipe)
    weights = np.sum(list(window.parts(books.years).values()), axis=0)
    if recipe.method == "populations_rebuilt":
        found = _between_rebuilt(draw, recipe, window, counts)
    else:
        found = over(_by_year(books, recipe, share_registered(recipe, draw, counts)), weights).item()
    return recipe.result_times * found


def _by_year(books: VitalRegister, recipe: Recipe, share: float | Floats) -> Floats:
    """Return excess deaths [1, year] by the rate or the balance method."""
    full = np.ones((1, len(books.years)))
    corrected = correct(books, full * share, full)
    baseline = parse_baseline(recipe.baseline, "trials.recipes")
    if recipe.baseline_of == "number":
        return np.asarray(corrected.deaths - normal_rate(baseline, books.years, corrected.deaths))
    normal = normal_rate(baseline, books.years, corrected.death_rate)
    return (balance_excess if recipe.method == "balance" else rate_excess)(corrected, normal)


def share_registered(recipe: Recipe, draw: Draw, counts: Counts) -> float | Floats:
    """Return the share of deaths that a recipe takes as registered, one number or [year]."""
    if recipe.completeness == "as_registered":
        return 1 / recipe.deaths_times
    start, end = (draw.index(year) for year in counts)
    if recipe.completeness == "rising_share":
        return rising_share(draw, float(recipe.first_share or 0), counts)
    return float(draw.deaths_booked[start:end].sum() / deaths_required(draw, counts))


def rising_share(draw: Draw, first_share: float, counts: Counts) -> Floats:
    """Return a share registered [year] that rises evenly from `first_share` in the year of the first count.

    At its slope the deaths between the counts agree with surveyed births. It never falls, and reaches 1 in
    the year of the second count at most: where that does not suffice, the deaths stay too many or too few.
    """
    start, end = (draw.index(year) for year in counts)
    t, gone = np.maximum(np.arange(len(draw.deaths_booked)) - start, 0), deaths_required(draw, counts)

    def short(slope: float) -> float:
        share = first_share + slope * t[start:end]
        return float((draw.deaths_booked[start:end] / share).sum() - gone)

    steepest = (1 - first_share) / (end - start)
    slope = 0.0 if short(0.0) <= 0 else steepest
    if short(0.0) > 0 > short(steepest):
        slope = float(brentq(short, 0.0, steepest))
    return np.asarray(np.minimum(first_share + slope * t, 1.0))


def _between_rebuilt(draw: Draw, recipe: Recipe, window: Window, counts: Counts) -> float:
    """Return E = P0 - P1 + registered births - normal deaths of the window, persons.

    P0 is the first count carried forward to the window by registered natural increase, P1 the second carried
    back to its end.
    """
    books = register(draw)
    growth, (first, second) = books.births - books.deaths, (draw.index(year) for year in counts)
    start, stop = books.index[window.first], books.index[window.last] + 1
    before = draw.truth.stocks[first].sum() + growth[first:start].sum()
    after = draw.truth.stocks[second].sum() - growth[stop:second].sum()
    rates = normal_rate(
        parse_baseline(recipe.baseline, "trials.recipes"), books.years, books.death_rate[None]
    )
    normal = rates[0] * books.person_years / 1000
    return float(before - after + (books.births - normal)[start:stop].sum())


def without_false_entries(books: VitalRegister, recipe: Recipe) -> VitalRegister:
    """Return the records without the false entries of a recipe; without a surplus nothing is moved."""
    declared = recipe.false_entries
    assert declared is not None
    entered, removed = parse_years(declared.entered), parse_years(declared.removed)
    surplus = sum(float(books.residual[books.index[year]]) for year in entered)
    amount = surplus
    if declared.registered_as_deaths > 0:  # no more deaths than there are
        least = min(float(books.deaths[books.index[year]]) for year in removed)
        amount = min(surplus, least * len(removed) / declared.registered_as_deaths)
    if amount <= 0:
        return books
    moved, _ = apply(books, Transfer(
        kind="register_cleanup", amount=amount, registered_as_deaths=declared.registered_as_deaths,
        registered=format_years(removed), occurred=format_years(entered),
    ))  # fmt: skip
    return moved


@dataclass(frozen=True)
class RecipeRatio:
    """A recipe's excess deaths over the true ones: median and the central share `level` of the draws.

    Attributes
    ----------
    what : the steps in one sentence
    who : the authors and the key of their estimate; `OWN` for a method of dearth
    """

    median: float
    low: float
    high: float
    level: float
    what: str
    who: str


def recipe_ratios(draws: Sequence[Draw], trials: Trials | None) -> dict[str, RecipeRatio]:
    """Return by recipe its excess over the true one: median and the central 90 % of the draws.

    Ours come first. Left out are draws whose excess deaths are too few to divide by, and those whose crisis,
    and a year more, is not over at the second count; empty where none is left.
    """
    used, truths = [], []
    counted = trials.counts if trials else None
    for one in draws:
        true = one.truth.quantities()
        ended = counted is None or one.truth.first + one.truth.length + 1 <= counted[1]
        if ended and true.excess > TOLL * true.deaths:
            used.append(one)
            truths.append(true.excess)
    found: dict[str, RecipeRatio] = {}
    if not used:
        return found
    counts = counted or (used[0].truth.first - BEFORE, used[0].truth.first)
    own = own_recipes(used[0].truth.first, used[0].truth.length)
    for recipe in (*own, *(trials.recipes if trials else ())):
        ratios = np.array([excess(recipe, one, counts) for one in used]) / truths
        low, middle, high = (float(x) for x in np.quantile(ratios, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
        who = OWN if recipe.who == OWN else f"{recipe.who}; {recipe.published}"
        found[recipe.name] = RecipeRatio(middle, low, high, LEVEL, recipe.what, who)
    return found


def lowest_and_highest(ratios: Mapping[str, RecipeRatio]) -> tuple[str, str]:
    """Return the names of the published recipes with the lowest and the highest median; "" without any."""
    published = [name for name, one in ratios.items() if one.who != OWN]
    if not published:
        return "", ""
    by_median = sorted(published, key=lambda name: ratios[name].median)
    return by_median[0], by_median[-1]
