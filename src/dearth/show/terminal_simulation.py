"""A simulation and the list of mechanisms, as a terminal shows them."""

from rich.console import Console
from rich.table import Table

from dearth.system.not_fitted import standing
from dearth.system.simulation_document import MechanismEntry, SimulationDocument, Story, median_of

COLUMNS = (
    ("grain_output_t", "harvest", ",.0f"),
    ("grain_reported_t", "as reported", ",.0f"),
    ("procurement_net_t", "procured", ",.0f"),
    ("exports_t", "exports", ",.0f"),
    ("kcal_rural", "rural", ",.0f"),
    ("kcal_urban", "urban", ",.0f"),
    ("cdr", "deaths", ".1f"),
    ("cdr_registered", "registered", ".1f"),
    ("births", "births", ",.0f"),
)
AMOUNTS = ("grain_output_t", "grain_reported_t", "procurement_net_t", "exports_t", "births")
MANY = (
    1e7  # from this amount on the columns of amounts are in thousands, so that 80 characters hold the table
)
STORY = (  # year's end, leanest month or deadliest month of a place's story
    ("harvested", "harvest"),
    ("reported by the place", "reported"),
    ("published by the centre", "centre reports"),
    ("in the store", "store"),
    ("concealed", "concealed"),
    ("eaten", "kcal"),
    ("deaths", "deaths"),
)


def print_simulation(document: SimulationDocument, console: Console | None = None) -> None:
    """Print the years of a simulation as a table, medians over its draws."""
    console = console or Console()
    told = f"{document['case']}, simulation ({standing(document['fit'])})"
    told += f", regime {document['regime']}, draws {document['draws']}"
    if document["off"]:
        told += f", off: {', '.join(document['off'])}"
    table = Table(title=told, title_justify="left", padding=(0, 0))
    table.add_column("year")
    for _, heading, _ in COLUMNS:
        table.add_column(heading, justify="right")
    years = {
        year: {name: median_of(row[name]) for name, _, _ in COLUMNS}
        for year, row in document["by_year"].items()
    }
    many = max((row[name] or 0.0 for row in years.values() for name in AMOUNTS), default=0.0) >= MANY
    for year, row in years.items():
        cells = [_cell(row[name], form, 1000 if many and name in AMOUNTS else 1) for name, _, form in COLUMNS]
        table.add_row(year, *cells)
    console.print(table)
    console.print(
        f"Original grain in {'thousand tonnes' if many else 'tonnes'}. Procurement is net and by grain year, "
        "which begins after the year's first harvest. Rural and urban: kcal per person and day. Deaths: as "
        f"they happened and as registered, per 1000. Births in {'thousands' if many else 'persons'}.",
        highlight=False,
    )
    if "story" in document:
        console.print(story_table(document["story"]))
        console.print(
            "The year: harvest, claims and stocks at its end, t; kcal per head and day of the leanest "
            "month; deaths of the deadliest.",
            highlight=False,
        )
    for m in document["installed"]:
        console.print(f"Mechanism {m['id']} comes from the package {m['package']} {m['version']}.")
    if document["scenario"]:
        console.print(f"scenario: beyond the literature's ranges: {', '.join(document['scenario'])}")
    grain, people = document["balance"]["grain_max_relative"], document["balance"]["people_max_relative"]
    console.print(f"Accounts close to {grain:.0e} (grain) and {people:.0e} (people).")


def _cell(value: float | None, form: str, scale: int) -> str:
    return "–" if value is None else format(value / scale, form)


def story_table(story: Story) -> Table:
    """Return a place's story by year: figures at its end, of its leanest and of its deadliest month."""
    table = Table(title=f"{story['place']}, month by month", title_justify="left", padding=(0, 0))
    table.add_column("year")
    months: dict[str, dict[str, list[float]]] = {}
    for row in story["rows"]:
        if row["median"] is not None:
            year = months.setdefault(row["month"][:4], {})
            year.setdefault(row["what"], []).append(row["median"])
    for _, heading in STORY:
        table.add_column(heading, justify="right")
    of = {"eaten": min, "deaths": max}
    for written, found in months.items():
        figures = [of.get(what, _last)(found[what]) if what in found else None for what, _ in STORY]
        table.add_row(written, *("–" if x is None else format(x, ",.0f") for x in figures))
    return table


def _last(values: list[float]) -> float:
    return values[-1]


def print_mechanisms(listed: list[MechanismEntry], console: Console | None = None) -> None:
    """Print mechanisms with the parts of the food system that they belong to, and their parameters."""
    console = console or Console()
    for mechanism in listed:
        also = f", also {', '.join(mechanism['aliases'])}" if mechanism["aliases"] else ""
        package = f", of the package {mechanism['package']}" if mechanism["package"] else ""
        told = f"[bold]{mechanism['id']}[/bold]{also}{package} ({', '.join(mechanism['parts'])})"
        console.print(f"{told}: {mechanism['summary']}")
        for p in mechanism["parameters"]:
            span = ", ".join(p["options"]) if "options" in p else f"{p['low']:g} to {p['high']:g} {p['unit']}"
            console.print(
                f"    {p['name']} = {p['default']}  [dim]{span}; {p['source']}[/dim]: {p['meaning']}"
            )
