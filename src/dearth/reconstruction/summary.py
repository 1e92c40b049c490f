"""The reconstruction as a document: each scenario apart, gated, with what it hangs on."""

from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.read import Case
from dearth.numerics.hmc import Draws, Settings
from dearth.numerics.interval import interval
from dearth.reconstruction.candidate_measurements import CANDIDATES, When
from dearth.reconstruction.census_tables import DEATH_GROUPS
from dearth.reconstruction.convergence_gates import refusals, where_diverged, worst
from dearth.reconstruction.fit import SETTINGS, Fit, fit
from dearth.reconstruction.generated_quantities import GATED, GROUP_AGES, GROUPS
from dearth.reconstruction.prior_predictive_check import outside
from dearth.reconstruction.sampling import Progress, silent
from dearth.reconstruction.sensitivity import (
    conflict_refusals,
    flat,
    prior_data_conflicts,
    prior_posterior,
    variance_shares,
)
from dearth.reconstruction.subpopulation_summary import of_rest, parts_document
from dearth.reconstruction.subpopulations import Parts, fit_parts
from dearth.reconstruction.unknown_labels import labels
from dearth.reconstruction.value_of_measurements import narrowing, settling

Floats = NDArray[np.float64]
COMPLETENESS = {"normal": "completeness_normal", "crisis": "completeness_crisis",
                "births": "birth_completeness"}  # fmt: skip


def diagnostics(draws: Draws, at: int) -> dict[str, float]:
    """Return the worst R-hat and effective sizes of one scenario, and its divergences."""
    held = [np.asarray(draws.seen[name][at], float) for name in (*GATED, "theta")]
    found = worst(held, int(draws.diverged[at].sum()))
    return {**found, "draws": draws.diverged[at].size}


def complete_document(
    case: Case, *, settings: Settings = SETTINGS, leave_one_out: bool = True, places: bool = True,
    progress: Progress = silent, keep: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fit a case, its whole and its places, and return the ``reconstruction`` part of ``estimate --json``.

    Raises
    ------
    CaseError
        When the case lacks what a reconstruction needs.
    """
    made = fit(case, settings=settings, leave_one_out=leave_one_out, progress=progress, keep=keep)
    found = document(made, fit_parts(made) if places else None)
    made.keeper.clear()
    return found


def document(fit: Fit, parts: Parts | None = None) -> dict[str, Any]:
    """Return the ``reconstruction`` part of ``estimate --json``."""
    scenarios = [_scenario(fit, at, name, parts) for at, name in enumerate(fit.scenarios)]
    return {
        "scenarios": scenarios,
        "settling": _settling(fit, [at for at, one in enumerate(scenarios) if not one["refused"]]),
        "placebo": None if fit.given.placebo is None else fit.given.placebo.document(),
        "years": list(fit.given.years),
        "settings": asdict(fit.settings),
        "note": "the scenarios are declared priors of one dispute; they are never averaged",
    }


def _scenario(fit: Fit, at: int, name: str, parts: Parts | None) -> dict[str, Any]:
    found = diagnostics(fit.draws, at)
    refused = [*refusals(found, int(found["draws"])), *conflict_refusals(fit, at)]
    head = {
        "name": name,
        "note": fit.given.spec.scenarios[name].note,
        "diagnostics": found,
        "refused": refused,
    }
    if refused:
        return {**head, "warnings": warnings(fit, at)}

    def of(quantity: str) -> Floats:
        return flat(fit, at, quantity)

    placed = {} if parts is None else parts_document(fit, parts, at)
    years = [str(year) for year in fit.given.years]
    gross, recovered = of("gross"), of("recovered")
    return {
        **head,
        "excess_deaths": interval(of("excess")),
        "prior_excess_deaths": interval(fit.prior["excess"][at].reshape(-1)),
        "by_year": {y: interval(of("by_year")[:, i]) for i, y in enumerate(years) if fit.given.crisis[i]},
        "by_age": {group: interval(of("by_age")[:, i]) for i, group in enumerate(GROUPS)},
        "by_year_and_age": _by_year_and_age(fit, at),
        "birth_deficit": {"gross": interval(gross), "recovered": interval(recovered),
                          "net": interval(gross - recovered),
                          "gross_of_social_decline": interval(of("gross_social"))},
        "migration": {"net": interval(of("migration"))},
        "completeness": {name: interval(np.round(of(key), 12)) for name, key in COMPLETENESS.items()},
        "counterfactual_deaths": interval(of("counterfactual")),
        "identity_max_persons": float(np.abs(of("identity")).max()),
        "infant_mortality_before": interval(of("infant_mortality")),
        "rates": _rates(fit, at),
        "pyramid": _pyramid(fit, at),
        "variance_shares": variance_shares(fit, at),
        "prior_posterior": prior_posterior(fit, at),
        "measurements": narrowing(_kept(fit, at), _when(fit)),
        "leave_one_source_out": [_without_source(draws, at, source) for source, draws in fit.dropped.items()],
        "warnings": [*warnings(fit, at), *of_rest(placed)],
        **placed,
    }  # fmt: skip


def _kept(fit: Fit, at: int) -> dict[str, Floats]:
    """Return what the candidate measurements need of one scenario [draw, ...], as far as it is kept."""
    needed = {"excess"} | {key for candidate in CANDIDATES for key in candidate.needs}
    return {name: flat(fit, at, name) for name in sorted(needed & set(fit.draws.seen))}


def _when(fit: Fit) -> When:
    return When(fit.given.years, fit.given.crisis)


def _settling(fit: Fit, printed: list[int]) -> list[dict[str, Any]]:
    """Return for every pair of printed scenarios how well each measurement would tell them apart."""
    return [
        row
        for a, b in combinations(printed, 2)
        for row in settling(_kept(fit, a), _kept(fit, b), (fit.scenarios[a], fit.scenarios[b]), _when(fit))
    ]


def _rates(fit: Fit, at: int) -> list[dict[str, Any]]:
    """Return by year the true rates (per 1000) and deaths, and the deaths registered."""
    deaths, births, people = (flat(fit, at, name) for name in ("deaths", "births", "people"))
    registered = fit.given.deaths
    return [
        {
            "year": year,
            "cdr": interval(1000 * deaths[:, i] / people[:, i]),
            "cbr": interval(1000 * births[:, i] / people[:, i]),
            "deaths": interval(deaths[:, i]),
            "births": interval(births[:, i]),
            "deaths_registered": float(registered[i]) if np.isfinite(registered[i]) else None,
        }
        for i, year in enumerate(fit.given.years)
    ]


def _by_year_and_age(fit: Fit, at: int) -> list[dict[str, Any]]:
    """Return by year and age group deaths, those in excess, those booked in their year, those registered."""
    deaths, booked, excess = (
        flat(fit, at, name) for name in ("deaths_by_year_age", "registered_by_year_age", "by_year_age")
    )
    crisis = {int(year): i for i, year in enumerate(fit.model.crisis)}
    registered = fit.given.records.deaths_by_age
    own = np.searchsorted(GROUP_AGES, DEATH_GROUPS[: registered.shape[2]], "right") - 1
    return [
        {
            "year": year, "age": group,
            "deaths": interval(deaths[:, y, a]),
            "excess_deaths": interval(excess[:, crisis[y], a]) if y in crisis else None,
            "registered_in_their_year": interval(booked[:, y, a]),
            "registered": _plain(registered[y][:, own == a].sum()),
        }
        for y, year in enumerate(fit.given.years) for a, group in enumerate(GROUPS)
    ]  # fmt: skip


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _pyramid(fit: Fit, at: int) -> list[dict[str, Any]]:
    """Return medians of persons by sex and age at the end, as it was and without the crisis."""
    was, without = (np.median(flat(fit, at, name), axis=0) for name in ("pyramid", "pyramid_without"))
    return [{"sex": sex, "age": age, "people": float(was[s, age]), "without_crisis": float(without[s, age])}
            for s, sex in enumerate(("female", "male")) for age in range(was.shape[1])]  # fmt: skip


def _without_source(draws: Draws, at: int, source: str) -> dict[str, Any]:
    found = diagnostics(draws, at)
    refused = refusals(found, int(found["draws"]))
    toll = np.asarray(draws.seen["excess"][at], float)
    row: dict[str, Any] = {"without": source, "diagnostics": found, "refused": refused}
    row["excess_deaths"] = None if refused else interval(toll.reshape(-1))
    return row


def warnings(fit: Fit, at: int) -> list[str]:
    """Return where records lie outside the prior or pull against it, and where paths diverged."""
    theta = np.asarray(fit.draws.seen["theta"][at], float)
    diverged = where_diverged(fit.draws.diverged[at], theta, labels(fit.model))
    return [*outside(fit.given, fit.prior, at), *prior_data_conflicts(fit, at), *_infants(fit, at), *diverged]


def _infants(fit: Fit, at: int) -> list[str]:
    """Warn where normal infant mortality contradicts the figure the case declares."""
    declared = fit.case.settings.infant_mortality
    if declared is None:
        return []
    found = interval(flat(fit, at, "infant_mortality"))
    low, high = found["low"], found["high"]
    assert low is not None
    assert high is not None
    if low <= declared.value <= high:
        return []
    return [f"infant mortality before the crisis comes out at {1000 * low:.0f}-{1000 * high:.0f} per 1000 "
            f"births, the case holds {1000 * declared.value:.0f}"]  # fmt: skip
