"""What ``dearth check`` reports: every problem of a case, its scenario, its recipes and its claims."""

from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case, find, load
from dearth.estimate.case_checks import check, located


def problems_of_case(case: Case) -> list[Problem]:
    """Return errors and warnings of a case that could be read."""
    from dearth.claims.read import claims_problems
    from dearth.system.check import check_scenario
    from dearth.trials.recipe_checks import recipe_problems

    scenario = check_scenario(case.folder, set(case.source_names))
    recipes = located(case, recipe_problems(case))
    return [*check(case), *recipes, *scenario, *claims_problems(case)]


def problems(name_or_path: str) -> tuple[int, list[Problem], list[str]]:
    """Return how many figures a case holds, every problem of its files, and the variables that nothing reads.

    The problems include those that stop the case being read; it then has no figures.

    Raises
    ------
    CaseError
        When there is no such case.
    """
    from dearth.claims.read import variables_of_claims
    from dearth.estimate.unread_variables import unread
    from dearth.system.check import check_scenario

    folder = find(name_or_path)
    try:
        case = load(name_or_path)
    except CaseError as error:
        return 0, [*error.problems, *check_scenario(folder)], []
    found = problems_of_case(case)
    kept = set(unread(case)) - variables_of_claims(case)
    return len(case.evidence), found, sorted(kept)
