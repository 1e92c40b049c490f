"""Fit the reconstruction: every scenario with one compiled sampler, then without each evidence source."""

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.case.schema import Completeness, Prior
from dearth.numerics.compilation_cache import keep_compiled
from dearth.numerics.hmc import Draws, Sampler, Settings
from dearth.numerics.laplace import laplace
from dearth.reconstruction.convergence_gates import refusals, worst
from dearth.reconstruction.generated_quantities import GATED, observe
from dearth.reconstruction.identity import identify
from dearth.reconstruction.inputs import Inputs, read_inputs
from dearth.reconstruction.likelihood import EVIDENCE_SOURCES, log_density
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.prior_predictive_check import Predicted, prior_predictive
from dearth.reconstruction.priors import shares
from dearth.reconstruction.reparameterisation import bent
from dearth.reconstruction.sampling import Job, Keeper, Progress, joined, problem, sample_all, silent
from dearth.reconstruction.unknown_labels import labels

SEEDS_APART = 100_003  # between scenarios, so that none shares random numbers with another
SETTINGS = Settings(chains=6, warmup=300, draws=1000, steps=(6, 28), chunk=25, target=0.9, seed=1, rounds=4)
QUICK = replace(SETTINGS, warmup=200, draws=400)  # gated like the other
Data = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """Draws of every scenario, in the order of `scenarios`; `dropped` holds those without a source."""

    case: Case
    model: Model
    scenarios: tuple[str, ...]
    draws: Draws
    dropped: dict[str, Draws]
    prior: Predicted
    settings: Settings
    data: Data = field(repr=False)
    keeper: Keeper = field(repr=False)

    @cached_property
    def given(self) -> Inputs:
        """Return what the model was given."""
        return self.model.given


def scenario_data(case: Case, model: Model) -> tuple[tuple[str, ...], Data]:
    """Return the names of the scenarios and the sampler's data, stacked along a first axis."""
    spec = model.given.spec
    names = tuple(spec.scenarios)
    rows = []
    for name, scenario in spec.scenarios.items():
        normal, crisis = _completeness(case, name, scenario.completeness)
        rows.append({
            "completeness_normal": shares(normal), "completeness_crisis": shares(crisis),
            "same_completeness": float(crisis is None),
            "late_share": shares(scenario.late_registration),
            "removals_share": shares(scenario.removals_registered_as_deaths),
            "birth_completeness": shares(spec.birth_completeness),
            "sources_used": (1.0,) * len(EVIDENCE_SOURCES),
        })  # fmt: skip
    stacked = {key: jnp.array([row[key] for row in rows], float) for key in rows[0]}
    same = {"records": model.given.records.tree(), **model.plain()}
    return names, stacked | jax.tree.map(lambda part: jnp.array([part] * len(rows)), same)


def _completeness(case: Case, scenario: str, name: str) -> tuple[Prior | float, Prior | float | None]:
    """Return the prior of completeness outside and inside the crisis, None where it is the same."""
    held = case.settings.completeness
    declared = held.get(name)
    if isinstance(declared, int | float):
        return declared, None
    if not isinstance(declared, Completeness) or declared.normal is None:
        raise mistake("case.yaml", f"'{name}' is no completeness with a normal share or prior"
                      f"{did_you_mean(name, held)}",
                      field=f"reconstruction.scenarios.{scenario}.deaths")  # fmt: skip
    return declared.normal, declared.crisis


def one(data: Data, at: int) -> Data:
    """Return the data of one problem of a stack."""
    chosen: Data = jax.tree.map(lambda part: part[at], data)
    return chosen


def fit(
    case: Case, *, settings: Settings = SETTINGS, leave_one_out: bool = True, progress: Progress = silent,
    keep: Path | None = None,
) -> Fit:  # fmt: skip
    """Sample the posterior of every declared scenario, and of each with every source dropped.

    With `keep`, a folder, a killed fit called again goes on where it was; `Fit.keeper.clear()` removes it.

    Raises
    ------
    CaseError
        When the case lacks what a reconstruction needs.
    """
    keep_compiled()
    with jax.enable_x64(True):
        model = Model(read_inputs(case))
        names, data = scenario_data(case, model)
        seen = _seen(case, model)
        data |= shapes(model, data)
        keeper = Keeper(keep, identify(case).sha256, progress)
        key = jax.random.key(settings.seed + 1)
        theta = 1.5 * jax.random.normal(key, (len(names), settings.chains, model.unknowns.size))
        draws = sample_all(sampler(model, seen, settings), [
            Job(name, theta[at : at + 1], some(data, at), settings.seed + SEEDS_APART * at)
            for at, name in enumerate(names)
        ], "posterior", keeper, passes)  # fmt: skip
        whole = joined(draws)
        dropped = _dropped(model, data, names, seen, settings, keeper, whole) if leave_one_out else {}
        prior = prior_predictive(model, data, settings.seed + 2)
    return Fit(case, model, names, whole, dropped, prior, settings, data, keeper)


def _dropped(
    model: Model, data: Data, names: tuple[str, ...], seen: Any, settings: Settings, keeper: Keeper,
    whole: Draws,
) -> dict[str, Draws]:  # fmt: skip
    """Return the draws of every scenario without each source; of a draw only what is printed is kept.

    A source that cannot move a scenario (the placebo, where no struck name is booked as a death) is not drawn
    anew: the whole's own draws stand for it.
    """
    made = sampler(model, lambda theta, d: {key: seen(theta, d)[key] for key in (*GATED, "theta")}, settings)
    sources = _present(model)
    jobs, asked = [], []
    for turn, source in enumerate(sources):
        without = {**data, "sources_used": data["sources_used"].at[:, _with(source)].set(0.0)}
        # without a source the posterior lies elsewhere and is wider: it is found anew
        without |= shapes(model, without)
        key = jax.random.key(settings.seed + 7 + turn)
        theta = 1.5 * jax.random.normal(key, (len(names), settings.chains, model.unknowns.size))
        for at, name in enumerate(names):
            if moves(source, one(data, at)):
                seed = settings.seed + SEEDS_APART * at + 13 * (turn + 1)
                jobs.append(Job(f"{name}-without-{source}", theta[at : at + 1], some(without, at), seed))
                asked.append((source, at))
    found = dict(zip(asked, sample_all(made, jobs, "leave-one-source-out", keeper, passes), strict=True))
    return {
        source: joined([found.get((source, at)) or problem(whole, at) for at in range(len(names))])
        for source in sources
    }


def _with(source: str) -> np.ndarray[Any, Any]:
    """Return the places of a source and of what goes with it: closure uses census totals and stocks."""
    gone = (source, "registered_stocks") if source == "intercensal_closure" else (source,)
    return np.array([EVIDENCE_SOURCES.index(name) for name in gone])


def moves(source: str, mine: Data) -> bool:
    """Return whether a source can move a scenario: the placebo speaks of names booked as deaths alone."""
    low, _, high = np.asarray(mine["removals_share"])
    return source != "provincial_placebo" or bool(high > low or high > 0)


def _seen(case: Case, model: Model) -> Any:
    births = case.settings.birth_windows
    return observe(model, model.given.mark(births.deficit), model.given.mark(births.recovered))


def sampler(model: Model, seen: Any, settings: Settings) -> Sampler:
    """Return a sampler that moves in unknowns in which the posterior is about round (`shapes`)."""

    def theta(z: Any, d: Data) -> Any:
        return bent(model, d["centre"] + d["factor"] @ z, d)

    return Sampler(
        lambda z, d: log_density(model, theta(z, d), d), lambda z, d: seen(theta(z, d), d), settings
    )


def some(data: Data, first: int, last: int | None = None) -> Data:
    """Return the data of the problems from `first` up to `last`, by default of one."""
    chosen: Data = jax.tree.map(lambda part: part[first : first + 1 if last is None else last], data)
    return chosen


def shapes(model: Model, data: Data) -> Data:
    """Return where each problem's posterior lies and how it is stretched, in straight coordinates."""

    def density(theta: Any, mine: Data) -> Any:
        return log_density(model, bent(model, theta, mine), mine)

    def slopes(points: Any, mine: Data) -> Any:
        # few at a time: the intermediate arrays then stay in the processor's cache
        return jax.lax.map(jax.grad(partial(density, mine=mine)), points, batch_size=8)

    values, gradients = jax.jit(jax.vmap(density, (0, None))), jax.jit(slopes)
    held = [i for i, name in enumerate(labels(model)) if name.endswith("_noise")]
    found = []
    for at in range(len(data["sources_used"])):
        mine = one(data, at)
        found.append(
            laplace(partial(_of, values, mine), partial(_of, gradients, mine), model.unknowns.size, held)
        )
    return {
        name: jnp.array(parts)
        for name, parts in zip(("centre", "factor"), zip(*found, strict=True), strict=True)
    }


def _of(compiled: Any, mine: Data, points: Any) -> Any:
    return compiled(points, mine)


def passes(draws: Draws) -> bool:
    """Return whether draws of one problem are enough for the gates; divergences more draws do not mend."""
    judged = [np.asarray(draws.seen[name][0], float) for name in (*GATED, "theta")]
    return not refusals(worst(judged, 0, draws.diverged[0].size))


def _present(model: Model) -> list[str]:
    held: set[str] = {census.spec.evidence_source for census in model.given.censuses}
    if np.isfinite(model.given.records.total_fertility).any():
        held.add("survey_births")
    if model.given.placebo is not None:
        held.add("provincial_placebo")
    records = model.given.records
    if np.isfinite(records.stocks).any() or np.isfinite(records.midyear).any():
        held.add("registered_stocks")
    return [source for source in EVIDENCE_SOURCES if source in held]
