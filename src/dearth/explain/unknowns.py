"""The unknown numbers of a simulation: standard normal, each with the setting that it moves.

Four kinds. A *parameter* is a number with a range in the literature: triangular about the scenario's value.
A *dated* change has a log standard deviation in the timeline. An *effect* multiplies a setting in the places
of one granary area. *Weather* moves the harvests of one year in all places.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import jax
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from dearth.numerics.namespace import namespace, put
from dearth.system.given_runs import Given, GivenRuns
from dearth.system.prior_draws import drawn_range, filled_tables, label_of, spread_about, triangular
from dearth.system.scenario import Scenario
from dearth.system.setting_names import literature, parse
from dearth.system.settings import Checked, Settings

Floats = NDArray[np.float64]
Kind = Literal["parameter", "dated", "effect", "weather"]


@dataclass(frozen=True)
class Unknown:
    """One unknown number; standard normal before the records.

    Attributes
    ----------
    name : unique; "harvest.window", "relief.rho timeline.40", "Anhui: collection.enforcement", "weather 1960"
    mechanism, parameter : the setting that it moves; empty for weather
    area : the granary area of an effect
    year : of weather
    sd : log standard deviation of an effect
    """

    name: str
    kind: Kind
    mechanism: str = ""
    parameter: str = ""
    area: str = ""
    year: int = 0
    sd: float = 0.0


def candidates(scenario: Scenario, settings: Settings) -> tuple[Unknown, ...]:
    """Return every unknown number of a scenario, before any is left out."""
    return (*_parameters(settings), *_dated(settings), *_effects(scenario, settings), *_weather(scenario))


def _parameters(settings: Settings) -> Iterator[Unknown]:
    for mechanism in settings.declares:
        for p in mechanism.parameters:
            if drawn_range(settings, mechanism.id, p) is not None:
                yield Unknown(f"{mechanism.id}.{p.name}", "parameter", mechanism.id, p.name)


def _dated(settings: Settings) -> Iterator[Unknown]:
    seen = set()
    for (mechanism, name), rows in settings.spread.items():
        for row in rows:
            label = label_of(mechanism, name, row.checked)
            if row.checked.change.sd and label not in seen:
                seen.add(label)
                yield Unknown(label, "dated", mechanism, name)


def _effects(scenario: Scenario, settings: Settings) -> Iterator[Unknown]:
    for effect in scenario.place_effects:
        mechanism, parameter = parse(effect.setting, "place_effects", settings.declares)
        assert parameter is not None  # read_scenario refuses strengths
        for area in areas(scenario):
            yield Unknown(
                f"{area}: {mechanism.id}.{parameter.name}", "effect", mechanism.id, parameter.name, area,
                sd=effect.sd,
            )  # fmt: skip


def _weather(scenario: Scenario) -> Iterator[Unknown]:
    first, last = scenario.span
    for year in range(first, last + 1):
        yield Unknown(f"weather {year}", "weather", year=year)


def areas(scenario: Scenario) -> tuple[str, ...]:
    """Return the granary areas of a scenario, in the order of its places; the whole where it has none."""
    return tuple(dict.fromkeys(area_of(scenario, at) for at in range(len(scenario.places))))


def area_of(scenario: Scenario, at: int) -> str:
    """Return the granary area of the place at `at`."""
    path = scenario.levels.path(scenario.places[at].within)
    return path[0] if path else scenario.places[at].name


class Space:
    """The unknowns that are kept, and the settings of a run at their values."""

    def __init__(self, scenario: Scenario, runs: GivenRuns, unknowns: Sequence[Unknown]) -> None:
        """Prepare the space; an unknown left out stays at the middle of its prior."""
        self.scenario, self.runs, self.unknowns = scenario, runs, tuple(unknowns)
        self._column = {one.name: at for at, one in enumerate(self.unknowns)}
        owner = np.array([area_of(scenario, at) for at in range(len(scenario.places))])
        self._inside = {area: owner == area for area in areas(scenario)}

    @property
    def size(self) -> int:
        """How many unknowns."""
        return len(self.unknowns)

    def given(
        self, z: Floats, settings: Settings | None = None, weather: Floats | None = None, since: int = 0
    ) -> Given:
        """Return the numbers of runs at unknowns `z` [run, unknown], of NumPy, or of JAX for slopes.

        Parameters
        ----------
        settings : of a counterfactual; without them the scenario's own. What a counterfactual holds at one
            value is not moved by the unknowns of its dated changes
        weather : share of land struck by disaster [year, place] of a counterfactual; without it as recorded
        since : year from which on the unknown weather of a counterfactual is at its middle
        """
        chosen = self.runs.settings if settings is None else settings
        fixed = self._fixed(z, chosen)
        varying = self._varying(z, chosen, fixed)
        self._multiply(z, fixed, varying)
        return Given(fixed, varying, self._noise(z, weather, since))

    def own_values(self, z: Floats) -> Floats:
        """Return the unknowns in their own units [run, unknown] at `z` [run, unknown].

        A parameter or a dated change in the unit of its setting; an effect as a factor; weather in standard
        deviations.
        """
        settings = self.runs.settings
        ranges = {
            f"{m.id}.{p.name}": drawn_range(settings, m.id, p)
            for m in settings.declares
            for p in m.parameters
        }
        changes = {
            label_of(m, name, row.checked): row.checked
            for (m, name), rows in settings.spread.items()
            for row in rows
        }
        found = np.array(z, float)
        for at, one in enumerate(self.unknowns):
            limits = ranges.get(one.name)
            if one.kind == "parameter" and limits is not None:
                found[:, at] = triangular(_share_below(z[:, at]), *limits)
            elif one.kind == "dated":
                found[:, at] = spread_about(changes[one.name], z[:, at])
            elif one.kind == "effect":
                found[:, at] = np.exp(one.sd * z[:, at])
        return found

    def _z(self, z: Floats, name: str) -> Floats:
        return z[:, self._column[name]] if name in self._column else namespace(z).zeros(len(z))

    def _fixed(self, z: Floats, settings: Settings) -> dict[str, dict[str, Floats]]:
        found: dict[str, dict[str, Floats]] = {}
        for mechanism in settings.declares:
            values = {k: namespace(z).full(len(z), v) for k, v in settings.fixed[mechanism.id].items()}
            for p in mechanism.parameters:
                limits = drawn_range(settings, mechanism.id, p)
                if limits is not None:
                    values[p.name] = triangular(_share_below(self._z(z, f"{mechanism.id}.{p.name}")), *limits)
            found[mechanism.id] = values
        return found

    def _varying(
        self, z: Floats, settings: Settings, fixed: dict[str, dict[str, Floats]]
    ) -> dict[str, dict[str, Floats]]:
        """Return every table of the scenario's own timeline, and take it out of the fixed settings."""

        def values_of(change: Checked, label: str) -> Floats:
            at = xp.zeros(len(z)) if change.rivals else self._z(z, label)
            return spread_about(change, at)

        xp = namespace(z)
        spread = filled_tables(settings, len(z), 12 * self.runs.years, values_of)
        found: dict[str, dict[str, Floats]] = {}
        for mechanism, name in self.runs.keys:
            drawn = spread.get(mechanism, {}).get(name)
            if drawn is not None:
                table = drawn[:, :, settings.group]
            elif (
                name in fixed[mechanism]
            ):  # a counterfactual holds it at one value, drawn where it has a range
                shape = (len(z), 12 * self.runs.years, self.runs.places)
                table = xp.broadcast_to(fixed[mechanism][name][:, None, None], shape)
            else:
                same = xp.asarray(self.runs.table(settings, mechanism, name))
                table = same[None].repeat(len(z), 0)
            fixed[mechanism].pop(name, None)
            found.setdefault(mechanism, {})[name] = table
        for mechanism, name in settings.spread:
            if (mechanism, name) not in self.runs.keys:  # throughout and everywhere: one number a run
                fixed[mechanism][name] = spread[mechanism][name][:, 0, 0]
        return found

    def _multiply(
        self, z: Floats, fixed: dict[str, dict[str, Floats]], varying: dict[str, dict[str, Floats]]
    ) -> None:
        """Multiply settings by the effects of their granary areas, kept inside their bounds."""
        xp = namespace(z)
        for (mechanism, name), (columns, spread) in self._effects.items():
            low, high = _limits(self.runs.settings, mechanism, name)
            factor = xp.exp(z[:, columns] @ spread)
            if name in varying.get(mechanism, {}):
                varying[mechanism][name] = xp.clip(varying[mechanism][name] * factor[:, None], low, high)
            else:
                fixed[mechanism][name] = xp.clip(fixed[mechanism][name][:, None] * factor, low, high)

    @cached_property
    def _effects(self) -> dict[tuple[str, str], tuple[list[int], Floats]]:
        """Return by setting the columns of its effects and their log factors [effect, place] a unit of z."""
        found: dict[tuple[str, str], tuple[list[int], list[Floats]]] = {}
        for at, one in enumerate(self.unknowns):
            if one.kind == "effect":
                columns, rows = found.setdefault((one.mechanism, one.parameter), ([], []))
                columns.append(at)
                rows.append(one.sd * self._inside[one.area])
        return {key: (columns, np.stack(rows)) for key, (columns, rows) in found.items()}

    def _noise(self, z: Floats, weather: Floats | None, since: int) -> dict[str, Floats]:
        """Return weather: what is common to all places, by year; local luck at its middle."""
        harvests = self.scenario.calendar.many
        xp, first = namespace(z), self.scenario.span[0]
        common = xp.zeros((len(z), self.runs.years, harvests))
        for one in self.unknowns:
            if one.kind == "weather" and (weather is None or one.year < since):
                common = put(common, np.s_[:, one.year - first], self._z(z, one.name)[:, None])
        struck = np.asarray(self.runs.base.disaster, float) if weather is None else weather
        return {
            "common": common,
            "local": xp.zeros((*common.shape, self.runs.places)),
            "disaster": xp.broadcast_to(xp.asarray(struck), (len(z), *struck.shape)),
        }


def _share_below(z: Any) -> Any:
    """Return the share of a standard normal population below `z`."""
    return jax.scipy.special.ndtr(z) if isinstance(z, jax.Array) else ndtr(z)


def _limits(settings: Settings, mechanism: str, name: str) -> tuple[float, float]:
    """Return what a multiplied setting keeps to: a share to 1, other numbers to three times their range."""
    _, parameter = parse(f"{mechanism}.{name}", "place_effects", settings.declares)
    low, high = literature(parameter)
    assert parameter is not None
    return (low, 1.0) if parameter.unit.startswith("share") else (low / 3, 3 * high)
