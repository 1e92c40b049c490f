"""The estimates as a reader sees them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case import labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.estimates import Estimates
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.recomputed_estimates import PublishedEstimate
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import pair, persons, span
from dearth.reconstruction.value_of_measurements import what_to_measure_next
from dearth.show.ranges import ranges
from dearth.show.terminal_dated_deaths import print_dated_deaths
from dearth.show.terminal_lists import print_lists
from dearth.show.terminal_small_areas import print_small_areas
from dearth.show.terminal_surveys import print_surveys
from dearth.show.terminal_two_censuses import print_two_censuses
from dearth.show.unknown_words import unknowns_in_words
from dearth.system.not_fitted import NOT_FITTED
from dearth.system.report_document import SimulatedPart

MOST = 12  # estimates shown row by row; more are summed up by their span


def print_answer(made: Estimates, simulation: SimulatedPart | None = None) -> None:
    """Print the answer in sentences, and under a heading of its own a simulation, which is no part of it."""
    for sentence in (*made.answer, *made.reconstruction_answer):
        print(sentence)
    if simulation is not None:
        rests = (
            "of the fit" if simulation.fitted else f"from priors ({NOT_FITTED}; no part of the answer above)"
        )
        print(f"\nSimulation {rests}")
        refusals = [f"The simulation is refused: {why}" for why in simulation.refused]
        for sentence in refusals or (simulation.answer, simulation.warning):
            print(sentence)


def print_estimates(made: Estimates) -> None:
    """Print accounts first, then the answer and the estimates, each with its assumptions."""
    console = Console()
    console.print(f"[bold]{escape(made.case.settings.title)}[/bold]")
    _accounts(console, made)
    for sentence in (*made.answer, *made.reconstruction_answer):
        console.print(sentence, markup=False)
    print_lists(console, made)
    print_surveys(console, made)
    print_small_areas(console, made)
    _estimates(console, made)
    print_dated_deaths(console, made)
    print_two_censuses(console, made)
    _published(console, made)
    print_scenarios(console, made)
    for text in made.assumptions:
        console.print(f"assumed: {escape(text)}", highlight=False)
    for warning in (*made.warnings, *map(unknowns_in_words, made.reconstruction_warnings)):
        console.print(f"[yellow]warning:[/yellow] {escape(warning)}", highlight=False)


def _estimates(console: Console, made: Estimates) -> None:
    """Print every estimate of a short list; of a long one its span by register and completeness."""
    rows, names = made.estimates, labels.of(made.case)
    if not rows:
        return
    if len(rows) > MOST:
        _spans(console, made)
        console.print(f"All {len(rows):,} estimates, of every window and basis, are in --json, in --out DIR "
                      "and in the report. They are choices, not probabilities, and have no median."
                      )  # fmt: skip
        return
    table = Table("excess deaths", "interval", "what it assumes", title="Estimates")
    for row in rows:
        figure = row.excess_deaths
        ends = "no interval"
        if figure.low is not None and figure.high is not None:
            ends = f"{span(figure.low, figure.high, ' - ')} ({figure.level:.0%})"
        table.add_row(persons(figure.median), ends, assumption_text(row.choice, names))
    console.print(table)


def _published(console: Console, made: Estimates) -> None:
    """Print what others published, each with the work that states it; nothing where none is listed."""
    if not made.published:
        return
    table = Table(title="Published estimates; they are listed and never combined")
    for name in ("work", "years"):
        table.add_column(name, overflow="fold")
    for name in ("excess deaths", "recomputed here"):
        table.add_column(name, justify="right")
    for row in made.published:
        table.add_row(
            f"{escape(row.citation)}{' (recalled)' if row.recalled else ''}", row.stated["window"],
            _stated(row), _recomputed(row),
        )  # fmt: skip
    console.print(table)
    console.print(f"Full references: dearth sources {made.case.name}", markup=False, highlight=False)


def _recomputed(row: PublishedEstimate) -> str:
    """Return a published estimate as recomputed here: a figure, or a span over what is unknown."""
    made = row.recomputed
    if made is None:
        return ""
    if made.span is not None:
        return span(made.span.low, made.span.high, " - ")
    return persons(made.estimate.excess_deaths.median)


def _stated(row: PublishedEstimate) -> str:
    """Return a published figure as its author states it."""
    low, central, high = row.stated.low, row.stated.central, row.stated.high
    if central is not None:
        return persons(central)
    if low is not None and high is not None:
        return span(low, high, " - ")
    return f"at least {persons(low)}" if low is not None else f"at most {persons(high or 0)}"


def _spans(console: Console, made: Estimates) -> None:
    found, names = ranges(made), labels.of(made.case)
    windows = ", ".join(dict.fromkeys(row.low.choice.window.name for row in found))
    table = Table(
        title=f"Excess deaths, {windows}: lowest and highest median over baselines\n"
        "(behind 'at': the normal death rate per 1000 that the figure implies)"
    )
    for name in ("method", "register", "completeness"):
        table.add_column(name, overflow="fold")
    for name in ("lowest", "highest", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found:
        choice = row.low.choice
        low, high = pair(row.low.excess_deaths.median, row.high.excess_deaths.median)
        table.add_row(
            choice.method, names.short("series", choice.series),
            names.short("completeness", choice.completeness.name), f"{low}{_rate(row.low)}",
            f"{high}{_rate(row.high)}", str(row.estimates),
        )  # fmt: skip
    console.print(table)


def _rate(one: Estimate) -> str:
    return "" if one.normal_rate is None else f" at {one.normal_rate:.1f}"


def print_scenarios(console: Console, made: Estimates) -> None:
    """Print the scenarios of the reconstruction side by side, or nothing where there is none."""
    if made.posterior is None:
        return
    window = made.case.settings.window
    table = Table(title=f"Reconstruction: excess deaths, {window}, median and central 90 %")
    table.add_column("scenario", overflow="fold")
    for name in ("excess deaths", "interval", "births lost, gross"):
        table.add_column(name, overflow="fold", justify="right")
    names = labels.of(made.case)
    for scenario in made.posterior.scenarios:
        label, toll = names.scenario(scenario.name), scenario.excess_deaths
        if toll is None or scenario.birth_deficit is None:
            table.add_row(label, "refused", "; ".join(scenario.refused), "")
            continue
        births = scenario.birth_deficit.gross
        table.add_row(label, persons(toll.median), _ends(toll), f"{persons(births.median)} ({_ends(births)})")
    console.print(table)
    console.print("Each scenario is a declared prior about registration. Scenarios are never averaged.")
    for scenario in made.posterior.scenarios:
        summed = scenario.places_sum
        if summed is not None and summed.excess_deaths is not None and summed.rest is not None:
            low, high = summed.rest.ends
            left = ", ".join(map(names.place, summed.left_out)) or "none"
            console.print(
                f"{names.scenario(scenario.name)}: {summed.places} places together "
                f"{persons(summed.excess_deaths.median)}, rest of the whole {persons(summed.rest.median)} "
                f"({span(low, high)}); left out: {left}; by place in --json and the report."
            )
    for line in what_to_measure_next(made.posterior, names):
        console.print(line, markup=False)


def _ends(figure: Interval) -> str:
    return span(*figure.ends, " - ")


def _accounts(console: Console, made: Estimates) -> None:
    rows = [r for r in made.accounts if not r.place]
    if not rows:
        if made.estimates:
            console.print("Accounts: no year-end stocks are available, so the accounts cannot be checked.")
        return
    name = rows[0].register
    migration = any(row.net_migration for row in rows if row.register == name)
    columns = (
        "year",
        "stock change",
        "births - deaths",
        *(["net migration"] if migration else []),
        "residual",
    )
    table = Table(*columns, title=f"Accounts of {labels.of(made.case).series(name)}")
    for row in rows:
        if row.register == name:
            moved = [row.net_migration] if migration else []
            figures = (row.stock_change, row.natural_increase, *moved, row.residual)
            table.add_row(str(row.year), *(f"{v:,.0f}" for v in figures))
    console.print(table)
