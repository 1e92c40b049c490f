"""Trials of small areas: do the intervals hold the true deaths of districts, surveyed as those of a case."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.periods import parse_period
from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.estimate.progress import Progress, quiet
from dearth.estimate.small_areas.group_rates import mean_factor
from dearth.estimate.small_areas.inputs import (
    MOST_UNSURVEYED,
    SmallAreaInputs,
    read_inputs,
    unsurveyed_share,
)
from dearth.estimate.small_areas.left_out import left_out_scores
from dearth.estimate.small_areas.rate_model import fitted_model
from dearth.estimate.surveys.cluster_model import summary
from dearth.estimate.surveys.rates import PER_DAY
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream
from dearth.trials.area_worlds import WORLDS, AreaWorld, surveyed_rates, true_rates

SCHEMA = "dearth/recover-areas/v1"
DRAWS = 500


@dataclass(frozen=True)
class AreaTrial:
    """One population of districts, surveyed and estimated.

    Attributes
    ----------
    deaths, excess : true deaths of all districts in the window, and those over the normal months of the case
    deaths_found, excess_found : their estimates with 95 % intervals; of the excess None without normal months
    surveyed, unsurveyed : share of the districts with and without a survey whose interval holds their true
        deaths of the window; None where there are none
    left_out : share of the surveys whose interval, without those of their district, holds what they found
    warned : whether the result says that many people live in districts without a survey
    """

    world: str
    deaths: float
    deaths_found: Interval
    excess: float | None
    excess_found: Interval | None
    surveyed: float | None
    unsurveyed: float | None
    left_out: float
    warned: bool


@dataclass(frozen=True)
class TotalScore:
    """Intervals given, those that hold the truth, mean estimate and mean width over the true deaths."""

    given: int
    held: int
    ratio: float | None
    width: float | None


@dataclass(frozen=True)
class AreaWorldScore:
    """What the replicates of one world say; shares are means over the replicates.

    Attributes
    ----------
    held_or_warned : share of the replicates whose interval of the deaths holds, or that are warned of
    """

    world: str
    label: str
    replicates: int
    deaths: TotalScore
    excess: TotalScore
    surveyed: float | None
    unsurveyed: float | None
    left_out: float
    warned: float
    held_or_warned: float


@dataclass(frozen=True)
class AreaTrials:
    """Trials of one block of small areas.

    Attributes
    ----------
    level : usual rate of the made populations, per 10,000 a day: the median of the surveys
    surveys, districts : how many
    """

    case: str
    areas: str
    title: str
    seed: int
    level: float
    surveys: int
    districts: int
    trials: tuple[AreaTrial, ...]
    scores: tuple[AreaWorldScore, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The object of ``recover --json``."""
        return {
            "schema": SCHEMA, "case": self.case, "areas": self.areas, "title": self.title, "seed": self.seed,
            "rate_per_10000_day": self.level, "surveys": self.surveys, "districts": self.districts,
            "worlds": [
                {**vars(one), "deaths": vars(one.deaths), "excess": vars(one.excess)} for one in self.scores
            ],
        }  # fmt: skip


def recover_areas(
    case: Case, replicates: int, seed: int = 1, progress: Progress = quiet
) -> tuple[AreaTrials, ...]:
    """Try each block of small areas on districts whose deaths are known.

    Parameters
    ----------
    replicates : of each world

    Raises
    ------
    CaseError
        The case has no small areas, or mistakes in their files.
    """
    if not case.settings.small_areas:
        raise mistake("case.yaml", "has no block small_areas to try")
    done = []
    for name, block in case.settings.small_areas.items():
        inputs = read_inputs(case, block)
        months = next((one.months for one in block.normal.values() if one.months), None)
        normal = None if months is None else _normal(inputs, months)
        level = float(np.exp(np.median(inputs.surveys.log_rate)))
        steps = [(world, at) for world in WORLDS for at in range(replicates)]
        trials = []
        for number, (world, at) in enumerate(steps):
            progress(f"{block.title}: {world.label}", number / len(steps))
            rng = stream(seed, "small areas", name, world.name, str(at))
            trials.append(_trial(world, inputs, level, normal, rng))
        scores = tuple(_score(world, trials) for world in WORLDS)
        done.append(AreaTrials(case.name, name, block.title, seed, level, len(inputs.rows),
                               len(inputs.cells.places), tuple(trials), scores))  # fmt: skip
    return tuple(done)


def _normal(inputs: SmallAreaInputs, months: str) -> list[list[int]]:
    """Return the positions of the normal months for each month of the window."""
    cells = inputs.cells
    chosen = cells.inside(parse_period(months))
    return [
        [one for one in chosen if cells.months[one].start.month == cells.months[at].start.month]
        for at in inputs.window
    ]


def _trial(
    world: AreaWorld, inputs: SmallAreaInputs, level: float, normal: list[list[int]] | None,
    rng: np.random.Generator,
) -> AreaTrial:  # fmt: skip
    truth = true_rates(world, inputs, level, rng)
    surveys = surveyed_rates(world, inputs, truth, rng)
    model = fitted_model(inputs.cells, inputs.predictors.values, surveys)
    drawn = model.draws(DRAWS, rng)
    people, window = next(iter(inputs.people.values())), list(inputs.window)
    exposed = people.whole[:, window] * inputs.cells.days[window] / PER_DAY
    factor = mean_factor(people.shares, drawn.offsets[..., : people.shares.shape[-1]])
    rates = np.exp(drawn.log_rates) * factor
    found, true = _deaths(rates, exposed, window), _deaths(truth.whole[None], exposed, window)[0]
    low, high = np.quantile(found, [0.025, 0.975], axis=0)
    inside = (low <= true) & (true <= high)
    seen = np.isin(np.arange(len(true)), surveys.place)
    excess: float | None = None
    excess_found: Interval | None = None
    if normal is not None:
        usual, true_usual = _usual(rates, exposed, normal), _usual(truth.whole[None], exposed, normal)
        excess = float(true.sum() - true_usual[0])
        excess_found = summary(found.sum(1) - usual)
    return AreaTrial(
        world.name, float(true.sum()), summary(found.sum(1)), excess, excess_found, _share(inside[seen]),
        _share(inside[~seen]), left_out_scores(model, "district").covered_95,
        unsurveyed_share(set(surveys.place.tolist()), people) > MOST_UNSURVEYED,
    )  # fmt: skip


def _deaths(rates: Floats, exposed: Floats, window: list[int]) -> Floats:
    """Return deaths of each district in the window, (S, P), for rates (S, P, T)."""
    return np.asarray((rates[:, :, window] * exposed).sum(2))


def _usual(rates: Floats, exposed: Floats, normal: list[list[int]]) -> Floats:
    """Return deaths of all districts in the window at the rates of normal months, (S,)."""
    usual = np.stack([rates[:, :, ones].mean(2) for ones in normal], -1)
    return np.asarray((usual * exposed).sum((1, 2)))


def _share(inside: "np.ndarray[Any, np.dtype[np.bool_]]") -> float | None:
    return float(inside.mean()) if inside.size else None


def _score(world: AreaWorld, trials: list[AreaTrial]) -> AreaWorldScore:
    mine = [one for one in trials if one.world == world.name]
    return AreaWorldScore(
        world.name, world.label, len(mine),
        _total([(one.deaths_found, one.deaths, one.deaths) for one in mine]),
        _total([(one.excess_found, one.excess, one.deaths) for one in mine
                if one.excess_found is not None and one.excess is not None]),
        _mean([one.surveyed for one in mine]), _mean([one.unsurveyed for one in mine]),
        float(np.mean([one.left_out for one in mine])), float(np.mean([one.warned for one in mine])),
        float(np.mean([one.warned or _inside(one.deaths_found, one.deaths) for one in mine])),
    )  # fmt: skip


def _inside(found: Interval, truth: float) -> bool:
    low, high = found.ends
    return low <= truth <= high


def _total(found: list[tuple[Interval, float, float]]) -> TotalScore:
    """Return the score of intervals with their truths; ratio and width are over the true deaths."""
    if not found:
        return TotalScore(0, 0, None, None)
    held = sum(_inside(one, truth) for one, truth, _ in found)
    ratio = float(np.mean([(one.median - truth) / deaths + 1 for one, truth, deaths in found]))
    width = float(np.mean([(one.ends[1] - one.ends[0]) / deaths for one, _, deaths in found]))
    return TotalScore(len(found), held, ratio, width)


def _mean(found: list[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return float(np.mean(known)) if known else None
