"""Migrants have ages: the reconstruction's model with those who move mostly young adults and their children.

A place whose records are tried may have lost people for decades. Moved alike at all ages, as the model of a
closed place has it, emigration passes for deaths; by age it leaves a mark that deaths do not.
"""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.case.schema import Prior
from dearth.numerics.parameter_vector import Unknowns
from dearth.population import lexis
from dearth.population.model_schedules import stable_ages
from dearth.population.projection import Step, step
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.inputs import Inputs
from dearth.reconstruction.population_model import GIRLS, SHARED, Array, Model
from dearth.trials.age_tables import GROWTH, death_rates

Floats = NDArray[np.float64]
MEN = 0.6  # of those who move for work; assumed: of overseas emigrants before 1914 three in five were men
LEVEL = 5  # last years whose mean migration goes on until the later count, give or take; assumed
LATER = Prior(dist="normal", mean=0.0, sd=0.004, source="assumed", note="net migrants a year over people")


def migrant_ages() -> Floats:
    """Return the rate of moving [sex, age], women first, over that of all people of a stable population.

    The basic standard of Rogers & Castro (1981, Model Migration Schedules, IIASA RR-81-30): children with
    their parents, a peak in the early twenties in which men are more, a constant.
    """
    age = np.arange(AGES) + 0.5
    young = 0.02 * np.exp(-0.1 * age)
    work = 0.06 * np.exp(-0.1 * (age - 20) - np.exp(-0.4 * (age - 20)))
    rate = np.array([young + 2 * share * work + 0.003 for share in (1 - MEN, MEN)])
    people = stable_ages(death_rates(), GROWTH)  # [sex, age]
    return np.asarray(rate * (people.sum() / (people * rate).sum()))


PATTERN = migrant_ages()


class OpenModel(Model):
    """The model of a place that people leave and come to, at the ages at which people move.

    Where a later count is held, `later_migration` is how the years until then depart from the last ones.
    """

    def __init__(self, given: Inputs) -> None:
        super().__init__(given, part=True)
        if given.horizon:
            self.priors = {**self.priors, "later_migration": LATER}
            self.own = Unknowns({**self.own.shapes, "later_migration": ()})
            self.unknowns = Unknowns({**self.own.shapes, "shared": (SHARED,)})

    def project(self, people: Array, rates: Array, fertility: Array, migration: Array) -> tuple[Array, Step]:
        """Return stocks on 1 January [year + 1, sex, age] and the steps of the years."""

        def year(now: Array, given: tuple[Array, Array, Array]) -> tuple[Array, tuple[Array, Step]]:
            hazard, tfr, net = given
            kept = lexis.survival(hazard)
            done = step(now, kept, tfr * self.given.fertility, by_age(net, now), GIRLS)
            return done.people, (now, done)

        last, (stocks, steps) = jax.lax.scan(year, people, (rates, fertility, migration))
        return jnp.concatenate([stocks, last[None]]), steps

    def wear(self, normal: Array, u: Mapping[str, Array]) -> Array:
        """Return hazards passed by each later year [year, sex, age]: leaving goes on as it was last."""
        worn = super().wear(normal, u)
        ages = np.minimum(np.arange(AGES) + np.arange(self.given.horizon)[:, None], AGES - 1)
        # over the people of a stable population: those of the last year are not at hand here
        net = u["migration"][-LEVEL:].mean() + u.get("later_migration", 0.0)
        left = -net * jnp.cumsum(jnp.asarray(PATTERN)[:, ages], axis=1)
        return worn + left.swapaxes(0, 1)


def by_age(net: Array, people: Array) -> Array:
    """Return net migrants over persons [sex, age] that add to `net` of all `people` [sex, age]."""
    return net * PATTERN * (people.sum() / (people * PATTERN).sum())
