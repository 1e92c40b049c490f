"""Ages at the start, where a case holds them; without them a run opens with the stable population."""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from dearth.case.schema import Strict

Floats = NDArray[np.float64]
AGES = 101  # 100 stands for 100 and over


class Ages(Strict):
    """Women and men by age group on the first day, in any unit: only their proportions count."""

    first: tuple[int, ...] = Field(min_length=1, description="first age of each group; the last is open")
    women: tuple[float, ...]
    men: tuple[float, ...]
    source: str

    @model_validator(mode="after")
    def _sound(self) -> "Ages":
        if self.first[0] != 0 or list(self.first) != sorted(set(self.first)) or self.first[-1] >= AGES:
            raise ValueError(f"first ages ({list(self.first)}) rise from 0 and stay below {AGES}")
        for name, counts in (("women", self.women), ("men", self.men)):
            if len(counts) != len(self.first):
                raise ValueError(f"{name} has {len(counts)} numbers for {len(self.first)} groups")
            if min(counts) < 0:
                raise ValueError(f"{name} has a number below 0")
        if sum(self.women) + sum(self.men) <= 0:
            raise ValueError("nobody is counted")
        return self


def structure(ages: Ages) -> Floats:
    """Return shares [sex, age], women first, on 1 January: evenly within groups, row a + 1 for age a."""
    ends = (*ages.first[1:], AGES)
    found = np.zeros((2, AGES + 1))
    for sex, counts in enumerate((ages.women, ages.men)):
        for count, first, end in zip(counts, ages.first, ends, strict=True):
            found[sex, first + 1 : end + 1] = count / (end - first)
    found[:, AGES - 1] += found[:, AGES]
    return np.asarray(found[:, :AGES] / found[:, :AGES].sum())
