"""A fit as a posterior: each scenario apart, judged by the gates, with what its excess deaths depend on."""

import json
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dearth.case.read import Case
from dearth.numerics.hmc import Draws, Settings
from dearth.numerics.interval import Interval, interval
from dearth.reconstruction.candidate_measurements import CANDIDATES, When
from dearth.reconstruction.census_tables import DEATH_GROUPS
from dearth.reconstruction.coherence import coherence
from dearth.reconstruction.compiled import one
from dearth.reconstruction.convergence_gates import diagnostics, refusals, where_diverged
from dearth.reconstruction.draws_of_fit import joint_draws
from dearth.reconstruction.encompassing import encompassing, prior_of_shares
from dearth.reconstruction.fit import SETTINGS, Fit, fit
from dearth.reconstruction.generated_quantities import GROUP_AGES, GROUPS
from dearth.reconstruction.judgement import JUDGED, Judgement, departures, judge
from dearth.reconstruction.measurement_results import Settling
from dearth.reconstruction.own_units import own_units
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.reconstruction.posterior_tables import (
    AgeOfYear,
    BirthDeficit,
    Completeness,
    Encompassing,
    Migration,
    PyramidRow,
    SourcePrediction,
    WithoutSource,
    YearRates,
)
from dearth.reconstruction.predictions import (
    Terms,
    predicted_terms,
    prediction_of_source,
    predictive_check,
)
from dearth.reconstruction.prior_predictive_check import outside
from dearth.reconstruction.sampling import Progress, silent
from dearth.reconstruction.scenarios import registrations
from dearth.reconstruction.sensitivity import flat, prior_posterior, variance_shares
from dearth.reconstruction.subpopulation_summary import of_rest, place_posteriors
from dearth.reconstruction.subpopulations import Parts, fit_parts
from dearth.reconstruction.unknown_labels import labels
from dearth.reconstruction.value_of_measurements import narrowing, settling

Floats = NDArray[np.float64]
PRIOR_DRAWS = 200_000  # of the encompassing prior: its mass in a region is then known to 1 %
COMPLETENESS = ("completeness_normal", "completeness_crisis", "birth_completeness")


def fit_posterior(
    case: Case, *, settings: Settings = SETTINGS, leave_one_out: bool = True, places: bool = True,
    progress: Progress = silent, keep: Path | None = None, keep_chains: bool = False,
) -> Posterior:  # fmt: skip
    """Fit a case, its whole and its places, and summarise the draws.

    Parameters
    ----------
    keep : folder of the chains while they are drawn; a fit that was killed goes on from there
    keep_chains : leave the chains in that folder after the fit

    Raises
    ------
    CaseError
        When the case lacks what a reconstruction needs.
    """
    made = fit(case, settings=settings, leave_one_out=leave_one_out, progress=progress, keep=keep)
    found = summarise(made, fit_parts(made) if places else None)
    if not keep_chains:
        made.keeper.clear()
    return found


def summarise(fit: Fit, parts: Parts | None = None) -> Posterior:
    """Return the posterior of a fit, and of its places where they were fitted."""
    scenarios = [_scenario(fit, at, name, parts) for at, name in enumerate(fit.scenarios)]
    printed = [at for at, one in enumerate(scenarios) if not one.refused]
    settings = json.loads(json.dumps(asdict(fit.settings)))
    draws = joint_draws(fit, parts, printed) if printed else None
    seed = fit.settings.seed + 8
    if draws is not None:
        scenarios = [
            replace(one, coherence=None if one.refused else coherence(fit.case, draws, one.name, seed + at))
            for at, one in enumerate(scenarios)
        ]
    return Posterior(
        scenarios, list(fit.years), settings, _settling(fit, printed),
        None if fit.inputs.placebo is None else fit.inputs.placebo.table(),
        _encompassing(fit, printed),
        next((one.coherence for one in scenarios if one.coherence is not None), None),
        draws=draws,
    )  # fmt: skip


def _scenario(fit: Fit, at: int, name: str, parts: Parts | None) -> ScenarioPosterior:
    judged = judge(fit.model, one(fit.data, at), fit.draws, at)
    found, refused = judged.diagnostics, judged.refused
    note = fit.model.layout.spec.scenarios[name].note
    if refused:
        return ScenarioPosterior(name, note, found, refused, warnings(fit, at, judged), checks(fit, at))

    def of(quantity: str) -> Interval:
        return interval(flat(fit, at, quantity))

    places, places_sum = ([], None) if parts is None else place_posteriors(fit, parts, at)
    gross, recovered = flat(fit, at, "gross"), flat(fit, at, "recovered")
    by_year, by_age = flat(fit, at, "by_year"), flat(fit, at, "by_age")
    return ScenarioPosterior(
        name, note, found, refused, [*warnings(fit, at, judged), *of_rest(places_sum)],
        checks(fit, at),
        departures(judged.migration_share, flat(fit, at, "migration")),
        trial_record=None,  # looked up when the posterior is read
        excess_deaths=of("excess"),
        prior_excess_deaths=interval(fit.prior["excess"][at].reshape(-1)),
        by_year={str(fit.years[i]): interval(by_year[:, i]) for i in fit.model.crisis},
        by_age={group: interval(by_age[:, i]) for i, group in enumerate(GROUPS)},
        by_year_and_age=_by_year_and_age(fit, at),
        birth_deficit=BirthDeficit(
            interval(gross), interval(recovered), interval(gross - recovered), of("gross_social")
        ),
        migration=Migration(of("migration")),
        completeness=Completeness(*(interval(np.round(flat(fit, at, key), 12)) for key in COMPLETENESS)),
        counterfactual_deaths=of("counterfactual"),
        identity_max_persons=float(np.abs(flat(fit, at, "identity")).max()),
        infant_mortality_before=of("infant_mortality"),
        rates=_rates(fit, at),
        pyramid=_pyramid(fit, at),
        variance_shares=variance_shares(fit, at),
        prior_posterior=prior_posterior(fit, at),
        measurements=narrowing(_kept(fit, at), _when(fit)),
        leave_one_source_out=[_without_source(draws, at, source) for source, draws in fit.dropped.items()],
        predictive=[_predictive(fit, at, source, draws) for source, draws in fit.dropped.items()],
        predicted_figures=predictive_check(fit.model, _terms(fit, at, fit.draws), fit.settings.seed + 5),
        places=places,
        places_sum=places_sum,
    )  # fmt: skip


def _terms(fit: Fit, at: int, draws: Draws) -> Terms:
    return predicted_terms(fit.model, one(fit.data, at), np.asarray(draws.seen["theta"][at], float))


def _predictive(fit: Fit, at: int, source: str, draws: Draws) -> SourcePrediction:
    """Return how well a scenario predicts a source that it was fitted without."""
    refused = bool(refusals(diagnostics(draws, at, JUDGED)))
    return prediction_of_source(source, _terms(fit, at, draws), refused)


def _encompassing(fit: Fit, printed: list[int]) -> Encompassing | None:
    """Return what the encompassing scenario says of the others, where one is declared and printed."""
    spec = fit.model.layout.spec
    wide = [at for at in printed if spec.scenarios[fit.scenarios[at]].encompassing]
    if not wide:
        return None
    at = wide[0]
    forms = registrations(fit.case, spec)
    name = fit.scenarios[at]
    own = own_units(fit.model, one(fit.data, at), flat(fit, at, "theta"))
    places = [labels(fit.model).index(share) for share in ("completeness_normal", "completeness_crisis")]
    rng = np.random.default_rng(fit.settings.seed + 6)
    normal, crisis = forms[name].completeness_normal, forms[name].completeness_crisis
    prior = (prior_of_shares(normal, rng, PRIOR_DRAWS), prior_of_shares(crisis or normal, rng, PRIOR_DRAWS))
    others = {other: form for other, form in forms.items() if other != name}
    return encompassing(name, prior, (own[:, places[0]], own[:, places[1]]), others)


def _kept(fit: Fit, at: int) -> dict[str, Floats]:
    """Return what the candidate measurements need of one scenario [draw, ...], as far as it is kept."""
    needed = {"excess"} | {key for candidate in CANDIDATES for key in candidate.needs}
    return {name: flat(fit, at, name) for name in sorted(needed & set(fit.draws.seen))}


def _when(fit: Fit) -> When:
    return When(fit.years, fit.model.layout.crisis)


def _settling(fit: Fit, printed: list[int]) -> list[Settling]:
    """Return for every pair of printed scenarios how well each measurement would distinguish them."""
    return [
        row
        for a, b in combinations(printed, 2)
        for row in settling(_kept(fit, a), _kept(fit, b), (fit.scenarios[a], fit.scenarios[b]), _when(fit))
    ]


def _rates(fit: Fit, at: int) -> list[YearRates]:
    """Return by year the true rates (per 1000) and deaths, and the deaths registered."""
    deaths, births, people = (flat(fit, at, name) for name in ("deaths", "births", "people"))
    return [
        YearRates(
            year, interval(1000 * deaths[:, i] / people[:, i]), interval(1000 * births[:, i] / people[:, i]),
            interval(deaths[:, i]), interval(births[:, i]), _plain(fit.inputs.figures.deaths[i]),
        )
        for i, year in enumerate(fit.years)
    ]  # fmt: skip


def _by_year_and_age(fit: Fit, at: int) -> list[AgeOfYear]:
    """Return by year and age group deaths, those in excess, and those registered in their year."""
    deaths, in_their_year, excess = (
        flat(fit, at, name) for name in ("deaths_by_year_age", "registered_by_year_age", "by_year_age")
    )
    crisis = {int(year): i for i, year in enumerate(fit.model.crisis)}
    registered = fit.inputs.figures.deaths_by_age
    own = np.searchsorted(GROUP_AGES, DEATH_GROUPS[: registered.shape[2]], "right") - 1
    return [
        AgeOfYear(
            year, group, interval(deaths[:, y, a]),
            interval(excess[:, crisis[y], a]) if y in crisis else None,
            interval(in_their_year[:, y, a]), _plain(registered[y][:, own == a].sum()),
        )
        for y, year in enumerate(fit.years) for a, group in enumerate(GROUPS)
    ]  # fmt: skip


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _pyramid(fit: Fit, at: int) -> list[PyramidRow]:
    """Return medians of persons by sex and age at the end, as it was and without the crisis."""
    was, without = (np.median(flat(fit, at, name), axis=0) for name in ("pyramid", "pyramid_without"))
    return [
        PyramidRow(sex, age, float(was[s, age]), float(without[s, age]))
        for s, sex in enumerate(("female", "male"))
        for age in range(was.shape[1])
    ]


def _without_source(draws: Draws, at: int, source: str) -> WithoutSource:
    found = diagnostics(draws, at, JUDGED)
    refused = refusals(found)
    excess = np.asarray(draws.seen["excess"][at], float).reshape(-1)
    return WithoutSource(source, found, refused, None if refused else interval(excess))


def warnings(fit: Fit, at: int, judged: Judgement) -> list[str]:
    """Return what readers of a scenario must know: where prior and records disagree."""
    return [*judged.warnings, *_infants(fit, at)]


def checks(fit: Fit, at: int) -> list[str]:
    """Return what makers of a case must know: records outside the prior's reach, where paths diverged."""
    diverged = where_diverged(fit.draws.diverged[at], _own(fit, at), labels(fit.model))
    return [*outside(fit.inputs, fit.prior, at), *diverged]


def _own(fit: Fit, at: int) -> Floats:
    """Return the draws of a scenario [chain, draw, unknown], each unknown in its own unit."""
    chains = np.asarray(fit.draws.seen["theta"][at]).shape[:2]
    return own_units(fit.model, one(fit.data, at), flat(fit, at, "theta")).reshape(*chains, -1)


def _infants(fit: Fit, at: int) -> list[str]:
    """Warn where normal infant mortality contradicts the figure the case declares."""
    declared = fit.case.settings.infant_mortality
    if declared is None:
        return []
    low, high = interval(flat(fit, at, "infant_mortality")).ends
    if low <= declared.value <= high:
        return []
    return [f"infant mortality before the crisis comes out at {1000 * low:.0f}-{1000 * high:.0f} per 1000 "
            f"births, the case holds {1000 * declared.value:.0f}"]  # fmt: skip
