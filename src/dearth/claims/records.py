"""What a test may draw on: the case, its estimates, its posterior with draws, and shares where they exist."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dearth.case import labels
from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.estimate.choices import Asked, choices
from dearth.estimate.multiverse import Engine, estimates_of
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.posterior import posterior_with_draws
from dearth.numerics.interval import Interval
from dearth.reconstruction.posterior import Posterior

if TYPE_CHECKING:
    from dearth.explain.explain import Explanation

DRAWS, QUICK_DRAWS = 2000, 200
NO_SHARES = (
    "shares of causes and counterfactuals come from a simulation that is fitted to the records; "
    "where a fit is stored, --explain computes them"
)


class UntestableError(Exception):
    """A test cannot be run here; the text says why."""


@dataclass
class Records:
    """The records of one case, each made when a test first needs it.

    Attributes
    ----------
    draws, seed : of the Monte Carlo draws of completeness
    explanation : shares of causes and counterfactuals of the fitted simulation; None where there are none
    unexplained : why there are none, where they were asked for
    causes, regimes : of the scenario, that a claim may name
    """

    case: Case
    draws: int = DRAWS
    seed: int = 1
    explanation: "Explanation | None" = None
    unexplained: str = ""
    causes: frozenset[str] = frozenset()
    regimes: frozenset[str] = frozenset()
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

    def share(self, cause: str) -> Interval:
        """Return the share of the excess deaths that a cause of the scenario has.

        Raises
        ------
        UntestableError
            When the scenario has no such cause, or nothing was explained.
        """
        found = self._explained(cause, self.causes, "cause")
        return next(one.share for one in found.shares.causes if one.cause == cause)

    def averted(self, regime: str) -> Interval:
        """Return the share of the excess deaths that a regime would have averted.

        Raises
        ------
        UntestableError
            When there is no such regime, or nothing was explained.
        """
        found = self._explained(regime, self.regimes, "regime")
        return next(one.averted_share for one in found.counterfactuals if one.name == regime)

    def _explained(self, name: str, known: frozenset[str], what: str) -> "Explanation":
        if name not in known:
            raise UntestableError(f"the scenario of the case has no {what} '{name}'")
        if self.explanation is None:
            raise UntestableError(self.unexplained or NO_SHARES)
        return self.explanation

    def scenario(self, identifier: str) -> str:
        """Return the label of a registration scenario."""
        return labels.of(self.case).scenario(identifier)
