"""Check that the recipes of a case can be carried out on its simulated histories."""

from collections.abc import Iterator

from dearth.case.problems import CaseError, Problem, name_hint, unknown_source
from dearth.case.read import Case
from dearth.case.schema import Recipe
from dearth.case.years import format_years, parse_years
from dearth.estimate.baselines import parse_baseline
from dearth.estimate.windows import parse_window
from dearth.trials.full_records import BEFORE, SECOND_COUNT, YEARS, own_window


def recipe_problems(case: Case) -> list[Problem]:
    """Return every mistake of ``trials:``; none where the case has no such block."""
    trials = case.settings.trials
    if trials is None or trials.counts is None:
        return []
    try:
        first, _ = own_window(case)
    except CaseError as error:
        return list(error.problems)
    start = first - BEFORE
    problems = []
    wanted = (start, start + SECOND_COUNT)
    if trials.counts != wanted:
        message = (
            f"the counts are of {trials.counts[0]} and {trials.counts[1]}; about a window that begins in "
            f"{first} the estimator on trial is given counts of {wanted[0]} and {wanted[1]}, so give these"
        )
        problems.append(Problem("case.yaml", message, field="trials.counts"))
    held = range(start, start + YEARS)
    for at, recipe in enumerate(trials.recipes):
        for field, message in (*_names(case, recipe), *_years(recipe, held)):
            problems.append(Problem("case.yaml", message, field=f"trials.recipes.{at}.{field}"))
    return problems


def _names(case: Case, recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the names of a recipe, with the field."""
    keys = {row["key"] for row in case.published}
    if recipe.published not in keys:
        hint = name_hint(recipe.published, sorted(keys), "estimate")
        yield "published", f"published.csv has no estimate '{recipe.published}'{hint}"
    sources = {"source": recipe.source}
    if recipe.false_entries is not None:
        sources["false_entries.source"] = recipe.false_entries.source
    for field, source in sources.items():
        if source != "assumed" and source not in case.source_names:
            yield field, unknown_source(source, case.source_names)


def _years(recipe: Recipe, held: range) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the years of a recipe, with the field."""
    named: dict[str, tuple[int, ...]] = {}
    try:
        named["window"] = parse_window(recipe.window, recipe.window_kind, "window").years
    except CaseError as error:
        yield "window", error.problems[0].message
    try:
        named["baseline"] = parse_baseline(recipe.baseline, "baseline").years
    except CaseError as error:
        yield "baseline", error.problems[0].message
    if recipe.false_entries is not None:
        named["false_entries.entered"] = parse_years(recipe.false_entries.entered)
        named["false_entries.removed"] = parse_years(recipe.false_entries.removed)
    for field, years in named.items():
        absent = [year for year in years if year not in held]
        if absent:
            yield (
                field,
                (
                    f"{format_years(absent)} lies outside the simulated histories, which run "
                    f"{held[0]}-{held[-1]}"
                ),
            )
