"""Tiers of data quality, 1 (best) to 7: what each does to the records, and what the estimator expects."""

from dataclasses import dataclass
from typing import Any

from dearth.case.schema import Census, Prior, Reconstruction
from dearth.trials.age_tables import AGE_SD, COUNT_OF, GROWTH, MEAN_AGE, MORTALITY
from dearth.trials.full_records import LATER_COUNT, SECOND_COUNT, YEARS

START = 2000  # every trial is told in the same years, so that all share one compiled program


@dataclass(frozen=True)
class Tier:
    """One tier: what its records lack by letters, which also say what the estimator is told to expect."""

    number: int
    letters: str
    what: str

    @property
    def counted(self) -> bool:
        """Whether counts take the place of yearly stocks."""
        return "C" in self.letters

    @property
    def later(self) -> bool:
        """Whether a later count and a survey of births are held."""
        return "S" in self.letters


TIERS: dict[int, Tier] = {
    1: Tier(1, "A", "totals of a full register, no ages"),
    2: Tier(2, "AR", "deaths booked in part"),
    3: Tier(3, "ARK", "and fewer of them in the crisis"),
    4: Tier(4, "ARKBC", "births booked in part, two counts in place of stocks"),
    5: Tier(5, "ARKBCS", "with a later count and a survey of births"),
    6: Tier(6, "PARKBCS", "and the books of the region hit worst are lost"),
    7: Tier(7, "", "any of the six, with migration, late booking or capped reports beyond the priors"),
}
BEYOND = "MLF"  # what tier 7 adds, one of them


def normal(mean: float, sd: float, note: str = "") -> Prior:
    """Return a normal prior."""
    return Prior(dist="normal", mean=mean, sd=sd, source="assumed", note=note)


def uniform(low: float, high: float) -> Prior:
    """Return an even prior of a share."""
    return Prior(dist="uniform", low=low, high=high, source="assumed")


MIGRATION_LEVEL_SD = 0.005  # of net migrants a year over people, common to all years; assumed: 0 to 1 % left
HABIT = 0.7  # correlation of the shares booked in quiet years and in the crisis, as normal scores; assumed
# errors of those under five in a count: left out, put a year up or down, or reckoned from births; assumed
SMALL_CHILDREN_SD = 0.1
PRIORS: dict[str, Prior] = {
    "mortality_level_child": normal(0, 0.4), "mortality_level_adult": normal(0, 0.4),
    "mortality_trend_child": normal(0, 0.015), "mortality_trend_adult": normal(0, 0.015),
    "mortality_age": normal(0, 0.15), "mortality_year": normal(0, 0.14),
    "mortality_decline_later_child": normal(0.005, 0.01),
    "mortality_decline_later_adult": normal(0.005, 0.01),
    "completeness_infant": normal(-0.4, 0.5, "infants are booked worse wherever that was looked into"),
    "fertility_level": normal(1.45, 0.3), "fertility_social": normal(0, 0.001),
    "fertility_year": normal(0, 0.06), "fertility_hunger": normal(0.4, 0.3),
    "fertility_rebound": normal(0.05, 0.1), "migration": normal(0, 0.002),
    "deaths_noise": normal(0.02, 0.005), "births_noise": normal(0.02, 0.005),
    "stock_error_start": normal(0, 0.001), "stock_error_step": normal(0, 0.0005),
    "mortality_decline_later_age": normal(0, 0.008), "start_cohort": normal(0, 0.05),
    "shock_year": normal(0, 0.8), "shock_age": normal(0, 0.4), "shock_year_age": normal(0, 0.2),
    "fertility_trend": normal(0, 0.01), "completeness_women": normal(0, 0.2),
    "completeness_child": normal(0, 0.4), "completeness_old": normal(0, 0.3),
    "birth_completeness_crisis": normal(0, 0.4), "infant_coupling": normal(1, 0.3),
    "age_noise": normal(0.08, 0.04),
}  # fmt: skip


def deaths_prior(tier: Tier) -> tuple[Prior | float, Prior | None]:
    """Return the prior of completeness outside and inside the crisis, None where it is the same."""
    if "R" not in tier.letters:
        return 1.0, None
    return uniform(0.5, 1.0), None if "K" not in tier.letters else uniform(0.25, 1.0)


def specification(tier: Tier) -> Reconstruction:
    """Return what the estimator is told of records of a tier; figures come apart, as arrays."""
    counts = []
    if tier.counted:
        counts.append(_count("second", SECOND_COUNT, 0.012, 0.035, "intercensal_closure"))
        counts.append(_count("small", SECOND_COUNT, 0.012, SMALL_CHILDREN_SD, "children_counted"))
    if tier.later:
        # looser than ages are counted: epidemics take one age in one year, the first count errs too
        counts.append(_count("born", LATER_COUNT, 0.004, 0.025, "children_counted"))
        counts.append(_count("alive", LATER_COUNT, 0.004, 0.03, "cohort_survival"))
    start: dict[str, Any] = {"growth": GROWTH, "group_sd": 0.15, "total_sd": 0.003}
    if tier.counted:
        start = {"series": "first", "variable": "people", "year": START, "group_sd": 0.04, "total_sd": 0.012}
    births = uniform(0.75, 1.0) if "B" in tier.letters else 1.0
    return Reconstruction.model_validate({
        "register": "trial", "years": f"{START}-{START + YEARS - 1}", "start": {**start, "source": "assumed"},
        "mortality": {"siler": {**MORTALITY, "source": "assumed"}},
        "fertility": {"mean_age": MEAN_AGE, "age_sd": AGE_SD}, "stocks_sd": 0.005,
        "total_fertility_sd": 0.025, "censuses": counts, "birth_completeness": births,
        "scenarios": {"trial": {"completeness": "trial"}}, "priors": PRIORS,
    })  # fmt: skip


def _count(name: str, years: int, coverage_sd: float, group_sd: float, tier: str) -> Census:
    return Census.model_validate({
        "series": name, "count": COUNT_OF[name], "variable": "people", "date": float(START + years),
        "group_sd": group_sd,
        "coverage": normal(1.0 - coverage_sd / 3, coverage_sd), "evidence_source": tier, "source": "assumed",
    })  # fmt: skip
