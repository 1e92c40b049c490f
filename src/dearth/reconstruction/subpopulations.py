"""Reconstruct the places of a case: one compiled sampler, each with the whole's posterior as its prior.

Places hold rates of death, seldom births and no ages. What is common (normal mortality, completeness,
fertility) comes from the whole, loosened by how far a place may lie from it; what is the place's own
(shocks, quiet years, migration) has the declared prior. Rates are fitted: a place's stocks enter only as
the persons a rate is multiplied with.
"""

from dataclasses import dataclass, field
from functools import cached_property, partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema import Migration, PlacesModel
from dearth.case.years import parse_years
from dearth.numerics.hmc import Draws, Settings
from dearth.population.vital_registration import VitalRegister, held_out_years, read_register
from dearth.reconstruction.compiled import compiled, one, some
from dearth.reconstruction.convergence_gates import refusals, worst
from dearth.reconstruction.figures import Figures
from dearth.reconstruction.fit import SEEDS_APART, Fit
from dearth.reconstruction.generated_quantities import observe
from dearth.reconstruction.inputs import crisis_marks
from dearth.reconstruction.layout import Layout
from dearth.reconstruction.population_model import SHARED, Model
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.reconstruction.problem_data import Data, stacked
from dearth.reconstruction.sampling import Job, joined, sample_all

Floats = NDArray[np.float64]
SETTINGS = Settings(chains=6, warmup=300, draws=400, steps=(10, 34), chunk=25, target=0.92, rounds=6)
OWN = (
    "mortality_year",
    "fertility_year",
    "stock_error_step",
    "start_total",
    "start_ages",
    "start_cohort",
)  # as declared; so is all migration
COMPLETENESS = ("completeness_normal", "completeness_crisis")
SHARE_PRIORS = ("completeness_normal", "completeness_crisis", "same_completeness", "late_share",
                "removals_share", "birth_completeness")  # fmt: skip
# migration of a place has the sd declared for places, and this tail
MOVED = (("migration_level", 0.0), ("migration", 0.0), ("migration_crisis", 0.25))
KEPT = ("theta", "by_year", "people", "births", "stocks", "excess", "registered", "deaths_noise")


@dataclass(frozen=True)
class Parts:
    """Draws of every place under every scenario: `draws[scenario]` has one problem a place."""

    model: Model
    places: tuple[str, ...]
    registers: tuple[VitalRegister, ...]
    left_out: dict[str, str]
    births_held: tuple[bool, ...]
    draws: tuple[Draws, ...]
    settings: Settings
    pairs: dict[int, dict[int, NDArray[np.int64]]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def diagnosed(self) -> list[list[Diagnostics]]:
        """Return what the gates see [scenario][place]."""
        inside = np.flatnonzero(self.model.layout.crisis)

        def of(draws: Draws, place: int) -> Diagnostics:
            many = draws.diverged[place]
            return worst(gated(draws, place, inside), int(many.sum()), many.size)

        return [[of(draws, place) for place in range(len(self.places))] for draws in self.draws]

    @cached_property
    def printed(self) -> tuple[int, ...]:
        """Return the places that pass the gates in every scenario, so that sums are of the same places."""
        return tuple(
            at for at in range(len(self.places)) if not any(refusals(found[at]) for found in self.diagnosed)
        )


def fit_parts(whole: Fit, *, settings: Settings = SETTINGS) -> Parts | None:
    """Sample every place of the case under every scenario; None where the case declares no `parts`.

    Raises
    ------
    CaseError
        When no place holds what is needed.
    """
    spec = whole.model.layout.spec.subpopulations
    if spec is None:
        return None
    case, years = whole.case, _years(whole.case, spec, whole.years[-1])
    registers, left_out = _registers(case, spec)
    if not registers:
        raise CaseError(
            [
                Problem("case.yaml", why, field=f"reconstruction.subpopulations: {name}")
                for name, why in left_out.items()
            ]
        )
    with jax.enable_x64(True):
        jobs = []
        starts = [_start(whole, at, years[0]) for at in range(len(whole.scenarios))]
        figures = [[_figures(case, spec, whole, start, r, years) for r in registers] for start in starts]
        model = Model(_layout(whole, years, crisis_marks(case, years), figures[0]), part=True)
        kept = observe(model, np.zeros(len(years)), np.zeros(len(years)))
        made = compiled(model, kept, settings).keeping(KEPT, kept)
        for at, scenario in enumerate(whole.scenarios):
            records = figures[at]
            data = made.shaped(_data(whole, at, model, records))
            key = jax.random.key(whole.settings.seed + 3)
            theta = 1.2 * jax.random.normal(key, (len(records), settings.chains, model.unknowns.size))
            # a place at a time: a few chains fit the processor's cache, a batch of all places does not
            jobs += [
                Job(f"{scenario}-{r.place}", theta[i : i + 1], some(data, i),
                    whole.settings.seed + SEEDS_APART * (at + 2) + 101 * i)
                for i, r in enumerate(registers)
            ]  # fmt: skip
        found = sample_all(made.sampler, jobs, "places", whole.keeper, partial(_enough, inside=model.crisis))
        many = len(registers)
        draws = [joined(found[many * at : many * (at + 1)]) for at in range(len(whole.scenarios))]
    births = tuple(bool(np.isfinite(r.births).any()) for r in figures[0])
    return Parts(model, tuple(r.place for r in registers), tuple(registers), left_out, births,
                 tuple(draws), settings)  # fmt: skip


def _years(case: Case, spec: PlacesModel, last: int) -> tuple[int, ...]:
    """Return the years of the places: those fitted, and those that follow whose death rates are held out."""
    years = sorted(parse_years(spec.years))
    named = case.settings.registers[spec.register_name]
    held_out = frozenset[int]().union(*(
        held_out_years(case, (named.deaths, named.death_rate), place.name)
        for place in case.settings.places if place.kind == "place"
    ))  # fmt: skip
    while years[-1] + 1 in held_out and years[-1] < last:
        years.append(years[-1] + 1)
    return tuple(years)


def gated(draws: Draws, place: int, inside: NDArray[np.int64]) -> list[Floats]:
    """Return what of a place the gates judge: excess death rates of the crisis, their sum, every unknown."""
    seen = {name: np.asarray(draws.seen[name][place], float) for name in ("by_year", "people", "theta")}
    rates = (seen["by_year"] / seen["people"])[..., inside]
    return [rates, rates.sum(-1), seen["theta"]]


def _enough(draws: Draws, inside: NDArray[np.int64]) -> bool:
    return not refusals(worst(gated(draws, 0, inside), 0, draws.diverged[0].size))


def _registers(case: Case, spec: PlacesModel) -> tuple[list[VitalRegister], dict[str, str]]:
    """Return the registers of the places and why a place has none."""
    found, left_out = [], {}
    for place in case.settings.places:
        if place.kind != "place":
            continue
        try:
            found.append(read_register(case, spec.register_name, place.name))
        except CaseError as error:
            left_out[place.name] = error.problems[0].message
    return found, left_out


def _start(whole: Fit, at: int, year: int) -> Floats:
    """Return people of the whole on 1 January of `year` [sex, age], at the mean of a scenario's posterior."""
    theta = np.asarray(whole.draws.seen["theta"][at], float).mean((0, 1))
    mine = one(whole.data, at)
    u = whole.model.named(jnp.asarray(theta), mine)
    stocks = whole.model.histories(u, mine)["stocks"]
    return np.asarray(stocks[year - whole.years[0]])


def _layout(whole: Fit, years: tuple[int, ...], crisis: Floats, figures: list[Figures]) -> Layout:
    """Return the layout all places share: rates alone, no census."""
    layout = whole.model.layout
    held = frozenset[str]().union(*(one.held for one in figures))
    # people of a place come and go whatever the whole's borders were
    spec = layout.spec.model_copy(update={"migration": Migration()})
    return Layout(spec, years, crisis, held, layout.free, layout.incomplete, rates=True)


def _figures(
    case: Case, spec: PlacesModel, whole: Fit, start: Floats, register: VitalRegister,
    years: tuple[int, ...],
) -> Figures:  # fmt: skip
    """Return a place's rates; its people begin with the ages of the whole, as many as it has."""
    named = case.settings.registers[spec.register_name]

    def column(values: Floats, *references: str | None) -> Floats:
        out = held_out_years(case, references, register.place)
        held = dict(zip(register.years, values.tolist(), strict=True))
        return np.array([held.get(y, np.nan) if y not in out else np.nan for y in years]) / 1000

    size = float(register.person_years[np.isfinite(register.person_years)][0])
    empty = np.full(len(years), np.nan)
    peopled = np.where(np.isfinite(register.person_years), 1.0, np.nan)
    deaths = column(register.death_rate * peopled, named.deaths, named.death_rate)
    births = column(register.birth_rate * peopled, named.births, named.birth_rate)
    mortality, fertility = whole.inputs.figures.mortality, whole.inputs.figures.fertility
    return Figures(start / start.sum() * size, mortality, fertility, deaths, births, empty, empty, empty,
                   np.full((len(years), 2, 1), np.nan), empty)  # fmt: skip


def _data(whole: Fit, at: int, model: Model, figures: list[Figures]) -> Data:
    """Return the sampler's data of one scenario [place, ...]."""
    mine = one(whole.data, at)
    spec = model.layout.spec.subpopulations
    assert spec is not None
    forms = {**mine["priors"], **{name: np.array([0.0, spec.migration_sd, tail]) for name, tail in MOVED}}
    forms |= {name: model.prior_data()["priors"][name] for name in ("coverage", "coverage_relative")}
    shared = {k: mine[k] for k in (*SHARE_PRIORS, "sources_used")} | {"priors": forms}
    taught = taught_by(whole, at, model)
    return stacked({"figures": place.tree(), **shared, **taught} for place in figures)


def taught_by(whole: Fit, at: int, model: Model) -> dict[str, Floats]:
    """Return where the whole's posterior centres a place's unknowns and how wide they stay.

    An unknown of the whole with posterior mean m and deviation s (in its prior's deviations) has in a place
    the mean m and the deviation sqrt(s^2 + b^2), b the `between_sd` of the case, and for shocks 1: a place
    may be hit as differently as the prior allowed the whole. The two completenesses keep the whole's own
    uncertainty apart (`lift`), as all places share it.
    """
    spec = whole.model.layout.spec.subpopulations
    assert spec is not None
    theta = np.asarray(whole.draws.seen["theta"][at], float).reshape(-1, whole.model.own.size)
    taught = whole.model.own.split(theta)
    means, widths = [], []
    for name, shape in model.own.shapes.items():
        centre, width = np.zeros(shape), np.ones(shape)
        if name in taught and name not in OWN and not name.startswith("migration") and np.prod(shape) > 0:
            own = taught[name][(slice(None), *(slice(0, n) for n in shape))]
            between = 1.0 if name.startswith("shock") else spec.between_sd
            spread = 0.0 if name in COMPLETENESS else own.std(0)
            centre, width = own.mean(0), np.sqrt(spread**2 + between**2) * np.ones(shape)
        means.append(np.ravel(centre))
        widths.append(np.ravel(width))
    names = model.own.names()
    lift = np.zeros((model.own.size, SHARED))
    rows = [names.index(name) for name in COMPLETENESS if name in names]
    if len(rows) == SHARED:
        lift[rows] = shared_factor(whole, at)[1]
    return {"at": np.concatenate(means), "by": np.concatenate(widths), "lift": lift}


def shared_factor(whole: Fit, at: int) -> tuple[Floats, Floats]:
    """Return the mean [2] and a factor [2, 2] of the whole's posterior of the two completenesses."""
    theta = np.asarray(whole.draws.seen["theta"][at], float).reshape(-1, whole.model.own.size)
    both = np.stack([whole.model.own.split(theta)[name] for name in COMPLETENESS], axis=-1)
    return both.mean(0), np.linalg.cholesky(np.cov(both.T))
