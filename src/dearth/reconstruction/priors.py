"""Priors by name: what the case declares, else these, each `assumed` unless it names a source."""

from dearth.case.problems import did_you_mean, mistake
from dearth.case.schema import Prior, Reconstruction


def _normal(mean: float, sd: float, note: str, source: str = "assumed") -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, source=source, note=note)


DEFAULTS: dict[str, Prior] = {
    "mortality_level_child": _normal(
        0, 0.3, "log of normal death rates under 15 over the pattern, in the pattern's year"
    ),
    "mortality_level_adult": _normal(0, 0.3, "the same from 15 up"),
    "mortality_trend_child": _normal(-0.03, 0.02, "change of its log a year"),
    "mortality_trend_adult": _normal(-0.015, 0.015, "change of its log a year"),
    "mortality_decline_later_child": _normal(0.04, 0.02, "fall of the log a year after the last year"),
    "mortality_decline_later_adult": _normal(0.025, 0.015, "the same from 15 up"),
    "mortality_decline_later_age": _normal(
        0, 0.008, "how it departs from these, by sex at four ages between"
    ),
    "mortality_age": _normal(
        0, 0.15, "log of normal death rates over the pattern and its level, by sex at nine ages between"
    ),
    "mortality_year": _normal(
        0, 0.06, "log deviation of a normal year, children and adults apart: quiet years differ by 4-11 %"
    ),
    "start_cohort": _normal(
        0, 0.05, "log of a cohort of the start over its given size, both sexes, at every fifth age between"
    ),
    "shock_year": _normal(0, 0.8, "log of crisis over normal deaths, a year; symmetric about none"),
    "shock_age": _normal(0, 0.4, "how much more or less an age group answers to the shock, over the shock"),
    "shock_year_age": _normal(0, 0.2, "the same, by year and age group"),
    "fertility_level": _normal(1.75, 0.25, "log of total fertility in normal years"),
    "fertility_trend": _normal(0, 0.01, "change of its log a year"),
    "fertility_year": _normal(0, 0.08, "log deviation of a year"),
    "fertility_social": _normal(-0.13, 0.06, "log change by separation and labour drives, apart from hunger"),
    "fertility_hunger": _normal(
        0.5, 0.3, "fall of log fertility per unit of log shock, conceived 9 months before"
    ),
    "fertility_rebound": _normal(0.12, 0.12, "log rise in each of the four years after the crisis"),
    "migration": _normal(0, 0.0005, "net migrants a year over people"),
    "stock_error_step": _normal(0, 0.004, "yearly step of the log error of registered stocks"),
    "stock_error_start": _normal(0, 0.01, "log error of the first registered stock"),
    "completeness_women": _normal(0, 0.2, "log odds of booking a woman's death over a man's"),
    "completeness_infant": _normal(
        0, 0.5, "log odds of booking an infant's death over one at 15-59, apart from omitted births"
    ),
    "completeness_child": _normal(0, 0.4, "log odds of booking a death at 1-14 over one at 15-59"),
    "completeness_old": _normal(0, 0.3, "log odds of booking a death from 60 up over one at 15-59"),
    "birth_completeness_crisis": _normal(0, 0.4, "log odds of booking a birth in the crisis over before"),
    "infant_coupling": _normal(1, 0.3, "1: infants of omitted births are omitted among the dead too"),
    "deaths_noise": _normal(0.03, 0.006, "sd of the log of registered deaths about expectation"),
    "births_noise": _normal(0.04, 0.012, "sd of the log of registered births about expectation"),
    "age_noise": _normal(
        0.08, 0.04, "sd of the log of registered deaths of a sex and age about their share, beyond chance"
    ),
}


def priors(spec: Reconstruction) -> dict[str, Prior]:
    """Return the prior of every name, the case's before the default.

    Raises
    ------
    CaseError
        A name that is no unknown of the model.
    """
    for name, prior in spec.priors.items():
        if name not in DEFAULTS:
            raise mistake("case.yaml", f"no unknown is called '{name}'{did_you_mean(name, list(DEFAULTS))}",
                          field="reconstruction.priors")  # fmt: skip
        if prior.dist != "normal":
            raise mistake("case.yaml", f"the prior of {name} is {prior.dist}; here it must be normal",
                          field="reconstruction.priors")  # fmt: skip
    return {**DEFAULTS, **spec.priors}


def shares(prior: Prior | float | None) -> tuple[float, float, float]:
    """Return (low, mode, high) of a share's prior; a uniform one has a mode of -1, a fixed value no width."""
    if prior is None:
        return 0.0, -1.0, 0.0
    if isinstance(prior, float | int):
        return float(prior), -1.0, float(prior)
    if prior.dist == "triangular":
        return prior.low, prior.mode, prior.high  # type: ignore[return-value]
    if prior.dist == "uniform":
        return prior.low, -1.0, prior.high  # type: ignore[return-value]
    raise mistake("case.yaml", f"a {prior.dist} prior of a share; use triangular or uniform",
                  field="reconstruction.scenarios")  # fmt: skip
