"""The block ``dated_deaths`` of ``case.yaml``: files of deaths by week, month or quarter."""

from typing import Literal

from pydantic import Field

from dearth.case.schema_base import Years
from dearth.case.schema_records import RecordFile

SeasonalMethod = Literal["year_trend", "spline"]


class DatedDeathsFile(RecordFile):
    """A file of deaths by week, month or quarter, and how its normal deaths are fitted."""

    location: str = Field(
        default="", max_length=200, description="the place as the file names it; needed where it has several"
    )
    fit_years: Years | None = Field(
        default=None,
        description="years of the normal deaths; default: the five years before the window that the file has",
    )
    baselines: tuple[SeasonalMethod, ...] = Field(
        default=("year_trend", "spline"),
        min_length=1,
        description="year_trend = a line over years and an effect of each week or month; "
        "spline = a spline over time and a harmonic season",
    )
