"""The scores of trials in the terminal."""

from rich.console import Console
from rich.table import Table

from dearth.numerics.interval import NORMAL_90
from dearth.trials import replicates
from dearth.trials.degradations import DEGRADATIONS
from dearth.trials.recipes import RecipeRatio, lowest_and_highest
from dearth.trials.recovery import Trials
from dearth.trials.scores import Beyond, Coverage

UNSURE = NORMAL_90 * 0.3  # of the 90 % interval of a share of 0.9, times the root of the trials
LEVELS = tuple(str(level) for level in replicates.LEVELS)


def print_trials(made: Trials) -> None:
    """Print what `recover` found."""
    console = Console()
    table = Table(title=head(made), title_justify="left")
    table.add_column("share of intervals that contain the true value")
    for level in LEVELS:
        table.add_column(f"{level} %", justify="right")
    for name, covered in rows(made):
        table.add_row(name, *(percent(covered[level]) for level in LEVELS))
    console.print(table)
    for line in lines(made):
        console.print(line, highlight=False)


def head(made: Trials) -> str:
    """Return what was tried, in a line."""
    tier, asked = "" if made.tier is None else f"tier {made.tier}: ", made.asked
    return (f"{made.case}, {tier}{made.what}; windows: {asked.windows}; "
            f"{asked.replicates} replicates, seed {asked.seed}")  # fmt: skip


def rows(made: Trials) -> list[tuple[str, Coverage]]:
    """Return the coverage of every quantity, hard truths first."""
    found = made.scores
    births = found.births
    return [
        ("deaths of the window (registered: hard)", found.coverage),
        ("births of the window and the year after (registered: hard)", births.coverage),
        ("excess deaths (over the five years before: soft)", found.excess_coverage),
        ("births lost, gross (soft)", births.gross_coverage),
        ("births recovered (soft)", births.recovered_coverage),
        ("births lost, net (soft)", births.net_coverage),
        ("excess deaths over the estimate's own normal (soft)", found.own_normal.coverage),
    ]


def lines(made: Trials) -> list[str]:
    """Return the other scores in words."""
    scored = made.scores
    if made.unscored:
        return [f"refused: none of the {scored.refused} replicates was sound, so nothing is scored"]
    used = scored.used
    corner = sum(one.corner and not one.refused for one in made.found)
    found = [
        f"scored: {used} replicates, and {corner} of the worst corner, whose 90 % intervals of deaths "
        f"contain the true value in {percent(scored.worst_corner_coverage90)}; refused: {scored.refused}"
    ]
    if used:
        found.append(
            f"of {used} trials a share of 90 % is known to about {UNSURE / used**0.5:.0%} either way"
        )
    if scored.width_over_toll is not None:
        found.append(
            f"width of the 90 % interval over the true excess deaths: {scored.width_over_toll:.2f}; "
            f"bias over them: {scored.bias_over_toll:+.0%}; "
            f"interval score: {scored.interval_score:.2f}"
        )
    found += recipe_lines(made.recipes or {})
    found.append(
        f"an excess is found (90 % interval above zero) in {percent(scored.called_excess)}; the "
        f"true one is above a tenth of the deaths in {percent(scored.truly_excess)}; a famine, births "
        f"lost too, is found in {percent(scored.called_famine)}; warned: {percent(scored.warned)}"
    )
    return [*found, *beyond_lines(made.beyond or {})]


def beyond_lines(beyond: dict[str, Beyond]) -> list[str]:
    """Return what of the things beyond the priors is seen in the records."""
    names = {one.letter: one.what for one in DEGRADATIONS}
    return [
        f"{names[key[0]]}, {key[3:]}: warned of in {percent(one.warned)} of {one.trials} trials"
        + ("" if one.seen else "; these records do not show it")
        for key, one in beyond.items()
    ]


def recipe_lines(recipes: dict[str, RecipeRatio]) -> list[str]:
    """Return what each recipe says over the true excess, the lowest and the highest published marked."""
    return [
        f"recipe '{name}' ({one.who}): {one.median:.2f} of the true excess ({one.low:.2f} to "
        f"{one.high:.2f} in nine draws of ten){mark and ', ' + mark}"
        for name, one, mark in marked(recipes)
    ]


def marked(recipes: dict[str, RecipeRatio]) -> list[tuple[str, RecipeRatio, str]]:
    """Return recipes and what stands beside the published ones of the lowest and the highest median."""
    if not recipes:
        return []
    low, high = lowest_and_highest(recipes)
    marks = {low: "the lowest published", high: "the highest published"}
    return [(name, one, marks.get(name, "")) for name, one in recipes.items()]


def percent(share: float | None) -> str:
    """Return a share in per cent, a dash of none."""
    return "–" if share is None else f"{share:.0%}"
