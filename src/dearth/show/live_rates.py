"""What the page needs to compute the rate method itself: a register, baselines by name, and marks."""

from typing import Any

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Floats
from dearth.case.years import UNDATED, format_years, parse_years, window_years
from dearth.estimate.baselines import parse_baseline, refuse_years
from dearth.estimate.choices import default_choice
from dearth.estimate.estimates import Estimates
from dearth.population.vital_registration import VitalRegister, read_register
from dearth.show.language import Language
from dearth.show.published_lines import published_lines


def live_rates(made: Estimates, say: Language) -> dict[str, Any] | None:
    """Return the figures of the default register for the controls of the page; None where there are none.

    Deaths and births in persons as registered, rates per 1000 as registered, completeness as shares. The page
    computes ``E = sum (CDR_t / k_t - B_t) P_t / 1000`` from them, with normal rates on the corrected series.
    """
    window = made.case.settings.window
    if made.default is None or window == UNDATED or "/" in window:
        return None
    register = read_register(made.case, default_choice(made.case).series)
    crisis = window_years(window)
    if register.counts or register.within_years or not set(crisis) <= set(register.dead):
        return None
    share = _number(made.default.choice.completeness.spec.normal)
    inside = _number(made.default.choice.completeness.spec.crisis)
    return {
        "register": say.name(labels.of(made.case).series(register.name)),
        "years": list(register.years), "crisis": list(crisis),
        "deaths": _list(register.deaths), "births": _list(register.births),
        "people": _list(register.person_years), "death_rate": _list(register.death_rate),
        "birth_rate": _list(register.birth_rate),
        "windows": [format_years(one) for one in _windows(made, register)],
        "presets": _presets(made, register, crisis, say),
        "deficit": _deficit(made, register),
        "start": {
            "before": share, "famine": inside if inside is not None else share, "births": 1.0,
            "normal": made.default.choice.baseline.name, "window": format_years(parse_years(window)),
        },
        "marks": _marks(made, say),
    }  # fmt: skip


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _list(values: Floats) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in values]


def _windows(made: Estimates, register: VitalRegister) -> list[tuple[int, ...]]:
    settings = made.case.settings
    found = [parse_years(settings.window), *(parse_years(w) for w in settings.other_windows if "/" not in w)]
    return [one for one in found if set(one) <= set(register.dead)]


def _presets(
    made: Estimates, register: VitalRegister, crisis: tuple[int, ...], say: Language
) -> list[dict[str, Any]]:
    names, found = labels.of(made.case), []
    for text in made.case.settings.baselines:
        one = parse_baseline(text)
        if not refuse_years(one, crisis, register.rated, register.held_out):
            found.append({"name": one.name, "label": say.name(names.baseline(one.name)), "kind": one.kind,
                          "years": list(one.years), "rate": one.rate})  # fmt: skip
    return found


def _deficit(made: Estimates, register: VitalRegister) -> dict[str, Any] | None:
    """Return the years of the birth deficit and those of normal births; None where births are missing."""
    settings, default = made.case.settings, made.default
    if settings.births is None or default is None:
        return None
    baseline, years = default.choice.birth_baseline, parse_years(settings.births.deficit)
    born = {y for y, b in zip(register.years, register.births, strict=True) if np.isfinite(b)}
    if not set(years) | set(baseline.years) <= born or baseline.kind == "constant":
        return None
    return {"years": list(years), "kind": baseline.kind, "normal": list(baseline.years), "rate": 0.0}


def _marks(made: Estimates, say: Language) -> list[dict[str, Any]]:
    """Return published estimates and scenarios as marks: a label, a value in persons, and their kind."""
    names = labels.of(made.case)
    found = [
        {"label": line.name, "value": line.middle, "kind": "published"}
        for line in published_lines(made.published)
        if not line.estimate.recalled
    ]
    for scenario in made.posterior.printed if made.posterior else []:
        if scenario.excess_deaths is not None:
            label = say.name(names.scenario(scenario.name))
            found.append({"label": label, "value": scenario.excess_deaths.median, "kind": "scenario"})
    if made.default is not None:
        label = say.name(names.series(made.default.choice.series))
        found.append({"label": label, "value": made.default.excess_deaths.median, "kind": "register"})
    return found
