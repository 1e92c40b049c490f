"""Findings of the charts of a reconstruction, computed over its registration scenarios."""

from collections.abc import Callable
from typing import Any

from dearth.show.charts.base import Rows
from dearth.show.language import said
from dearth.show.said import Name, Persons, Said, Span

SIZES = {"million persons": 1e6, "thousand persons": 1e3, "persons": 1.0}  # of the units of the rows
NOTHING = "nothing left out"


def _prior_toll(rows: Rows) -> Said | None:
    widths = {(row["scenario"], row["records"]): row["high"] - row["low"] for row in rows}
    shares = [
        after / widths[name, "before"]
        for (name, when), after in widths.items()
        if when == "after" and widths.get((name, "before"))
    ]
    return said("title.prior_toll", share=_percent(shares)) if shares else None


def _percent(shares: list[float]) -> str:
    low, high = f"{100 * min(shares):.0f}", f"{100 * max(shares):.0f}"
    return f"{low} %" if low == high else f"{low}-{high} %"


def _largest(rows: Rows, column: str, key: str) -> Said | None:
    """Return the year or age group with the most excess deaths in each scenario, and its share."""
    by: dict[str, dict[str, float]] = {}
    for row in rows:
        if row[column] != "window":
            by.setdefault(row["scenario"], {})[row[column]] = row["median"]
    sums = {name: sum(of.values()) for name, of in by.items()}
    if not by or min(sums.values()) <= 0:
        return None
    top = {name: max(of, key=lambda one: of[one]) for name, of in by.items()}
    shares = [by[name][one] / sums[name] for name, one in top.items()]
    return said(key, which=" / ".join(dict.fromkeys(top.values())), share=_percent(shares))


def _years(rows: Rows) -> Said | None:
    return _largest(rows, "year", "title.years")


def _ages(rows: Rows) -> Said | None:
    return _largest(rows, "age", "title.ages")


def _year_ages(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["excess_deaths_median"])
    return said("title.year_ages", persons=_people(most, "excess_deaths_median"), age=most["age"],
                year=most["year"], scenario=Name(most["scenario"]))  # fmt: skip


def _people(row: dict[str, Any], column: str) -> Persons:
    return Persons(row[column] * SIZES[row["unit"]])


def _registered(rows: Rows) -> Said | None:
    shares: dict[int, list[float]] = {}
    for row in rows:
        if row["registered"] is not None and row["median"] > 0:
            shares.setdefault(row["year"], []).append(row["registered"] / row["median"])
    if not shares:
        return None
    year = min(shares, key=lambda one: min(shares[one]))
    return said("title.registered", year=year, share=_percent(shares[year]))


def _deaths_ages(rows: Rows) -> Said | None:
    known = [row for row in rows if row["deaths_median"] > 0]
    if not known:
        return None

    def share(row: dict[str, Any]) -> float:
        return float(row["registered_in_their_year_median"] / row["deaths_median"])

    least = min(known, key=share)
    return said("title.deaths_ages", age=least["age"], year=least["year"], share=_percent([share(least)]),
                scenario=Name(least["scenario"]))  # fmt: skip


def _pyramid(rows: Rows) -> Said:
    missing: dict[str, float] = {}
    for row in rows:
        fewer = (row["without_crisis"] - row["people"]) * SIZES[row["unit"]]
        missing[row["scenario"]] = missing.get(row["scenario"], 0.0) + fewer
    return said("title.pyramid", span=Span(min(missing.values()), max(missing.values())))


def _cohorts(rows: Rows) -> Said:
    inside = sum(row["low"] <= row["counted over predicted"] <= row["high"] for row in rows)
    return said("title.cohorts", inside=inside, many=len(rows))


def _left_out(rows: Rows) -> Said | None:
    whole = {row["scenario"]: row for row in rows if row["without"] == NOTHING}
    left = [row for row in rows if row["without"] != NOTHING and row["scenario"] in whole]
    if not left:
        return None
    most = max(left, key=lambda row: abs(row["median"] - whole[row["scenario"]]["median"]))
    return said("title.left_out", source=most["without"], scenario=Name(most["scenario"]),
                before=_people(whole[most["scenario"]], "median"), after=_people(most, "median"))  # fmt: skip


def _variance(rows: Rows) -> Said:
    most = max(rows, key=lambda row: row["share"])
    return said("title.variance", unknown=most["unknown"], share=_percent([most["share"]]),
                scenario=Name(most["scenario"]))  # fmt: skip


def _measure(rows: Rows) -> Said | None:
    known = [row for row in rows if row["share_removed"] is not None]
    if not known:
        return None
    most = max(known, key=lambda row: row["share_removed"])
    return said("title.measure", what=most["measurement"], share=_percent([most["share_removed"]]),
                scenario=Name(most["scenario"]))  # fmt: skip


def _prior(rows: Rows) -> Said:
    most = max(rows, key=lambda row: abs(row["median"]))
    return said("title.prior", unknown=most["unknown"], sd=f"{most['median']:+.1f}",
                scenario=Name(most["scenario"]))  # fmt: skip


SCENARIOS: dict[str, Callable[[Rows], Said | None]] = {
    "reconstruction_prior_toll": _prior_toll, "reconstruction_years": _years, "reconstruction_ages": _ages,
    "reconstruction_year_ages": _year_ages, "reconstruction_registered": _registered,
    "reconstruction_deaths_ages": _deaths_ages, "reconstruction_pyramid": _pyramid,
    "reconstruction_cohorts": _cohorts, "reconstruction_leave_one_source_out": _left_out,
    "reconstruction_variance": _variance, "reconstruction_measure": _measure,
    "reconstruction_prior": _prior,
}  # fmt: skip
