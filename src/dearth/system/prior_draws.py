"""What differs between draws: numbers that are no lever, within their range; dated changes, by their sd."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.namespace import namespace, put
from dearth.numerics.random_streams import stream
from dearth.system.parameter import Parameter
from dearth.system.settings import Checked, Settings

Floats = NDArray[np.float64]
Tables = Mapping[str, Mapping[str, Floats]]  # by mechanism and parameter


def prior_draws(settings: Settings, seed: int, draws: int, first: int = 0) -> Tables:
    """Return the fixed settings [draw], each uncertain number from the stream of its own name.

    Draws `first` to `draws` - 1: a draw has the same numbers whatever their number.
    """
    uniforms = {}
    for mechanism in settings.declares:
        for p in mechanism.parameters:
            name = f"{mechanism.id}.{p.name}"
            uniforms[name] = _uniforms(seed, name, first, draws)
    return drawn(settings, draws - first, uniforms)


def _uniforms(seed: int, name: str, first: int, last: int) -> Floats:
    """Return numbers `first` to `last` - 1 of a stream in [0, 1]; of those before it none is made."""
    rng = stream(seed, "prior", name)
    rng.bit_generator.advance(first)  # type: ignore[attr-defined]  # PCG64: one step a number
    return rng.random(last - first)


def own_tables(settings: Settings, seed: int, draws: int, months: int, first: int = 0) -> Tables:
    """Return the tables [draw, month, group] of settings whose changes are spread, of draws from `first`.

    A number is drawn log-normal about what is written, a stream a change, and kept to the parameter's range;
    of rival forms each draw takes one.
    """

    def values_of(change: Checked, label: str) -> Floats:
        return _values(change, label, seed, draws)[first:]

    return filled_tables(settings, draws - first, months, values_of)


def filled_tables(
    settings: Settings, draws: int, months: int, values_of: Callable[[Checked, str], Floats]
) -> dict[str, dict[str, Floats]]:
    """Return the tables [draw, month, group] of settings whose changes are spread.

    Parameters
    ----------
    values_of : what a change sets in each draw [draw], given the change and its label
    """
    found: dict[str, dict[str, Floats]] = {}
    many = int(settings.group.max()) + 1
    for (mechanism, name), rows in settings.spread.items():
        each = [values_of(row.checked, label_of(mechanism, name, row.checked)) for row in rows]
        table = namespace(each[0]).full((draws, months, many), rows[0].checked.usual)
        for row, values in zip(rows, each, strict=True):
            for group in row.groups:
                table = put(table, np.s_[:, row.first : row.last, group], values[:, None])
        found.setdefault(mechanism, {})[name] = table
    return found


def label_of(mechanism: str, name: str, change: Checked) -> str:
    """Return the label of a change: its setting and where it is written."""
    return f"{mechanism}.{name} {change.change.where}"


def _values(change: Checked, label: str, seed: int, draws: int) -> Floats:
    """Return what a change sets in each draw [draw], from the stream of its label."""
    if change.rivals:
        taken = stream(seed, "rivals", label).integers(len(change.rivals), size=draws)
        return np.asarray(change.rivals)[taken]
    spread = change.change.sd
    z = stream(seed, "timeline", label).standard_normal(draws) if spread else np.zeros(draws)
    return spread_about(change, z)


def spread_about(change: Checked, z: Floats) -> Floats:
    """Return what a change sets where its standard normal unknown is `z`: log-normal, inside its range."""
    xp = namespace(z)
    found: Floats = xp.clip(change.value * xp.exp(change.change.sd * z), change.low, change.high)
    return found


def drawn(settings: Settings, draws: int, uniforms: Mapping[str, Floats]) -> Tables:
    """Return the fixed settings with every uncertain number drawn from its prior [draw].

    Triangular between the literature's low and high with the setting as mode; levers, choices and strengths
    stay. `uniforms` holds numbers in [0, 1] by "mechanism.parameter" [draw].
    """
    found: dict[str, dict[str, Floats]] = {}
    for mechanism in settings.declares:
        values: dict[str, float | Floats] = dict(settings.fixed[mechanism.id])
        for p in mechanism.parameters:
            limits = drawn_range(settings, mechanism.id, p)
            if limits is not None:
                values[p.name] = triangular(uniforms[f"{mechanism.id}.{p.name}"], *limits)
        found[mechanism.id] = {k: np.broadcast_to(np.asarray(v, float), (draws,)) for k, v in values.items()}
    return found


def drawn_range(settings: Settings, mechanism: str, p: Parameter) -> tuple[float, float, float] | None:
    """Return low end, mode and high end of a parameter that draws vary; None for any other."""
    fixed = settings.fixed[mechanism]
    if p.lever or p.name not in fixed or p.low is None or p.high is None or p.low == p.high:
        return None
    mode = fixed[p.name]
    return (p.low, mode, p.high) if p.low <= mode <= p.high else None


def triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    """Return the quantile `u` of a triangular distribution."""
    xp, cut = namespace(u), (mode - low) / (high - low)
    # each root stands at the cut where the other side is taken, so that its slope is finite there
    left = low + xp.sqrt(xp.where(u < cut, u, cut) * (high - low) * (mode - low)) if mode > low else low
    right = high - xp.sqrt((1 - xp.where(u < cut, cut, u)) * (high - low) * (high - mode))
    found: Floats = xp.where(u < cut, left, right)
    return found
