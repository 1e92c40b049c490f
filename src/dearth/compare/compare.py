"""``dearth compare``: the same measures of several cases on one scale."""

from collections.abc import Callable, Sequence

from dearth.case.problems import CaseError
from dearth.case.read import Case
from dearth.compare.definitions import DEFINITIONS
from dearth.compare.famine_table import chronic_mortality, famine_years
from dearth.compare.of_reconstruction import Measured, measure_reconstruction
from dearth.compare.of_records import measure_lives, measure_published, measure_register, people_at_start
from dearth.compare.results import ComparedCase, Comparison, Value
from dearth.estimate.case_checks import check
from dearth.estimate.posterior import posterior_with_draws

DRAWS, QUICK_DRAWS = 2000, 200
LACKS = {
    "excess_per_1000": "no register with people, no reconstruction and no published estimate with a census",
    "p_score": "no register of deaths",
    "normal_death_rate": "no register of deaths with people",
    "worst_year_rate": "no register of deaths with people",
    "births_fall": "no register of births with the years of the deficit",
    "births_recovered": "no register of births with the years of the rebound",
    "person_years_lost": "no reconstruction, which gives excess deaths by age",
    "growth_before": "fewer than two years of people before the crisis",
    "growth_after": "fewer than two years of people after the crisis",
    "life_expectancy_before": "no series of life expectancy before the crisis",
    "life_expectancy_lowest": "no series of life expectancy in the crisis",
    "life_expectancy_after": "no series of life expectancy after the crisis",
}


def compare(
    cases: Sequence[Case], *, seed: int = 1, quick: bool = False, famines: bool = True,
    progress: Callable[..., None] = lambda *_: None,
) -> Comparison:  # fmt: skip
    """Return the measures of `DEFINITIONS` for each case, from whatever its records allow.

    Parameters
    ----------
    seed, quick : of the Monte Carlo draws of completeness; the draws of a reconstruction stay as they are
    famines : give the famines and the chronic mortality of the package's tables too
    progress : called with the case under way, and how far (0-1)

    Raises
    ------
    CaseError
        When a case has mistakes.
    """
    made = []
    for done, case in enumerate(cases):
        progress(case.name, done / len(cases))
        made.append(_measured(case, seed, quick))
    tables = (famine_years(), chronic_mortality()) if famines else ((), ())
    return Comparison(DEFINITIONS, tuple(made), *tables)


def _measured(case: Case, seed: int, quick: bool) -> ComparedCase:
    errors = [problem for problem in check(case) if problem.severity == "error"]
    if errors:
        raise CaseError(errors)
    people, scope = people_at_start(case)
    missing = dict(LACKS)
    found: dict[str, list[Value]] = {}
    for part in (
        _reconstruction(case, missing), measure_register(case, QUICK_DRAWS if quick else DRAWS, seed),
        measure_lives(case), measure_published(case, people),
    ):  # fmt: skip
        for key, values in part.items():
            found.setdefault(key, []).extend(values)
    settings = case.settings
    return ComparedCase(
        case.name, settings.title, settings.place, settings.window, scope,
        {one.key: tuple(found[one.key]) for one in DEFINITIONS if one.key in found},
        {one.key: missing[one.key] for one in DEFINITIONS if one.key not in found},
    )  # fmt: skip


def _reconstruction(case: Case, missing: dict[str, str]) -> Measured:
    """Return the measures of the posterior that ships or is kept; else say under `missing` why not."""
    if case.settings.reconstruction is None:
        return {}
    try:
        found = posterior_with_draws(case)
    except CaseError as error:
        missing["person_years_lost"] = error.problems[0].message
        return {}
    return {} if found.draws is None else measure_reconstruction(case, found.draws)
