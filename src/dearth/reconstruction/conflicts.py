"""When prior and records contradict each other: one rule for a printed posterior and for a trial.

Were truth drawn from the prior, the posterior mean of a standard unknown would have the variance that the
records took from the prior, 1 less the posterior's own. A mean much further off is a conflict: a check by
the prior predictive distribution of Evans and Moshonov (2006).

References
----------
evans_moshonov2006
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CONFLICT = 3.6  # at which an unknown is warned of: chance alone does so once in twenty fits of 180 unknowns
INFORMED = 0.1  # least share of its prior's variance that the records must remove; assumed
CONTRADICTION = (
    5.0  # prior sd from the prior's middle, at which prior and records contradict each other: refused
)
EDGE = 0.1  # prior sd between a posterior's middle and the bound of its prior: the bound holds it


def standardised_shifts(means: Floats, sds: Floats) -> Floats:
    """Return how far each posterior mean lies from its prior's, over how far chance would take it.

    Parameters
    ----------
    means, sds
        Of the posterior [unknown], in standard deviations of the prior, whose mean is 0.

    Returns
    -------
    [unknown], 0 where the records removed less than `INFORMED` of the prior's variance.
    """
    learned = 1 - np.asarray(sds) ** 2
    told = learned >= INFORMED
    return np.where(told, means / np.sqrt(np.where(told, learned, 1.0)), 0.0)


def conflict_warnings(labels: Sequence[str], means: Floats, sds: Floats) -> list[str]:
    """Return a warning for every unknown that lies further from its prior than chance would take it."""
    found = standardised_shifts(means, sds)
    return [
        f"prior and records disagree about {labels[i]}: its posterior lies {means[i]:+.1f} prior standard "
        f"deviations from the prior's middle, {abs(found[i]):.1f} times as far as chance would take it"
        for i in np.argsort(-np.abs(found)) if abs(found[i]) > CONFLICT
    ]  # fmt: skip


def conflict_refusals(labels: Sequence[str], means: Floats) -> list[str]:
    """Return why a posterior is refused: unknowns whose prior and records contradict each other."""
    far = [i for i in np.argsort(-np.abs(means)) if abs(means[i]) > CONTRADICTION]
    if not far:
        return []
    others = f", {len(far) - 1} others beyond {CONTRADICTION:.0f}" if len(far) > 1 else ""
    return [f"prior and records contradict each other: {labels[far[0]]} lies {means[far[0]]:+.1f} prior "
            f"standard deviations from its prior{others}; see the figures or mend the prior"]  # fmt: skip


def edge_warnings(shares: dict[str, tuple[float, float, float, float]]) -> list[str]:
    """Return a warning for every share whose posterior stands at the bound of its prior.

    Parameters
    ----------
    shares
        By name: the middle of the posterior, low and high of the prior, and the prior's standard deviation.
        A prior without bounds has low and high at infinity.
    """
    told = []
    for name, (middle, low, high, sd) in shares.items():
        for bound, apart in ((low, middle - low), (high, high - middle)):
            if sd > 0 and apart < EDGE * sd:
                told.append(f"{name} stands at the bound of its prior ({middle:.3f}, bound {bound:g}): the "
                            "bound, not the records, holds the result")  # fmt: skip
    return told
