"""What a scenario says of its first day: places, the normal rates of deaths and births, stocks."""

from typing import Annotated, Literal

from pydantic import Field

from dearth.case.schema import Share, Strict
from dearth.system.crop_calendar import Whole


class Place(Strict):
    """A rural place or a town at the start, and where it stands in the administration.

    `within` names units that it lies in; `units` says how many units of a level it is made of. The names of
    the levels are those of the scenario.
    """

    name: str = Field(min_length=1, max_length=80)
    kind: Literal["rural", "town"] = "rural"
    within: dict[str, str] = Field(default_factory=dict, description="name of the unit it lies in, by level")
    units: dict[str, Annotated[int, Field(ge=1, le=30000)]] = Field(
        default_factory=dict, description="how many units it is made of, by level; 1 where none is given"
    )
    people: float = Field(ge=0, description="persons")
    land_ha: float = Field(default=0, ge=0, description="arable land")
    yield_kg_ha: float = Field(default=0, ge=0, description="grain of a normal year, original")
    harvest_shares: Whole | None = Field(
        default=None, description="of a normal year's grain, by harvest; without it those of the calendar"
    )
    km: float = Field(default=10, ge=0, description="cart distance to railhead or granary")


class Spread(Strict):
    """Log standard deviations over the smallest units of a place, and what neighbours have in common."""

    people: float = Field(default=0.3, ge=0)
    land: float = Field(default=0.15, ge=0, description="of land per head")
    grain: float = Field(default=0.12, ge=0, description="of yield; those of small areas vary by 0.12-0.18")
    km: float = Field(default=0.5, ge=0)
    between: Share = Field(
        default=0.5, description="of the variance, between a place's units of the second level"
    )
    source: str = "assumed"


class Mortality(Strict):
    """Normal hazard by age a, per year: infant exp(-decline a) + background + level exp(slope a) (Siler).

    All of it falls by `fall` a year in its logarithm, from the first year on.
    """

    infant: float = Field(ge=0)
    decline: float = Field(gt=0)
    background: float = Field(ge=0)
    level: float = Field(gt=0)
    slope: float = Field(gt=0)
    fall: float = Field(default=0, ge=-0.1, le=0.1, description="yearly fall of the log of the hazard")
    source: str


class Fertility(Strict):
    """Normal births per woman and their ages (a normal curve over 15-49)."""

    total: float = Field(ge=0)
    mean_age: float = Field(ge=15, le=49)
    sd: float = Field(gt=0)
    girls: Share = 0.488
    source: str


class Stocks(Strict):
    """What there is on the first day."""

    store_share: Share = Field(default=0.42, description="of a normal harvest, in rural places")
    granary_rations: float = Field(
        default=0.8, ge=0, description="years of the towns' ration, in state stock"
    )
    quota_share: Share = Field(
        default=0.0, description="of a normal harvest: the quota of the grain year under way"
    )
    export_share: Share = Field(default=0.015, description="of a normal harvest, exported in the first year")
    energy: float = Field(default=2000, gt=0, description="kcal per head per day of the months before")
    deposits_per_head: float = Field(default=20, ge=0, description="t of coal equivalent not yet found")
    source: str
