"""The estimator of mortality surveys: every survey of a case, its rates and its excess deaths."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.case.schema_surveys import SurveyFile
from dearth.estimate.progress import Progress
from dearth.estimate.surveys.baseline_rates import looked_up
from dearth.estimate.surveys.estimates import (
    ALL,
    CRUDE,
    UNDER_FIVE,
    WITH_TIME,
    SurveyEstimates,
    SurveyRate,
    check_design,
    survey_estimates,
)
from dearth.estimate.surveys.excess import SurveyExcess
from dearth.estimate.surveys.losses import FORGOTTEN, TITLES
from dearth.estimate.surveys.modelled import LossPart, ModelledRate, WithDissolved, WithLosses
from dearth.estimate.surveys.monthly import MonthlyRates
from dearth.estimate.surveys.persons import persons_of, unknown_sources
from dearth.estimate.surveys.plausibility import PlausibilityCheck
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons, span

FEW_CLUSTERS = 25  # fewer: the t interval of a ratio is known to be too narrow now and then (assumed)
APART = 1.5  # times as wide as the other: linearised and bootstrap interval disagree (assumed)


@dataclass(frozen=True)
class SurveysResult:
    """What the surveys of a case say.

    Attributes
    ----------
    own_baselines : whether a baseline is taken from a survey itself
    """

    surveys: tuple[SurveyEstimates, ...]
    warnings: tuple[str, ...]
    own_baselines: bool = False
    key: str = "surveys"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a survey, outcome, group and way of counting deaths, as JSON has it."""
        return [_row(survey, rate) for survey in self.surveys for rate in survey.rates]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences of the answer: crude and under-five rates, and excess deaths."""
        return tuple(text for survey in self.surveys for text in _sentences(survey))

    @property
    def gives_excess(self) -> bool:
        """Whether a survey has a baseline and a population."""
        return any(rate.excess for survey in self.surveys for rate in survey.rates)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What every survey assumes, one sentence each."""
        found = [
            "survey: the households interviewed represent all households; a survey misses households that "
            "dissolved after deaths",
            "survey: clusters were drawn with replacement, or are few among many",
        ]
        if not all(survey.weighted for survey in self.surveys):
            found.append("survey: without weights every person had the same chance to be drawn")
        if self.gives_excess:
            found.append("survey: population and days are taken as exact; the rate applies to all of them")
        if self.own_baselines:
            found.append(
                "survey: a baseline from the survey itself (neighbours, days before the crisis) was normal "
                "there; deaths long ago are forgotten more, which makes a rate before the crisis too low"
            )
        if any(rate.model for survey in self.surveys for rate in survey.rates):
            found.append(
                "survey model: clusters' rates have a gamma distribution, districts' log rates a normal "
                "one; what the survey loses (dissolved or departed households, forgotten deaths, newborns, "
                "places without access) enters only where the case declares a prior of it, and the table of "
                "persons cannot change that prior"
            )
        if any(survey.monthly for survey in self.surveys):
            found.append(
                "survey by month: log rates are correlated in time, and every month has the design effect of "
                "the whole; how fast recall fades is a prior, which the table of persons hardly changes "
                "(assumed)"
            )
        return tuple(found)


class SurveyEstimator:
    """Death rates of the surveys that a case names."""

    name = "survey"
    title = "Mortality survey"
    formula = "R = sum(w d) / sum(w t); var R = sum_h n_h / (n_h - 1) sum_i (z_hi - mean z_h)^2; R +- t se"
    text = (
        "d are deaths, t days at risk, w weights; z are sums of w (d - R t) / sum(w t) over a cluster i of "
        "stratum h. t has as many degrees of freedom as clusters less strata. Excess deaths are "
        "(R - baseline) x people x days; the interval joins those of both rates. The model-based rate has "
        "clusters with gamma distributed rates (deaths negative binomial) and districts around a common mean."
    )
    sources = ("sarndal1992", "rao_wu1988", "donner_zou2012", "ipc2016")
    needs = "a table of persons with household, cluster, deaths and time at risk"

    def fits(self, case: Case) -> bool:
        """Return whether the case names a survey."""
        return bool(case.settings.surveys)

    def problems(self, case: Case) -> list[Problem]:
        """Return unknown sources, the mistakes and warnings of every file, and designs without a variance."""
        found = unknown_sources(case)
        for name, spec in case.settings.surveys.items():
            try:
                spec = looked_up(case, spec)
                people = persons_of(case, spec)
                found += people.notices
                check_design(name, spec, people)
            except CaseError as error:
                found += error.problems
        return found

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> SurveysResult:
        """Return the rates of every survey of the case.

        Raises
        ------
        CaseError
            When a file or a design is wrong; names every mistake.
        """
        wrong = unknown_sources(case)
        if wrong:
            raise CaseError(wrong)
        found, warnings = [], []
        for name, spec in case.settings.surveys.items():
            progress(f"survey {name}")
            spec = looked_up(case, spec)
            people = persons_of(case, spec)
            made = survey_estimates(name, spec, people, seed=seed, quick=quick)
            found.append(made)
            warnings += [problem.for_readers for problem in people.notices]
            warnings += _warnings(made, spec)
        blocks = case.settings.surveys.values()
        own = any(one.of_survey for spec in blocks for one in spec.baselines.values())
        return SurveysResult(tuple(found), tuple(warnings), own)


def _row(survey: SurveyEstimates, rate: SurveyRate) -> dict[str, Any]:
    one = rate.estimate
    return {
        "name": survey.name,
        "outcome": rate.outcome,
        "label": rate.label,
        "domain": rate.domain,
        "deaths_counted": rate.counted,
        "deaths": one.deaths,
        "person_days": one.person_days,
        "rate_per_10000_day": one.rate.document(),
        "rate_per_1000_year": one.per_1000_year.document(),
        "standard_error": one.standard_error,
        "design_effect": one.design_effect,
        "clusters": one.clusters,
        "df": one.df,
        "bootstrap": None if rate.bootstrap is None else rate.bootstrap.document(),
        "model": None if rate.model is None else _model_row(rate.model),
        "by_month": _months(survey, rate),
        "excess": [_excess_row(excess) for excess in rate.excess],
        "plausibility": [_check_row(check) for check in survey.plausibility],
    }


def _months(survey: SurveyEstimates, rate: SurveyRate) -> dict[str, Any] | None:
    """Return the months of the first rate of all people, and those of each district."""
    if _first(survey, rate):
        return None if survey.monthly is None else survey.monthly.document
    if rate.outcome != CRUDE or rate.domain is None or rate.counted != WITH_TIME:
        return None
    mine = [one.document for one in survey.district_months if one.group == rate.domain]
    return {"months": mine} if mine else None


def _first(survey: SurveyEstimates, rate: SurveyRate) -> bool:
    """Return whether a rate is the first of all deaths and all people, which has the months."""
    return rate is survey.whole(CRUDE)


def _month_sentences(months: MonthlyRates) -> Iterator[str]:
    first, last, ahead = months.months[0], months.months[-1], months.forecast[0]
    yield (
        f"By month the rate went from {interval_text(first.rate)} ({first.start} to {first.end}) to "
        f"{interval_text(last.rate)} ({last.start} to {last.end}); the next 30 days would have "
        f"{interval_text(ahead)} if it goes on as it did."
    )
    if months.held_out:
        inside = sum(one.inside for one in months.held_out)
        yield (
            f"Forecast from the months before, {inside} of {len(months.held_out)} months lay in their 95 % "
            "interval."
        )
    yield (
        f"If deaths are forgotten by {100 * months.decay.median:.1f} % a day (95 % interval "
        f"{100 * months.decay.ends[0]:.1f}-{100 * months.decay.ends[1]:.1f}), the rate of the whole recall "
        f"is {interval_text(months.whole_recall)}. The table of persons cannot distinguish forgetting from a "
        "rate that rises."
    )


def _district_sentences(survey: SurveyEstimates) -> Iterator[str]:
    if not survey.district_months:
        return
    worst = max(survey.district_months, key=lambda one: one.rate.median)
    likely = sum(one.p_above_2 > 0.5 for one in survey.district_months)
    where = worst.group.replace(":", " ")
    yield (
        f"By month and district the highest rate is {interval_text(worst.rate)} in {where} ({worst.start} to "
        f"{worst.end}); 2 per 10,000 a day or more is more likely than not in {likely} of "
        f"{len(survey.district_months)}."
    )


def _model_row(one: ModelledRate) -> dict[str, Any]:
    return {
        "rate_per_10000_day": one.rate.document(), "threshold": one.threshold, "p_above": one.p_above,
        "cluster_cv": one.cluster_cv.document(), "with_dissolved": _dissolved_row(one.with_dissolved),
        "with_losses": _losses_row(one.with_losses),
    }  # fmt: skip


def _losses_row(one: WithLosses | None) -> dict[str, Any] | None:
    if one is None:
        return None
    parts = [
        {"name": part.name, "title": TITLES[part.name], "share": part.share.document(),
         "factor": part.factor.document(), "rate_per_10000_day": part.rate.document()}
        for part in one.parts
    ]  # fmt: skip
    return {"parts": parts, "rate_per_10000_day": one.rate.document(), "p_above": one.p_above}


def _dissolved_row(one: WithDissolved | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"share": one.share.document(), "rate_per_10000_day": one.rate.document(), "p_above": one.p_above}


def _excess_row(one: SurveyExcess) -> dict[str, Any]:
    return {
        "baseline": one.baseline, "title": one.title, "rate": one.rate.document(),
        "baseline_rate": one.baseline_rate.document(),
        "people": one.people, "days": one.days, "excess_deaths": one.excess_deaths.document(),
    }  # fmt: skip


def _check_row(one: PlausibilityCheck) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "score": one.score, "worst": one.worst, "reason": one.reason,
        "sources": list(one.sources),
    }  # fmt: skip


def interval_text(figure: Interval, digits: int = 2) -> str:
    """Return a rate with its interval: ``0.54 (95 % interval 0.41-0.67)``."""
    ends = "" if figure.low is None else f" (95 % interval {figure.low:.{digits}f}-{figure.high:.{digits}f})"
    return f"{figure.median:.{digits}f}{ends}"


def _sentences(survey: SurveyEstimates) -> list[str]:
    found = []
    crude, young = survey.whole(CRUDE), survey.whole(UNDER_FIVE)
    rows = ((crude, "people", ""), (young, "children under five", " of children under five"))
    for one, who, of in rows:
        if one is None:
            continue
        rate = one.estimate
        word = "death" if rate.deaths == 1 else "deaths"
        effect = "" if rate.design_effect is None else f"; design effect {rate.design_effect:.1f}"
        found.append(
            f"The survey '{survey.title}' recorded {rate.deaths:,} {word}{of} in "
            f"{rate.person_days:,.0f} person-days: {interval_text(rate.rate)} deaths per 10,000 {who} a day, "
            f"or {rate.per_1000_year.median:.1f} per 1000 a year ({rate.clusters} clusters{effect})."
        )
    for outcome, who in ((CRUDE, "the rate"), (UNDER_FIVE, "the rate of children under five")):
        model = next((one.model for one in survey.rates if one.outcome == outcome and one.model), None)
        if model is not None:
            found.append(
                f"By the model of clusters {who} is {interval_text(model.rate)}; the probability that it is "
                f"{model.threshold:g} per 10,000 a day or more is {model.p_above:.0%}."
            )
            if (whole := model.with_dissolved) is not None:
                found.append(
                    f"With the deaths of dissolved households ({100 * whole.share.median:.0f} % of all "
                    "deaths, 95 % interval "
                    f"{100 * whole.share.ends[0]:.0f}-{100 * whole.share.ends[1]:.0f}, declared by the "
                    f"case) {who} is {interval_text(whole.rate)}; the probability is {whole.p_above:.0%}."
                )
            if (lost := model.with_losses) is not None:
                named = "; ".join(map(_loss_words, lost.parts))
                found.append(
                    f"With what the case declares that the survey loses ({named}) {who} is "
                    f"{interval_text(lost.rate)}; the probability is {lost.p_above:.0%}."
                )
    found += [] if survey.monthly is None else _month_sentences(survey.monthly)
    found += _district_sentences(survey)
    for excess in () if crude is None else crude.excess:
        figure = excess.excess_deaths
        if crude is not None and excess.rate != crude.estimate.rate:
            found.append(
                f"After the days of the baseline '{excess.title}' the rate is {interval_text(excess.rate)} "
                "per 10,000 a day."
            )
        found.append(
            f"Over the baseline '{excess.title}' ({interval_text(excess.baseline_rate, 3)} per 10,000 a day) "
            f"that is {persons(figure.median)} excess deaths ({span(*figure.ends)}, 95 % interval) among "
            f"{persons(excess.people)} people in {excess.days:,.0f} days."
        )
    return found


def _loss_words(part: LossPart) -> str:
    digits, unit = (2, " % a day") if part.name == FORGOTTEN else (0, " %")
    low, high = (f"{100 * end:.{digits}f}" for end in part.share.ends)
    return f"{TITLES[part.name]} {100 * part.share.median:.{digits}f} ({low}-{high}){unit}"


def _warnings(survey: SurveyEstimates, spec: SurveyFile) -> list[str]:
    found, left_out = [], spec.left_out
    whole = [one for one in survey.rates if one.outcome == CRUDE and one.domain is None]
    first = whole[0].estimate
    if len(whole) > 1:
        both = {one.counted == ALL: one.estimate for one in whole}
        found.append(
            f"{survey.title}: {survey.without_time:,} persons have no person-time, and "
            f"{both[True].deaths - both[False].deaths} of them died. The rate is "
            f"{both[True].rate.median:.3f} with these deaths "
            f"and {both[False].rate.median:.3f} per 10,000 a day without; both are given"
        )
    if survey.no_model:
        found.append(f"{survey.title}: no model-based rate: {survey.no_model}")
        if spec.losses is not None or spec.dissolved_households is not None:
            found.append(f"{survey.title}: the declared losses are parts of the model, so no rate has them")
    if survey.left_out:
        found.append(f"{survey.title}: no rate of {', '.join(survey.left_out)}: the people are in one "
                     "cluster, so the rate has no interval")  # fmt: skip
    if left_out:
        found.append(f"{survey.title}: lines that contradict themselves were left out, {left_out:,} in all")
    if first.clusters < FEW_CLUSTERS:
        found.append(f"{survey.title}: {first.clusters} clusters are few; intervals may be too narrow")
    if first.deaths == 0:
        found.append(f"{survey.title}: no death was recorded; the upper limit is that of a Poisson count and "
                     "has no design in it")  # fmt: skip
    checked = whole[0].bootstrap
    if checked is not None:
        widths = [one.ends[1] - one.ends[0] for one in (first.rate, checked)]
        if max(widths) > APART * min(widths):
            found.append(f"{survey.title}: the rate is {interval_text(first.rate)} by the design and "
                         f"{interval_text(checked)} by the cluster bootstrap; read both")  # fmt: skip
    return found
