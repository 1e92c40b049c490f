"""The files of a block of small areas as the model takes them: districts, months, surveys, people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

import numpy as np

from dearth.case import small_area_rows as rows_of
from dearth.case.delimited_table import read_delimited
from dearth.case.food_security_phases import is_phases, read_phases
from dearth.case.periods import Period, parse_period
from dearth.case.problems import CaseError, Problem, name_hint
from dearth.case.read import Case
from dearth.case.schema_small_areas import SmallAreas
from dearth.case.small_area_rows import PredictorRow, SurveyRow
from dearth.estimate.records_available import window_period
from dearth.estimate.small_areas.cells import Cells, Predictors, months_over, standardised
from dearth.estimate.small_areas.denominators import People, counted_groups, people_by_month
from dearth.estimate.small_areas.rate_model import SurveyedRates
from dearth.numerics.interval import NORMAL_95, Floats

DESIGN_EFFECT = 1.5  # of a survey without an interval (assumed)
MOST_UNSURVEYED = 1 / 3  # share of the people without a survey above which a warning says so (assumed)
FEWEST = 5  # surveys, without which nothing can be learned of districts (assumed)


@dataclass(frozen=True)
class SmallAreaInputs:
    """What a block declares, read.

    Attributes
    ----------
    window : positions of the months of the case's window
    rows : the surveys, in the order of `surveys`
    groups : groups with people of their own, then those that surveys asked alone; in the order of the offsets
    counted : the groups with people of their own
    people : people by estimate; the first is the one of the districts' rows
    refused : estimates of the people that lack districts, and why
    """

    cells: Cells
    window: tuple[int, ...]
    surveys: SurveyedRates
    rows: tuple[SurveyRow, ...]
    groups: tuple[str, ...]
    counted: tuple[str, ...]
    predictors: Predictors
    people: dict[str, People]
    refused: tuple[str, ...]
    notices: tuple[Problem, ...]


def read_inputs(case: Case, block: SmallAreas) -> SmallAreaInputs:
    """Return the inputs of a block.

    Raises
    ------
    CaseError
        Every mistake of every file; too few surveys; a window without a whole month.
    """
    notices: list[Problem] = []
    problems: list[Problem] = []
    read = _Files(case.folder, block, notices, problems)
    window = window_period(case)
    periods = [window, *(row.period for row in read.surveys)]
    periods += [parse_period(one.months) for one in block.normal.values() if one.months]
    places = tuple(dict.fromkeys(row.place for row in read.people))
    first, count = months_over(periods)
    cells = Cells(places, first, count)
    inside = tuple(cells.inside(window))
    if not inside:
        why = "has no whole month in its window; small areas are computed by month"
        problems.append(Problem("case.yaml", why, field="window"))
    index = {place: at for at, place in enumerate(places)}
    problems += _unknown(read.surveys, index, block.file, block.population)
    if not problems and len(read.surveys) < FEWEST:
        problems.append(Problem(block.file, f"has {len(read.surveys)} surveys; at least {FEWEST} are needed"))
    if problems:
        raise CaseError(problems)
    predictors = _predictors(cells, index, read.predictors, block, notices)
    people, refused = people_by_month(cells, read.people, read.moves, block.population)
    counted = counted_groups(read.people)
    groups = tuple(dict.fromkeys([*counted, *(row.group for row in read.surveys if row.group)]))
    notices += _unsurveyed(counted, read.surveys, block)
    surveyed = _surveyed(cells, index, read.surveys, groups, next(iter(people.values())).shares)
    return SmallAreaInputs(
        cells, inside, surveyed, tuple(read.surveys), groups, counted, predictors, people, tuple(refused),
        tuple(notices),
    )  # fmt: skip


class _Files:
    """The rows of every file of a block; mistakes of all files go into one list."""

    def __init__(self, folder: Path, block: SmallAreas, notices: list[Problem], problems: list[Problem]):
        self.surveys: list[SurveyRow] = []
        self.people: list[rows_of.PeopleRow] = []
        self.predictors: list[PredictorRow] = []
        self.moves: list[rows_of.MovesRow] = []
        try:
            self.surveys = rows_of.surveys(folder / block.file, block.file, notices)
        except CaseError as error:
            problems += error.problems
        try:
            self.people = rows_of.people(folder / block.population, block.population, notices)
        except CaseError as error:
            problems += error.problems
        for name in block.predictors:
            try:
                phases = is_phases(read_delimited(folder / name).header)
                self.predictors += (
                    read_phases(folder / name, name)
                    if phases
                    else rows_of.predictors(folder / name, name, notices)
                )
            except CaseError as error:
                problems += error.problems
        if block.displacement is not None:
            try:
                self.moves = rows_of.moves(folder / block.displacement, block.displacement, notices)
            except CaseError as error:
                problems += error.problems


def _unknown(rows: Iterable[SurveyRow], index: dict[str, int], file: str, people: str) -> list[Problem]:
    return [
        Problem(file, f"'{row.place}' is no district of {people}{name_hint(row.place, index, 'district')}",
                row.line, "place")
        for row in rows if row.place not in index
    ]  # fmt: skip


def _unsurveyed(counted: Sequence[str], rows: Iterable[SurveyRow], block: SmallAreas) -> Iterable[Problem]:
    """Yield a warning for each group with people that no survey asked alone."""
    asked = {row.group for row in rows}
    for name in counted:
        if name not in asked:
            yield Problem(
                block.population, f"no survey asked the group '{name}' alone: its rate is that of the "
                "others, within what is assumed of groups", severity="warning",
            )  # fmt: skip


def unsurveyed_share(surveyed: Iterable[int], people: People) -> float:
    """Return the share of the people, mean over the months, who live in districts without a survey.

    Parameters
    ----------
    surveyed : indices of the districts of the surveys
    """
    count = people.whole.mean(1)
    without = np.ones(len(count), bool)
    without[list(surveyed)] = False
    return float(count[without].sum() / count.sum())


def log_rate_and_error(row: SurveyRow) -> tuple[float, float]:
    """Return the log of a survey's rate and the sd of its sampling error.

    From its 95 % interval where that is given; else from its deaths, with `DESIGN_EFFECT`. A rate of 0 is
    half a death over the person-time.
    """
    if row.rate > 0 and row.low and row.high:
        error = log(row.high / row.low) / (2 * NORMAL_95)
        return log(row.rate), error / sqrt(row.quality)
    deaths = row.deaths or 0.0
    if row.rate > 0:
        return log(row.rate), sqrt(DESIGN_EFFECT / deaths / row.quality)
    assert row.person_days is not None
    return log(10_000 * (deaths + 0.5) / row.person_days), sqrt(DESIGN_EFFECT / (deaths + 0.5) / row.quality)


def _surveyed(
    cells: Cells, index: dict[str, int], rows: Sequence[SurveyRow], groups: tuple[str, ...], shares: Floats
) -> SurveyedRates:
    """Return the surveys as the model takes them; `shares` are those of groups with people (P, T, G')."""
    found = np.array([log_rate_and_error(row) for row in rows])
    place = np.array([index[row.place] for row in rows])
    recall = np.stack([cells.shares(row.period) for row in rows])
    mixed = np.zeros((len(rows), len(groups)))
    mixed[:, : shares.shape[-1]] = np.einsum("nt,ntg->ng", recall, shares[place])
    for at, row in enumerate(rows):
        if row.group:
            mixed[at] = np.arange(len(groups)) == groups.index(row.group)
    return SurveyedRates(found[:, 0], found[:, 1], place, recall, mixed)


def _predictors(
    cells: Cells,
    index: dict[str, int],
    rows: Iterable[PredictorRow],
    block: SmallAreas,
    notices: list[Problem],
) -> Predictors:
    """Return the predictors that enter; unknown names of `use` are refused, unknown districts are named."""
    values: dict[str, dict[tuple[int, int], float]] = {}
    elsewhere: dict[str, None] = {}
    for row in rows:
        if row.place not in index:
            elsewhere[row.place] = None
            continue
        own = values.setdefault(row.variable, {})
        for month in _middles(cells, row.period):
            own[index[row.place], month] = row.value
    unknown = [name for name in block.use if name not in values]
    if unknown:
        hint = name_hint(unknown[0], values, "predictor")
        raise CaseError(Problem("case.yaml", f"no predictor of a district is called '{unknown[0]}'{hint}",
                                field="small_areas"))  # fmt: skip
    if elsewhere:
        shown = ", ".join(list(elsewhere)[:6])
        notices.append(Problem(
            block.population, f"{len(elsewhere)} names of the predictors are no district of this file and "
                              f"are left out: {shown}", severity="warning",
        ))  # fmt: skip
    chosen = {name: values[name] for name in (block.use or values)}
    found = standardised(cells, chosen, block.use)
    for name, share in zip(found.names, found.missing, strict=True):
        if share > 0:
            notices.append(Problem(
                "small_areas", f"{name} has no value in {share:.0%} of the districts and months; "
                "its mean stands there",
                severity="warning",
            ))  # fmt: skip
    return found


def _middles(cells: Cells, period: Period) -> range:
    """Return the positions of the months whose 15th lies in a period; also before the first month."""
    first = cells.at(period.start) + (period.start.day > 15)
    last = cells.at(period.end) - (period.end.day < 15)
    return range(first, last + 1)
