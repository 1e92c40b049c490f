"""Named unknowns in one flat vector, each a standard normal until it is given its scale."""

import math
from collections.abc import Mapping
from typing import Any


class Unknowns:
    """Where each named block of unknowns lies in theta.

    Blocks are standard normal before the data: a model gives them place and scale (non-centred), so that
    one step size suits them all.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = dict(shapes)
        self.size = sum(math.prod(shape) for shape in self.shapes.values())

    def split(self, theta: Any) -> dict[str, Any]:
        """Return the blocks of `theta` [..., size] by name, each [..., *shape]."""
        found, at = {}, 0
        for name, shape in self.shapes.items():
            count = math.prod(shape)
            found[name] = theta[..., at : at + count].reshape((*theta.shape[:-1], *shape))
            at += count
        return found

    def names(self) -> list[str]:
        """Return one name for each place of theta."""
        return [
            f"{name}[{i}]" if math.prod(shape) > 1 else name
            for name, shape in self.shapes.items()
            for i in range(math.prod(shape))
        ]
