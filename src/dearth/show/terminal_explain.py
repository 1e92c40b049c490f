"""Fits and explanations in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from dearth.numerics.number_words import persons

SHOWN = 15  # unknowns that the records moved most


def print_fit(document: Mapping[str, Any]) -> None:
    """Print what `fit` found."""
    console = Console()
    head = document["diagnostics"]
    console.print(
        f"{document['case']}, scenario {document['scenario']}: R-hat {head['rhat_max']:.3f}, effective "
        f"sample size {head['ess_bulk_min']:.0f}, moves accepted {_whole(head['accepted'])}. The means of "
        f"the two groups of chains differ by at most {head['halves_apart']:.2f} posterior standard "
        "deviations.",
        highlight=False,
    )  # fmt: skip
    for why in document["refused"]:
        console.print(f"refused: {why}", highlight=False)
    for text in document["misfit"]:
        console.print(f"not reached: {text}", highlight=False)
    if document["refused"]:
        return
    for title, key in (("Records that were fitted", "targets"), ("Records that no fit used", "heldout")):
        console.print(_predicted(title, document[key]))
    console.print(_moved(document["parameters"]))
    console.print(
        f"{len(document['parameters'])} unknowns were fitted; {len(document['left_out'])} have little "
        "influence and stay at the middle of their prior.", highlight=False,
    )  # fmt: skip


def _predicted(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("series", "figures", "inside 90 % intervals", "root mean square error", "unit"):
        table.add_column(name, justify="left" if name in ("series", "unit") else "right", overflow="fold")
    for row in rows:
        many = len(row["figures"])
        table.add_row(row["series"], str(many), _whole(row["coverage90"]), f"{row['rmse']:.2f}", row["unit"])
    return table


def _moved(rows: list[dict[str, Any]]) -> Table:
    """Return the unknowns whose median moved most, in widths of their prior interval."""
    table = Table(title="Unknowns that the records moved most", title_justify="left")
    for name in ("unknown", "prior", "posterior"):
        table.add_column(name, justify="left" if name == "unknown" else "right", overflow="fold")
    for row in sorted(rows, key=_shift, reverse=True)[:SHOWN]:
        table.add_row(row["name"], _interval(row["prior"]), _interval(row["posterior"]))
    return table


def _shift(row: dict[str, Any]) -> float:
    prior, after = row["prior"], row["posterior"]
    width = (prior["high"] or 0) - (prior["low"] or 0)
    return abs(after["median"] - prior["median"]) / width if width else 0.0


def _interval(one: Mapping[str, float | None]) -> str:
    if one["low"] is None:
        return f"{one['median']:.3g}"
    return f"{one['median']:.3g} ({one['low']:.3g} to {one['high']:.3g})"


def print_explanation(document: Mapping[str, Any]) -> None:
    """Print what `explain` found."""
    console = Console()
    unit = document["unit"]
    console.print(
        f"{document['case']}, scenario {document['scenario']}, {document['outcome'].replace('_', ' ')} of "
        f"{document['window'][0]}-{document['window'][-1]}: {_amount(document['total'], unit)} more with all "
        f"causes as they were than with all at their normal setting.", highlight=False,
    )  # fmt: skip
    console.print(_shares(document, unit))
    for text in document["notes"]:
        console.print(text, highlight=False)
    if document["residual"] is not None:
        console.print(
            f"Estimated less simulated excess deaths: {_amount(document['residual'], unit)}.", highlight=False
        )
    table = Table(
        title="Excess deaths that another policy would have averted (negative: added)", title_justify="left"
    )
    for name in ("policy", "persons", "share of excess deaths"):
        table.add_column(name, justify="left" if name == "policy" else "right")
    for row in document["counterfactuals"]:
        table.add_row(
            f"{row['summary'].rstrip('.')} ({row['name']})",
            _amount(row["averted"], "persons"),
            _percent(row["averted_share"]),
        )
    console.print(table)
    console.print(_information(document["information"]))


def _shares(document: Mapping[str, Any], unit: str) -> Table:
    table = Table(title="Shares of the causes: medians (90 % intervals)", title_justify="left")
    for name in ("cause", "share", "before the records", unit, "remark"):
        table.add_column(name, justify="left" if name in ("cause", "remark") else "right")
    for row in document["shares"]:
        table.add_row(
            row["label"], _percent(row["share"]), _percent(row["prior_share"]), _amount(row["persons"], unit),
            "assumption" if row["assumption"] else "",
        )  # fmt: skip
    return table


def _information(rows: list[dict[str, Any]]) -> Table:
    table = Table(
        title="Excess deaths that better information would have averted (negative: added)",
        title_justify="left",
    )
    for name in ("information", "the centre's decisions", "persons"):
        table.add_column(name, justify="right" if name == "persons" else "left")
    words = {"exact": "exact reports of the harvest", "audits": "audits, chance {:.0%} a season",
             "earlier": "relief and imports earlier, months: {:.0f}"}  # fmt: skip
    for row in rows:
        table.add_row(
            words[row["kind"]].format(row["amount"]), row["priority"], _amount(row["averted"], "persons")
        )
    return table


def _amount(one: Mapping[str, float | None], unit: str) -> str:
    def say(value: float | None) -> str:
        return persons(value or 0.0) if unit != "t" else f"{(value or 0.0) / 1e6:.1f} million t"

    if one["low"] is None:
        return say(one["median"])
    return f"{say(one['median'])} ({say(one['low'])} to {say(one['high'])})"


def _percent(one: Mapping[str, float | None]) -> str:
    if one["median"] is None or one["median"] != one["median"]:
        return "none"
    if one["low"] is None:
        return _whole(one["median"])
    return f"{_whole(one['median'])} ({_whole(one['low'])} to {_whole(one['high'] or 0.0)})"


def _whole(value: float) -> str:
    """Return a share in whole percent, never "-0 %"."""
    return f"{round(100 * value) + 0} %"
