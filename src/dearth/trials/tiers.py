"""Tiers of data quality, 1 (best) to 7: what each does to the records, and what the estimator expects.

The estimator is the reconstruction itself, with its neutral priors and no opinion about registration.
"""

from dataclasses import dataclass
from typing import Any

from dearth.case.schema import Census, Migration, Prior, Reconstruction
from dearth.reconstruction.priors import ShareForm, shares
from dearth.reconstruction.scenarios import Registration
from dearth.trials.age_tables import AGE_SD, COUNT_OF, GROWTH, MEAN_AGE, MORTALITY
from dearth.trials.full_records import BEFORE, LATER_COUNT, SECOND_COUNT, YEARS
from dearth.trials.like import Like

START = 2000  # every trial is put in the same years, so that all share one compiled program


@dataclass(frozen=True)
class Tier:
    """One tier: what its records lack by letters, which also say what the estimator expects."""

    number: int
    letters: str
    what: str

    @property
    def counted(self) -> bool:
        """Whether counts take the place of yearly stocks."""
        return "C" in self.letters

    @property
    def later(self) -> bool:
        """Whether a later count and a survey of births are available."""
        return "S" in self.letters


TIERS: dict[int, Tier] = {
    1: Tier(1, "A", "totals of a full register, no ages"),
    2: Tier(2, "AR", "deaths registered in part"),
    3: Tier(3, "ARK", "and fewer of them in the crisis"),
    4: Tier(4, "ARKBC", "births registered in part, two censuses in place of yearly stocks"),
    5: Tier(5, "ARKBCS", "with a later census and a survey of births"),
    6: Tier(6, "PARKBCS", "and the registers of the region hit worst are lost"),
    7: Tier(7, "", "any of the six, with migration, late registration or capped reports beyond the priors"),
}
BEYOND = "MLF"  # what tier 7 adds, one of them
NO_OPINION = Prior(
    dist="logit_normal", mean=0.75, sd=1.5, source="assumed", note="0.3 to 0.98 (95 %): no opinion"
)
# errors of those under five in a count: left out, put a year up or down, or reckoned from births; assumed
SMALL_CHILDREN_SD = 0.1


def normal(mean: float, sd: float) -> Prior:
    """Return a normal prior."""
    return Prior(dist="normal", mean=mean, sd=sd, source="assumed")


def registration(tier: Tier, like: Like | None = None) -> Registration:
    """Return what the estimator of a tier assumes of registration: complete, or no opinion.

    With `like`, what a scenario of that case says.
    """
    if like is not None:
        return like.registration
    full, unknown = shares(1.0), shares(NO_OPINION)
    crisis: ShareForm | None = unknown if "K" in tier.letters else None
    births = unknown if "B" in tier.letters else full
    return Registration(unknown if "R" in tier.letters else full, crisis, shares(None), shares(None), births)


def specification(tier: Tier, like: Like | None = None) -> Reconstruction:
    """Return what the estimator assumes of records of a tier; figures come apart, as arrays.

    No prior is declared, so the neutral ones apply; with `like`, those that this case declares.
    """
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
    births: Prior | float = NO_OPINION if "B" in tier.letters else 1.0
    own: dict[str, Any] = {"migration": Migration(), "birth_completeness": births}
    if like is not None:
        own = {"migration": like.migration, "birth_completeness": like.birth_completeness,
               "priors": like.priors, "late_from": f"{START}-{START + BEFORE - 1}"}  # fmt: skip
    return Reconstruction.model_validate({
        "register": "trial", "years": f"{START}-{START + YEARS - 1}", "start": {**start, "source": "assumed"},
        "mortality": {"siler": {**MORTALITY, "source": "assumed"}},
        "fertility": {"mean_age": MEAN_AGE, "age_sd": AGE_SD}, "stocks_sd": 0.005,
        "total_fertility_sd": 0.025, "censuses": counts, **own,
        "scenarios": {"trial": {"completeness": "trial"}},
    })  # fmt: skip


def _count(name: str, years: int, coverage_sd: float, group_sd: float, source: str) -> Census:
    return Census.model_validate({
        "series": name, "count": COUNT_OF[name], "variable": "people", "date": float(START + years),
        "group_sd": group_sd, "coverage": normal(1.0 - coverage_sd / 3, coverage_sd),
        "evidence_source": source, "source": "assumed",
    })  # fmt: skip
