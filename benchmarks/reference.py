"""The reference workload: six mechanisms, 26,000 communes, 101 ages, twelve years by month, in float32.

Harvest (twice a year), report, quota, eating, deaths by age of hunger, and births with ageing. The arithmetic
stands here once, in `SPEC`; `engine` runs it with the pieces the simulation is built of (mechanisms as pure
steps scanned over months, harvests split out, products in place of sums, arrays written out before they are
used again), `peers.py` with NumPy and with Mesa. All three give the same deaths.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.numerics.materialise import written_out

Floats = NDArray[np.float32]
PLACES, YEARS, AGES = 26_000, 12, 101
BLOCK = 250  # communes carried through all months at once: their people stay in the cache
LEFT = (6, 5, 4, 3, 2, 1, 4, 3, 2, 1, 8, 7)  # months until the next harvest, this one counted
SUMMER = 0.3
SCALARS = ("need", "inflation", "share", "most", "elasticity", "scale")
EDGES = (0, 1, 5, 15, 40, 60, AGES)


@dataclass(frozen=True)
class Spec:
    """What every implementation is given: per head and month in kg, hazards per month."""

    people: Floats  # [age, place]
    grain: Floats  # [place] t of a normal year
    weather: Floats  # [year, 2, place] log of harvest over normal
    normal: Floats  # [age] hazard
    relative: Floats  # [group] answer to hunger
    births: Floats  # [age] a month, per person
    need: float = 18.0  # kg a head and month
    inflation: float = 1.4
    share: float = 0.25  # of the report
    most: float = 0.5  # of the harvest
    elasticity: float = 0.3
    scale: float = 0.004  # excess hazard a month at half rations


def spec(places: int = PLACES, years: int = YEARS, seed: int = 1) -> Spec:
    rng = np.random.default_rng(seed)
    age = np.arange(AGES)
    shape = np.exp(-0.02 * age - 0.0000004 * np.exp(0.17 * age))
    people = (shape / shape.sum())[:, None] * rng.lognormal(9.8, 0.3, places)
    births = np.where((age >= 15) & (age < 50), 0.5 * 5.5 / 35 / 12, 0.0)
    return Spec(
        people.astype(np.float32),
        (people.sum(0) * 0.3 * rng.lognormal(0, 0.12, places)).astype(np.float32),
        rng.normal(0, 0.12, (years, 2, places)).astype(np.float32),
        ((0.15 * np.exp(-age) + 0.003 + 0.00012 * np.exp(0.085 * age)) / 12).astype(np.float32),
        np.array([3, 3, 1.2, 1, 1.8, 4], np.float32),
        births.astype(np.float32),
    )


class State(NamedTuple):
    people: Any  # [age, place]
    store: Any  # [place] t
    quota: Any
    claim: Any
    dead: Any


def sums(given: Spec) -> Floats:
    """Return the weights [3, age] of workers, mouths and births."""
    age = np.arange(AGES)
    return np.stack([(age >= 15) & (age < 60), np.ones(AGES), given.births]).astype(np.float32)


def harvest(s: State, p: Any, totals: Any, weather: Any, part: float) -> State:
    effort = (totals[0] / p["workers"]) ** p["elasticity"]
    output = part * p["grain"] * effort * jnp.exp(weather)
    return s._replace(store=s.store + output, claim=output)


def report(s: State, p: Any) -> State:
    return s._replace(claim=s.claim * p["inflation"])


def quota(s: State, p: Any) -> State:
    asked, most = p["share"] * s.claim, p["most"] * s.claim / p["inflation"]
    return s._replace(store=s.store - asked * (1 + (asked / most) ** 8) ** -0.125)


def eating(s: State, p: Any, totals: Any, left: Any) -> tuple[State, Any]:
    """Eat the least of what is needed and an even part of the store; say how much of need."""
    need = totals[1] * p["need"] / 1000
    even = s.store / left
    eaten = even * (1 + (even / need) ** 8) ** -0.125
    return s._replace(store=s.store - eaten), eaten / need


def deaths(s: State, p: Any, fed: Any) -> State:
    hunger = p["scale"] * (jnp.exp(6 * (1 - fed)) - 1) / (np.exp(3) - 1)
    excess = written_out(jnp.exp(-p["relative"][:, None] * hunger))  # once a group, not once an age
    kept = [s.people[a:b] * (p["kept"][a:b, None] * excess[g]) for g, (a, b) in enumerate(pairwise(EDGES))]
    return s._replace(people=jnp.concatenate(kept))


def births(s: State, p: Any, totals: Any) -> State:
    return s._replace(people=s.people.at[0].add(totals[2]))


def ageing(s: State) -> State:
    moved = jnp.concatenate([jnp.zeros_like(s.people[:1]), s.people[:-2], s.people[-2:-1] + s.people[-1:]])
    return s._replace(people=moved)


def _month(s: State, left: Any, p: Any) -> tuple[State, Any]:
    people = written_out(s.people)
    totals = p["sums"] @ people
    s, fed = eating(s._replace(people=people), p, totals, left)
    s = births(deaths(s, p, fed), p, totals)
    return s, totals[1]


def _block(people: Any, grain: Any, weather: Any, p: Any) -> Any:
    """Return deaths and births [year, place] of a block of communes carried through all years."""
    p = {**p, "grain": grain, "workers": p["sums"][0] @ people}
    zero = jnp.zeros_like(grain)
    first = State(people, 0.45 * grain, zero, zero, zero)

    def year(s: State, noise: Any) -> tuple[State, Any]:
        for at, (a, b, part) in enumerate(((0, 6, SUMMER), (6, 10, 1 - SUMMER))):
            s, _ = jax.lax.scan(partial(_month, p=p), s, jnp.asarray(LEFT[a:b], jnp.float32))
            s = quota(report(harvest(s, p, p["sums"] @ s.people, noise[at], part), p), p)
        s, _ = jax.lax.scan(partial(_month, p=p), s, jnp.asarray(LEFT[10:], jnp.float32))
        return ageing(s), s.people.sum(0)

    return jax.lax.scan(year, first, weather)[1]


def engine(given: Spec) -> Callable[[], Floats]:
    """Return the run: people at the end of each year [year, place]."""
    p = {
        "sums": jnp.asarray(sums(given)), "kept": jnp.exp(-jnp.asarray(given.normal)),
        "relative": jnp.asarray(given.relative),
        **{k: jnp.float32(getattr(given, k)) for k in SCALARS},
    }  # fmt: skip
    many = given.grain.size // BLOCK

    def blocks(x: Any, axis: int) -> Any:
        return jnp.moveaxis(x.reshape(*x.shape[:axis], many, BLOCK), axis, 0)

    @jax.jit
    def run(people: Any, grain: Any, weather: Any) -> Any:
        found = jax.lax.map(
            lambda block: _block(*block, p), (blocks(people, 1), blocks(grain, 0), blocks(weather, 2))
        )
        return jnp.moveaxis(found, 0, 1).reshape(weather.shape[0], -1)

    args = (jnp.asarray(given.people), jnp.asarray(given.grain), jnp.asarray(given.weather))
    return lambda: run(*args)
