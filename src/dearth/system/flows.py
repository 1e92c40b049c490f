"""Who gave what to whom this month: the ledger from which balances are proved.

The month opens with its people counted and every other entry zero; a mechanism adds to entries and never
overwrites another's, save `labour`, which it moves from one use to another.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from dearth.numerics.weighted_sums import weighed
from dearth.system.places import Places
from dearth.system.state import AGES, SEXES

USES = ("agriculture", "industry", "works", "kitchens", "search", "training", "audit", "commuting")
WORKING = (15, 60)  # ages of those who work
_AGE = np.arange(AGES)
# weights [sex, sex, age] that sum the women and the men of working age
ADULTS = np.einsum("st,a->sta", np.eye(2), (WORKING[0] <= _AGE) & (WORKING[1] > _AGE))
# energy needed over the mean [sex, age], women first, by age in whole years; recalled
_GROUPS = [_AGE < 5, _AGE < 10, _AGE < 15, _AGE < 60]
NEEDS = np.stack([np.select(_GROUPS, [0.5, 0.7, 0.9, adult], 0.8) for adult in (1.0, 1.25)])
AGRICULTURE, INDUSTRY, WORKS, KITCHENS, SEARCH, TRAINING, AUDIT, COMMUTING = range(len(USES))


@dataclass(frozen=True)
class Flows:
    """One month's ledger; see `variables.FLOWS` for unit and definition of each."""

    # people as the month opens, persons
    present: Array  # [place]
    adults: Array  # [sex, place] of 15-59
    normal_deaths: Array  # [place] of the month, were hazards normal
    normal_births: Array  # [place] of the month, were fertility normal
    mouths: Array  # [place] weighed by what their age and sex needs
    # grain of places, t original [place]
    output: Array
    seed: Array
    feed: Array
    eaten: Array
    lost: Array
    procured: Array
    searched: Array
    ration: Array
    resale: Array
    relief: Array
    sent: Array
    received: Array
    # grain of the state, t original [granary_area]
    exports: Array
    imports: Array
    moved_out: Array
    moved_in: Array
    lost_state: Array
    # orders between mechanisms
    export_order: Array  # [] t wanted abroad this month
    # work, persons
    labour: Array  # [use, place]
    vigour: Array  # [place] log of a worker's strength over that of one well fed
    # food
    need: Array  # [place] energy needed a head over that of the start, less 1
    appetite: Array  # [place] intake wanted over the norm, less 1
    spoiled: Array  # [place] share of what is cooked that is wasted
    equalised: Array  # [place] share of the spread of intake taken away by common kitchens
    skimmed: Array  # [place] share of cooked grain taken before it is shared out
    other_energy: Array  # [place] kcal per head per day, other than grain
    energy: Array  # [place] kcal per head per day, all
    hunger: Array  # [place] excess hazard of death of a month
    maternal: Array  # [place] mothers who die of births, beyond those of normal years
    # people
    deaths: Array  # [place]
    deaths_by_age: Array  # [sex, age] of the whole
    mothers_lost: Array  # [place] share of women of 15-49 who died
    births: Array  # [sex, place]
    left: Array  # [place]
    came: Array  # [place]
    # registers, persons [place]
    deaths_registered: Array
    births_registered: Array
    # other economy
    iron: Array  # [place] t usable
    slag: Array  # [place] t unusable
    coal: Array  # [place] t coal equivalent
    fuel_saved: Array  # [place] share of cooking fuel
    building: Array  # [place] capital put into dwellings, person-years of a village dwelling
    aid: Array  # [] machinery on credit, t of grain it is worth
    service: Array  # [] debt service, t of grain


FLOW_FIELDS = tuple(f.name for f in fields(Flows))
jax.tree_util.register_dataclass(Flows, data_fields=list(FLOW_FIELDS), meta_fields=[])


def no_flows(places: Places) -> Flows:
    """Return an empty ledger of the places."""
    like = places.urban
    place = jnp.zeros_like(like)
    area = jnp.zeros(len(places.granary_areas), like.dtype)
    none = jnp.zeros((), like.dtype)
    shapes = dict.fromkeys(FLOW_FIELDS, place)
    shapes |= dict.fromkeys(("exports", "imports", "moved_out", "moved_in", "lost_state"), area)
    shapes |= dict.fromkeys(("export_order", "aid", "service"), none)
    shapes["deaths_by_age"] = jnp.zeros((SEXES, AGES), like.dtype)
    shapes["births"] = jnp.zeros((SEXES, *like.shape), like.dtype)
    shapes["adults"] = jnp.zeros((SEXES, *like.shape), like.dtype)
    shapes["labour"] = jnp.zeros((len(USES), *like.shape), like.dtype)
    return Flows(**shapes)


def needs_at(elapsed: Any) -> Any:
    """Return energy needed [sex, age reached in the year] when the share `elapsed` of a year is over.

    Those who reach an age within the year are a year younger until their birthday, and the birthdays are
    spread over the year: a population that does not change needs the same in every month.
    """
    before = np.concatenate([NEEDS[:, :1], NEEDS[:, :-1]], axis=1)
    return before + elapsed * (NEEDS - before)


def opening_ledger(people: Array, hazard: Array, fertility: Array, places: Places, calendar: Array) -> Flows:
    """Return the ledger of a month that opens with `people` [sex, age, place].

    `hazard` [sex, age] is the normal one of a month, `fertility` [age] the normal one of a year.

    Counted once for all who ask: one product reads the people once, forward and in gradients.
    """
    kind = hazard.dtype
    elapsed = (calendar - 1) / 12
    parts = [jnp.ones_like(hazard)[None], jnp.asarray(ADULTS, kind), hazard[None],
             needs_at(elapsed).astype(kind)[None],
             jnp.stack([fertility / 12, jnp.zeros_like(fertility)])[None]]  # fmt: skip
    weights = jnp.concatenate(parts)
    present, women, men, expected, mouths, births = weighed(weights, people)
    adults = jnp.stack([women, men])
    return replace(
        no_flows(places), present=present, adults=adults, normal_deaths=expected, mouths=mouths,
        normal_births=births,
    )  # fmt: skip


def divert(flows: Flows, use: int, share: Array) -> tuple[Flows, Array]:
    """Move `share` of those still in the fields to another use; return the ledger and the persons."""
    persons = share * flows.labour[AGRICULTURE]
    labour = flows.labour.at[AGRICULTURE].add(-persons).at[use].add(persons)
    return replace(flows, labour=labour), persons


def added(one: Flows, other: Flows) -> Flows:
    """Return the sum of two ledgers of the same month."""
    summed: Flows = jax.tree.map(jnp.add, one, other)
    return summed
