"""The contract of a mechanism: what it declares and what its step is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import jax
import jax.numpy as jnp
from jax import Array

from dearth.bibliography.grade import Basis, assumed
from dearth.system.crop_calendar import CropCalendar
from dearth.system.flows import Flows
from dearth.system.parameter import Parameter, choice, lever
from dearth.system.places import Places
from dearth.system.state import State

__all__ = ["Mechanism", "Month", "Parameter", "Schedules", "Settings", "Step", "When", "choice", "lever"]

Settings = Mapping[str, Array]  # the mechanism's own parameters by name, each [] or [place]
When = Literal["month", "harvest", "year"]
TIMES: tuple[When, ...] = get_args(When)


@dataclass(frozen=True)
class Schedules:
    """Normal demographic rates; women first.

    Attributes
    ----------
    hazard : deaths per person-month in normal times [sex, age]
    fertility : births per woman-year by age [age]
    girls : share of girls among births []
    """

    hazard: Array
    fertility: Array
    girls: Array


@dataclass(frozen=True)
class Month:
    """What a step knows of the time and the place besides the state.

    Attributes
    ----------
    index : months since the start []
    calendar : 1 to 12 []
    year : calendar year []
    left : months until the next harvest is in, this one counted []
    season : at a harvest its number in the year, from 0; else -1
    crop_calendar : harvests of the year and what falls into which month
    noise : named random fields of the month or of its harvest
    outside : what happens to the case: share of area struck by disaster, dated losses
    """

    index: Array
    calendar: Array
    year: Array
    left: Array
    season: int
    noise: Mapping[str, Array]
    outside: Mapping[str, Array]
    places: Places
    schedules: Schedules
    crop_calendar: CropCalendar

    @property
    def after_last_harvest(self) -> bool:
        """Whether the year's last harvest is just in."""
        return self.season == self.crop_calendar.last

    def of_month(self, values: tuple[float, ...] | tuple[int, ...], dtype: Any) -> Array:
        """Return the value [] of this month out of `values`, January to December."""
        return jnp.asarray(values, dtype)[self.calendar - 1]


for _made, _meta in ((Schedules, ()), (Month, ("season", "crop_calendar"))):
    jax.tree_util.register_dataclass(
        _made,
        data_fields=[name for name in _made.__dataclass_fields__ if name not in _meta],
        meta_fields=list(_meta),
    )

Step = Callable[[State, Flows, Settings, Any, Month], tuple[State, Flows]]


@dataclass(frozen=True)
class Mechanism:
    """One pure step with what it declares.

    Attributes
    ----------
    id : the name of its file
    systems : parts of the food system that it belongs to, keys of `parts_of_system.PARTS`, e.g. ("S6",)
    when : every month, at the end of each harvest month, or at the end of December
    group : the cause it belongs to when causes are switched together; "" for the frame of the system
    reads, writes : fields of State and Flows; a test holds the step to them
    step : (state, flows, settings, strength, month) -> (state, flows); strength [] or [place] in [0, 1]
        scales the mechanism's own rate or setting and 0 equals its absence
    form : what its equations rest on: the works they were taken from, or a choice of this project
    shared : parameters that other mechanisms declare and that its step is given too, e.g. "relief.reach_km";
        the step finds each under the last part of its name
    after : the mechanism it follows in a month, for those of installed packages; the order of the bundled
        ones is that of `order_of_month.ORDER`
    """

    id: str
    systems: tuple[str, ...]
    summary: str
    group: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    step: Step
    when: When = "month"
    form: Basis = field(default_factory=assumed)
    after: str = ""
    shared: tuple[str, ...] = ()

    def own_settings(self, every: Mapping[str, Settings]) -> Settings:
        """Return what its step is given of `every` mechanism's settings: its own and the shared ones."""
        given = dict(every[self.id])
        for name in self.shared:
            owner, _, parameter = name.partition(".")
            given[parameter] = every[owner][parameter]
        return given

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by name."""
        return next(p for p in self.parameters if p.name == name)

    def default(self, name: str) -> float:
        """Return the default of a parameter that is a number."""
        return float(self.parameter(name).default)
