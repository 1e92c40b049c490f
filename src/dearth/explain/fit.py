"""``dearth fit``: a simulator tied to the true deaths and births of a case, and to the series it names.

Several starts climb to modes of the posterior; unknowns without influence there are left at the middle of
their prior; two groups of chains then draw from the posterior of the others, each on its own. What a fit may
print is decided by the gates of the reconstruction, and by whether the two groups agree.

References
----------
nocedal_wright2006, neal2011, vehtari2021
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dearth.ensemble.executor import Executor, InProcess
from dearth.ensemble.runner import joined, run_shards
from dearth.ensemble.shards import split
from dearth.estimate.progress import Progress
from dearth.explain.chains import Chains, ChainTask, gathered, starts
from dearth.explain.gauss_newton import Mode
from dearth.explain.hamiltonian_paths import untuned
from dearth.explain.mode_search import SearchTask, modes_of
from dearth.explain.problem import FitProblem
from dearth.explain.tempering import powers_of
from dearth.explain.unknowns import Unknown
from dearth.numerics.random_streams import stream
from dearth.reconstruction.convergence_gates import refusals, rhat_limit, worst
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
    chains, groups : of the sampler; a group is an independent run, and of groups two halves are compared
    warm_up : moves of each chain before its step is fixed
    draws : moves of each chain in a turn
    turns : at least and at most; the draws of the last two thirds of them are kept, and after the least no
        other is begun when these pass every gate
    apart : posterior standard deviations by which the means of the two halves may differ
    """

    searches: int = 3
    most: int = 90
    least_influence: float = 0.1
    chains: int = 16
    groups: int = 2
    warm_up: int = 40
    draws: int = 50
    turns: tuple[int, int] = (6, 24)
    apart: float = 0.3


@dataclass(frozen=True)
class Means:
    """What computes a fit and where its parts are kept.

    Attributes
    ----------
    executor : as `executors.open_executor` gives it
    folder : of parts, so that a killed fit goes on; None keeps nothing
    """

    executor: Executor = field(default_factory=InProcess)
    folder: Path | None = None


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
    diagnostics : worst R-hat and effective sizes over unknowns and the log posterior
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


def fit(
    problem: FitProblem, registration: str, settings: FitSettings, seed: int, progress: Progress,
    means: Means | None = None,
) -> Fit:  # fmt: skip
    """Fit a problem.

    Parameters
    ----------
    problem : with every candidate; the fit leaves out those without influence
    means : by default this process, and nothing kept on disk. The numbers do not depend on them

    Raises
    ------
    FloatingPointError
        When no start of the search stays within the range of numbers.
    """
    means = means or Means()
    begin = [np.zeros(problem.space.size)] + [
        0.5 * stream(seed, "fit search", str(search)).standard_normal(problem.space.size)
        for search in range(1, settings.searches)
    ]
    first = _search(problem, np.stack(begin), seed, means, progress, "search for modes")
    kept, influence, left_out = _screened(problem, first[0], settings)
    narrowed = problem.keeping(kept)
    at = [problem.space.unknowns.index(one) for one in kept]
    modes = _search(
        narrowed,
        np.stack([mode.z[at] for mode in first]),
        seed,
        means,
        progress,
        "modes without the unknowns left out",
    )
    chains = _sampled(narrowed, modes, settings, seed, means, progress)
    return _judged(registration, narrowed, chains, modes, settings, influence, left_out)


def _search(
    problem: FitProblem, begin: Floats, seed: int, means: Means, progress: Progress, what: str
) -> list[Mode]:
    """Return the modes that the searches from `begin` [search, unknown] reach, best first."""
    task = SearchTask(problem, begin)
    shards = split(seed, len(begin), 1)
    made = run_shards(
        task, shards, _part(means, task.about), means.executor, _shares(progress, what), task.about
    )
    return modes_of(joined(made, len(begin)))


def _sampled(
    problem: FitProblem, modes: list[Mode], settings: FitSettings, seed: int, means: Means, progress: Progress
) -> Chains:
    """Return draws: turn after turn, until every gate is passed or the last turn is made."""
    powers = powers_of(modes)
    begin = starts(modes, settings.chains, len(powers), seed)
    tuning = np.tile(np.asarray(untuned(len(powers)), float), (settings.chains, 1, 1))
    shards = split(seed, settings.chains, settings.chains // settings.groups)
    least, most = settings.turns
    turns: list[dict[str, Floats]] = []
    for turn in range(most + 1):
        tune = turn == 0
        moves = settings.warm_up if tune else settings.draws
        task = ChainTask(problem, modes[0], powers, begin, tuning, moves, tune, turn)
        what = "warm-up of the chains" if tune else f"draws of the fit, turn {turn} of at most {most}"
        made = run_shards(
            task, shards, _part(means, task.about), means.executor, _shares(progress, what), task.about
        )
        found = joined(made, settings.chains)
        begin, tuning = found["end"], found["tuning"]
        if not tune:
            turns.append(found)
        if turn >= least and not _faults(gathered(_kept(turns), powers), settings):
            break
    return gathered(_kept(turns), powers)


def _kept(turns: list[dict[str, Floats]]) -> list[dict[str, Floats]]:
    """Return the last two thirds of the turns: chains may begin in a mode of little weight."""
    return turns[len(turns) // 3 :]


def _shares(progress: Progress, what: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(what, done / total)


def _part(means: Means, about: str) -> Path | None:
    return None if means.folder is None else means.folder / sha256(about.encode()).hexdigest()[:16]


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
    return Fit(
        registration, problem, chains, _diagnostics(chains), halves_apart(chains.z),
        tuple(_faults(chains, settings)), influence, left_out,
        tuple(mode.loss for mode in modes), tuple(_misfit(problem, modes[0])),
    )  # fmt: skip


def _diagnostics(chains: Chains) -> Diagnostics:
    return worst([chains.z, chains.loss], chains.divergences, chains.loss.size)


def _faults(chains: Chains, settings: FitSettings) -> list[str]:
    """Return why the draws may not be used; empty where they may."""
    why = refusals(_diagnostics(chains), rhat_limit(len(chains.z)))
    agreement = halves_apart(chains.z)
    if not agreement <= settings.apart:
        why.append(
            f"two independent groups of chains differ by {agreement:.2f} posterior standard deviations, "
            f"above the limit of {settings.apart}"
        )
    return why


def halves_apart(z: Floats) -> float:
    """Return the largest difference of means of the first and the last half of the chains, posterior sd."""
    half = len(z) // 2
    spread = np.maximum(z.std(axis=(0, 1)), 1e-12)
    return float(np.abs((z[:half].mean(axis=(0, 1)) - z[half:].mean(axis=(0, 1))) / spread).max())


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
