"""Trials of lists: does the range hold the truth, with dependent lists and errors of matching."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.lists_file import read_lists
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.estimate.lists.decomposable import decomposable_graphs
from dearth.estimate.lists.dependence_range import Declared, dependence_range
from dearth.estimate.lists.histories import Histories
from dearth.estimate.lists.lists_estimator import as_histories, declared
from dearth.estimate.lists.loglinear import NoEstimateError, fit
from dearth.estimate.lists.model_search import average, search
from dearth.estimate.lists.profile_interval import profile_interval
from dearth.numerics.interval import Interval
from dearth.trials.list_worlds import WORLDS, odds_ratios

SCHEMA = "dearth/recover-lists/v1"
FEWEST_HIDDEN, MOST_HIDDEN = 1.25, 8.0  # the true number, as a multiple of the people seen, drawn log-uniform
LARGEST_SHARE = 0.9  # of all people on one list
Rng = np.random.Generator
Progress = Callable[[str, float | None], None]
MODELS = (  # with the most lists for which a trial of many replicates takes minutes
    ("independence", "All lists independent", 8),
    ("all_pairs", "Every two lists dependent", 8),
    ("average_aic", "Log-linear, averaged by AIC", 4),
    ("decomposable", "Decomposable graphs, averaged", 5),
)


@dataclass(frozen=True)
class ListTrial:
    """One replicate.

    Attributes
    ----------
    world : name of the `ListWorld`
    truth : people in all
    seen : people on at least one list, as the matched records have them
    within : whether every odds ratio lies within what is declared
    low, high : the range, None where it was refused
    warned : whether the range is marked as fragile
    models : whether each model's 90 % interval holds the truth; None where it was refused
    """

    world: str
    truth: int
    seen: int
    within: bool
    low: float | None
    high: float | None
    warned: bool
    models: dict[str, bool | None]

    @property
    def holds(self) -> bool | None:
        """Whether the range holds the truth; None where it was refused."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class WorldScore:
    """What the replicates of one world, or of all, say.

    Attributes
    ----------
    within : replicates whose odds ratios lie within what is declared
    given, held : ranges printed, and those that hold the truth
    given_within, held_within : of the replicates within what is declared
    missed_unwarned : ranges that do not hold the truth and carry no warning
    width : median of the high over the low end
    models : of each model the intervals printed and those that hold the truth
    """

    world: str
    label: str
    replicates: int
    within: int
    given: int
    held: int
    given_within: int
    held_within: int
    missed_unwarned: int
    width: float | None
    models: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class ListTrials:
    """What ``recover`` found of the lists of a case.

    Attributes
    ----------
    declared : what the case declares, in which errors of matching are drawn
    scores : by world; the last one is of all
    """

    case: str
    lists: str
    title: str
    seed: int
    declared: Declared
    trials: tuple[ListTrial, ...]
    scores: tuple[WorldScore, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The object of ``recover --json``."""
        return {
            "schema": SCHEMA, "case": self.case, "lists": self.lists, "title": self.title, "seed": self.seed,
            "declared": {key: list(value) for key, value in vars(self.declared).items()},
            "worlds": [
                {**vars(one), "models": {name: {"given": given, "held": held}
                                         for name, (given, held) in one.models.items()}}
                for one in self.scores
            ],
        }  # fmt: skip


def recover_lists(
    case: Case, replicates: int, seed: int = 1, progress: Progress = lambda step, share: None
) -> tuple[ListTrials, ...]:
    """Try each set of lists of a case on populations of known size that resemble it.

    In each replicate the true number is drawn between `FEWEST_HIDDEN` and `MOST_HIDDEN` times the people
    seen, the lists have the sizes of the case, errors of matching are drawn within what the case declares.

    Parameters
    ----------
    replicates : of each world

    Raises
    ------
    CaseError
        The case has no lists.
    """
    if not case.settings.lists:
        raise mistake("case.yaml", "has no lists to try; name a file of lists in the block lists")
    done = []
    for at, (name, block) in enumerate(case.settings.lists.items()):
        table = as_histories(read_lists(case.folder / block.file, block.file))
        rng = np.random.default_rng([seed, at])
        made = try_lists(table, declared(block), replicates, rng, progress)
        done.append(ListTrials(case.name, name, block.title, seed, declared(block), made, scores(made)))
    return tuple(done)


def try_lists(
    table: Histories, assumed: Declared, replicates: int, rng: Rng, progress: Progress
) -> tuple[ListTrial, ...]:
    """Return the trials of lists like those of `table`, world by world."""
    sizes = np.array([table.size(k) for k in range(len(table.lists))])
    found = []
    for at, world in enumerate(WORLDS):
        for replicate in range(replicates):
            progress(world.label, (at + replicate / replicates) / len(WORLDS))
            least = max(FEWEST_HIDDEN * table.seen, sizes.max() / LARGEST_SHARE)
            truth = int(np.exp(rng.uniform(np.log(least), np.log(MOST_HIDDEN * least / FEWEST_HIDDEN))))
            chances = world.chances(sizes / truth, assumed, rng)
            ratios = odds_ratios(chances)
            within = assumed.odds_ratio[0] <= min(ratios) and max(ratios) <= assumed.odds_ratio[1]
            drawn = rng.multinomial(truth, chances).astype(float)
            seen = _matched(Histories(table.lists, drawn), assumed, rng)
            found.append(_trial(world.name, truth, within, seen, assumed))
    return tuple(found)


def _trial(world: str, truth: int, within: bool, table: Histories, assumed: Declared) -> ListTrial:
    allowed = dependence_range(table, assumed)
    models = {name: _holds(table, name, truth) for name, _, most in MODELS if 2 < len(table.lists) <= most}
    return ListTrial(
        world, truth, int(table.seen), bool(within), allowed.low, allowed.high, allowed.fragile, models
    )


def _holds(table: Histories, model: str, truth: int) -> bool | None:
    try:
        low, high = _interval(table, model).ends
    except NoEstimateError:
        return None
    return low <= truth <= high


def _interval(table: Histories, model: str) -> Interval:
    pairs = tuple(1 << i | 1 << j for i, j in table.pairs if table.overlap(i, j))
    if model == "independence":
        return profile_interval(table, fit(table))
    if model == "all_pairs":
        return profile_interval(table, fit(table, pairs))
    if model == "average_aic":
        return average(table, search(table)).total
    return decomposable_graphs(table).total


def _matched(table: Histories, assumed: Declared, rng: Rng) -> Histories:
    """Return the table as matching finds it: some records stand alone, some of two people are joined."""
    false, missed = rng.uniform(*assumed.false_matches), rng.uniform(*assumed.missed_matches)
    counts = table.counts.copy()
    counts[0] = 0
    lists = len(table.lists)
    for mask in range(1, 2**lists):
        bits = [1 << k for k in range(lists) if mask >> k & 1]
        if len(bits) > 1:
            lost = rng.multinomial(rng.binomial(int(table.counts[mask]), missed), [1 / len(bits)] * len(bits))
            counts[mask] -= lost.sum()
            for bit, people in zip(bits, lost, strict=True):
                counts[bit] += people
                counts[mask & ~bit] += people
    found = Histories(table.lists, counts)
    for i, j in table.pairs:
        joined = rng.poisson(false / (1 - false) * found.overlap(i, j))
        joined = min(joined, int(counts[1 << i]), int(counts[1 << j]))
        counts[1 << i] -= joined
        counts[1 << j] -= joined
        counts[1 << i | 1 << j] += joined
    return Histories(table.lists, counts)


def scores(trials: tuple[ListTrial, ...]) -> tuple[WorldScore, ...]:
    """Return the score of each world and, last, of all replicates."""
    by_world = [
        _score(world.name, world.label, [one for one in trials if one.world == world.name])
        for world in WORLDS
    ]
    return (*by_world, _score("all", "all", list(trials)))


def _score(world: str, label: str, trials: list[ListTrial]) -> WorldScore:
    given = [one for one in trials if one.holds is not None]
    widths = [one.high / one.low for one in given if one.low and one.high]
    names = list(dict.fromkeys(name for one in trials for name in one.models))
    models = {
        name: (
            sum(one.models[name] is not None for one in trials),
            sum(bool(one.models[name]) for one in trials),
        )
        for name in names
    }
    return WorldScore(
        world, label, len(trials), sum(one.within for one in trials), len(given),
        sum(bool(one.holds) for one in given), sum(one.within for one in given),
        sum(bool(one.holds) and one.within for one in given),
        sum(not one.holds and not one.warned for one in given), float(np.median(widths)) if widths else None,
        models,
    )  # fmt: skip
