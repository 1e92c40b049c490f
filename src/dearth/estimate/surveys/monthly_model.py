"""Death rates of a survey by month, with recall that fades and a forecast.

Deaths of a part of the recall are Poisson, both deaths and person-time divided by the design effect. The log
rate is normal around a common level and correlated in time. A death is reported with the probability
exp(-d g), g days before the interview. The sd of the log rate and the decay d lie on a grid; given both, the
posterior is sampled from a normal approximation at its mode and corrected by importance weights.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from dearth.numerics.interval import Floats

CENTRE, SPREAD = 1.0, 1.5  # prior of the rate: median per 10,000 a day, sd of its log (assumed)
MONTHS = 6.0  # parts of 30 days over which log rates are correlated (assumed)
SDS = (0.05, 0.2, 0.4, 0.7, 1.1)  # of the log rate between parts (assumed)
SD_SCALE = 0.5  # of the half-normal prior of the sd (assumed)
DECAYS = (0.0, 0.001, 0.002, 0.004, 0.007)  # a day (assumed)
DECAY_SCALE = 0.003  # of the half-normal prior of the decay, a day (assumed)
DRAWS = 4000
FEWEST_EFFECTIVE = 400  # draws that the importance weights are worth, at least
PER_DAY = 10_000


@dataclass(frozen=True)
class Parts:
    """Parts of a recall: effective deaths and person-time, middle in months, days before interview; (M,)."""

    deaths: Floats
    person_days: Floats
    middle: Floats
    before: Floats


@dataclass(frozen=True)
class MonthlyDraws:
    """Draws of log rates per 10,000 a day: of the parts (S, M) and of later ones (S, H); decay (S,).

    Attributes
    ----------
    effective : draws that the importance weights are worth
    """

    log_rates: Floats
    later: Floats
    decay: Floats
    effective: float


def monthly_draws(
    parts: Parts, later: Floats, decays: tuple[float, ...], rng: np.random.Generator
) -> MonthlyDraws:
    """Return draws of the posterior.

    Parameters
    ----------
    later : middles of later parts, in months (H,)
    decays : decays of recall that are possible; ``(0.0,)`` for none
    """
    m = len(parts.middle)
    where = np.concatenate([parts.middle, later])
    time = np.exp(-np.abs(where[:, None] - where) / MONTHS)
    grid = [(sd, decay) for sd in SDS for decay in decays]
    fits = [fit_parts(parts, SPREAD**2 + sd**2 * time[:m, :m], decay) for sd, decay in grid]
    prior = np.array([-0.5 * (sd / SD_SCALE) ** 2 - 0.5 * (decay / DECAY_SCALE) ** 2 for sd, decay in grid])
    log_weight = prior + np.array([fit.evidence for fit in fits])
    weight = np.exp(log_weight - log_weight.max())
    chosen = rng.choice(len(grid), size=DRAWS, p=weight / weight.sum())
    found, ahead, logs = np.empty((DRAWS, m)), np.empty((DRAWS, len(later))), np.empty(DRAWS)
    for at in np.unique(chosen):
        rows = np.flatnonzero(chosen == at)
        sd, decay = grid[at]
        drawn, logs[rows] = fits[at].draw(parts, decay, len(rows), rng)
        found[rows] = drawn
        ahead[rows] = _ahead(drawn, SPREAD**2 + sd**2 * time, m, rng)
    ratio = np.exp(logs - logs.max())
    effective = float(ratio.sum() ** 2 / (ratio**2).sum())
    kept = rng.choice(DRAWS, size=DRAWS, p=ratio / ratio.sum())
    decay_draws = np.array([grid[at][1] for at in chosen])
    centre = np.log(CENTRE)
    return MonthlyDraws(found[kept] + centre, ahead[kept] + centre, decay_draws[kept], effective)


@dataclass(frozen=True)
class Fit:
    """A normal approximation at one point of a grid: mode, root of the covariance, log evidence."""

    mode: Floats
    root: Floats
    precision: Floats
    evidence: float

    def draw(self, parts: Parts, decay: float, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return draws (count, M) and their log importance weights over the evidence."""
        z = rng.standard_normal((count, len(self.mode)))
        drawn = self.mode + z @ self.root.T
        _, log_det = np.linalg.slogdet(self.root)
        normal = -0.5 * (z**2).sum(1) - log_det
        return drawn, _log_joint(drawn, parts, decay, self.precision) - normal - self.evidence


def _expected(log_rates: Floats, parts: Parts, decay: float) -> Floats:
    return CENTRE * np.exp(log_rates - decay * parts.before) * parts.person_days / PER_DAY


def _log_joint(log_rates: Floats, parts: Parts, decay: float, precision: Floats) -> Floats:
    """Return log likelihood plus log prior of log rates (…, M) less the centre."""
    mean = _expected(log_rates, parts, decay)
    likelihood = (parts.deaths * np.log(np.maximum(mean, 1e-300)) - mean - gammaln(parts.deaths + 1)).sum(-1)
    _, log_det = np.linalg.slogdet(precision)
    return np.asarray(
        likelihood + 0.5 * log_det - 0.5 * np.einsum("...i,ij,...j", log_rates, precision, log_rates)
    )


def fit_parts(parts: Parts, covariance: Floats, decay: float) -> Fit:
    """Return the approximation at the mode, by Newton's method; the log posterior is concave.

    Parameters
    ----------
    covariance : prior of the log rates (M, M)
    decay : of recall, a day
    """
    precision: Floats = np.asarray(np.linalg.inv(covariance), np.float64)
    at = np.zeros(len(parts.deaths))
    for _ in range(60):
        mean = _expected(at, parts, decay)
        step = np.linalg.solve(precision + np.diag(mean), parts.deaths - mean - precision @ at)
        at = at + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    curvature = precision + np.diag(_expected(at, parts, decay))
    root: Floats = np.asarray(np.linalg.cholesky(np.linalg.inv(curvature)), np.float64)
    _, log_det = np.linalg.slogdet(root)
    return Fit(at, root, precision, float(_log_joint(at, parts, decay, precision) + log_det))


def _ahead(drawn: Floats, covariance: Floats, m: int, rng: np.random.Generator) -> Floats:
    """Return draws of later log rates given those of the parts."""
    if covariance.shape[0] == m:
        return np.empty((len(drawn), 0))
    gain = np.linalg.solve(covariance[:m, :m], covariance[:m, m:]).T
    rest = covariance[m:, m:] - gain @ covariance[:m, m:]
    root = np.linalg.cholesky(rest + 1e-10 * np.eye(len(rest)))
    return np.asarray(drawn @ gain.T + rng.standard_normal((len(drawn), len(rest))) @ root.T)
