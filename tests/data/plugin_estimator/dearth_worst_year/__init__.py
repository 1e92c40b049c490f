"""An estimator for dearth: excess deaths of the worst year alone; every other year counts as normal."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class WorstYear:
    """Excess deaths of the year with the highest death rate."""

    name: str = "worst-year"
    title: str = "Worst year"
    formula: str = "E = max_t (CDR_t / k_t - B_t) P_t / 1000"
    text: str = "Only the year with the most excess deaths counts: a lower bound for a crisis with one peak."
    sources: tuple[str, ...] = ("assumed",)
    needs: str = "deaths and people"
    uses_births: bool = False
    whole_years: bool = True

    def fits(self, case, series):
        """Say whether the register has people: without them there is no rate."""
        register = case.settings.registers[series]
        return register.population is not None or register.population_midyear is not None

    def lacks(self, register, at):
        """Say what is missing in the years at positions `at`; nothing more than deaths is needed."""
        return "" if np.isfinite(register.deaths[at]).all() else "deaths"

    def excess(self, corrected, normal):
        """Return excess deaths [draw, year]: those of the worst year, 0 in every other."""
        every = corrected.deaths - normal * corrected.register.person_years / 1000
        highest = np.nanmax(every, axis=1, keepdims=True)
        return np.where(every == highest, every, np.where(np.isfinite(every), 0.0, np.nan))


WORST_YEAR = WorstYear()
