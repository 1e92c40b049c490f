"""Fit the reconstruction: both readings at once with one compiled sampler, then each rung dropped in turn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.schema import Completeness
from dearth.case.years import parse_years
from dearth.estimate.reconstruct.inputs import Inputs, read_inputs
from dearth.estimate.reconstruct.model import RUNGS, Model
from dearth.estimate.reconstruct.observe import observe
from dearth.estimate.reconstruct.priors import shares
from dearth.numerics.hmc import Draws, Sampler, Settings
from dearth.numerics.laplace import laplace

SETTINGS = Settings(chains=6, warmup=500, draws=2000, steps=(6, 28), chunk=25, target=0.85, seed=1)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Fit:
    """Draws of every reading, in the order of `readings`; `dropped` holds those without a rung."""

    case: Case
    model: Model
    readings: tuple[str, ...]
    draws: Draws
    dropped: dict[str, Draws]
    prior: dict[str, np.ndarray[Any, Any]]
    settings: Settings

    @cached_property
    def given(self) -> Inputs:
        """Return what the model was given."""
        return self.model.given


def reading_data(case: Case, model: Model) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the names of the readings and their priors stacked along a first axis."""
    spec = model.given.spec
    rows = []
    for name, reading in spec.readings.items():
        declared = case.settings.completeness.get(reading.deaths)
        if not isinstance(declared, Completeness) or declared.normal is None:
            raise mistake("case.yaml", f"'{reading.deaths}' is no completeness with a normal prior",
                          field=f"reconstruction.readings.{name}.deaths")  # fmt: skip
        inside = declared.normal if declared.crisis is None else declared.crisis
        rows.append({
            "completeness_normal": shares(declared.normal), "completeness_crisis": shares(inside),
            "late_share": shares(reading.late_booking), "names_share": shares(reading.names_booked_as_deaths),
            "birth_completeness": shares(spec.birth_completeness), "rungs": (1.0,) * len(RUNGS),
        })  # fmt: skip
    stacked = {key: jnp.array([row[key] for row in rows], float) for key in rows[0]}
    return tuple(spec.readings), stacked


def fit(
    case: Case, *, settings: Settings = SETTINGS, ladder: bool = True,
    progress: Progress = lambda what, done, total: None,
) -> Fit:  # fmt: skip
    """Sample the posterior of every declared reading, and of each with every rung dropped.

    Raises
    ------
    CaseError
        When the case lacks what a reconstruction needs.
    """
    with jax.enable_x64(True):
        model = Model(read_inputs(case))
        births = case.settings.births
        seen = observe(model, model.given.mark(births.deficit), model.given.mark(births.regained))
        names, data = reading_data(case, model)
        data |= _shape(model, data)
        made = Sampler(
            lambda z, d: model.log_density(d["centre"] + d["factor"] @ z, d),
            lambda z, d: seen(d["centre"] + d["factor"] @ z, d),
            settings,
        )
        key = jax.random.key(settings.seed + 1)
        theta = 1.5 * jax.random.normal(key, (len(names), settings.chains, model.unknowns.size))
        draws = made.sample(theta, data, progress=lambda done, total: progress("posterior", done, total))
        dropped = {}
        for rung in _present(model) if ladder else ():
            without = {**data, "rungs": data["rungs"].at[:, RUNGS.index(rung)].set(0.0)}
            made.settings = replace(settings, warmup=settings.warmup // 2, draws=min(settings.draws, 1500))
            dropped[rung] = made.sample(
                draws.state.theta, without, draws.state.scale,
                lambda done, total, rung=rung: progress(f"without {rung}", done, total),  # type: ignore[misc]
            )  # fmt: skip
        prior = _prior_predictive(model, data, settings.seed + 2)
    return Fit(case, model, names, draws, dropped, prior, settings)


def _shape(model: Model, data: dict[str, Any]) -> dict[str, Any]:
    """Return where each reading's posterior lies and how it is stretched, to sample it as a round one."""
    both = jax.jit(jax.value_and_grad(model.log_density))
    shapes = []
    held = [i for i, name in enumerate(model.unknowns.labels()) if name.endswith("_noise")]
    for at in range(len(data["rungs"])):
        one = {name: values[at] for name, values in data.items()}
        shapes.append(laplace(lambda x, one=one: both(x, one), model.unknowns.size, held))  # type: ignore[misc]
    return {
        name: jnp.array(parts)
        for name, parts in zip(("centre", "factor"), zip(*shapes, strict=True), strict=True)
    }


def _present(model: Model) -> list[str]:
    held = {census.spec.rung for census in model.given.censuses}
    if np.isfinite(model.given.total_fertility).any():
        held.add("survey_births")  # type: ignore[arg-type]
    return [rung for rung in RUNGS if rung in held]


def _prior_predictive(
    model: Model, data: Any, seed: int, draws: int = 400
) -> dict[str, np.ndarray[Any, Any]]:
    """Return registers drawn from the prior [reading, draw, year]."""

    def one(theta: Any, reading: Any) -> Any:
        u = model.named(theta, reading)
        booked = model.booked(u, model.histories(u))
        return {"deaths": booked["deaths"], "births": booked["births"]}

    theta = jax.random.normal(jax.random.key(seed), (draws, model.unknowns.size))
    found = jax.jit(jax.vmap(jax.vmap(one, (0, None)), (None, 0)))(theta, data)
    return {name: np.asarray(values) for name, values in found.items()}


def window_years(case: Case) -> list[int]:
    """Return the years of the crisis."""
    return sorted(parse_years(case.settings.window))
