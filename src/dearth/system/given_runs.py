"""Runs at numbers that are given: of a fit, of a counterfactual, of every combination of causes.

All runs of one scenario share one compiled batch. A setting that varies in the scenario's own timeline stands
in a table by month and place in every run, also where a counterfactual holds it at one value; so no run
compiles anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.system import installed
from dearth.system.draw_task import compiled_batch, history_of
from dearth.system.history import History
from dearth.system.initial_state import world
from dearth.system.scenario import Scenario
from dearth.system.settings import Settings

Floats = NDArray[np.float64]
Tables = dict[str, dict[str, Floats]]
RUNS = 16  # of a batch; the last one is padded, so that a run has the same bits whatever their number


@dataclass(frozen=True)
class Given:
    """The numbers of some runs.

    Attributes
    ----------
    fixed : settings that never change, by mechanism and parameter [run] or [run, place]
    varying : settings that change, by mechanism and parameter [run, month, place]
    noise : fields of the weather: standard normal local [run, year, harvest, place] and common
        [run, year, harvest], and the share of land struck by disaster [run, year, place]
    """

    fixed: Mapping[str, Mapping[str, Floats]]
    varying: Mapping[str, Mapping[str, Floats]]
    noise: Mapping[str, Floats]

    @property
    def runs(self) -> int:
        """How many runs."""
        return len(self.noise["common"])


class GivenRuns:
    """The runs of one scenario."""

    def __init__(
        self, scenario: Scenario, settings: Settings, dtype: Any = jnp.float32,
        also: tuple[tuple[str, str], ...] = (),
    ) -> None:  # fmt: skip
        """Prepare runs of `scenario` whose own timeline has been merged into `settings`.

        Parameters
        ----------
        also : mechanism and parameter of more settings that stand in a table: a counterfactual dates them
        """
        first, last = scenario.span
        self.scenario, self.settings, self.dtype, self.also = scenario, settings, dtype, also
        self.years, self.places = last - first + 1, len(scenario.places)
        self.base = world(scenario, 0, 0, dtype)
        own = ((m, name) for m, table in settings.varying.items() for name in table)
        self.keys = tuple(dict.fromkeys((*own, *also)))

    def __reduce__(self) -> tuple[type["GivenRuns"], tuple[Any, ...]]:
        # what is made of these is made again where it is needed
        return type(self), (self.scenario, self.settings, self.dtype, self.also)

    def table(self, settings: Settings, mechanism: str, name: str) -> Floats:
        """Return a setting of `settings` by month and place [month, place], also where it never changes."""
        if name in settings.varying.get(mechanism, {}):
            return settings.varying[mechanism][name][:, settings.group]
        return np.full((12 * self.years, self.places), settings.fixed[mechanism][name])

    def __call__(self, given: Given) -> Iterator[History]:
        """Yield the histories of the runs, a batch each, in their order.

        A run that left the range of numbers has records that are not finite; who asks decides what to do.
        """
        order = installed.order()
        group = jnp.arange(self.places)
        for start in range(0, given.runs, RUNS):
            rows = np.minimum(np.arange(start, start + RUNS), given.runs - 1)
            found = compiled_batch(order)(
                self.base,
                self._cast(given.noise, rows),
                self._cast(given.fixed, rows),
                {},
                group,
                jax.tree.map(
                    lambda v, r=rows: self._real(v[r]).reshape(RUNS, self.years, 12, self.places),
                    dict(given.varying),
                ),
            )
            kept = {k: np.asarray(v)[: given.runs - start] for k, v in found.items()}
            yield history_of(self.base, kept)

    def _real(self, values: Floats) -> Any:
        return jnp.asarray(values, self.dtype)

    def _cast(self, tree: Any, rows: Any) -> Any:
        return jax.tree.map(lambda v: self._real(v[rows]), jax.tree.map(np.asarray, dict(tree)))
