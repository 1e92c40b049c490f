"""Draws from the posterior of a simulation: independence and autoregressive moves about its modes.

The preconditioned Crank-Nicolson move is scaled by the normal approximation at the best mode; it leaves that
approximation as it is, so acceptance depends only on how far the posterior differs from it. All chains move
in one batch of runs.

References
----------
cotter2013
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.estimate.progress import Progress, quiet
from dearth.explain.gauss_newton import Mode, Residuals, loss_of
from dearth.numerics.random_streams import stream

Floats = NDArray[np.float64]
AIM = 0.3  # share of moves that are accepted, towards which warm-up sets their length
WIDER = 1.0  # standard deviations of the reference over the normal approximation; wider ones stall


@dataclass(frozen=True)
class Chains:
    """Draws of all chains.

    Attributes
    ----------
    z : unknowns [chain, draw, unknown]
    loss : minus log posterior [chain, draw]
    accepted : share of moves accepted after warm-up
    length : of a move, 0 to 1
    """

    z: Floats
    loss: Floats
    accepted: float
    length: float


def starts(modes: list[Mode], chains: int, seed: int) -> Floats:
    """Return the starts of the chains [chain, unknown], in turn about each mode, wider than the posterior."""
    found = []
    for chain in range(chains):
        mode = modes[chain % len(modes)]
        factor = np.linalg.cholesky(np.linalg.inv(mode.precision))
        noise = stream(seed, "fit start", str(chain)).standard_normal(len(mode.z))
        found.append(mode.z + factor @ noise)
    return np.stack(found)


def sample(
    residuals: Residuals,
    reference: Mode,
    begin: Floats,
    *,
    warm_up: int,
    draws: int,
    seed: int,
    progress: Progress = quiet,
) -> Chains:
    """Return draws of chains that begin at `begin` [chain, unknown].

    Parameters
    ----------
    reference : the mode whose normal approximation scales the moves
    warm_up, draws : moves of each chain before and after the length of a move is fixed
    """
    many, size = begin.shape
    factor = np.asarray(WIDER * np.linalg.cholesky(np.linalg.inv(reference.precision)), float)
    inverse = np.asarray(np.linalg.inv(factor), float)
    rng = stream(seed, "fit chains")
    z, loss = np.asarray(begin, float), loss_of(residuals(begin), begin)
    apart = _apart(z, reference.z, inverse)
    length, taken = 0.3, 0
    kept, losses = np.empty((many, draws, size)), np.empty((many, draws))
    for move in range(warm_up + draws):
        noise = rng.standard_normal((many, size))
        here = np.asarray((z - reference.z) @ inverse.T, float)
        there = np.asarray(np.sqrt(1 - length**2) * here + length * noise, float)
        proposal = reference.z + there @ factor.T
        new = loss_of(residuals(proposal), proposal)
        new_apart = 0.5 * (there**2).sum(1)
        with np.errstate(invalid="ignore"):
            accept = np.log(rng.random(many)) < (loss - apart) - (new - new_apart)
        z = np.asarray(np.where(accept[:, None], proposal, z), float)
        loss, apart = np.where(accept, new, loss), np.where(accept, new_apart, apart)
        if move < warm_up:
            length = float(np.clip(length * np.exp((accept.mean() - AIM) / np.sqrt(1 + move / 10)), 0.01, 1))
        else:
            kept[:, move - warm_up], losses[:, move - warm_up] = z, loss
            taken += int(accept.sum())
        progress("draws of the fit", (move + 1) / (warm_up + draws))
    return Chains(kept, losses, taken / max(many * draws, 1), length)


def _apart(z: Floats, centre: Floats, inverse: Floats) -> Floats:
    """Return half the squared distance from the reference [chain], in its standard deviations."""
    return np.asarray(0.5 * (((z - centre) @ inverse.T) ** 2).sum(1))
