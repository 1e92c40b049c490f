"""The title of a chart as a finding: a sentence with a number, computed from the rows of the chart."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dearth.show.charts.base import Chart, Rows
from dearth.show.charts.titles_of_places import PLACES
from dearth.show.charts.titles_of_scenarios import SCENARIOS
from dearth.show.language import Language, said
from dearth.show.said import Name, Persons, Said, Span

Finding = Callable[[Rows], Said | None]


def titled(chart: Chart, say: Language) -> Chart:
    """Return the chart in a language, with its finding as title; its own title where the rows give none."""
    find = FINDINGS.get(chart.key)
    found = None if find is None else find(chart.read)
    title = say.again(chart.title if found is None else found)
    return replace(chart, title=title, caption=say.again(chart.caption))


def _deaths_a_year(rows: Rows) -> Said | None:
    known = [row for row in rows if row.get("year") is not None and row.get("registered") is not None]
    if not known:
        return None
    top = max(known, key=lambda row: max(row.get("median") or 0.0, row["registered"]))
    same = [row["median"] for row in known if row["year"] == top["year"] and row.get("median") is not None]
    registered = Persons(top["registered"])
    if not same or min(same) <= top["registered"]:
        return said("title.deaths_a_year_registered", year=top["year"], registered=registered)
    span = Span(min(same), max(same))
    return said("title.deaths_a_year", year=top["year"], span=span, registered=registered)


def _accounts(rows: Rows) -> Said:
    whole = [row for row in rows if not row["place"]]
    most = max(whole, key=lambda row: abs(row["residual"]))
    if round(abs(most["residual"])) == 0:
        return said("title.accounts_close")
    return said("title.accounts", year=most["year"], register=Name(most["register"]),
                persons=Persons(abs(most["residual"])))  # fmt: skip


def _specification(rows: Rows) -> Said:
    middle = [row["excess_deaths"] for row in rows]
    return said("title.specification", many=f"{len(rows):,}", span=Span(min(middle), max(middle)))


def _surface(rows: Rows) -> Said:
    cells = [row["excess_deaths"] for row in rows]
    return said("title.surface", low=Persons(min(cells)), high=Persons(max(cells)))


def _births_deaths(rows: Rows) -> Said | None:
    deaths, births = ([r for r in rows if r["panel"] == panel and r["which"] != "normal"]
                      for panel in ("deaths", "births"))  # fmt: skip
    if not deaths or not births:
        return None
    most, least = max(deaths, key=_rate), min(births, key=_rate)
    return said("title.births_deaths", year=most["year"], rate=f"{most['rate']:.1f}",
                other=least["year"], births=f"{least['rate']:.1f}")  # fmt: skip


def _rate(row: dict[str, Any]) -> float:
    return float(row["rate"])


def _rivals(rows: Rows) -> Said | None:
    by_year: dict[int, list[float]] = {}
    for row in rows:
        if row["panel"] == "crude death rate":
            by_year.setdefault(row["year"], []).append(row["rate"])
    several = {year: rates for year, rates in by_year.items() if len(rates) > 1}
    if not several:
        return _one_series(rows)
    year = max(several, key=lambda one: max(several[one]) - min(several[one]))
    low, high = min(several[year]), max(several[year])
    return said("title.rivals", year=year, low=f"{low:.1f}", high=f"{high:.1f}")


def _one_series(rows: Rows) -> Said | None:
    deaths = [row for row in rows if row["panel"] == "crude death rate"]
    if not deaths:
        return None
    most = max(deaths, key=_rate)
    return said(
        "title.rivals_one", series=Name(most["series"]), year=most["year"], rate=f"{most['rate']:.1f}"
    )


def _harvest(rows: Rows) -> Said:
    rows = [row for row in rows if not row["series"].endswith("(published)")]
    most = max(rows, key=lambda row: row["excess_deaths"])
    return said("title.harvest", year=most["year"], persons=Persons(most["excess_deaths"]),
                series=Name(most["series"]))  # fmt: skip


def _comparison(rows: Rows) -> Said | None:
    rates: dict[str, float] = {}
    for row in rows:
        if row["measure"] == "excess_per_1000":
            rates.setdefault(row["famine"], row["value"])
    if len(rates) < 2:
        return None
    (own, mine), *others = rates.items()
    values = [value for _, value in others]
    return said("title.comparison", place=own, mine=f"{mine:.0f}", low=f"{min(values):.0f}",
                high=f"{max(values):.0f}")  # fmt: skip


def _groups(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["p_score"])
    return said("title.groups", group=most["group"], share=f"{100 * most['p_score']:.0f}")


def _districts(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["rate_per_10000_day"])
    return said("title.districts", district=most["district"], rate=f"{most['rate_per_10000_day']:.2f}")


FINDINGS: dict[str, Finding] = {
    "deaths_a_year": _deaths_a_year, "accounts": _accounts, "specification": _specification,
    "surface": _surface, "births_deaths": _births_deaths, "rival_series": _rivals, "july_june": _harvest,
    "compare_famines": _comparison, "dated_groups": _groups, "small_areas": _districts,
    **PLACES, **SCENARIOS,
}  # fmt: skip
