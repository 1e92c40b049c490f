"""What a posterior says, in sentences: what its records cannot tell first, then the scenarios."""

from collections.abc import Callable

from dearth.case import labels
from dearth.case.read import Case
from dearth.numerics.interval import LEVEL
from dearth.numerics.number_words import persons, span
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.reconstruction.posterior_tables import Encompassing

CLEAR = 2.0  # difference of log densities below which predictions are called about equal; assumed
Named = Callable[[str], str]


def reconstructed(case: Case, posterior: Posterior) -> tuple[str, ...]:
    """Return the sentences of the printed scenarios; none where none is printed."""
    printed, names = posterior.printed, labels.of(case)
    if not printed:
        return ()
    found = [*_caveats(printed, names.scenario), _tolls(case, printed, names.scenario)]
    if posterior.encompassing is not None:
        found.append(_evidence(posterior.encompassing, names.scenario))
    found += [*_predictions(printed, names.scenario), *trials_sentence(printed[0])]
    return tuple(found)


def _caveats(printed: list[ScenarioPosterior], name: Named) -> list[str]:
    """Return what the records cannot tell, for each scenario that says so."""
    return [f"Under '{name(one.name)}', {text}." for one in printed for text in one.caveats]


def _tolls(case: Case, printed: list[ScenarioPosterior], name: Named) -> str:
    tolls = []
    for one in printed:
        assert one.excess_deaths is not None
        low, high = one.excess_deaths.ends
        warned = ", with warnings" if one.warnings else ""
        tolls.append(f"{persons(one.excess_deaths.median)} ({span(low, high)}{warned}) if "
                     f"'{name(one.name)}'")  # fmt: skip
    many = len(tolls) > 1
    beside = "; the scenarios are declared priors of one dispute and are never averaged" if many else ""
    return (f"Fitted together to every source the case holds, excess deaths of {case.settings.window} are "
            f"{', '.join(tolls)} (median and central {LEVEL:.0%}){beside}.")  # fmt: skip


def _evidence(found: Encompassing, name: Named) -> str:
    parts = [
        f"'{name(other)}' is {one.ratio:.2g} times as probable after the records as before"
        for other, one in found.evidence.items()
        if one.ratio is not None
    ]
    told = f". Of its draws, the region of {', that of '.join(parts)}" if parts else ""
    return (f"Under '{name(found.scenario)}', registration of deaths was less complete in the crisis than "
            f"before it with probability {found.p_fell:.0%} (before the records: "
            f"{found.prior_p_fell:.0%}){told}.")  # fmt: skip


def _predictions(printed: list[ScenarioPosterior], name: Named) -> list[str]:
    """Return which scenario best predicts the sources that each was fitted without."""
    scored = {one.name: {p.source: p.elpd for p in one.predictive if p.elpd is not None} for one in printed}
    shared = set.intersection(*(set(of) for of in scored.values()))
    if len(scored) < 2 or not shared:
        return []
    sums = {one: sum(of[source] for source in shared) for one, of in scored.items()}
    best, *others = sorted(sums, key=lambda one: -sums[one])
    behind = [
        f"'{name(one)}' {'about as well' if sums[best] - sums[one] < CLEAR else 'less well'} "
        f"({sums[best] - sums[one]:.1f} lower)"
        for one in others
    ]
    return [f"Of {len(shared)} sources left out in turn, '{name(best)}' predicts the figures best; "
            f"{', '.join(behind)} in the sum of log densities."]  # fmt: skip


def trials_sentence(one: ScenarioPosterior) -> list[str]:
    """Return how often intervals made alike held the truth in trials, or that no trial is on record."""
    record = one.trial_record
    if record is None:
        return ["No trial of the present model is on record, so nobody has tested how often such intervals "
                "contain the truth."]  # fmt: skip
    return [f"In {record.windows} trials on complete registers that were made as poor as these (tier "
            f"{record.tier}: {record.what}), such 90 % intervals of excess deaths held the truth "
            f"{record.held} times, and {record.held_or_warned} times they held it or carried a warning. The "
            f"trials do not cover {record.not_covered}."]  # fmt: skip
