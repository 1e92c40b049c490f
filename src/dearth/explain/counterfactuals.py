"""What another policy would have averted: whole histories with the same weather and the same unknowns.

A counterfactual is a regime of the package or of the case's scenario. Its twin is the history as it was, at
the same draw of the fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import did_you_mean, mistake
from dearth.estimate.progress import Progress
from dearth.explain.problem import FitProblem
from dearth.explain.shares import finite_interval, shares_of
from dearth.explain.targets import excess_deaths
from dearth.numerics.interval import Interval, interval
from dearth.system.regimes import REGIMES, Regime, apply
from dearth.system.scenario import Scenario, own_regimes, settled, timeline
from dearth.system.settings import Change, Settings

Floats = NDArray[np.float64]
AS_IT_WAS = "as_it_was"
AUDITED = (0.05, 0.1, 0.2, 0.4, 0.8)  # chance that an audit shows a commune's true harvest, a season
MONTHS = (1, 3, 6, 12)
# what the centre does with what it knows: nothing new, or quotas that follow the harvest it believes in
PRIORITIES: dict[str, dict[str, float | str]] = {
    "as it was": {},
    "quotas follow the harvest": {"procurement.rule": "flexible"},
}


@dataclass(frozen=True)
class Counterfactual:
    """Excess deaths that another policy would have averted; negative where it would have added some.

    Attributes
    ----------
    averted : of the window, persons
    averted_share : of the excess deaths of the history as it was
    by_year : persons, by year of the window
    by_area : medians, persons, by granary area
    """

    name: str
    summary: str
    averted: Interval
    averted_share: Interval
    by_year: dict[str, Interval]
    by_area: dict[str, float]


@dataclass(frozen=True)
class Information:
    """What better information would have averted, given what the centre does with it.

    Attributes
    ----------
    kind : exact, audits or earlier
    amount : chance of an audit a season, or months; None where the harvest is known exactly
    priority : what the centre does with what it knows, a key of `PRIORITIES`
    """

    kind: str
    amount: float | None
    priority: str
    averted: Interval


def chosen_regimes(scenario: Scenario, names: Sequence[str]) -> list[Regime]:
    """Return the regimes of these names; without names, every regime of the package and of the case.

    Raises
    ------
    CaseError
        When there is no regime of a name.
    """
    known = {one.name: one for one in (*REGIMES, *own_regimes(scenario)) if one.name != AS_IT_WAS}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, len(known))
            raise mistake("--counterfactual", f"there is no regime '{name}'{hint}")
    return [known[name] for name in names or known]


def counterfactuals(
    problem: FitProblem, z: Floats, names: Sequence[str], progress: Progress
) -> list[Counterfactual]:
    """Return what each regime would have averted, over draws `z` [draw, unknown] of a fit.

    Parameters
    ----------
    names : regimes; none = every regime of the package and of the case

    Raises
    ------
    CaseError
        When there is no regime of a name.
    """
    regimes = chosen_regimes(problem.scenario, names)
    was = _deaths(problem, z, problem.runs.settings)
    found = []
    for at, regime in enumerate(regimes):
        changed = settled(problem.scenario, apply(regime, timeline(problem.scenario)))
        found.append(_compared(problem, regime, was, _deaths(problem, z, changed)))
        progress("counterfactuals", (at + 1) / len(regimes))
    return found


def _deaths(problem: FitProblem, z: Floats, settings: Settings) -> Floats:
    """Return excess deaths [draw, year of the window, granary area]."""
    parts = []
    for history in problem.runs(problem.space.given(z, settings)):
        marks = np.arange(len(history.granary_areas)) == history.granary_area[:, None]
        chosen = [year in problem.normal.window for year in history.years]
        parts.append(np.asarray(excess_deaths(history)[:, chosen] @ marks, float))
    return np.concatenate(parts)


def _compared(problem: FitProblem, regime: Regime, was: Floats, now: Floats) -> Counterfactual:
    averted = was - now
    whole = averted.sum((1, 2))
    share = shares_of(whole[None], was.sum((1, 2)))[0]
    return Counterfactual(
        regime.name, regime.summary, interval(whole), finite_interval(share),
        {str(year): interval(averted[:, at].sum(-1)) for at, year in enumerate(problem.normal.window)},
        dict(zip(problem.runs.base.places.granary_areas, np.median(averted.sum(1), 0).tolist(), strict=True)),
    )  # fmt: skip


def information(problem: FitProblem, z: Floats, progress: Progress) -> list[Information]:
    """Return what better information would have averted, for every kind, amount and priority.

    *exact*: no level adds to what it reports and nothing is concealed from the centre. *audits*: audits that
    want the truth, at a chance a season. *earlier*: every dated change of relief and of imports begins some
    months earlier. Negative values are deaths added.
    """
    was = _deaths(problem, z, problem.runs.settings).sum((1, 2))
    rows = list(_rows(problem.scenario))
    found = []
    for at, (kind, amount, priority, changes) in enumerate(rows):
        now = _deaths(problem, z, settled(problem.scenario, changes)).sum((1, 2))
        found.append(Information(kind, amount, priority, interval(was - now)))
        progress("value of information", (at + 1) / len(rows))
    return found


def _rows(scenario: Scenario) -> Iterator[tuple[str, float | None, str, tuple[Change, ...]]]:
    own = timeline(scenario)
    for priority, also in PRIORITIES.items():
        exact = {"false_reports.strength": 0.0, "concealment.strength": 0.0}
        yield "exact", None, priority, _with(own, {**exact, **also})
        for rate in AUDITED:
            yield "audits", rate, priority, _with(own, {"audits.rate": rate, "audits.purpose": 1.0, **also})
        for months in MONTHS:
            yield "earlier", float(months), priority, _with(_earlier(own, months), also)


def _with(changes: Sequence[Change], settings: dict[str, float | str]) -> tuple[Change, ...]:
    made = [Change(name, value, where="value of information") for name, value in settings.items()]
    return (*changes, *made)


def _earlier(changes: Sequence[Change], months: int) -> tuple[Change, ...]:
    """Return the changes with those of relief and imports begun `months` earlier, not before the start."""
    return tuple(
        replace(change, first=max(0, change.first - months))
        if change.first is not None and change.setting.split(".")[0] in ("relief", "grain_imports")
        else change
        for change in changes
    )
