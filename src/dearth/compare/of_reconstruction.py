"""Measures from the draws of a reconstruction: one value each registration scenario."""

import numpy as np
from numpy.typing import NDArray

from dearth.case import labels
from dearth.case.read import Case
from dearth.case.years import parse_years, window_years
from dearth.compare.definitions import AROUND
from dearth.compare.results import Value
from dearth.estimate.evidence_used import register_sources
from dearth.numerics.interval import interval
from dearth.population.lifetable import life_table
from dearth.reconstruction.age_patterns import death_rates, groups_of
from dearth.reconstruction.joint_draws import JointDraws

Floats = NDArray[np.float64]
Measured = dict[str, list[Value]]


def measure_reconstruction(case: Case, draws: JointDraws) -> Measured:
    """Return every measure that the draws give, under each registration scenario that is printed.

    Years of life lost need a pattern of normal mortality, which the case's reconstruction declares.
    """
    found: Measured = {}
    sources = register_sources(case).get("reconstruction", ())
    names = labels.of(case)
    for at, scenario in enumerate(draws.coordinates["scenario"]):
        for key, values in _measures(case, draws, at).items():
            value = Value(
                "reconstruction",
                f"reconstruction: {names.scenario(scenario)}",
                interval(values),
                sources=sources,
            )
            found.setdefault(key, []).append(value)
    return found


def _measures(case: Case, draws: JointDraws, at: int) -> dict[str, Floats]:
    def of(name: str) -> Floats:
        values = np.asarray(draws[name][at], float)
        return values.reshape(-1, *values.shape[2:])

    years = tuple(int(year) for year in draws.coordinates["year"])
    crisis = [years.index(year) for year in window_years(case.settings.window)]
    deaths, people, excess = of("deaths"), of("people"), of("excess_deaths")
    first, groups = people[:, crisis[0]], draws.coordinates["age_group"]
    normal = deaths[:, crisis].sum(-1) - excess
    found = {
        "excess_per_1000": 1000 * excess / first,
        "p_score": excess / normal,
        "normal_death_rate": 1000 * normal / people[:, crisis].sum(-1),
        "worst_year_rate": (1000 * deaths[:, crisis] / people[:, crisis]).max(-1),
        "person_years_lost": 1000 * _years_lost(case, of("excess_deaths_by_age").sum(1), groups) / first,
    }
    if case.settings.births is not None:
        short = [years.index(y) for y in parse_years(case.settings.births.deficit) if y in years]
        lost = of("births_lost_gross")
        found["births_fall"] = lost / (of("births")[:, short].sum(-1) + lost)
        if case.settings.births.recovered:
            found["births_recovered"] = of("births_recovered") / lost
    for key, span in (("growth_before", range(crisis[0] - AROUND, crisis[0])),
                      ("growth_after", range(crisis[-1] + 1, crisis[-1] + 1 + AROUND))):  # fmt: skip
        inside = [i for i in span if 0 <= i < len(years)]
        if len(inside) > 1:
            ratio = people[:, inside[-1]] / people[:, inside[0]]
            found[key] = 100 * np.log(ratio) / (inside[-1] - inside[0])
    return found


def _years_lost(case: Case, by_group: Floats, groups: tuple[str, ...]) -> Floats:
    """Return years of life lost (D,) of excess deaths by age group [D, group]."""
    spec = case.settings.reconstruction
    assert spec is not None
    rates = death_rates(case, spec.mortality).mean(0)
    table = life_table(rates, np.arange(rates.size), "female")
    halfway = (table.ex + np.append(table.ex[1:], table.ex[-1])) / 2
    weights = groups_of(tuple(int(name.split("-")[0].rstrip("+")) for name in groups)) * table.dx
    left = (weights * halfway).sum(-1) / weights.sum(-1)
    return np.asarray(by_group @ left)
