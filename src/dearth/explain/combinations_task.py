"""Every combination of causes as shards: runs of a few combinations each, wherever there is a core.

All combinations share the years before the first of them differs, which are run once for every draw.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.shards import Shard
from dearth.explain.causes import setting_of
from dearth.explain.problem import FitProblem
from dearth.explain.shapley import combinations
from dearth.explain.targets import excess_deaths
from dearth.numerics.checkpoint import digest
from dearth.system.given_runs import Given
from dearth.system.history import History
from dearth.system.partial_runs import PartialRuns, States, first_difference
from dearth.system.scenario import Cause

Floats = NDArray[np.float64]
TOGETHER = 16  # combinations of a shard: some seconds to a minute of work
# of this process: the program and the states of the draws, which the shards of one task share
_LAST: dict[str, tuple[PartialRuns, States]] = {}


@dataclass(frozen=True)
class CombinationsTask:
    """A pure function of a shard of combinations.

    Attributes
    ----------
    causes : by name; their order is that of `shapley.combinations`
    z : draws of the unknowns [draw, unknown]
    outcome : a key of `shares.UNITS`
    """

    problem: FitProblem
    causes: Mapping[str, Cause]
    z: Floats
    outcome: str

    @property
    def about(self) -> str:
        """A name for whatever decides the numbers besides versions."""
        causes = " ".join(f"{name}: {cause!r}" for name, cause in self.causes.items())
        return f"combinations {self.problem.about} {self.outcome} {causes} {digest(self.z)}"

    def __call__(self, shard: Shard) -> dict[str, Floats]:
        """Return the outcome as it stands [combination, draw, area]; not finite where a run is not."""
        runs, openings = self._prepared()
        marks = combinations(len(self.causes))[shard.first : shard.last]
        return {"outcome": np.stack([runs.measured(self._given(row), openings) for row in marks])}

    def _prepared(self) -> tuple[PartialRuns, States]:
        if self.about not in _LAST:
            program = next((runs for name, (runs, _) in _LAST.items() if self._shares(name)), None)
            _LAST.clear()
            as_was = self._given(np.ones(len(self.causes), bool))
            runs = program or self._program(as_was)
            _LAST[self.about] = (runs, runs.openings(as_was))
        return _LAST[self.about]

    def _shares(self, name: str) -> bool:
        """Whether a task differs from this one in its draws alone, so that its program serves."""
        return name.rpartition(" ")[0] == self.about.rpartition(" ")[0]

    def _program(self, as_was: Given) -> PartialRuns:
        problem = self.problem
        changed = self._given(np.zeros(len(self.causes), bool))
        start = first_difference(as_was, changed, problem.runs.years)
        first = problem.scenario.span[0]
        end = problem.normal.window[-1] - first + 1
        begin = min(problem.normal.window[0] - first, end - 1 if start is None else start)
        return PartialRuns(
            problem.runs, begin, end, partial(outcome_of, outcome=self.outcome, window=problem.normal.window)
        )

    def _given(self, as_was: NDArray[np.bool_]) -> Given:
        normal = {
            name: cause for (name, cause), kept in zip(self.causes.items(), as_was, strict=True) if not kept
        }
        problem = self.problem
        setting = setting_of(problem.scenario, problem.runs.base, normal, problem.normal)
        return problem.space.given(self.z, setting.settings, setting.weather, setting.since)


def outcome_of(history: History, *, outcome: str, window: tuple[int, ...]) -> Any:
    """Return an outcome of the window by granary area [run, area]; births and output as they are."""
    chosen = np.array([year in window for year in history.years])
    marks = np.arange(len(history.granary_areas)) == history.granary_area[:, None]
    if outcome == "excess_deaths":
        rows = excess_deaths(history)
    else:
        rows = history.yearly("births" if outcome == "births_lost" else "output")
    return jnp.asarray(rows)[:, chosen].sum(1) @ marks
