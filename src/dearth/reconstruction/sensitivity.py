"""What a scenario's toll hangs on: shares of its variance, and every unknown before and after the records."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from dearth.numerics.interval import interval
from dearth.reconstruction.fit import Fit, one
from dearth.reconstruction.posterior_tables import UnknownSummary
from dearth.reconstruction.unknown_labels import labels

Floats = NDArray[np.float64]
EDGE = 2.0  # posterior mean this many prior sd away: the records pull against the prior
TORN = 5.0  # this far and the prior and the records contradict each other: refused
TOGETHER = 0.99  # of a block of unknowns, whose squared means are judged by chi-squared
SHOCK = ("shock_year", "shock_year_age")  # the toll itself in other words, no assumption
PRIOR_DRAWS = 2000


def flat(fit: Fit, at: int, name: str) -> Floats:
    """Return what was kept of every draw of a scenario [draw, ...], chains one after the other."""
    seen = np.asarray(fit.draws.seen[name][at], float)
    return seen.reshape(-1, *seen.shape[2:])


def variance_shares(fit: Fit, at: int) -> dict[str, float]:
    """Return per group of unknowns the share of the toll's variance a linear fit on it alone explains.

    Unknowns are correlated after the data, so the shares need not add to 1 (first-order shares; Saltelli
    et al. 2008, chapter 1, with a linear surface). The size of the shock by year is the toll itself and
    is left out.

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
    before = own_units(fit, at, rng.standard_normal((PRIOR_DRAWS, theta.shape[1])))
    after = own_units(fit, at, theta)
    return [
        UnknownSummary(label, float(theta[:, i].mean()), float(theta[:, i].std()),
                       interval(before[:, i]), interval(after[:, i]))
        for i, label in enumerate(labels(fit.model))
    ]  # fmt: skip


def own_units(fit: Fit, at: int, theta: Floats) -> Floats:
    """Return every unknown [draw, unknown] in its own unit."""
    model = fit.model
    with jax.enable_x64(True):
        mine = one(fit.data, at)

        def units(z: Any) -> Any:
            u = model.named(z, mine)
            return jnp.concatenate([jnp.ravel(u[name]) for name in model.own.shapes])

        return np.asarray(jax.jit(jax.vmap(units))(jnp.asarray(theta)))


def conflict_refusals(fit: Fit, at: int) -> list[str]:
    """Return why a scenario is refused: unknowns whose prior and records contradict each other."""
    means = flat(fit, at, "theta").mean(0)
    far = [i for i in np.argsort(-np.abs(means)) if abs(means[i]) > TORN]
    if not far:
        return []
    others = f", {len(far) - 1} others beyond {TORN:.0f}" if len(far) > 1 else ""
    furthest = labels(fit.model)[far[0]]
    return [f"prior and records contradict each other: {furthest} lies {means[far[0]]:+.1f} prior "
            f"standard deviations from its prior{others}; see the figures or mend the prior"]  # fmt: skip


def prior_data_conflicts(fit: Fit, at: int) -> list[str]:
    """Return a warning for every unknown, and every block of them, that the records pull from its prior."""
    theta = flat(fit, at, "theta")
    told = [
        f"{label} lies {mean:+.1f} prior standard deviations from where its prior put it"
        for label, mean in zip(labels(fit.model), theta.mean(0), strict=True)
        if abs(mean) > EDGE
    ]
    for name, block in fit.model.unknowns.split(theta.mean(0)).items():
        size = float((block**2).sum())
        if block.size > 1 and size > chi2.ppf(TOGETHER, block.size):
            told.append(f"the {block.size} unknowns {name} lie together further from their priors than one "
                        f"draw in a hundred (sum of squares {size:.0f})")  # fmt: skip
    return told
