"""``lists`` of a case: incomplete lists of victims, and what is assumed of them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from dearth.case.schema_records import RecordFile


def _increasing(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] > ends[1]:
        raise ValueError(f"the lowest value ({ends[0]:g}) must not be above the highest ({ends[1]:g})")
    return ends


OddsRatio = Annotated[float, Field(gt=0, le=1e6)]
ErrorShare = Annotated[float, Field(ge=0, le=0.5)]
OddsRatios = Annotated[tuple[OddsRatio, OddsRatio], AfterValidator(_increasing)]
ErrorShares = Annotated[tuple[ErrorShare, ErrorShare], AfterValidator(_increasing)]


class Lists(RecordFile):
    """Lists of one set of people, matched with each other: columns of 0 and 1 with ``count``, or records."""

    odds_ratio: OddsRatios = Field(
        default=(0.5, 4.0),
        description="[lowest, highest] odds ratio between every two lists: 1 = independent, more = the same "
        "people tend to be on both; the default is assumed",
    )
    false_matches: ErrorShares = Field(
        default=(0.0, 0.1),
        description="[lowest, highest] share of the people found on two lists who are two people; the "
        "default is assumed",
    )
    missed_matches: ErrorShares = Field(
        default=(0.0, 0.1),
        description="[lowest, highest] share of the people on two lists who were not recognised; the default "
        "is assumed",
    )
    dependent: tuple[tuple[str, str], ...] = Field(
        default=(),
        description="pairs of lists, by name, that depend on each other in one more log-linear model",
    )
    why: str = Field(
        default="", description="the evidence for the three ranges: a review of matches, for example"
    )
