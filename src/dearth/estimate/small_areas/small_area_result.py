"""What small areas say: deaths by district and month, totals, scores, districts to survey next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dearth.estimate.small_areas.inputs import SmallAreaInputs
from dearth.estimate.small_areas.left_out import LeftOutScores
from dearth.estimate.small_areas.next_surveys import NextSurvey
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons, span

NOT_IPC = "Evidence for analysts. Not an IPC classification."
SHOWN = 10  # districts named in a sentence


@dataclass(frozen=True)
class DistrictMonth:
    """Deaths of a district in a month, or over the window where `month` is None.

    Attributes
    ----------
    place, month : index of the district, and of the month
    people : persons, mean over the months
    deaths : persons
    rate : per 10,000 a day
    p_above_2 : probability that the rate is 2 per 10,000 a day or more
    """

    place: int
    month: int | None
    people: float
    deaths: Interval
    rate: Interval
    p_above_2: float


@dataclass(frozen=True)
class GroupDeaths:
    """Deaths of a group within a district over the window, or within all districts where `place` is None.

    Attributes
    ----------
    group : name; ``others`` for the people in no group
    people : persons, mean over the months
    deaths : persons
    rate : per 10,000 a day
    p_above_2 : probability that the rate is 2 per 10,000 a day or more
    """

    place: int | None
    group: str
    people: float
    deaths: Interval
    rate: Interval
    p_above_2: float


@dataclass(frozen=True)
class Total:
    """Deaths of all districts in the window by one estimate of the people.

    Attributes
    ----------
    population : name of the estimate
    people : persons, mean over the months
    deaths : persons
    excess : persons by what would have been normal: name, title, interval
    """

    population: str
    people: float
    deaths: Interval
    excess: tuple[tuple[str, str, Interval], ...]


@dataclass(frozen=True)
class SmallAreaEstimates:
    """The result of one block.

    Attributes
    ----------
    groups : of the groups with people of their own; none where the file of people has no groups
    sds : posterior mean of each sd of the model, by its name
    scores, plain_scores : of surveys left out, with the predictors and without them
    """

    name: str
    title: str
    inputs: SmallAreaInputs
    totals: tuple[Total, ...]
    months: tuple[DistrictMonth, ...]
    districts: tuple[DistrictMonth, ...]
    groups: tuple[GroupDeaths, ...]
    sds: dict[str, float]
    scores: tuple[LeftOutScores, ...]
    plain_scores: tuple[LeftOutScores, ...]
    next_surveys: tuple[NextSurvey, ...]


@dataclass(frozen=True)
class SmallAreasResult:
    """Small areas of a case; `RecordResult` of the JSON key ``districts``."""

    blocks: tuple[SmallAreaEstimates, ...]
    warnings: tuple[str, ...]
    key: str = "districts"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row for the whole of each block (``place`` null), then one a district and month."""
        return [row for block in self.blocks for row in _rows(block)]

    @property
    def gives_excess(self) -> bool:
        """Whether a block declares what would have been normal."""
        return any(total.excess for block in self.blocks for total in block.totals)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences of the answer."""
        return tuple(text for block in self.blocks for text in _sentences(block))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model assumes."""
        found = [
            "small areas: log rates are normal around the predictors, with a part of each district, of "
            "each month and of both",
            "small areas: surveys stand for their district; people who died with their household are in "
            "no survey",
            "small areas: districts were not surveyed because many people died there; surveys of the worst "
            "districts alone make the deaths too high",
            "small areas: the people of each district are taken as exact; rival estimates stand side by side",
        ]
        if any(set(block.inputs.groups) - set(block.inputs.counted) for block in self.blocks):
            found.append(
                "small areas: a survey of a group without people of its own differs from its district by "
                "about as much everywhere"
            )
        if any(block.inputs.counted for block in self.blocks):
            found.append(
                "small areas: the rate of a group over that of the others is about as high in every "
                "district, and constant in time"
            )
        return tuple(found)


def _period(block: SmallAreaEstimates, at: DistrictMonth | None) -> dict[str, str]:
    months = block.inputs.cells.months
    first, last = (
        (block.inputs.window[0], block.inputs.window[-1])
        if at is None or at.month is None
        else (at.month,) * 2
    )
    return {"start": months[first].start.isoformat(), "end": months[last].end.isoformat()}


def _rows(block: SmallAreaEstimates) -> Iterator[dict[str, Any]]:
    inputs = block.inputs
    first = block.totals[0]
    yield {
        "name": block.name, "title": block.title, "place": None, **_period(block, None),
        "population": first.population,
        "people": first.people, "deaths": first.deaths.document(), "p_above_2": None,
        "totals": [
            {"population": one.population, "people": one.people, "deaths": one.deaths.document(),
             "excess": [{"normal": name, "title": title, "excess_deaths": excess.document()}
                        for name, title, excess in one.excess]}
            for one in block.totals
        ],
        "surveys": len(inputs.rows),
        "predictors": [
            {"name": name, "missing": float(share)}
            for name, share in zip(inputs.predictors.names, inputs.predictors.missing, strict=True)
        ],
        "groups": [
            {"place": None if one.place is None else inputs.cells.places[one.place], "group": one.group,
             "people": one.people, "deaths": one.deaths.document(),
             "rate_per_10000_day": one.rate.document(), "p_above_2": one.p_above_2}
            for one in block.groups
        ],
        "sds": block.sds,
        "left_out": [{**vars(one), "predictors": True} for one in block.scores]
        + [{**vars(one), "predictors": False} for one in block.plain_scores],
        "next_surveys": [dict(vars(one)) for one in block.next_surveys],
        "note": NOT_IPC,
    }  # fmt: skip
    for one in block.months:
        yield {
            "name": block.name, "place": inputs.cells.places[one.place], **_period(block, one),
            "population": first.population, "people": one.people, "deaths": one.deaths.document(),
            "rate_per_10000_day": one.rate.document(), "p_above_2": one.p_above_2,
        }  # fmt: skip


def _sentences(block: SmallAreaEstimates) -> Iterator[str]:
    inputs, first = block.inputs, block.totals[0]
    period = _period(block, None)
    surveyed = len(set(inputs.surveys.place.tolist()))
    yield (
        f"{block.title}: from {len(inputs.rows)} surveys in {surveyed} of {len(inputs.cells.places)} "
        f"districts, about {persons(first.deaths.median)} people died from {period['start']} to "
        f"{period['end']} ({span(*first.deaths.ends)}, 95 % interval, among {persons(first.people)} "
        f"people by '{first.population}')."
    )
    for at, (_, title, excess) in enumerate(first.excess):
        text = (
            f"Over '{title}' that is {persons(excess.median)} excess deaths ({span(*excess.ends)}, "
            "95 % interval)"
        )
        others = [one.excess[at][2].median for one in block.totals]
        if len(others) > 1:
            ends = span(min(others), max(others))
            text += f"; by {len(others)} rival estimates of the people the medians are {ends}"
        yield f"{text}."
    parts = [
        f"{one.group} {one.rate.median:.2f} ({one.rate.ends[0]:.2f} to {one.rate.ends[1]:.2f}) per 10,000 a "
        f"day, {persons(one.deaths.median)} deaths among {persons(one.people)}"
        for one in block.groups if one.place is None
    ]  # fmt: skip
    if parts:
        yield f"By group (95 % intervals): {'; '.join(parts)}."
    one, district = block.scores
    yield (
        f"The 95 % interval of a survey that the model did not see held its rate for {one.covered_95:.0%} "
        f"of {one.surveys} surveys, and for {district.covered_95:.0%} where all surveys of its district "
        "were left out."
    )
    above = [one for one in block.districts if one.p_above_2 >= 0.5]
    names = [inputs.cells.places[one.place] for one in above]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    yield (
        f"The mean rate of the window is more likely than not 2 per 10,000 a day or more in {len(above)} "
        f"districts{': ' if names else ''}{', '.join(names[:SHOWN])}{more}."
    )
    if block.next_surveys:
        last = block.next_surveys[-1]
        share = 1 - (last.sd_after / block.next_surveys[0].sd_before) ** 2
        places = ", ".join(one.place for one in block.next_surveys)
        yield (
            f"Surveys of {places}, in this order, would be expected to take {share:.0%} off the variance "
            "of the deaths."
        )
    yield NOT_IPC
