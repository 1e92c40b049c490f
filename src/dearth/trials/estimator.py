"""The estimator on trial: the reconstruction, given degraded records and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.hmc import Sampler, Settings
from dearth.numerics.laplace import laplace
from dearth.population.model_schedules import stable_ages
from dearth.reconstruction.census_tables import DEATH_GROUPS, Count
from dearth.reconstruction.generated_quantities import observe
from dearth.reconstruction.inputs import Inputs
from dearth.reconstruction.inputs import Records as Given
from dearth.reconstruction.likelihood import (
    EVIDENCE_SOURCES,
    counted,
    expected_registration,
    log_density,
    people_on,
)
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.priors import shares
from dearth.reconstruction.reparameterisation import bent
from dearth.trials.age_tables import (
    COUNT_OF,
    FERTILITY,
    GROUPS,
    GROWTH,
    death_rates,
    people_of_first_count,
)
from dearth.trials.degradations import Records
from dearth.trials.full_records import BEFORE, YEARS, measured
from dearth.trials.migration_ages import OpenModel
from dearth.trials.tiers import (
    HABIT,
    MIGRATION_LEVEL_SD,
    SMALL_CHILDREN_SD,
    START,
    Tier,
    deaths_prior,
    specification,
)

Floats = NDArray[np.float64]
Data = dict[str, Any]
SETTINGS = Settings(chains=4, warmup=140, draws=400, steps=(6, 24), chunk=60, target=0.85, rounds=6)
QUANTITIES = ("deaths", "births", "excess", "gross", "recovered", "net", "excess_own")


@dataclass(frozen=True)
class Estimator:
    """One compiled sampler for all records of one tier and one length of crisis."""

    tier: Tier
    model: Model
    sampler: Sampler
    values: Any  # log densities of points [point, unknown] in straight coordinates
    slopes: Any  # and their gradients

    def data(self, records: Records) -> Data:
        """Return the sampler's data of one problem, with a leading axis of 1."""
        return self.shaped(given_data(self.tier, self.model, records))

    def shaped(self, given: Data) -> Data:
        """Return `given` with where its posterior lies and how it is stretched, with a leading axis of 1."""
        found = given | self._shape(given)
        data: Data = jax.tree.map(lambda part: jnp.asarray(part, float)[None], found)
        return data

    def _shape(self, mine: Data) -> Data:
        """Return where the posterior lies and how it is stretched, in straight coordinates."""
        held = [at for at, name in enumerate(self.model.unknowns.names()) if name.endswith("_noise")]
        centre, factor = laplace(
            partial(self.values, mine), partial(self.slopes, mine), self.model.unknowns.size, held
        )
        return {"centre": centre, "factor": factor}


@lru_cache(maxsize=16)
def estimator(tier: Tier, length: int, settings: Settings = SETTINGS) -> Estimator:
    """Return the estimator of a tier for crises of `length` years; asked for again, the same compiled one."""
    model = OpenModel(_inputs(tier, length))

    def theta(z: Any, d: Data) -> Any:
        return bent(model, d["centre"] + d["factor"] @ z, d)

    def straight(point: Any, mine: Data) -> Any:
        return _density(model, bent(model, point, mine), mine)

    def slopes(mine: Data, points: Any) -> Any:
        # few at a time: the intermediate arrays then stay in the processor's cache
        return jax.lax.map(jax.grad(partial(straight, mine=mine)), points, batch_size=8)

    sampler = Sampler(
        lambda z, d: _density(model, theta(z, d), d), lambda z, d: seen_of(model, theta(z, d), d), settings
    )
    values = jax.jit(lambda mine, points: jax.vmap(partial(straight, mine=mine))(points))
    return Estimator(tier, model, sampler, values, jax.jit(slopes))


def given_data(tier: Tier, model: Model, records: Records) -> Data:
    """Return what the estimator gets of degraded records: figures, and the priors of the tier."""
    normal, crisis = deaths_prior(tier)
    return {
        "records": _figures(tier, records).tree(), **_placed(model),
        "counted": _counted(tier, records),
        "completeness_normal": np.array(shares(normal)), "completeness_crisis": np.array(shares(crisis)),
        "same_completeness": float(crisis is None), "late_share": np.array(shares(None)),
        "removals_share": np.array(shares(None)),
        "birth_completeness": np.array(shares(model.given.spec.birth_completeness)),
        "sources_used": np.ones(len(EVIDENCE_SOURCES)),
    }  # fmt: skip


def _placed(model: Model) -> Data:
    """Return the placing of unknowns: what years of migration share, and what an office's habits share.

    Who leaves is followed by others: with years apart a lasting loss of people would pass for deaths. An
    office that books half of the deaths does not book nine in ten in a crisis. Small children are looser.
    """
    placed, names = model.plain(), model.own.names()
    apart, cohort = (float(model.priors[name].sd or 1.0) for name in ("migration", "start_cohort"))
    placed["lift"][_years_of_migration(model), 0] = MIGRATION_LEVEL_SD / apart
    habits = [names.index(name) for name in ("completeness_normal", "completeness_crisis")]
    placed["by"][habits], placed["lift"][habits, 1] = np.sqrt(1 - HABIT), np.sqrt(HABIT)
    placed["by"][names.index("start_cohort[0]")] = SMALL_CHILDREN_SD / cohort
    return placed


def _inputs(tier: Tier, length: int) -> Inputs:
    """Return the shape of a rung's inputs; the figures in it are placeholders, replaced by the data."""
    crisis = np.zeros(YEARS)
    crisis[BEFORE : BEFORE + length] = 1
    spec = specification(tier)
    one, none = np.ones(YEARS), np.full(YEARS, np.nan)
    held = Given(np.ones((2, 101)), death_rates(), one, one, none if tier.counted else one, none,
                 one if tier.later else none, np.full((YEARS, 2, len(DEATH_GROUPS)), np.nan))  # fmt: skip
    groups = [GROUPS[c.series]() for c in spec.censuses]
    censuses = tuple(Count(c, np.ones(len(g)), g, False) for c, g in zip(spec.censuses, groups, strict=True))
    return Inputs(spec, tuple(range(START, START + YEARS)), crisis, held, FERTILITY, censuses)


def _figures(tier: Tier, r: Records) -> Given:
    none = np.full(YEARS, np.nan)
    mortality = death_rates()
    if tier.counted:
        start = people_of_first_count(r.counts["first"])
    else:
        people = np.array([[1.0], [1.06]]) * stable_ages(mortality, GROWTH)
        start = people / people.sum() * r.truth.stocks[0].sum()
    deaths = r.infant_deaths + r.other_deaths if r.deaths_held else none
    return Given(start, mortality, deaths, r.births, none if tier.counted else r.stocks, none,
                 r.fertility if tier.later else none,
                 np.full((YEARS, 2, len(DEATH_GROUPS)), np.nan))  # fmt: skip


def _counted(tier: Tier, r: Records) -> tuple[Floats, ...]:
    return tuple(
        np.einsum("gsa,sa->g", GROUPS[census.series](), r.counts[COUNT_OF[census.series]])
        for census in specification(tier).censuses
    )


def _with_counts(model: Model, data: Mapping[str, Any]) -> Model:
    """Return the model whose counts are those of the data: one program then serves every problem."""
    given = model.given
    censuses = tuple(
        replace(census, observed=seen) for census, seen in zip(given.censuses, data["counted"], strict=True)
    )
    mine = object.__new__(type(model))  # the class too: a place that people leave stays one
    mine.__dict__.update(model.__dict__, given=replace(given, censuses=censuses))
    return mine


def _density(model: Model, theta: Any, data: Mapping[str, Any]) -> Any:
    return log_density(_with_counts(model, data), theta, data)


def seen_of(model: Model, theta: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a draw: quantities measured as the truth is, and the standard unknowns.

    `excess_own` is the excess over the estimate's own normal mortality, which the scenarios of a case print.
    """
    given, none = model.given, np.zeros(YEARS)
    seen = observe(_with_counts(model, data), none, none)(theta, data)
    length = int(given.crisis.sum())
    found = measured(seen["deaths"], seen["births"], seen["people"], length)
    pulled = jnp.concatenate([theta, net_migration(model, theta, data)])
    return {**found, "excess_own": seen["excess"], "z": pulled}


def net_migration(model: Model, theta: Any, data: Mapping[str, Any]) -> Any:
    """Return each year's net migration [year], level and all, in standard deviations of its prior."""
    rows = np.array(_years_of_migration(model))
    lasting = jnp.sqrt(1 + (jnp.asarray(data["lift"])[rows] ** 2).sum(-1))
    return model.place(theta, data)[rows] / lasting


def _years_of_migration(model: Model) -> list[int]:
    return [at for at, name in enumerate(model.own.names()) if name.startswith("migration[")]


def names_of_pulls(model: Model) -> list[str]:
    """Return the names of what `seen_of` keeps under ``z``."""
    return [*model.unknowns.names(), *(f"net_migration[{year}]" for year in range(YEARS))]


def expected_of(model: Model, theta: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the records should show of unknowns `theta`, without noise: books, survey, counts."""
    u = model.named(theta, data)
    h = model.histories(u, data)
    wear = model.wear(h["normal"], u) if model.given.censuses else None
    counts = tuple(
        counted(model, u, at, people_on(model, census.spec.date, h["stocks"], wear))
        for at, census in enumerate(model.given.censuses)
    )
    books = expected_registration(model, u, h)
    return {"deaths": books["deaths"], "births": books["births"], "stocks": books["stocks"],
            "fertility": h["fertility"], "counts": counts, "u": u}  # fmt: skip
