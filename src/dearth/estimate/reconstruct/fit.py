"""Fit the reconstruction: every reading at once with one compiled sampler, then without each rung in turn."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.case.schema import Completeness, Prior
from dearth.case.years import parse_years
from dearth.estimate.reconstruct.inputs import Inputs, read_inputs
from dearth.estimate.reconstruct.model import Model
from dearth.estimate.reconstruct.observe import observe
from dearth.estimate.reconstruct.priors import shares
from dearth.estimate.reconstruct.records import RUNGS, booked, log_density
from dearth.numerics.hmc import Draws, Sampler, Settings
from dearth.numerics.laplace import laplace

SETTINGS = Settings(chains=6, warmup=500, draws=2000, steps=(6, 28), chunk=25, target=0.85, seed=1)
Progress = Callable[[str, int, int], None]
Data = dict[str, Any]


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
    data: Data = field(repr=False)

    @cached_property
    def given(self) -> Inputs:
        """Return what the model was given."""
        return self.model.given


def reading_data(case: Case, model: Model) -> tuple[tuple[str, ...], Data]:
    """Return the names of the readings and the sampler's data, stacked along a first axis."""
    spec = model.given.spec
    names = tuple(spec.readings)
    rows = []
    for name, reading in spec.readings.items():
        normal, crisis = _completeness(case, name, reading.deaths)
        rows.append({
            "completeness_normal": shares(normal), "completeness_crisis": shares(crisis),
            "same_completeness": float(crisis is None),
            "late_share": shares(reading.late_booking), "names_share": shares(reading.names_booked_as_deaths),
            "birth_completeness": shares(spec.birth_completeness), "rungs": (1.0,) * len(RUNGS),
        })  # fmt: skip
    stacked = {key: jnp.array([row[key] for row in rows], float) for key in rows[0]}
    same = {"records": model.given.records.tree(), **model.plain()}
    return names, stacked | jax.tree.map(lambda part: jnp.array([part] * len(rows)), same)


def _completeness(case: Case, reading: str, name: str) -> tuple[Prior | float, Prior | float | None]:
    """Return the prior of completeness outside and inside the crisis, None where it is the same."""
    held = case.settings.completeness
    declared = held.get(name)
    if isinstance(declared, int | float):
        return declared, None
    if not isinstance(declared, Completeness) or declared.normal is None:
        raise mistake("case.yaml", f"'{name}' is no completeness with a normal share or prior"
                      f"{did_you_mean(name, held)}", field=f"reconstruction.readings.{reading}.deaths")  # fmt: skip
    return declared.normal, declared.crisis


def one(data: Data, at: int) -> Data:
    """Return the data of one problem of a stack."""
    chosen: Data = jax.tree.map(lambda part: part[at], data)
    return chosen


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
        names, data = reading_data(case, model)
        made, data = prepared(case, model, data, settings)
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
    return Fit(case, model, names, draws, dropped, prior, settings, data)


def prepared(case: Case, model: Model, data: Data, settings: Settings) -> tuple[Sampler, Data]:
    """Return a sampler and its data with where each posterior lies and how it is stretched.

    The sampler moves in unknowns in which the posterior is about round (`laplace`); draws are of the model's.
    """
    births = case.settings.births
    seen = observe(model, model.given.mark(births.deficit), model.given.mark(births.regained))
    shaped = data | _shape(model, data)
    made = Sampler(
        lambda z, d: log_density(model, d["centre"] + d["factor"] @ z, d),
        lambda z, d: seen(d["centre"] + d["factor"] @ z, d),
        settings,
    )
    return made, shaped


def _shape(model: Model, data: Data) -> Data:
    both = jax.jit(jax.value_and_grad(lambda theta, d: log_density(model, theta, d)))
    held = [i for i, name in enumerate(model.unknowns.labels()) if name.endswith("_noise")]
    shapes = []
    for at in range(len(data["rungs"])):
        mine = one(data, at)
        shapes.append(laplace(lambda x, mine=mine: both(x, mine), model.unknowns.size, held))  # type: ignore[misc]
    return {
        name: jnp.array(parts)
        for name, parts in zip(("centre", "factor"), zip(*shapes, strict=True), strict=True)
    }


def _present(model: Model) -> list[str]:
    held: set[str] = {census.spec.rung for census in model.given.censuses}
    if np.isfinite(model.given.records.total_fertility).any():
        held.add("survey_births")
    if model.given.placebo is not None:
        held.add("provincial_placebo")
    return [rung for rung in RUNGS if rung in held]


def _prior_predictive(
    model: Model, data: Data, seed: int, draws: int = 400
) -> dict[str, np.ndarray[Any, Any]]:
    """Return registers drawn from the prior [reading, draw, year]."""

    def drawn(theta: Any, reading: Any) -> Any:
        u = model.named(theta, reading)
        books = booked(model, u, model.histories(u, reading))
        return {"deaths": books["deaths"], "births": books["births"]}

    theta = jax.random.normal(jax.random.key(seed), (draws, model.unknowns.size))
    found = jax.jit(jax.vmap(jax.vmap(drawn, (0, None)), (None, 0)))(theta, data)
    return {name: np.asarray(values) for name, values in found.items()}


def window_years(case: Case) -> list[int]:
    """Return the years of the crisis."""
    return sorted(parse_years(case.settings.window))
