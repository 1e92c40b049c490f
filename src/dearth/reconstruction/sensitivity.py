"""What excess deaths depend on: shares of their variance; every unknown before and after the records."""

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.interval import interval
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import Fit
from dearth.reconstruction.own_units import own_units
from dearth.reconstruction.posterior_tables import UnknownSummary
from dearth.reconstruction.unknown_labels import labels

Floats = NDArray[np.float64]
SHOCK = ("shock_year", "shock_year_age")  # the excess deaths themselves in other words, no assumption
PRIOR_DRAWS = 2000


def flat(fit: Fit, at: int, name: str) -> Floats:
    """Return what was kept of every draw of a scenario [draw, ...], chains one after the other."""
    seen = np.asarray(fit.draws.seen[name][at], float)
    return seen.reshape(-1, *seen.shape[2:])


def variance_shares(fit: Fit, at: int) -> dict[str, float]:
    """Return the share of the variance of excess deaths that a linear fit on each group of unknowns explains.

    Unknowns are correlated after the data, so the shares need not add to 1 (first-order shares; Saltelli
    et al. 2008, chapter 1, with a linear surface). The size of the shock by year is the excess deaths
    themselves and is left out.

    References
    ----------
    saltelli2008
    """
    toll, theta = flat(fit, at, "excess"), flat(fit, at, "theta")
    toll = toll - toll.mean()
    found = {}
    for name, block in fit.model.unknowns.split(theta).items():
        columns = block.reshape(len(toll), -1)
        if name in SHOCK or columns.shape[1] == 0:
            continue
        columns = columns - columns.mean(0)
        fitted = columns @ np.linalg.lstsq(columns, toll, rcond=None)[0]
        free = (len(toll) - 1) / max(len(toll) - 1 - columns.shape[1], 1)
        found[name] = float(max(0.0, 1 - free * ((toll - fitted) ** 2).sum() / (toll**2).sum()))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def prior_posterior(fit: Fit, at: int) -> list[UnknownSummary]:
    """Return for every unknown its prior and posterior, in its own unit and in deviations of its prior."""
    theta = flat(fit, at, "theta")
    rng = np.random.default_rng(fit.settings.seed)
    mine = one(fit.data, at)
    before = own_units(fit.model, mine, rng.standard_normal((PRIOR_DRAWS, theta.shape[1])))
    after = own_units(fit.model, mine, theta)
    return [
        UnknownSummary(label, float(theta[:, i].mean()), float(theta[:, i].std()),
                       interval(before[:, i]), interval(after[:, i]))
        for i, label in enumerate(labels(fit.model))
    ]  # fmt: skip
