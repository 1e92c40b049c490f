"""Ages of the counts as the estimator gets them, and the patterns it assumes of a place little known."""

import numpy as np
from numpy.typing import NDArray

from dearth.population.model_schedules import beta_fertility, siler, single_ages
from dearth.reconstruction.age_patterns import AGES

Floats = NDArray[np.float64]
MORTALITY = {"infant": 0.19, "decline": 0.78, "background": 0.0057, "old": 0.00023, "slope": 0.077}
MEN_DIE = 0.1  # of the log: men of 15-75 over both sexes' mean, a fifth above women; assumed
MEAN_AGE, AGE_SD = 31.0, 6.6  # of mothers; assumed: 31-33 in the Nordic countries before 1900
FERTILITY = beta_fertility(np.arange(AGES), MEAN_AGE, AGE_SD)
GROWTH = 0.007  # a year, of the stable people where none were counted; assumed
FIVES = np.arange(0, 85, 5)  # first ages of five-year groups, the last open
Ages = tuple[int, int]  # the first one, and the first one above
SOLDIERS: Ages = (18, 35)  # men in service, whom a census leaves out, where a case does not say; assumed
BORN_SINCE = ((15, 20), (20, 25), (25, 29))  # ages at the later count of those born since the start
ALIVE_AT_START = range(29, 79, 5)  # first ages then of the five-year groups of the first count


def death_rates() -> Floats:
    """Return the pattern of normal death rates [sex, age], per person-year."""
    age = np.arange(AGES) + 0.5
    curve = siler(age, **MORTALITY)
    grown = 1 / (1 + np.exp(-(age - 15) / 3)) / (1 + np.exp((age - 75) / 5))
    return np.array([curve * np.exp(-MEN_DIE * grown), curve * np.exp(MEN_DIE * grown)])


def by_fives(soldiers: Ages) -> Ages:
    """Return the ages of the five-year groups that hold soldiers: of men they are not compared."""
    return soldiers[0] // 5 * 5, -(-soldiers[1] // 5) * 5


def groups_of_second_count(soldiers: Ages = SOLDIERS) -> Floats:
    """Return the weights [group, sex, age] of five-year groups from five up, no men of soldiers' ages."""
    found, left_out = [], range(*by_fives(soldiers))
    for sex in (0, 1):
        for first in FIVES[1:]:
            if sex == 1 and first in left_out:
                continue
            weights = np.zeros((2, AGES))
            weights[sex, first : (first + 5 if first < FIVES[-1] else AGES)] = 1
            found.append(weights)
    return np.array(found)


def groups_of_small_children() -> Floats:
    """Return the weights [group, sex, age] of children under five, whom every count gets wrong most."""
    found = np.zeros((2, 2, AGES))
    found[[0, 1], [0, 1], : FIVES[1]] = 1
    return found


def groups_of_those_born_since() -> Floats:
    """Return the weights [group, sex, age] of cohorts born since the start at the later count.

    Single ages are added up: a count says them badly, and who graduates it blurs a small cohort into its
    neighbours. In Sweden's own tables 98 of 100 born in 1773 are alive at the year's end, when 29 had died.
    """
    found = np.zeros((2 * len(BORN_SINCE), 2, AGES))
    for sex in (0, 1):
        for at, (first, end) in enumerate(BORN_SINCE):
            found[sex * len(BORN_SINCE) + at, sex, first:end] = 1
    return found


def groups_of_those_alive_at_start() -> Floats:
    """Return the weights [group, sex, age] of the cohorts of the first count's groups at the later count.

    Within five years the sizes of cohorts are not known: the first count is given by groups.
    """
    found = np.zeros((2 * len(ALIVE_AT_START), 2, AGES))
    for sex in (0, 1):
        for at, age in enumerate(ALIVE_AT_START):
            found[sex * len(ALIVE_AT_START) + at, sex, age : age + 5] = 1
    return found


OTHER_GROUPS = {
    "small": groups_of_small_children, "born": groups_of_those_born_since,
    "alive": groups_of_those_alive_at_start,
}  # fmt: skip
# which count each is a table of
COUNT_OF = {"second": "second", "small": "second", "born": "later", "alive": "later"}


def groups(table: str, soldiers: Ages = SOLDIERS) -> Floats:
    """Return the weights [group, sex, age] of a table: second, small, born or alive."""
    return groups_of_second_count(soldiers) if table == "second" else OTHER_GROUPS[table]()


def people_of_first_count(counted: Floats, soldiers: Ages = SOLDIERS) -> Floats:
    """Return people [sex, age] of a count [sex, age] given in five-year groups.

    Men of soldiers' ages are taken from the women, at the mean sex ratio of the groups on either side.
    """
    ends = [*FIVES[1:], AGES]
    totals = np.array([counted[:, a:b].sum(-1) for a, b in zip(FIVES, ends, strict=True)]).T
    low, high = (int(np.searchsorted(FIVES, age)) for age in by_fives(soldiers))
    ratio = (totals[1, low - 1] / totals[0, low - 1] + totals[1, high] / totals[0, high]) / 2
    totals[1, low:high] = ratio * totals[0, low:high]
    found = np.array([single_ages(row, FIVES, AGES) for row in totals])
    return np.asarray(np.maximum(found, 1e-9 * found.sum()))
