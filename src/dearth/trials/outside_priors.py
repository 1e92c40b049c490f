"""Tier 7: one thing more than the estimator's priors allow, at least three prior standard deviations away."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from dearth.case.problems import mistake
from dearth.case.schema import Prior
from dearth.numerics.random_streams import stream
from dearth.reconstruction.priors import DEFAULTS
from dearth.trials.degradations import Records
from dearth.trials.full_records import BEFORE
from dearth.trials.tiers import BEYOND

FAR = 3.0  # prior standard deviations
TRIES = 12  # draws of a degradation's numbers before another is taken
Degrade = Callable[[str], Records]


def distance(letter: str, without: Records, with_it: Records, completeness_known: bool) -> float:
    """Return how far a degradation moves the records, in standard deviations of what the estimator expects.

    M: net migrants a crisis year over people, against the prior of the crisis, whose tail is undone. L and F:
    the largest change of the log of a year's registered deaths, against their noise; where completeness in
    the crisis is unknown a change there is within the prior, and only the other years count.
    """
    if letter == "M":
        truth = without.truth
        year = truth.inside.start
        moved = with_it.people[year + 1].sum() - without.people[year + 1].sum()
        return _standard(float(abs(moved) / truth.people[year]), DEFAULTS["migration_crisis"])
    before, after = (r.infant_deaths + r.other_deaths for r in (without, with_it))
    moved = np.abs(np.log(after / before))
    if not completeness_known:
        moved = np.delete(moved, np.arange(BEFORE, BEFORE + without.truth.length))
    return float(moved.max() / float(DEFAULTS["deaths_noise"].mean or 1.0))


def _standard(value: float, prior: Prior) -> float:
    """Return the standard normal that a heavy-tailed prior with mean 0 turns into `value`."""
    assert prior.sd is not None
    tail, sd = prior.tail or 0.0, prior.sd

    def above(z: float) -> float:
        return float(sd * z * np.exp(tail * z**2 / 2) - value)

    return float(brentq(above, 0.0, max(value / sd, 1e-9)))


def beyond(
    drawn: Callable[[str, int], dict[str, float]], degraded: Callable[[str, dict[str, float]], Records],
    plain: Records, completeness_known: bool, seed: int, number: int,
) -> tuple[str, dict[str, float]]:  # fmt: skip
    """Return the letter of one of M, L and F and its numbers, such that records are moved far enough.

    Letters are tried in an order drawn from the seed; one that moves too little about this window is passed
    over.

    Parameters
    ----------
    drawn
        Numbers of a letter, of the n-th try.
    degraded
        Records with a letter's degradation beside the tier's own; `plain` are those without.

    Raises
    ------
    CaseError
        None of the three moves the records far enough; M's own range lies beyond the priors.
    """
    order = stream(seed, "beyond", str(number)).permutation(list(BEYOND))
    for letter in order:
        for at in range(TRIES):
            values = drawn(letter, at)
            if distance(letter, plain, degraded(letter, values), completeness_known) >= FAR:
                return str(letter), values
    raise mistake("recover", f"nothing moves the records of {plain.truth.name} {FAR:g} standard deviations",
                  field="--tier 7")  # fmt: skip
