"""What a test may draw on: the case, its estimates, its posterior with draws, and shares where they exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dearth.case import labels
from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.estimate.choices import Asked, choices
from dearth.estimate.multiverse import Engine, estimates_of
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.posterior import posterior_with_draws
from dearth.reconstruction.posterior import Posterior

Floats = NDArray[np.float64]
DRAWS, QUICK_DRAWS = 2000, 200
NO_SHARES = "shares of causes and counterfactuals need a simulation fitted to the records; there is none yet"


class UntestableError(Exception):
    """A test cannot be run here; the text says why."""


class Shares(Protocol):
    """Attribution of excess deaths to mechanisms, as a fitted simulation gives it."""

    @property
    def shares(self) -> Mapping[str, Mapping[str, Floats]]:
        """Share of the excess deaths by assumption and mechanism, draws (D,)."""

    @property
    def without(self) -> Mapping[str, Mapping[tuple[str, str], Floats]]:
        """By assumption: a quantity of the history without a mechanism, by (mechanism, quantity), (D,)."""


@dataclass
class Records:
    """The records of one case, each made when a test first needs it.

    Attributes
    ----------
    draws, seed : of the Monte Carlo draws of completeness
    shares : attribution of the excess deaths; None where no simulation is fitted
    mechanisms : the mechanisms that a claim may name
    """

    case: Case
    draws: int = DRAWS
    seed: int = 1
    shares: Shares | None = None
    mechanisms: frozenset[str] = frozenset()
    _estimates: dict[Asked, list[Estimate]] = field(default_factory=dict)
    _posterior: Posterior | str | None = None
    _engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine of the estimates."""
        if self._engine is None:
            self._engine = Engine(self.case, self.draws, self.seed)
        return self._engine

    def estimates(self, asked: Asked) -> list[Estimate]:
        """Return the estimates under every choice that `asked` leaves open; mixed bases are left out.

        Raises
        ------
        UntestableError
            When the case has no register, or the choices do not go together.
        """
        if asked not in self._estimates:
            try:
                made, left_out = estimates_of(self.engine, list(choices(self.case, asked)))
            except CaseError as error:
                raise UntestableError(error.problems[0].message) from None
            if not made:
                why = left_out[0].why if left_out else "no choice of the case goes with the claim"
                raise UntestableError(f"no estimate can be made: {why}")
            sound = [one for one in made if one.in_range]
            if not sound:
                raise UntestableError(f"every estimate mixes two bases: {made[0].mixed}")
            self._estimates[asked] = sound
        return self._estimates[asked]

    def posterior(self) -> Posterior:
        """Return the posterior with its draws.

        Raises
        ------
        UntestableError
            When the case declares none, or none fits its present figures.
        """
        if self._posterior is None:
            try:
                found = posterior_with_draws(self.case)
                self._posterior = "the posterior has no draws" if found.draws is None else found
            except CaseError as error:
                self._posterior = error.problems[0].message
        if isinstance(self._posterior, str):
            raise UntestableError(self._posterior)
        return self._posterior

    def attribution(self, mechanism: str) -> Shares:
        """Return the shares of causes.

        Raises
        ------
        UntestableError
            When there is no such mechanism, or no simulation is fitted.
        """
        if mechanism not in self.mechanisms:
            raise UntestableError(f"no mechanism is called '{mechanism}', so its part cannot be computed")
        if self.shares is None:
            raise UntestableError(NO_SHARES)
        return self.shares

    def scenario(self, identifier: str) -> str:
        """Return the label of a registration scenario."""
        return labels.of(self.case).scenario(identifier)
