"""The estimator of small areas: reads the blocks of a case, fits the model, counts deaths."""

import numpy as np

from dearth.case.periods import parse_period
from dearth.case.problems import CaseError, Problem, mistake, unknown_source
from dearth.case.read import Case
from dearth.case.schema_small_areas import NormalRates, SmallAreas
from dearth.estimate.progress import Progress
from dearth.estimate.small_areas.denominators import People
from dearth.estimate.small_areas.district_deaths import district_months, group_deaths
from dearth.estimate.small_areas.group_rates import mean_factor
from dearth.estimate.small_areas.inputs import (
    MOST_UNSURVEYED,
    SmallAreaInputs,
    read_inputs,
    unsurveyed_share,
)
from dearth.estimate.small_areas.left_out import LeftOutScores, left_out_scores
from dearth.estimate.small_areas.next_surveys import RECALL, next_surveys
from dearth.estimate.small_areas.rate_model import SCALES, RateDraws, RateModel, fitted_model
from dearth.estimate.small_areas.small_area_result import (
    SmallAreaEstimates,
    SmallAreasResult,
    Total,
)
from dearth.estimate.surveys.cluster_model import summary
from dearth.estimate.surveys.rates import PER_DAY
from dearth.numerics.interval import NORMAL_95, Floats
from dearth.numerics.random_streams import stream

DRAWS, QUICK = 2000, 400


class SmallAreasEstimator:
    """Deaths by district and month; fulfils the contract of `record_estimators.RecordEstimator`."""

    name = "small-areas"
    title = "Small areas"
    formula = "log r_dt = a + x_dt b + u_d + v_t + w_dt; E = sum_dt (r_dt - r0_dt) N_dt days_t / 10,000"
    text = (
        "x are standardised predictors, u differs between districts, v between months, w between months "
        "of one district; v and w are correlated in time. A survey gives the mean of log r over its "
        "recall with its sampling error and a further one. N are the people. Groups with people of their "
        "own have offsets of log r. r0 is the district's own rate in normal months or a given rate. Sds lie "
        "on a grid."
    )
    sources = ("fay_herriot1979", "rao_molina2015", "sundararajan_keerthi2001", "ipc2016")
    needs = "surveys by district with their recall, and the people of each district"

    def fits(self, case: Case) -> bool:
        """Return whether the case has a block of small areas."""
        return bool(case.settings.small_areas)

    def problems(self, case: Case) -> list[Problem]:
        """Return unknown sources, the mistakes of every file, and how files were read."""
        found = _unknown_sources(case)
        for name, block in case.settings.small_areas.items():
            try:
                inputs = read_inputs(case, block)
                for key, one in block.normal.items():
                    _reference(name, key, one, inputs)
                found += inputs.notices
            except CaseError as error:
                found += error.problems
        return found

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> SmallAreasResult:
        """Return deaths by district and month of every block.

        Raises
        ------
        CaseError
            Every mistake of every file, unknown sources, normal months that lack calendar months.
        """
        wrong = _unknown_sources(case)
        if wrong:
            raise CaseError(wrong)
        blocks, warnings = [], []
        for name, block in case.settings.small_areas.items():
            progress(f"small areas {name}")
            inputs = read_inputs(case, block)
            warnings += [f"{block.title}: {one.for_readers}" for one in inputs.notices]
            warnings += [f"{block.title}: {text}" for text in inputs.refused]
            warnings += _unsurveyed(block.title, inputs)
            blocks.append(_estimates(name, block, inputs, seed, QUICK if quick else DRAWS))
        return SmallAreasResult(tuple(blocks), tuple(warnings))


def _unsurveyed(title: str, inputs: SmallAreaInputs) -> list[str]:
    """Return a warning where many people live in districts without a survey."""
    surveyed = set(inputs.surveys.place.tolist())
    share = unsurveyed_share(surveyed, next(iter(inputs.people.values())))
    if share <= MOST_UNSURVEYED:
        return []
    places = len(inputs.cells.places)
    return [
        f"{title}: {places - len(surveyed)} of {places} districts have no survey, with {share:.0%} of the "
        "people. Their deaths are estimated from the other districts. If surveys were made where people were "
        "known to die, the deaths of all districts are too high"
    ]


def _unknown_sources(case: Case) -> list[Problem]:
    known = case.source_names
    return [
        Problem("case.yaml", unknown_source(one.source, sorted(case.sources)),
                field=f"small_areas.{name}.normal.{key}.source")
        for name, block in case.settings.small_areas.items() for key, one in block.normal.items()
        if one.source not in known | {"assumed"}
    ]  # fmt: skip


def _estimates(
    name: str, block: SmallAreas, inputs: SmallAreaInputs, seed: int, count: int
) -> SmallAreaEstimates:
    cells, window = inputs.cells, list(inputs.window)
    rng = stream(seed, "small areas", name)
    model = fitted_model(cells, inputs.predictors.values, inputs.surveys)
    drawn = model.draws(count, rng)
    others = np.exp(drawn.log_rates)  # of the people in no group with counts
    normal = {key: _normal(name, key, one, inputs, others, rng) for key, one in block.normal.items()}
    totals, tolls = [], np.zeros(count)
    for at, (population, people) in enumerate(inputs.people.items()):
        exposed = people.whole[:, window] * cells.days[window] / PER_DAY
        factor = _factor(inputs, people, drawn)
        deaths = (others[:, :, window] * factor * exposed).sum((1, 2))
        excess = {
            key: deaths - (rate * (factor if _own(block.normal[key]) else 1.0) * exposed).sum((1, 2))
            for key, rate in normal.items()
        }
        totals.append(Total(
            population, float(people.whole[:, window].sum(0).mean()), summary(deaths),
            tuple((key, block.normal[key].title, summary(one)) for key, one in excess.items()),
        ))  # fmt: skip
        if at == 0:
            tolls = next(iter(excess.values()), deaths)
    first = next(iter(inputs.people.values()))
    rates = others[:, :, window] * _factor(inputs, first, drawn)
    asked = np.log(rates[:, :, -RECALL:]).mean(2)
    sds = {key: float(sum(w * getattr(g, key) for w, g in zip(model.weights, model.grid, strict=True)))
           for key in SCALES if key != "slopes" or inputs.predictors.names}  # fmt: skip
    error = float(np.hypot(np.median(inputs.surveys.error), sds["errors"]))
    plain: tuple[LeftOutScores, ...] = ()
    if inputs.predictors.names:
        plain = _scores(fitted_model(cells, inputs.predictors.values[..., :0], inputs.surveys))
    months, districts = district_months(inputs, first.whole, rates)
    return SmallAreaEstimates(
        name, block.title, inputs, tuple(totals), months, districts,
        group_deaths(inputs, first, others[:, :, window], drawn.offsets), sds, _scores(model), plain,
        next_surveys(cells.places, asked, tolls, error, block.next_surveys),
    )  # fmt: skip


def _factor(inputs: SmallAreaInputs, people: People, drawn: RateDraws) -> Floats:
    """Return the mean rate of each district over that of its others, (S, P, M); 1 without groups."""
    shares = people.shares[:, list(inputs.window)]
    return mean_factor(shares, drawn.offsets[..., : shares.shape[-1]])


def _own(normal: NormalRates) -> bool:
    """Return whether groups would have had a rate of their own."""
    return normal.months is not None and normal.groups == "own"


def _scores(model: RateModel) -> tuple[LeftOutScores, ...]:
    return left_out_scores(model, "survey"), left_out_scores(model, "district")


def _reference(name: str, key: str, normal: NormalRates, inputs: SmallAreaInputs) -> dict[int, list[int]]:
    """Return the positions of the normal months for each calendar month of the window.

    Raises
    ------
    CaseError
        When a calendar month of the window is not among the normal months.
    """
    if normal.months is None:
        return {}
    months = inputs.cells.months
    chosen = inputs.cells.inside(parse_period(normal.months))
    found = {
        months[at].start.month: [one for one in chosen if months[one].start.month == months[at].start.month]
        for at in inputs.window
    }
    absent = sorted(month for month, ones in found.items() if not ones)
    if absent:
        raise mistake(
            "case.yaml", "the normal months lack the calendar months "
            f"{', '.join(map(str, absent))} of the window; name "
            "whole years", field=f"small_areas.{name}.normal.{key}.months",
        )  # fmt: skip
    return found


def _normal(
    name: str, key: str, normal: NormalRates, inputs: SmallAreaInputs, rates: Floats, rng: np.random.Generator
) -> Floats:
    """Return draws of the normal rate of each district and month of the window, (S, P, M)."""
    shape = (len(rates), rates.shape[1], len(inputs.window))
    if normal.rate_per_10000_day is not None:
        known = normal.low is not None and normal.high is not None
        sd = ((normal.high or 0.0) - (normal.low or 0.0)) / (2 * NORMAL_95) if known else 0.0
        drawn = np.maximum(0.0, normal.rate_per_10000_day + sd * rng.standard_normal(len(rates)))
        return np.broadcast_to(drawn[:, None, None], shape)
    reference = _reference(name, key, normal, inputs)
    months = inputs.cells.months
    return np.stack([rates[:, :, reference[months[at].start.month]].mean(2) for at in inputs.window], -1)
