"""``dearth fit``: a simulator tied to the true deaths and births of a case, and to the series it names.

Several starts climb to modes of the posterior; unknowns without influence there are left at the middle of
their prior; chains then draw from the posterior of the others. What a fit may print is decided by the gates
of the reconstruction, and by whether two halves of the chains agree.

References
----------
nocedal_wright2006, cotter2013, vehtari2021
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dearth.estimate.progress import Progress
from dearth.explain.chains import Chains, sample, starts
from dearth.explain.gauss_newton import Mode, climb
from dearth.explain.problem import FitProblem
from dearth.explain.unknowns import Unknown
from dearth.numerics.random_streams import stream
from dearth.reconstruction.convergence_gates import refusals, worst
from dearth.reconstruction.posterior_tables import Diagnostics

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FitSettings:
    """How long a fit searches and draws.

    Attributes
    ----------
    searches : starts of the search for modes; the first is the middle of the prior
    most : unknowns that are kept at most
    least_influence : of an unknown that is kept: standard residuals that one prior standard deviation moves
    chains, warm_up, draws : of the sampler; an even number of chains, for two halves
    apart : posterior standard deviations by which the means of the two halves may differ
    """

    searches: int = 3
    most: int = 90
    least_influence: float = 0.1
    chains: int = 16
    warm_up: int = 300
    draws: int = 1500
    apart: float = 0.3


@dataclass(frozen=True)
class LeftOut:
    """An unknown that stays at the middle of its prior, and how little it moves."""

    name: str
    influence: float


@dataclass(frozen=True)
class Fit:
    """The posterior of a simulation under one registration scenario.

    Attributes
    ----------
    registration : name of the registration scenario whose true deaths and births were fitted
    problem : the problem, with the unknowns that were kept
    chains : draws of the unknowns; standard normal before the records
    diagnostics : worst R-hat and effective sizes over unknowns and excess deaths
    agreement : difference of the means of two halves of the chains, posterior standard deviations, at most
    refused : why the fit may not be used; empty where it may
    influence : of every unknown that is kept, in its order
    left_out : unknowns that stay at the middle of their prior
    modes : losses of the modes that the searches reached
    misfit : figures of the best mode that stand more than three standard errors from their record
    """

    registration: str
    problem: FitProblem
    chains: Chains
    diagnostics: Diagnostics
    agreement: float
    refused: tuple[str, ...]
    influence: Floats
    left_out: tuple[LeftOut, ...]
    modes: tuple[float, ...]
    misfit: tuple[str, ...] = field(default=())

    @property
    def fitted(self) -> bool:
        """Whether the fit passed every gate."""
        return not self.refused

    def thinned(self, wanted: int) -> Floats:
        """Return evenly spaced draws of the unknowns [draw, unknown], all chains alike."""
        chains, draws, size = self.chains.z.shape
        each = max(1, min(draws, wanted // chains))
        at = np.linspace(0, draws - 1, each).round().astype(int)
        return self.chains.z[:, at].reshape(-1, size)[:wanted]


def fit(problem: FitProblem, registration: str, settings: FitSettings, seed: int, progress: Progress) -> Fit:
    """Fit a problem.

    Parameters
    ----------
    problem : with every candidate; the fit leaves out those without influence

    Raises
    ------
    FloatingPointError
        When no start of the search stays within the range of numbers.
    """
    first = _search(problem, settings, seed, progress)
    kept, influence, left_out = _screened(problem, first[0], settings)
    narrowed = problem.keeping(kept)
    at = [problem.space.unknowns.index(one) for one in kept]
    modes = [climb(narrowed.residuals, mode.z[at], lambda text: progress(text, None)) for mode in first]
    modes.sort(key=lambda mode: mode.loss)
    chains = sample(
        narrowed.residuals, modes[0], starts(modes, settings.chains, seed),
        warm_up=settings.warm_up, draws=settings.draws, seed=seed, progress=progress,
    )  # fmt: skip
    return _judged(registration, narrowed, chains, modes, settings, influence, left_out)


def _search(problem: FitProblem, settings: FitSettings, seed: int, progress: Progress) -> list[Mode]:
    """Return the modes that the searches reach, best first."""
    found, failed = [], []
    for search in range(settings.searches):
        start = np.zeros(problem.space.size)
        if search:
            start = 0.5 * stream(seed, "fit search", str(search)).standard_normal(problem.space.size)
        try:
            found.append(climb(problem.residuals, start, partial(_told, progress, search)))
        except FloatingPointError as error:
            failed.append(f"search {search + 1}: {error}")
    if not found:
        raise FloatingPointError("; ".join(failed))
    return sorted(found, key=lambda mode: mode.loss)


def _told(progress: Progress, search: int, text: str) -> None:
    progress(f"search {search + 1}: {text}", None)


def _screened(
    problem: FitProblem, mode: Mode, settings: FitSettings
) -> tuple[tuple[Unknown, ...], Floats, tuple[LeftOut, ...]]:
    """Return the unknowns that are kept with their influence, and those that are left out."""
    influence = np.sqrt((mode.jacobian**2).sum(0))
    order = np.argsort(-influence)[: settings.most]
    kept = sorted(int(at) for at in order if influence[at] >= settings.least_influence)
    unknowns = problem.space.unknowns
    out = [LeftOut(one.name, float(influence[at])) for at, one in enumerate(unknowns) if at not in set(kept)]
    return tuple(unknowns[at] for at in kept), influence[kept], tuple(out)


def _judged(
    registration: str, problem: FitProblem, chains: Chains, modes: Sequence[Mode], settings: FitSettings,
    influence: Floats, left_out: tuple[LeftOut, ...],
) -> Fit:  # fmt: skip
    found = worst([chains.z, chains.loss], 0, chains.loss.size)
    agreement = halves_apart(chains.z)
    why = [*refusals(found)]
    if not agreement <= settings.apart:
        why.append(f"two halves of the chains differ by {agreement:.2f} posterior sd, above {settings.apart}")
    return Fit(
        registration, problem, chains, found, agreement, tuple(why), influence, left_out,
        tuple(mode.loss for mode in modes), tuple(_misfit(problem, modes[0])),
    )  # fmt: skip


def halves_apart(z: Floats) -> float:
    """Return the largest difference of means of even and odd chains, in posterior standard deviations."""
    even, odd = z[::2], z[1::2]
    spread = np.maximum(z.std(axis=(0, 1)), 1e-12)
    return float(np.abs((even.mean(axis=(0, 1)) - odd.mean(axis=(0, 1))) / spread).max())


def _misfit(problem: FitProblem, mode: Mode) -> list[str]:
    """Return the records that the best mode does not reach, with how far it stays from them."""
    apart = problem.observed(mode.z[None])[0] - problem.values
    found, first = [], 0
    for one in problem.targets:
        here = apart[first : first + one.size] / np.sqrt(np.diag(one.covariance))
        found += [
            f"{one.name}, {label}: the best simulation lies {value:+.1f} standard errors from the record"
            for label, value in zip(one.labels, here, strict=True)
            if abs(value) > 3
        ]
        first += one.size
    return found
