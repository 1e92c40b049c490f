"""The estimates as a reader sees them in a terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dearth.case.labels import Labels
from dearth.numerics.number_words import persons
from dearth.reconstruction.posterior_document import from_document
from dearth.reconstruction.value_of_measurements import what_to_measure_next
from dearth.show.ranges import ranges
from dearth.system.not_fitted import NOT_FITTED

MOST = 12  # estimates shown row by row; more are told by their span


def print_answer(document: dict[str, Any]) -> None:
    """Print the answer in sentences, and under a heading of its own a simulation, which is no part of it."""
    for sentence in (*document["answer"], *posterior_sentences(document)):
        print(sentence)
    simulation = document.get("simulation")
    if simulation is not None:
        print(f"\nSimulation from priors ({NOT_FITTED}; no part of the answer above)")
        refusals = [f"The simulation is refused: {why}" for why in simulation["refused"]]
        for sentence in refusals or (simulation["answer"], simulation["warning"]):
            print(sentence)


def posterior_sentences(document: dict[str, Any]) -> list[str]:
    """Return what the posterior's printed scenarios say, in words; nothing where there is none."""
    told: list[str] = (document["reconstruction"] or {}).get("answer", [])
    return told


def print_estimates(document: dict[str, Any]) -> None:
    """Print accounts first, then the answer and the estimates, each with its assumptions."""
    console = Console()
    console.print(f"[bold]{document['title']}[/bold]")
    _accounts(console, document)
    for sentence in (*document["answer"], *posterior_sentences(document)):
        console.print(sentence, markup=False)
    _estimates(console, document)
    _published(console, document)
    print_scenarios(console, document)
    for text in document["assumptions"]:
        console.print(f"assumed: {escape(text)}", highlight=False)
    for warning in document["warnings"]:
        console.print(f"[yellow]warning:[/yellow] {escape(warning)}", highlight=False)


def _estimates(console: Console, document: dict[str, Any]) -> None:
    """Print every estimate of a short list; of a long one its span by register and completeness."""
    rows = document["estimates"]
    if not rows:
        return
    if len(rows) > MOST:
        _spans(console, document)
        console.print(f"All {len(rows):,} estimates, of every window and basis, are in --json, in --out "
                      "DIR and in the report. They are choices, not probabilities, and have no middle."
                      )  # fmt: skip
        return
    table = Table("excess deaths", "interval", "what it assumes", title="Estimates")
    for row in rows:
        figure = row["excess_deaths"]
        span = "no interval"
        if figure["low"] is not None:
            span = f"{persons(figure['low'])} - {persons(figure['high'])} ({figure['level']:.0%})"
        table.add_row(persons(figure["median"]), span, Labels.of_document(document).assumptions(row))
    console.print(table)


def _published(console: Console, document: dict[str, Any]) -> None:
    """Print what others published, each with the work that states it; nothing where none is listed."""
    if not document["published"]:
        return
    table = Table(title="Estimates that others published; listed, never pooled")
    for name in ("work", "years"):
        table.add_column(name, overflow="fold")
    for name in ("excess deaths", "recomputed here"):
        table.add_column(name, justify="right")
    for row in document["published"]:
        name = row["citation"] or f"{row['author']} {row['year']}"
        table.add_row(
            f"{escape(name)}{' (recalled)' if row['quality'] == 'recalled' else ''}", row["window"],
            _stated(row), _recomputed(row),
        )  # fmt: skip
    console.print(table)
    console.print(f"Full references: dearth sources {document['case']}", markup=False, highlight=False)


def _recomputed(row: dict[str, Any]) -> str:
    """Return a published estimate as recomputed here: a figure, or a span over what is unknown."""
    made = row["recomputed"]
    if made is None:
        return ""
    if made["span"] is not None:
        return f"{persons(made['span']['low'])} - {persons(made['span']['high'])}"
    return persons(made["excess_deaths"]["median"])


def _stated(row: dict[str, Any]) -> str:
    """Return a published figure as its author states it."""
    low, central, high = (row[name] for name in ("low", "central", "high"))
    if central is not None:
        return persons(central)
    if low is not None and high is not None:
        return f"{persons(low)} - {persons(high)}"
    return f"at least {persons(low)}" if high is None else f"at most {persons(high)}"


def _spans(console: Console, document: dict[str, Any]) -> None:
    found, names = ranges(document), Labels.of_document(document)
    windows = ", ".join(dict.fromkeys(row["window"] for row in found))
    table = Table(
        title=f"Excess deaths, {windows}: lowest and highest median over normal rates\n"
        "(behind 'at': the normal death rate per 1000 that the figure implies)"
    )
    for name in ("method", "register", "completeness"):
        table.add_column(name, overflow="fold")
    for name in ("lowest", "highest", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found:
        low, high = (_with_rate(row[end], row[f"{end}_normal_rate"]) for end in ("low", "high"))
        table.add_row(
            row["method"], names.short("series", row["series"]),
            names.short("completeness", row["completeness"]), low, high, str(row["estimates"]),
        )  # fmt: skip
    console.print(table)


def _with_rate(figure: float, rate: float | None) -> str:
    return persons(figure) + ("" if rate is None else f" at {rate:.1f}")


def print_scenarios(console: Console, document: dict[str, Any]) -> None:
    """Print the scenarios of the reconstruction side by side, or nothing where there is none."""
    if not document["reconstruction"]:
        return
    table = Table(title=f"Reconstruction: excess deaths, {document['window']}, median and central 90 %")
    table.add_column("scenario", overflow="fold")
    for name in ("excess deaths", "interval", "births lost, gross"):
        table.add_column(name, overflow="fold", justify="right")
    names = Labels.of_document(document)
    for scenario in document["reconstruction"]["scenarios"]:
        label = names.scenario(scenario["name"])
        if scenario["refused"]:
            table.add_row(label, "refused", "; ".join(scenario["refused"]), "")
            continue
        toll, births = scenario["excess_deaths"], scenario["birth_deficit"]["gross"]
        span, lost = (f"{persons(f['low'])} - {persons(f['high'])}" for f in (toll, births))
        table.add_row(label, persons(toll["median"]), span, f"{persons(births['median'])} ({lost})")
    console.print(table)
    console.print("Scenarios are declared priors of one dispute, side by side, never averaged.")
    for scenario in document["reconstruction"]["scenarios"]:
        summed = scenario.get("places_sum")
        if summed and summed["excess_deaths"]:
            together = persons(summed["excess_deaths"]["median"])
            middle, low, high = (persons(summed["rest"][part]) for part in ("median", "low", "high"))
            rest = f"{middle} ({low} to {high})"
            left = ", ".join(map(names.place, summed["left_out"])) or "none of those held"
            label = names.scenario(scenario["name"])
            console.print(f"{label}: {summed['places']} places together {together}, rest of the "
                          f"whole {rest}; left out: {left}; by place in --json and the report.")  # fmt: skip
    for line in what_to_measure_next(from_document(document["reconstruction"]), names):
        console.print(line, markup=False)


def _accounts(console: Console, document: dict[str, Any]) -> None:
    rows = [r for r in document["accounts"] if not r["place"]]
    if not rows:
        if document["estimates"]:
            console.print("Accounts: no stocks are available against which they could be closed.")
        return
    name = rows[0]["register"]
    migration = any(row["net_migration"] for row in rows if row["register"] == name)
    columns = (
        "year",
        "stock change",
        "births - deaths",
        *(["net migration"] if migration else []),
        "residual",
    )
    table = Table(*columns, title=f"Accounts of {Labels.of_document(document).series(name)}")
    for row in rows:
        if row["register"] == name:
            moved = [row["net_migration"]] if migration else []
            figures = (row["stock_change"], row["natural_increase"], *moved, row["residual"])
            table.add_row(str(row["year"]), *(f"{v:,.0f}" for v in figures))
    console.print(table)
