"""A simulation and the list of mechanisms, as a terminal shows them."""

from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = (
    ("grain_output_t", "harvest", ",.0f"),
    ("grain_reported_t", "as told", ",.0f"),
    ("procurement_net_t", "procured", ",.0f"),
    ("exports_t", "exports", ",.0f"),
    ("kcal_rural", "rural", ",.0f"),
    ("kcal_urban", "urban", ",.0f"),
    ("cdr", "deaths", ".1f"),
    ("cdr_registered", "booked", ".1f"),
    ("births", "births", ",.0f"),
)


def print_simulation(document: dict[str, Any], console: Console | None = None) -> None:
    """Print the years of a simulation as a table, medians over its draws."""
    console = console or Console()
    told = f"{document['case']}, regime {document['regime']}, draws {document['draws']}"
    if document["off"]:
        told += f", off: {', '.join(document['off'])}"
    table = Table(title=told, title_justify="left", padding=(0, 0))
    table.add_column("year")
    for _, heading, _ in COLUMNS:
        table.add_column(heading, justify="right")
    for year, row in document["by_year"].items():
        cells = ["–" if row[name] is None else format(row[name], form) for name, _, form in COLUMNS]
        table.add_row(year, *cells)
    console.print(table)
    console.print(
        "Tonnes of original grain, procurement net by grain year from July; kcal per head and day, rural and "
        "urban; deaths, true and registered, per 1000; births in persons.",
        highlight=False,
    )
    if document["scenario"]:
        console.print(f"scenario: beyond the literature's ranges: {', '.join(document['scenario'])}")
    grain, people = document["balance"]["grain_max_relative"], document["balance"]["people_max_relative"]
    console.print(f"Accounts close to {grain:.0e} (grain) and {people:.0e} (people).")


def print_mechanisms(listed: list[dict[str, Any]], console: Console | None = None) -> None:
    """Print mechanisms with the systems they carry and their parameters."""
    console = console or Console()
    for mechanism in listed:
        console.print(
            f"[bold]{mechanism['id']}[/bold] ({', '.join(mechanism['systems'])}): {mechanism['summary']}"
        )
        for p in mechanism["parameters"]:
            span = ", ".join(p["options"]) if "options" in p else f"{p['low']:g} to {p['high']:g} {p['unit']}"
            console.print(
                f"    {p['name']} = {p['default']}  [dim]{span}; {p['source']}[/dim]: {p['meaning']}"
            )
