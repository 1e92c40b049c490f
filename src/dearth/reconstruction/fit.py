"""Fit the reconstruction: every scenario with one compiled sampler, then without each evidence source."""

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import jax
import numpy as np

from dearth.case.read import Case
from dearth.numerics.compilation_cache import keep_compiled
from dearth.numerics.hmc import Draws, Settings
from dearth.reconstruction.compiled import Compiled, compiled, one, some
from dearth.reconstruction.convergence_gates import passes
from dearth.reconstruction.generated_quantities import observe
from dearth.reconstruction.identity import identify
from dearth.reconstruction.inputs import Inputs, read_inputs
from dearth.reconstruction.judgement import JUDGED
from dearth.reconstruction.likelihood import EVIDENCE_SOURCES
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.prior_predictive_check import Predicted, prior_predictive
from dearth.reconstruction.problem_data import Data, problem_data, stacked
from dearth.reconstruction.sampling import Job, Keeper, Progress, joined, problem, sample_all, silent
from dearth.reconstruction.scenarios import registrations

SEEDS_APART = 100_003  # between scenarios, so that none shares random numbers with another
SETTINGS = Settings(chains=6, warmup=250, draws=500, steps=(16, 56), chunk=25, target=0.9, seed=1, rounds=6)
QUICK = replace(SETTINGS, warmup=200, draws=300)  # gated like the other


@dataclass(frozen=True)
class Fit:
    """Draws of every scenario, in the order of `scenarios`; `dropped` holds those without a source."""

    case: Case
    inputs: Inputs
    model: Model
    scenarios: tuple[str, ...]
    draws: Draws
    dropped: dict[str, Draws]
    prior: Predicted
    settings: Settings
    data: Data = field(repr=False)
    keeper: Keeper = field(repr=False)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years of the reconstruction."""
        return self.model.layout.years


def scenario_data(case: Case, inputs: Inputs, model: Model) -> tuple[tuple[str, ...], Data]:
    """Return the names of the scenarios and the sampler's data, stacked along a first axis."""
    forms = registrations(case, inputs.layout.spec)
    every = np.ones(len(EVIDENCE_SOURCES))
    return tuple(forms), stacked(
        problem_data(model, inputs.figures, registration, every, case.settings.place or "")
        for registration in forms.values()
    )


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
        inputs = read_inputs(case)
        model = Model(inputs.layout)
        names, data = scenario_data(case, inputs, model)
        seen = _seen(case, model)
        made = compiled(model, seen, settings)
        data = made.shaped(data)
        keeper = Keeper(keep, identify(case).sha256, progress)
        key = jax.random.key(settings.seed + 1)
        theta = 1.5 * jax.random.normal(key, (len(names), settings.chains, model.unknowns.size))
        draws = sample_all(made.sampler, [
            Job(name, theta[at : at + 1], some(data, at), settings.seed + SEEDS_APART * at)
            for at, name in enumerate(names)
        ], "posterior", keeper, partial(passes, judged=JUDGED))  # fmt: skip
        whole = joined(draws)
        few = made.keeping(JUDGED, seen)
        dropped = _dropped(few, data, names, settings, keeper, whole) if leave_one_out else {}
        prior = prior_predictive(model, data, settings.seed + 2)
    return Fit(case, inputs, model, names, whole, dropped, prior, settings, data, keeper)


def _dropped(
    made: Compiled, data: Data, names: tuple[str, ...], settings: Settings, keeper: Keeper, whole: Draws
) -> dict[str, Draws]:
    """Return the draws of every scenario without each source; of a draw only what is judged is kept.

    A source that cannot move a scenario (the placebo, where no struck name is registered as a death) is not
    drawn anew: the whole's own draws stand for it.
    """
    sources = _present(made.model)
    jobs, asked = [], []
    for turn, source in enumerate(sources):
        without = {**data, "sources_used": data["sources_used"].at[:, _with(source)].set(0.0)}
        # without a source the posterior lies elsewhere and is wider: it is found anew
        without = made.shaped(without)
        key = jax.random.key(settings.seed + 7 + turn)
        theta = 1.5 * jax.random.normal(key, (len(names), settings.chains, made.model.unknowns.size))
        for at, name in enumerate(names):
            if moves(source, one(data, at)):
                seed = settings.seed + SEEDS_APART * at + 13 * (turn + 1)
                jobs.append(Job(f"{name}-without-{source}", theta[at : at + 1], some(without, at), seed))
                asked.append((source, at))
    enough = partial(passes, judged=JUDGED)
    found = dict(
        zip(asked, sample_all(made.sampler, jobs, "leave-one-source-out", keeper, enough), strict=True)
    )
    return {
        source: joined([found.get((source, at)) or problem(whole, at) for at in range(len(names))])
        for source in sources
    }


def _with(source: str) -> np.ndarray[Any, Any]:
    """Return the places of a source and of what goes with it: closure uses census totals and stocks."""
    gone = (source, "registered_stocks") if source == "intercensal_closure" else (source,)
    return np.array([EVIDENCE_SOURCES.index(name) for name in gone])


def moves(source: str, mine: Data) -> bool:
    """Return whether a source can move a scenario: the placebo concerns names registered as deaths alone."""
    low, _, high, _, sd = np.asarray(mine["removals_share"])
    return source != "provincial_placebo" or bool(high > low or high > 0 or sd > 0)


def _seen(case: Case, model: Model) -> Any:
    births = case.settings.birth_windows
    return observe(model, model.layout.mark(births.deficit), model.layout.mark(births.recovered))


def _present(model: Model) -> list[str]:
    layout = model.layout
    held: set[str] = {census.spec.evidence_source for census in layout.censuses}
    if "total_fertility" in layout.held:
        held.add("survey_births")
    if "placebo" in layout.held:
        held.add("provincial_placebo")
    if layout.held & {"stocks", "midyear"}:
        held.add("registered_stocks")
    return [source for source in EVIDENCE_SOURCES if source in held]
