"""Whole draws of a posterior, thinned: every quantity of one draw belongs to the same history.

Chains are thinned evenly and never component by component, so sums, differences and ratios of quantities
have their true joint distribution. Imports no JAX.
"""

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.array_archive import archive
from dearth.numerics.optional_packages import needed

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
PER_SCENARIO = 504  # draws kept of a scenario: the error of a quantile is then about 2 % of an sd
LEADING = ("scenario", "chain", "draw")


@dataclass(frozen=True)
class DrawnVariable:
    """One quantity of every draw.

    Attributes
    ----------
    dims : names of the axes after scenario, chain and draw
    values : [scenario, chain, draw, *dims]
    unit, description : what the numbers are
    """

    dims: tuple[str, ...]
    values: Floats
    unit: str
    description: str


@dataclass(frozen=True)
class JointDraws:
    """Draws of the scenarios of one posterior.

    Attributes
    ----------
    coordinates : labels along every axis but chain and draw
    variables : by name
    identity : hash of the identity of the posterior they are of; empty before they are written
    """

    coordinates: dict[str, tuple[str, ...]]
    variables: dict[str, DrawnVariable]
    identity: str = ""

    def __getitem__(self, name: str) -> Floats:
        """Return the values of a variable [scenario, chain, draw, ...]."""
        return self.variables[name].values

    def __repr__(self) -> str:
        scenarios, chains, draws = next(iter(self.variables.values())).values.shape[:3]
        return (f"JointDraws({scenarios} scenarios x {chains} chains x {draws} draws: "
                f"{', '.join(self.variables)})")  # fmt: skip

    def to_xarray(self) -> "xarray.Dataset":
        """Return the draws as a labelled dataset with units.

        Raises
        ------
        ImportError
            When xarray is not installed; it comes with the ``all`` extra.
        """
        package = needed("xarray")
        arrays = {
            name: ((*LEADING, *one.dims), one.values, {"units": one.unit, "long_name": one.description})
            for name, one in self.variables.items()
        }
        coordinates = {dim: [_number(label) for label in labels] for dim, labels in self.coordinates.items()}
        found: xarray.Dataset = package.Dataset(arrays, coordinates)
        return found

    def to_bytes(self, identity: str) -> bytes:
        """Return the draws as a NumPy archive with a JSON header."""
        head = {"identity": identity, "coordinates": self.coordinates,
                "variables": {name: [one.dims, one.unit, one.description]
                              for name, one in self.variables.items()}}  # fmt: skip
        arrays = {name: one.values for name, one in self.variables.items()}
        return archive(head=np.array(json.dumps(head)), **arrays)


def from_bytes(content: bytes) -> JointDraws:
    """Return the draws that `JointDraws.to_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        head = json.loads(str(held["head"]))
        variables = {
            name: DrawnVariable(tuple(dims), held[name], unit, description)
            for name, (dims, unit, description) in head["variables"].items()
        }
    coordinates = {dim: tuple(labels) for dim, labels in head["coordinates"].items()}
    return JointDraws(coordinates, variables, head["identity"])


def thinned(chains: int, draws: int, wanted: int = PER_SCENARIO) -> Indices:
    """Return evenly spaced draws of every chain [chain, kept], as indices of the draws chain after chain."""
    kept = min(draws, max(1, wanted // chains))
    within = np.linspace(0, draws - 1, kept).round().astype(np.int64)
    return np.arange(chains)[:, None] * draws + within


def _number(label: str) -> str | int:
    return int(label) if label.isdigit() else label
