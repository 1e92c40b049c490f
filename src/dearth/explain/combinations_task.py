"""Every combination of causes as shards: runs of a few combinations each, wherever there is a core."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.shards import Shard
from dearth.explain.causes import setting_of
from dearth.explain.problem import FitProblem
from dearth.explain.shapley import combinations
from dearth.explain.targets import excess_deaths
from dearth.numerics.checkpoint import digest
from dearth.system.history import History
from dearth.system.scenario import Cause

Floats = NDArray[np.float64]
TOGETHER = 4  # combinations of a shard: some seconds to a minute of work


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
        marks = combinations(len(self.causes))[shard.first : shard.last]
        return {"outcome": np.stack([self._of(row) for row in marks])}

    def _of(self, as_was: NDArray[np.bool_]) -> Floats:
        normal = {
            name: cause for (name, cause), kept in zip(self.causes.items(), as_was, strict=True) if not kept
        }
        problem = self.problem
        setting = setting_of(problem.scenario, problem.runs.base, normal, problem.normal.years)
        given = problem.space.given(self.z, setting.settings, setting.weather)
        return np.concatenate([self._outcome(history) for history in problem.runs(given)])

    def _outcome(self, history: History) -> Floats:
        """Return the outcome of the window by granary area [run, area]; births and output as they are."""
        chosen = [year in self.problem.normal.window for year in history.years]
        marks = np.arange(len(history.granary_areas)) == history.granary_area[:, None]
        if self.outcome == "excess_deaths":
            rows = excess_deaths(history)
        else:
            rows = history.yearly("births" if self.outcome == "births_lost" else "output")
        return np.asarray(rows[:, chosen].sum(1) @ marks, float)
