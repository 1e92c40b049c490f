"""Published recipes on the books of a simulated history: what each would have said of a toll that is known.

Structure and constants follow the works whose keys stand beside them. Years stand where they stood about
1958-61: 1957 is the year before the crisis, 1964 that of the second count. Stocks are the rolls, which begin
with the first count. The two counts have no error, nor has the survey where births are surveyed: recipes at
their best. No published toll enters any of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from dearth.case.schema import Transfer
from dearth.estimate.baselines import Baseline, normal_rate
from dearth.estimate.methods import balance_excess
from dearth.population.registration_transfers import apply
from dearth.trials.full_records import BEFORE, SECOND_COUNT, YEARS
from dearth.trials.registration_records import (
    deaths_required,
    excess_of,
    line_over,
    mean_before,
    register,
    years_of,
)
from dearth.trials.scores import TOLL
from dearth.trials.simulated_histories import Draw

Floats = NDArray[np.float64]
FIRST_SHARE = 0.6  # of deaths booked when its rise begins (banister1984; recalled: "rising from about 0.6")
UNREPORTED = 1.10  # deaths over those booked (peng1987, second hand)
TEN = 10.0  # normal deaths per 1000 (yang2008, dikotter2010, second hand)
ARCHIVES = 1.5  # deaths over those of gazetteers (dikotter2010, second hand)
CLEANED_AS_DEATHS = 0.5  # of names struck off; assumed: sun2016 states none in what was read
LEVEL = 0.9  # of the draws, between low and high
OWN = "dearth"  # in place of the authors of a published recipe


@dataclass(frozen=True)
class Recipe:
    """A way from books to excess deaths, persons; `who` has its authors and their key in published.csv."""

    name: str
    what: str
    who: str
    excess: Callable[[Draw], float]


def rate_method(draw: Draw) -> float:
    """Apply our rate method to the books; the normal rate is the truth's own: the mean of five years."""
    return excess_of(register(draw), mean_before(draw, BEFORE), years_of(draw))


def balance_method(draw: Draw) -> float:
    """Apply our balance method, E = births - change of stocks - normal deaths, to the books."""
    return excess_of(register(draw), mean_before(draw, BEFORE), years_of(draw), method=balance_excess)


def coale_uncorrected(draw: Draw) -> float:
    """Take booked deaths over a line, July-June; the line's ends were not recovered and are Banister's."""
    return excess_of(register(draw), line_over(draw), years_of(draw, kind="july_june"))


def coale(draw: Draw) -> float:
    """Raise booked deaths evenly until those between the counts close on surveyed births; else the same."""
    share = draw.deaths_booked[:SECOND_COUNT].sum() / deaths_required(draw, draw.truth.births)
    return excess_of(register(draw), line_over(draw), years_of(draw, kind="july_june"), share)


def banister_uncorrected(draw: Draw) -> float:
    """Take booked deaths over the line 1957-64, calendar years of the crisis."""
    return excess_of(register(draw), line_over(draw), years_of(draw))


def banister(draw: Draw) -> float:
    """Raise deaths by a share that rises, then take them over the line 1957-64."""
    return excess_of(register(draw), line_over(draw), years_of(draw), rising_share(draw))


def rising_share(draw: Draw) -> Floats:
    """Return a share booked [year] that rises evenly from `FIRST_SHARE` in the year of the first count.

    Its slope closes the deaths between the counts on surveyed births; it never falls, and reaches 1 in the
    year of the second count at most: where that does not close them, they stay open. The straight rise is
    our scenario of "rising".
    """
    t, gone = np.arange(YEARS), deaths_required(draw, draw.truth.births)

    def short(slope: float) -> float:
        share = FIRST_SHARE + slope * t[:SECOND_COUNT]
        return float((draw.deaths_booked[:SECOND_COUNT] / share).sum() - gone)

    steepest = (1 - FIRST_SHARE) / SECOND_COUNT
    slope = 0.0 if short(0.0) <= 0 else steepest
    if short(0.0) > 0 > short(steepest):
        slope = float(brentq(short, 0.0, steepest))
    return np.asarray(np.minimum(FIRST_SHARE + slope * t, 1.0))


def peng(draw: Draw) -> float:
    """Raise deaths by a tenth, over the mean of the three years before; the provinces are taken as one."""
    return excess_of(register(draw), mean_before(draw, 3), years_of(draw, more=1), 1 / UNREPORTED)


def jin(draw: Draw) -> float:
    """Apply the balance method to rolls and surveyed births; his normal rate was not recovered: ours."""
    books = replace(register(draw), births=draw.truth.births)
    return excess_of(books, mean_before(draw, BEFORE), years_of(draw, skip=1), method=balance_excess)


def yao(draw: Draw) -> float:
    """Take booked deaths over the rate of the year before ("1957-type"); the provinces are taken as one."""
    return excess_of(register(draw), Baseline("level", (draw.truth.first - 1,)), years_of(draw, more=1))


def _between_rebuilt(draw: Draw, baseline: Baseline) -> float:
    """Return E = P0 - P1 + booked births - normal deaths of the crisis and a year more, persons.

    P0 is the first count carried forward to the crisis by the growth the books show, P1 the second carried
    back to its end; no completeness (cao2005: populations rebuilt by growth rates).
    """
    books, window = register(draw), years_of(draw, more=1)
    growth, counted = books.births - books.deaths, draw.truth.stocks.sum((1, 2))
    start, stop = books.index[window.first], books.index[window.last] + 1
    before = counted[0] + growth[:start].sum()
    after = counted[SECOND_COUNT] - growth[stop:SECOND_COUNT].sum()
    normal = normal_rate(baseline, books.years, books.death_rate[None])[0] * books.person_years / 1000
    return float(before - after + (books.births - normal)[start:stop].sum())


def cao(draw: Draw) -> float:
    """Compare rebuilt populations, normal deaths at the rate before; counties are taken as one, all stay."""
    return _between_rebuilt(draw, mean_before(draw, BEFORE))


def yang_jisheng(draw: Draw) -> float:
    """Take booked deaths over 10 per 1000, crisis and a year more."""
    return excess_of(register(draw), Baseline("constant", (), TEN), years_of(draw, more=1))


def dikotter(draw: Draw) -> float:
    """Add half to a total of Cao's kind whose normal deaths are 10 per 1000."""
    return ARCHIVES * _between_rebuilt(draw, Baseline("constant", (), TEN))


def cheng_zhan(draw: Draw) -> float:
    """Take booked deaths over the mean number (no rate) of three years before, the crisis after its first."""
    books, window = register(draw), years_of(draw, skip=1)
    inside = slice(books.index[window.first], books.index[window.last] + 1)
    return float((books.deaths[inside] - books.deaths[BEFORE - 3 : BEFORE].mean()).sum())


def sun(draw: Draw) -> float:
    """Read the accounts' surplus of 1954-59 as false names, their clean-up as part of later deaths.

    The names leave the rolls evenly from the third year of the crisis to the second count (1960-64). The
    normal rate is the mean of three years before, as in china-1958; without a surplus nothing is moved.
    """
    books, first = register(draw), draw.truth.first
    entered, cleaned = range(first - 4, first + 2), range(first + 2, first - BEFORE + SECOND_COUNT + 1)
    surplus = sum(float(books.residual[books.index[year]]) for year in entered)
    least = min(float(books.deaths[books.index[year]]) for year in cleaned)
    amount = min(surplus, least * len(cleaned) / CLEANED_AS_DEATHS)  # no more deaths than there are
    if amount > 0:
        moved = Transfer(
            kind="register_cleanup", amount=amount, registered_as_deaths=CLEANED_AS_DEATHS,
            registered=f"{cleaned[0]}-{cleaned[-1]}", occurred=f"{entered[0]}-{entered[-1]}",
        )  # fmt: skip
        books, _ = apply(books, moved)
    return excess_of(books, mean_before(draw, 3), years_of(draw, skip=1))


def patnaik(draw: Draw) -> float:
    """Take booked deaths of the later years over the rate of the first ("1958 level")."""
    return excess_of(register(draw), Baseline("level", (draw.truth.first,)), years_of(draw, skip=1))


RECIPES = (
    Recipe("rate method", "Registered deaths over the mean rate of five years before.", OWN, rate_method),
    Recipe("balance method", "Births less stock change, over normal deaths.", OWN, balance_method),
    Recipe("over a line, July-June", "Registered deaths over a line from the year before to census two.",
           "Coale 1984, before correction; coale1984_uncorrected", coale_uncorrected),
    Recipe("raised to close", "Deaths raised alike to close two counts on surveyed births, over a line.",
           "Coale 1984; coale1984", coale),
    Recipe("over a line", "Registered deaths over a line from the year before to census two.",
           "Banister 1984/87, before correction; banister1987_uncorrected", banister_uncorrected),
    Recipe("raised, share rising", "Deaths, their share booked rising from 0.6 to close counts, over a line.",
           "Banister 1984/87; banister1987", banister),
    Recipe("raised by a tenth", "Registered deaths and a tenth over the mean rate before, to a year after.",
           "Peng 1987; peng1987", peng),
    Recipe("balance, births surveyed", "Surveyed births less change of rolls, over normal deaths.",
           "Jin Hui 1993; jin1993", jin),
    Recipe("over the year before", "Registered deaths over the rate of the year before, to a year after.",
           "Yao 1999; yao1999", yao),
    Recipe("populations rebuilt", "Counts carried to the crisis by booked growth, births less normal deaths.",
           "Cao Shuji 2005; cao2005", cao),
    Recipe("over ten", "Registered deaths over 10 per 1000, to a year after.",
           "Yang Jisheng 2008, before his adjustment; yang2008", yang_jisheng),
    Recipe("rebuilt and half", "Populations rebuilt, 10 normal deaths per 1000, the total raised by half.",
           "Dikötter 2010; dikotter2010", dikotter),
    Recipe("over a mean number", "Registered deaths of the later years over the mean number before.",
           "Cheng Enfu and Zhan Zhihua, before late bookings are moved; cheng_zhan", cheng_zhan),
    Recipe("false names", "Surplus names were nobody's; half of their removal was booked as deaths.",
           "Sun Jingxian 2011/2016; sun2016", sun),
    Recipe("over the first year", "Registered deaths of the later years over the rate of the first.",
           "Patnaik 1999-2011; patnaik2004", patnaik),
)  # fmt: skip

NOT_CARRIED_OUT = {
    "Ashton, Hill, Piazza, Zeitz 1984": "children and adults apart: the books hold no ages at death",
    "Hill 1988, Calot 1984": "reconstructions whose steps were not recovered",
    "Jiang Zhenghua 1986/87": "the model life tables, their fit and his normal rate were not recovered",
    "Li Chengrui 1997/98, Kane 1988": "reviews; Li's on rates of Jiang's kind",
    "Luo 1988": "needs a third count; its toll was not recovered",
    "Rummel 1991, Becker 1996": "adopt Coale's and Banister's",
    "Houser, Sands, Xiao 2009": "a model of provinces and weather",
    "Yang Jisheng 2008, adjusted": "the last step is judgement",
    "Chen Yizi, 1979-80": "a figure without a method",
    "Yu Xiguang": "unpublished archives",
    "Garnaut 2014, O Grada 2011, Ball 2006": "no national toll of their own",
    "World Peace Foundation": "a compilation",
    "UN WPP": "a reconstruction that smooths years, by ages not held",
    "Cheng and Zhan, late bookings moved back": "what was moved is known only from their result",
    "Yang Songlin 2013/2021": "the ends of both trends were not recovered",
    "Minqi Li 2008": "needs mortality of before the simulated years",
}


def recipe_ratios(draws: Sequence[Draw]) -> dict[str, dict[str, Any]]:
    """Return by recipe its excess over the true one: median and the central 90 % of the draws.

    Left out are draws whose toll is too small to be divided by, and those whose crisis, and a year more, is
    not over at the second count; empty where none is left.
    """
    used, truths = [], []
    for one in draws:
        true = one.truth.quantities()
        ended = BEFORE + one.truth.length + 1 <= SECOND_COUNT
        if ended and true["excess"] > TOLL * true["deaths"]:
            used.append(one)
            truths.append(true["excess"])
    found: dict[str, dict[str, Any]] = {}
    for recipe in RECIPES if used else ():
        ratios = np.array([recipe.excess(one) for one in used]) / truths
        low, middle, high = (float(x) for x in np.quantile(ratios, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
        found[recipe.name] = {"median": middle, "low": low, "high": high, "level": LEVEL,
                              "what": recipe.what, "who": recipe.who}  # fmt: skip
    return found


def lowest_and_highest(ratios: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Return the names of the published recipes with the lowest and the highest median."""
    published = [name for name in ratios if ratios[name]["who"] != OWN]
    by_median = sorted(published, key=lambda name: float(ratios[name]["median"]))
    return by_median[0], by_median[-1]
