"""What a posterior says, in sentences: what its records cannot show first, then the scenarios."""

from collections.abc import Callable

from dearth.case import labels
from dearth.case.read import Case
from dearth.numerics.interval import LEVEL
from dearth.numerics.number_words import persons, span
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.reconstruction.posterior_tables import Encompassing, TrialRecord

CLEAR = 2.0  # difference of log densities below which predictions are called about equal; assumed
LEAST_RATIO = 0.01  # below which a ratio of probabilities is printed as "less than"
Named = Callable[[str], str]


def reconstructed(case: Case, posterior: Posterior) -> tuple[str, ...]:
    """Return the sentences of the printed scenarios; none where none is printed."""
    printed, names = posterior.printed, labels.of(case)
    if not printed:
        return ()
    found = [*_caveats(printed, names.scenario), *_excess_deaths(case, printed, names.scenario)]
    if posterior.encompassing is not None:
        found += _evidence(posterior.encompassing, names.scenario)
    found += [*_predictions(printed, names.scenario), *trials_sentences(printed[0])]
    return tuple(found)


def _caveats(printed: list[ScenarioPosterior], name: Named) -> list[str]:
    """Return what the records cannot show, for each scenario that says so."""
    return [f"Under '{name(one.name)}', {text}." for one in printed for text in one.caveats]


def _excess_deaths(case: Case, printed: list[ScenarioPosterior], name: Named) -> list[str]:
    """Return the excess deaths of each scenario, and what the figures are."""
    found = []
    for one in printed:
        assert one.excess_deaths is not None
        low, high = one.excess_deaths.ends
        warned = ", with warnings" if one.warnings else ""
        found.append(
            f"Excess deaths of {case.settings.window} are {persons(one.excess_deaths.median)} ({LEVEL:.0%} "
            f"interval {span(low, high)}{warned}) if '{name(one.name)}'."
        )
    found.append(f"These are medians with central {LEVEL:.0%} intervals of one model, fitted together to "
                 "every source of the case.")  # fmt: skip
    if len(printed) > 1:
        found.append("Each scenario is a declared prior about registration; scenarios are never averaged.")
    return found


def _evidence(found: Encompassing, name: Named) -> list[str]:
    """Return how probable a fall of registration is, and the support for each other scenario."""
    own = name(found.scenario)
    return [
        f"With probability {found.p_fell:.0%}, registration of deaths was less complete in the crisis than "
        f"before it under '{own}' (before the records: {found.prior_p_fell:.0%}).",
        *(
            f"Under '{own}', the completeness that '{name(other)}' assumes is {_times(one.ratio)} as "
            "probable after the records as before."
            for other, one in found.evidence.items()
            if one.ratio is not None
        ),
    ]


def _times(ratio: float) -> str:
    """Return a ratio of probabilities in words, to two digits."""
    if ratio < LEAST_RATIO:
        return f"less than {LEAST_RATIO:g} times"
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.2g} times"


def _predictions(printed: list[ScenarioPosterior], name: Named) -> list[str]:
    """Return which scenario best predicts the sources that each was fitted without."""
    scored = {one.name: {p.source: p.elpd for p in one.predictive if p.elpd is not None} for one in printed}
    shared = set.intersection(*(set(of) for of in scored.values()))
    if len(scored) < 2 or not shared:
        return []
    sums = {one: sum(of[source] for source in shared) for one, of in scored.items()}
    best, *others = sorted(sums, key=lambda one: -sums[one])
    return [
        f"'{name(best)}' predicts best the figures of {len(shared)} sources, each left out in turn.",
        *(
            f"'{name(one)}' predicts them {'about as' if sums[best] - sums[one] < CLEAR else 'less'} well"
            f": its sum of log densities is {sums[best] - sums[one]:.1f} lower."
            for one in others
        ),
    ]


def trials_sentences(one: ScenarioPosterior) -> list[str]:
    """Return how often intervals made alike contained the truth in trials, or that no trial is on record."""
    record = one.trial_record
    if record is None:
        return ["No trial of the present model is on record, so nobody has tested how often such intervals "
                "contain the truth."]  # fmt: skip
    return [
        f"Such 90 % intervals of excess deaths contained the true value in {record.held} of "
        f"{record.windows} trials; in {record.held_or_warned} they contained it or carried a warning.",
        f"The trials used complete registers that were made as poor as these (tier {record.tier}: "
        f"{record.what}).",
        *([f"In {record.refused} more the posterior was refused."] if record.refused else []),
        *_displaced(record),
        f"The trials do not cover {record.not_covered}.",
    ]


def _displaced(record: TrialRecord) -> list[str]:
    """Return how the trials went in which people left in the crisis; empty where none is on record."""
    many, held, warned = (
        record.displaced_windows, record.displaced_held, record.displaced_held_or_warned,
    )  # fmt: skip
    if many == 0:
        return []
    return ["Where people left in the crisis and some returned, intervals contained the true value in "
            f"{held} of {many} trials; in {warned} they contained it or carried a warning."]  # fmt: skip
