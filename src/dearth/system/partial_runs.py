"""Runs over some years from states that are given, of which the program returns one measure alone.

Runs that differ in some years share those before. What a measure does not ask for is never computed, and what
stands after its last year is not run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.system import installed
from dearth.system.draw_task import history_of
from dearth.system.given_runs import RUNS, Given, GivenRuns
from dearth.system.history import History
from dearth.system.run import World, simulate

Floats = NDArray[np.float64]
States = tuple[Any, ...]  # of batches of runs: states [run, ...]


@dataclass(frozen=True)
class PartialRuns:
    """Runs of a scenario in two parts: the years before, and those of a measure.

    Attributes
    ----------
    start, end : first year of the second part, from 0, and the one after its last
    measure : of a history of the second part, with JAX's functions [run, ...]
    """

    runs: GivenRuns
    start: int
    end: int
    measure: Callable[[History], Any]

    def openings(self, given: Given) -> States:
        """Return the states of the runs when the second part begins, by batch."""
        return tuple(
            self._before(self.runs.base, *self._numbers(given, rows)) for rows in _batches(given.runs)
        )

    def measured(self, given: Given, openings: States) -> Floats:
        """Return the measure of the runs [run, ...], each from its opening."""
        parts = [
            np.asarray(self._measured(self.runs.base, opening, *self._numbers(given, rows)), float)
            for opening, rows in zip(openings, _batches(given.runs), strict=True)
        ]
        return np.concatenate(parts)[: given.runs]

    @cached_property
    def _before(self) -> Callable[..., Any]:
        order, group = installed.order(), jnp.arange(self.runs.places)

        def one(world: World, noise: Any, fixed: Any, varying: Any) -> Any:
            given = replace(world, noise=noise)
            return simulate(given, fixed, varying, group, order, (0, self.start))[0]

        return jax.jit(jax.vmap(one, in_axes=(None, 0, 0, 0)))

    @cached_property
    def _measured(self) -> Callable[..., Any]:
        order, group = installed.order(), jnp.arange(self.runs.places)
        labels = replace(self.runs.base, first_year=self.runs.base.first_year + self.start)

        def one(world: World, opening: Any, noise: Any, fixed: Any, varying: Any) -> Any:
            given = replace(world, noise=noise, opening=opening)
            records = simulate(given, fixed, varying, group, order, (self.start, self.end))[1]
            labelled: dict[str, Any] = {name: values[None] for name, values in records.items()}
            return self.measure(history_of(labels, labelled))[0]

        return jax.jit(jax.vmap(one, in_axes=(None, 0, 0, 0, 0)))

    def _numbers(self, given: Given, rows: NDArray[np.int_]) -> tuple[Any, Any, Any]:
        runs = self.runs
        shape = (RUNS, runs.years, 12, runs.places)
        noise, fixed, varying = (
            jax.tree.map(lambda v: np.asarray(v)[rows], _plain(part))
            for part in (given.noise, given.fixed, given.varying)
        )
        shaped = jax.tree.map(lambda v: v.reshape(shape), varying)
        single = jax.tree.map(lambda v: jnp.asarray(v, runs.dtype), (noise, fixed, shaped))
        return single[0], single[1], single[2]


def first_difference(one: Given, other: Given, years: int) -> int | None:
    """Return the first year, from 0, in which the numbers of runs differ; 0 where settings throughout differ.

    None where nothing differs.
    """
    if not _same(one.fixed, other.fixed):
        return 0
    found = []
    for a, b in zip(
        jax.tree.leaves(_plain(one.varying)), jax.tree.leaves(_plain(other.varying)), strict=True
    ):
        months = np.flatnonzero((a != b).any(axis=(0, 2)))
        found += [int(months[0]) // 12] if months.size else []
    for a, b in zip(jax.tree.leaves(_plain(one.noise)), jax.tree.leaves(_plain(other.noise)), strict=True):
        at = np.flatnonzero((a != b).reshape(len(a), years, -1).any(axis=(0, 2)))
        found += [int(at[0])] if at.size else []
    return min(found, default=None)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    pairs = zip(jax.tree.leaves(_plain(one)), jax.tree.leaves(_plain(other)), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def _plain(tree: Any) -> Any:
    return {name: dict(part) if isinstance(part, Mapping) else part for name, part in tree.items()}


def _batches(many: int) -> Iterator[NDArray[np.int_]]:
    """Yield the rows of each batch; the last one is padded, so that a run has the same bits in any."""
    for first in range(0, many, RUNS):
        yield np.minimum(np.arange(first, first + RUNS), many - 1)
