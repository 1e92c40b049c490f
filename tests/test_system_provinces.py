"""Grain and people are conserved where grain moves between provinces and from abroad, in every form."""

from functools import cache
from itertools import combinations, product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.system.level_parameters import parameters
from dearth.system.order_of_month import IDS, ORDER
from dearth.system.run import simulate
from system_world import ERRORS, covering, inputs, two_provinces, unequal, with_strengths

CHOICES = [(m.id, p) for m in ORDER for p in parameters(m.parameters) if p.options]
SIZES = [len(p.options) for _, p in CHOICES]
DEFAULT = [p.options.index(str(p.default)) for _, p in CHOICES]


@cache
def forms() -> np.ndarray:
    """Return rows [row, choice] of options in which every pair of options of two choices stands together."""
    pairs = {
        (a, x, b, y)
        for a, b in combinations(range(len(SIZES)), 2)
        for x, y in product(range(SIZES[a]), range(SIZES[b]))
    }
    rows = []
    while (
        pairs
    ):  # each row starts from a pair not yet met, and takes the option that meets most of the others
        a, x, b, y = min(pairs)
        row = {a: x, b: y}
        for at in sorted(set(range(len(SIZES))) - {a, b}, key=lambda at: -SIZES[at]):
            met = [
                sum((*min((at, o), (k, v)), *max((at, o), (k, v))) in pairs for k, v in row.items())
                for o in range(SIZES[at])
            ]
            row[at] = int(np.argmax(met))
        pairs -= {(i, row[i], j, row[j]) for i, j in combinations(range(len(SIZES)), 2)}
        rows.append([row[at] for at in range(len(SIZES))])
    return np.array(rows)


def one_by_one() -> np.ndarray:
    """Return the default forms, then each other option by itself [row, choice]."""
    rows = [DEFAULT]
    for at, size in enumerate(SIZES):
        rows += [[*DEFAULT[:at], o, *DEFAULT[at + 1 :]] for o in range(size) if o != DEFAULT[at]]
    return np.array(rows)


@cache
def found(single: bool) -> dict[str, np.ndarray]:
    """Return, by row, what runs of the two provinces add up to, by one program.

    Rows, all of them data: mechanisms on and off by pairs, strengths between, options by pairs, one by one.
    """
    dtype = jnp.float32 if single else jnp.float64
    scenario = two_provinces(1910, 1912)
    names = {f"{m}.{p.name}" for m, p in CHOICES}
    # a choice in the timeline would stand over the options set here
    free = [
        d.model_copy(update={"settings": {k: v for k, v in d.settings.items() if k not in names}})
        for d in scenario.timeline
    ]
    scenario = scenario.model_copy(update={"timeline": tuple(free)})
    switches = covering(len(ORDER))
    strengths = np.concatenate([switches, np.random.default_rng(1).random(switches.shape)])
    options = np.concatenate([np.tile(DEFAULT, (len(strengths), 1)), forms(), one_by_one()])
    strengths = np.concatenate([strengths, np.ones((len(options) - len(strengths), len(ORDER)))])
    base, fixed, tables, group = unequal(inputs(scenario, dtype))

    def one(row: tuple[Any, Any]) -> Any:
        own = with_strengths(fixed, row[0])
        for at, (m, p) in enumerate(CHOICES):
            own[m] = {**own[m], p.name: row[1][at]}
        records = simulate(base, own, tables, group)[1]
        finite = jnp.stack([jnp.isfinite(v).all() for v in records.values()]).all()
        sums = {name: v.sum(0) for name, v in records.items() if name not in ERRORS}
        return {name: records[name].max() for name in ERRORS} | {"finite": finite} | sums

    size = 32
    rows = [np.concatenate([v, v[:1].repeat(-len(v) % size, 0)]) for v in (strengths, options)]
    batches = [jnp.asarray(v.reshape(-1, size, v.shape[1]), dtype) for v in rows]
    program = jax.jit(lambda rows: jax.lax.map(jax.vmap(one), rows))
    results = program(tuple(batches))
    return {k: np.asarray(v).reshape(-1, *v.shape[2:])[: len(options)] for k, v in results.items()}


def results(single: bool) -> dict[str, np.ndarray]:
    with jax.enable_x64(not single):
        return found(single)


def test_every_pair_of_options_stands_together() -> None:
    assert ("procurement", "rule") in [(m, p.name) for m, p in CHOICES]
    for a, b in combinations(range(len(SIZES)), 2):
        assert len(np.unique(forms()[:, [a, b]], axis=0)) == SIZES[a] * SIZES[b]


@pytest.mark.parametrize(
    ("single", "width"),
    [(False, 1e-9), pytest.param(True, 1e-5, marks=pytest.mark.slow)],
    ids=["float64", "float32"],
)
def test_grain_and_people_are_conserved(single: bool, width: float) -> None:
    rows = results(single)
    assert rows["finite"].all(), "a run holds a number that is none"
    worst = {name: float(rows[name].max()) for name in ERRORS}
    assert max(worst.values()) < width, worst


def test_grain_moves_between_the_provinces_and_lands_from_abroad() -> None:
    rows = results(single=False)
    on = covering(len(ORDER))
    assert on[0].all()
    for name in ("moved_out", "moved_in", "imports", "exports", "lost_state"):
        assert rows[name][0].sum() > 10, name  # t in three years
    moving = on[:, IDS.index("shipments")] > 0
    assert (rows["moved_in"][: len(on)].sum(1) > 0).tolist() == moving.tolist()


def test_each_option_is_a_form_of_its_own() -> None:
    rows = results(single=False)
    alone = one_by_one()
    start = len(rows["finite"]) - len(alone)
    for at, row in enumerate(alone[1:], start + 1):
        same = [
            np.allclose(v[at], v[start], rtol=1e-6) for k, v in rows.items() if k not in (*ERRORS, "finite")
        ]
        assert not all(same), row
