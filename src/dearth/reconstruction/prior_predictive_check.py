"""Do the records lie where the prior allows? Figures drawn from the prior, beside those observed."""

from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from dearth.reconstruction.age_patterns import SEXES
from dearth.reconstruction.census_tables import DEATH_GROUPS, DEATH_WEIGHTS
from dearth.reconstruction.expected_records import all_counts, expected_registration
from dearth.reconstruction.generated_quantities import excess_by_age
from dearth.reconstruction.inputs import Inputs
from dearth.reconstruction.population_model import Model

Floats = NDArray[np.float64]
Predicted = dict[str, Floats]  # by series: [scenario, draw, figure]
DRAWS = 400
INSIDE = (0.005, 0.995)
FEW = 3  # figures of one table named one by one; more are named together
LABELS = {"deaths": "registered deaths", "births": "registered births", "stocks": "registered people",
        "midyear": "registered people of mid-year", "total_fertility": "total fertility"}  # fmt: skip


def prior_predictive(model: Model, data: Any, seed: int, draws: int = DRAWS) -> Predicted:
    """Return what the records would show of draws from the prior, before noise."""
    layout = model.layout

    def drawn(theta: Any, scenario: Any) -> Any:
        u = model.named(theta, scenario)
        h = model.histories(u, scenario)
        books = expected_registration(model, u, h)
        found = {name: books[name] for name in ("deaths", "births", "stocks", "midyear")}
        found["total_fertility"] = h["fertility"]
        for at, (groups, _) in enumerate(all_counts(model, h, u)):
            found[f"census {at}"] = groups
        if "deaths_by_age" in layout.held:
            groups = books["prompt"] @ DEATH_WEIGHTS.T
            found["deaths by age"] = (groups / groups.sum((1, 2), keepdims=True)).reshape(-1)
        found["excess"] = (excess_by_age(h, h["steps"].deaths).sum(-1) * layout.crisis).sum()[None]
        return found

    theta = jax.random.normal(jax.random.key(seed), (draws, model.unknowns.size))
    found = jax.jit(jax.vmap(jax.vmap(drawn, (0, None)), (None, 0)))(theta, data)
    return {name: np.asarray(values) for name, values in found.items()}


def outside(given: Inputs, predicted: Predicted, at: int) -> list[str]:
    """Return a warning for every observed figure that lies outside the middle 99 % of the prior's own."""
    told = []
    for name, drawn in predicted.items():
        if name == "excess":
            continue
        low, high = np.nanquantile(drawn[at], INSIDE, axis=0)
        held = _held(given, name)
        beyond = [i for i, (_, v) in enumerate(held) if np.isfinite(v) and not low[i] <= v <= high[i]]
        if len(beyond) > FEW:
            most = max(beyond, key=lambda i: max(low[i] / held[i][1], held[i][1] / high[i]))
            told.append(f"{len(beyond)} of {len(held)} figures of {_whole(given, name)} lie outside the "
                        f"prior's 99 %, {held[most][0]} furthest")  # fmt: skip
            continue
        told += [
            f"{held[i][0]} ({_said(held[i][1])}) lie outside the prior's 99 % ({_said(low[i])} to "
            f"{_said(high[i])})"
            for i in beyond
        ]
    return told


def _whole(given: Inputs, name: str) -> str:
    if not name.startswith("census"):
        return LABELS.get(name, "the registered deaths by age, as shares of their year,")
    spec = given.layout.censuses[int(name.split()[1])].spec
    return f"{spec.series} of {spec.date:g}"


def _held(given: Inputs, name: str) -> list[tuple[str, float]]:
    if name == "deaths by age":
        held = given.figures.deaths_by_age
        shares = held / held.sum((1, 2), keepdims=True)
        return [
            (f"the share of deaths of {sex} from {age} in {year}", float(shares[y, s, g]))
            for y, year in enumerate(given.layout.years)
            for s, sex in enumerate(SEXES)
            for g, age in enumerate(DEATH_GROUPS)
        ]
    if not name.startswith("census"):
        figures = getattr(given.figures, name).tolist()
        return [(f"{LABELS[name]} of {year}", v) for year, v in zip(given.layout.years, figures, strict=True)]
    at = int(name.split()[1])
    census = given.layout.censuses[at]
    found = []
    for group, value in zip(census.groups, given.figures.counted[at], strict=True):
        ages = np.flatnonzero(group.any(0))
        what = " and ".join(sex for sex, here in zip(SEXES, group.any(1), strict=True) if here)
        found.append(
            (f"{what} {ages[0]}-{ages[-1]} in {census.spec.series} of {census.spec.date:g}", float(value))
        )
    return found


def _said(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
