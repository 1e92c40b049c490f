"""What a report shows beside the estimates: why, the claims of the case, other famines on the same scale."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dearth.case.read import Case, bundled, load
from dearth.claims.read import FILE
from dearth.estimate.estimates import QUICK_DRAWS, Estimates

if TYPE_CHECKING:
    from dearth.claims.results import Claims
    from dearth.compare.results import Comparison
    from dearth.explain.explain import Explanation

SCENARIO = "scenario.yaml"  # as `dearth.system.scenario` reads it; importing that module loads JAX
# bundled cases of real famines; their posteriors ship with the package, so nothing is fitted here
FAMINES = ("china-1958", "finland-1866", "sweden-1772", "ireland-1845", "bengal-1943")


@dataclass(frozen=True)
class Beside:
    """Claims and comparison of a case.

    Attributes
    ----------
    claims : None where the case declares none
    comparison : the case first, then the famines of `FAMINES`
    explanation : the stored explanation of the case by its fit; None where there is none
    """

    claims: "Claims | None"
    comparison: "Comparison"
    explanation: "Explanation | None" = None


def beside(made: Estimates, progress: Callable[..., None] = lambda *_: None) -> Beside:
    """Return what ``dearth claims`` and ``dearth compare`` say of the case, with its seed.

    Raises
    ------
    CaseError
        With every mistake of the claims at once.
    """
    from dearth.claims.evaluate import run_claims
    from dearth.compare.compare import compare

    case, quick = made.case, made.monte_carlo_draws <= QUICK_DRAWS
    progress("explanation")
    why = _explanation(case)
    progress("claims")
    declared = (case.folder / FILE).is_file()
    claims = run_claims(case, seed=made.seed, quick=quick, explanation=why) if declared else None
    progress("other famines")
    return Beside(claims, compare([case, *_others(case)], seed=made.seed, quick=quick), why)


def _explanation(case: Case) -> "Explanation | None":
    """Return the stored explanation; without a scenario there is none, and no simulator is loaded."""
    if not (case.folder / SCENARIO).is_file():
        return None
    from dearth.explain.stored_explanation import stored_explanation

    return stored_explanation(case)


def _others(case: Case) -> list[Case]:
    """Return the bundled famines but the case itself."""
    ours = bundled()
    return [load(ours[name]) for name in FAMINES if name != case.name]
