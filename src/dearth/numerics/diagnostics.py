"""Convergence of chains: rank-normalised split R-hat, bulk and tail effective sample size.

Formulas: Vehtari, Gelman, Simpson, Carpenter, Bürkner (2021), Rank-normalization, folding, and
localization: an improved R-hat, Bayesian Analysis 16(2), 667-718.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TAILS = (0.05, 0.95)


class Convergence(NamedTuple):
    """One number per quantity, each an array of shape [...]."""

    rhat: Floats
    ess_bulk: Floats
    ess_tail: Floats


def convergence(draws: Floats) -> Convergence:
    """Return R-hat and effective sample sizes of `draws`, shape [chains, draws, ...].

    Quantities that never vary give NaN: they were not sampled.

    Raises
    ------
    ValueError
        With fewer than four draws a chain, or draws that are not finite.
    """
    if draws.ndim < 2 or draws.shape[1] < 4:
        raise ValueError(f"draws have shape {draws.shape}; at least [chains, 4, ...] is needed")
    if not np.isfinite(draws).all():
        raise ValueError("some draws are not finite")
    flat = draws.reshape(*draws.shape[:2], -1).astype(np.float64)
    halves = _split(flat)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    rhat = np.fmax(_rhat(_rank_normal(halves)), _rhat(_rank_normal(folded)))
    bulk = _ess(_rank_normal(halves))
    cuts = np.quantile(halves, TAILS, axis=(0, 1))
    tail = np.fmin(*(_ess((halves <= cut).astype(np.float64)) for cut in cuts))
    still = np.ptp(halves, axis=(0, 1)) == 0
    return Convergence(*(np.where(still, np.nan, x).reshape(draws.shape[2:]) for x in (rhat, bulk, tail)))


def _split(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _rank_normal(draws: Floats) -> Floats:
    """Replace values by normal scores of their ranks over all chains (Blom's offset); ties share a rank."""
    chains, length, count = draws.shape
    pooled = draws.reshape(-1, count)
    size = pooled.shape[0]
    scores = np.array([NormalDist().inv_cdf((2 * r - 0.75) / (2 * size + 0.5)) for r in _halves(size)])
    out = np.empty_like(pooled)
    for column in range(count):
        _, where, many = np.unique(pooled[:, column], return_inverse=True, return_counts=True)
        last = np.cumsum(many)
        mean_rank = last - (many - 1) / 2
        out[:, column] = scores[np.rint(2 * mean_rank).astype(int) - 2][where]
    return out.reshape(chains, length, count)


def _halves(size: int) -> Floats:
    """Return the ranks 1, 1.5, 2, ... `size`: a mean of tied ranks is one of them."""
    return np.arange(2, 2 * size + 1) / 2


def _rhat(draws: Floats) -> Floats:
    length = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt((length - 1) / length + between / within))


def _autocovariance(draws: Floats) -> Floats:
    length = draws.shape[1]
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * length, axis=1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, n=2 * length, axis=1)[:, :length] / length)


def _ess(draws: Floats) -> Floats:
    """Return the effective size by Geyer's initial monotone sequence of paired autocorrelations."""
    chains, length, count = draws.shape
    covariance = _autocovariance(draws)
    within = covariance[:, 0].mean(axis=0) * length / (length - 1)
    total = within * (length - 1) / length
    if chains > 1:
        total = total + draws.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = 1 - (within - covariance.mean(axis=0) * length / (length - 1)) / total
    rho[0] = 1
    pairs = rho[: 2 * (length // 2)].reshape(-1, 2, count).sum(axis=1)
    alive = np.cumprod(pairs > 0, axis=0)
    pairs = np.minimum.accumulate(np.where(alive, pairs, 0), axis=0)
    tau = np.maximum(2 * pairs.sum(axis=0) - 1, 1 / np.log10(chains * length))
    return np.asarray(chains * length / tau)
