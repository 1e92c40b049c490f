"""Simulated histories as truths: the food system run from its priors, and the records its office kept.

True deaths, births and people are known of every draw; the office registered some of them. The estimator gets
the office's registers and two counts; published recipes are tried on the same registers.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.reconstruction.age_patterns import AGES
from dearth.system.draws import Progress, quiet, run_draws
from dearth.system.initial_state import world
from dearth.system.plan import Asked, plan_of
from dearth.system.report_document import has_scenario
from dearth.trials.degradations import Records, complete
from dearth.trials.full_records import BEFORE, LATER_COUNT, YEARS, Truth, own_window, soldiers_of

Floats = NDArray[np.float64]
DEAD = 0.25  # of the people: draws in which more of them die in the crisis are left out, and counted


@dataclass(frozen=True)
class Draw:
    """One simulated history: what happened, and what the office registered of it [year]."""

    truth: Truth
    deaths_booked: Floats
    births_booked: Floats
    names: Floats

    @property
    def start(self) -> int:
        """Return the first year of the history."""
        return self.truth.first - BEFORE

    def index(self, year: int) -> int:
        """Return the place of a year, and of its 1 January among the stocks."""
        return year - self.start

    def records(self) -> Records:
        """Return the office's records; deaths under one year are registered like the others."""
        whole = complete(self.truth)
        share = self.deaths_booked / self.truth.deaths
        return replace(whole, infant_deaths=whole.infant_deaths * share,
                       other_deaths=whole.other_deaths * share, births=self.births_booked.copy(),
                       stocks=self.names.copy())  # fmt: skip


def histories(case: Case, draws: int, seed: int, progress: Progress = quiet) -> tuple[list[Draw], int]:
    """Return simulated histories of the case's years and how many were left out as beyond any famine.

    Raises
    ------
    CaseError
        No scenario, or one that does not reach from five years before the window to eight after its first.
    """
    if not has_scenario(case):
        raise mistake("recover", "the case has no scenario to simulate", field="--windows")
    first, length = own_window(case)
    plan = plan_of(case, Asked(draws=draws, seed=seed))
    scenario = plan.scenario
    start, last = scenario.span
    if start != first - BEFORE or last != start + YEARS - 1:
        raise mistake(
            "recover", f"the scenario runs {start}-{last}; about a window that begins in {first} it must run "
            f"{first - BEFORE}-{first - BEFORE + YEARS - 1}", field="--windows",
        )  # fmt: skip
    history = run_draws(scenario, plan.settings, seed, draws, progress=progress)
    opening = np.asarray(world(scenario, seed).opening.people, float).sum(-1)
    people, died = history.december("people_by_age"), history.yearly("deaths_by_age")
    births = history.yearly("births").sum(-1)
    booked = {name: history.yearly(f"{name}_registered").sum(-1) for name in ("deaths", "births")}
    names = history.december("register").sum(-1)
    found = []
    for at in range(draws):
        stocks = np.full((LATER_COUNT + 1, 2, AGES), np.nan)
        stocks[0] = _completed(opening)
        for year in range(YEARS):
            stocks[year + 1] = _completed(people[at, year])
        # of those who reach one in the year of death, half die before the birthday
        infants = (died[at, :, :, 0] + 0.5 * died[at, :, :, 1]).sum(-1)
        truth = Truth(f"{case.name}, draw {at}", first, length, stocks, infants,
                      died[at].sum((1, 2)) - infants, births[at], soldiers_of(case))  # fmt: skip
        if truth.deaths[truth.inside].sum() < DEAD * stocks[BEFORE].sum():
            found.append(Draw(truth, booked["deaths"][at], booked["births"][at], names[at]))
    return found, draws - len(found)


def _completed(reached: Floats) -> Floats:
    """Return people of 1 January by completed age [sex, age] of rows by age reached in the year to come."""
    found = np.zeros((2, AGES))
    found[:, :-1] = reached[:, 1:]
    found[:, 0] += reached[:, 0]
    return found
