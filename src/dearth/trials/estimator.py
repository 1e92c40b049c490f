"""The estimator on trial: the reconstruction itself, given degraded records and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Settings
from dearth.population.model_schedules import stable_ages
from dearth.reconstruction.age_patterns import BOYS
from dearth.reconstruction.census_tables import DEATH_GROUPS, Count
from dearth.reconstruction.compiled import Compiled, compiled
from dearth.reconstruction.figures import Figures
from dearth.reconstruction.generated_quantities import GATED, observe
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.likelihood import EVIDENCE_SOURCES
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.problem_data import Data, problem_data, stacked
from dearth.reconstruction.scenarios import free_shares, incomplete
from dearth.trials.age_tables import (
    COUNT_OF,
    FERTILITY,
    GROWTH,
    SOLDIERS,
    Ages,
    death_rates,
    groups,
    people_of_first_count,
)
from dearth.trials.degradations import Records
from dearth.trials.full_records import BEFORE, LAG, RETURN, YEARS, Measured, measured
from dearth.trials.like import Like
from dearth.trials.tiers import START, Tier, registration, specification

Floats = NDArray[np.float64]
SETTINGS = Settings(chains=4, warmup=240, draws=960, steps=(10, 34), chunk=60, target=0.9, rounds=3)
# what is compared with the truth; what the reconstruction prints is over its own normal rates
MEASURED = tuple(one.name for one in fields(Measured))
PRINTED = {"excess": "excess_printed", "gross": "gross_printed", "recovered": "recovered_printed"}
QUANTITIES = (*MEASURED, *PRINTED.values(), "net_printed")


@dataclass(frozen=True)
class Estimator:
    """The reconstruction compiled for all records of one tier and one length of crisis."""

    tier: Tier
    like: Like | None
    made: Compiled
    kept: Callable[[Any, Mapping[str, Any]], dict[str, Any]]

    @property
    def model(self) -> Model:
        """Return the model."""
        return self.made.model

    def data(self, records: Records) -> Data:
        """Return the sampler's data of one problem, with a leading axis of 1."""
        return self.shaped(given_data(self.tier, self.model, records, self.like))

    def shaped(self, given: Data) -> Data:
        """Return `given` with where its posterior lies and how it is stretched, with a leading axis of 1."""
        return self.made.shaped(stacked([given]))


@lru_cache(maxsize=16)
def estimator(
    tier: Tier, length: int, settings: Settings = SETTINGS, like: Like | None = None,
    soldiers: Ages = SOLDIERS,
) -> Estimator:  # fmt: skip
    """Return the estimator of a tier for crises of `length` years; asked for again, the same compiled one."""
    model = Model(_layout(tier, length, like, soldiers))
    kept = _kept(model, length)
    return Estimator(tier, like, compiled(model, kept, settings), kept)


def given_data(tier: Tier, model: Model, records: Records, like: Like | None = None) -> Data:
    """Return what the estimator gets of degraded records: figures, and the priors of the tier."""
    every = np.ones(len(EVIDENCE_SOURCES))
    return problem_data(model, _figures(tier, records), registration(tier, like), every, records.truth.place)


def _layout(tier: Tier, length: int, like: Like | None, soldiers: Ages) -> Layout:
    """Return which series and censuses a tier holds."""
    crisis = np.zeros(YEARS)
    crisis[BEFORE : BEFORE + length] = 1
    spec, forms = specification(tier, like), {"trial": registration(tier, like)}
    held = {"deaths", "births"} | (set() if tier.counted else {"stocks"})
    held |= {"total_fertility"} if tier.later else set()
    censuses = tuple(Count(c, groups(c.series, soldiers), False) for c in spec.censuses)
    return Layout(spec, tuple(range(START, START + YEARS)), crisis, frozenset(held), free_shares(forms),
                  incomplete(forms), censuses)  # fmt: skip


def _figures(tier: Tier, r: Records) -> Figures:
    none = np.full(YEARS, np.nan)
    mortality = death_rates()
    if tier.counted:
        start = people_of_first_count(r.counts["first"], r.truth.soldiers)
    else:
        people = np.array([[1.0], [BOYS]]) * stable_ages(mortality, GROWTH)
        start = people / people.sum() * r.truth.stocks[0].sum()
    deaths = r.infant_deaths + r.other_deaths if r.deaths_held else none
    return Figures(start, mortality, FERTILITY, deaths, r.births, none if tier.counted else r.stocks, none,
                   r.fertility if tier.later else none, np.full((YEARS, 2, len(DEATH_GROUPS)), np.nan), none,
                   _counted(tier, r))  # fmt: skip


def _counted(tier: Tier, r: Records) -> tuple[Floats, ...]:
    return tuple(
        np.einsum("gsa,sa->g", groups(census.series, r.truth.soldiers), r.counts[COUNT_OF[census.series]])
        for census in specification(tier).censuses
    )


def _kept(model: Model, length: int) -> Callable[[Any, Mapping[str, Any]], dict[str, Any]]:
    """Return the function of a draw: what the reconstruction prints, and what is measured as the truth is."""
    lost, returned = np.zeros(YEARS), np.zeros(YEARS)
    end = BEFORE + length + LAG
    lost[BEFORE:end], returned[end : end + RETURN] = 1, 1
    seen = observe(model, lost, returned)

    def kept(theta: Any, data: Mapping[str, Any]) -> dict[str, Any]:
        found = seen(theta, data)
        same = measured(found["deaths"], found["births"], found["people"], length)
        # quantities of one name, measured as the truth is, stand apart from those that are printed
        compared = {f"compared_{name}": value for name, value in same.by_name().items()}
        printed = {f"compared_{name}": found[key] for key, name in PRINTED.items()}
        net = {"compared_net_printed": found["gross"] - found["recovered"]}
        return {**{name: found[name] for name in (*GATED, "theta")}, **compared, **printed, **net}

    return kept


def compared(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what is kept of draws the quantities that are compared with the truth, by name."""
    return {name: jnp.asarray(seen[f"compared_{name}"]) for name in QUANTITIES}
