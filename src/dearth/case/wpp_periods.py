"""UN World Population Prospects 2019 and before: indicators by periods of five years.

A period lasts from mid-year to mid-year. Births, deaths and net migrants are totals of it, in thousands;
rates are per 1000 and year. The file has no people: their mean is that of births over the birth rate, and
people of each mid-year lie on a straight line between the middles of two periods.
"""

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from dearth.case.downloaded_files import open_text
from dearth.case.problems import mistake, name_hint
from dearth.case.scaffold import Cells
from dearth.case.wpp import VARIANTS, first_projected

_PERIOD = re.compile(r"(\d{4})-(\d{4})", re.ASCII)
COLUMNS = ("Location", "Time", "MidPeriod", "CBR", "Births", "Deaths")
KINDS = {  # indicator: variable and unit
    "Births": ("births", "thousand persons"),
    "Deaths": ("deaths", "thousand persons"),
    "TFR": ("total_fertility_rate", "children per woman"),
    "NetMigrations": ("net_migration", "thousand persons"),
}
RATE = "CBR"  # births per 1000 and year, for the people


@dataclass(frozen=True)
class WppPeriod:
    """The indicators of one period: from 1 July of `first` to 30 June of `last`."""

    first: int
    last: int
    values: dict[str, float]

    @property
    def people(self) -> float:
        """Mean people of the period, thousands."""
        return 1000 * self.values["Births"] / self.values[RATE] / (self.last - self.first)


def is_by_periods(path: Path) -> bool:
    """Return whether a file has periods of several years in place of years."""
    with open_text(path) as file:
        reader = csv.DictReader(file)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            return False
        row = next(reader, None)
    return row is not None and _PERIOD.fullmatch(row.get("Time") or "") is not None


def read_periods(path: Path, location: str) -> list[WppPeriod]:
    """Return the periods of a location, in the order of time.

    Raises
    ------
    CaseError
        A location that the file does not have, a cell that is no number, a period repeated or missing.
    """
    found: dict[int, WppPeriod] = {}
    places: set[str] = set()
    with open_text(path) as file:
        reader = csv.DictReader(file)
        for row in reader:
            places.add(row["Location"])
            if row["Location"] != location or row.get("Variant", "") not in VARIANTS:
                continue
            line, match = reader.line_num, _PERIOD.fullmatch(row["Time"] or "")
            if match is None:
                raise mistake(path.name, f"'{row['Time']}' is no period such as 1955-1960", line, "Time")
            period = WppPeriod(int(match[1]), int(match[2]), dict(_values(row, path.name, line)))
            if period.first in found:
                raise mistake(
                    path.name, f"gives '{location}' twice for {row['Time']}; delete the rows of all LocIDs "
                    "but one", line, "Time",
                )  # fmt: skip
            found[period.first] = period
    if not found:
        hint = name_hint(location, sorted(places), "place")
        raise mistake(path.name, f"has no '{location}' of the medium variant{hint}")
    periods = [found[first] for first in sorted(found)]
    for one, after in pairwise(periods):
        if one.last != after.first:
            gap = f"{one.last}-{after.first}"
            raise mistake(path.name, f"lacks {gap} of '{location}'; download the file again")
    return periods


def _values(row: dict[str, str], name: str, line: int) -> Iterator[tuple[str, float]]:
    for indicator in (*KINDS, RATE):
        text = (row.get(indicator) or "").strip()
        if not text and indicator in ("TFR", "NetMigrations"):
            continue
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        positive = indicator in (RATE, "Births")
        if not math.isfinite(value) or (positive and value <= 0):
            what = "no number above 0" if positive else "no number"
            raise mistake(name, f"'{text}' is {what}", line, indicator)
        yield indicator, value


def period_rows(periods: list[WppPeriod], file: str) -> list[Cells]:
    """Return rows of evidence: events and rates with their dates, and people of each mid-year."""
    projected = first_projected(file)
    rows: list[Cells] = []
    for period in periods:
        quality = "projection" if period.last > projected else "adjusted"
        dates = {"year": "", "start": f"{period.first}-07-01", "end": f"{period.last}-06-30"}
        rows += [
            {**dates, "series": "un_wpp", "variable": KINDS[name][0], "value": f"{value:.10g}",
             "unit": KINDS[name][1], "source_id": "un_wpp", "quality": quality, "scope": ""}
            for name, value in period.values.items() if name in KINDS
        ]  # fmt: skip
    middles = [(period.first + period.last) / 2 for period in periods]
    years = range(periods[0].first + 1, periods[-1].last)
    people = np.interp([float(year) for year in years], middles, [period.people for period in periods])
    rows += [
        {"year": year, "series": "un_wpp", "variable": "population_midyear", "value": f"{value:.10g}",
         "unit": "thousand persons", "source_id": "un_wpp",
         "quality": "projection" if year >= projected else "adjusted", "scope": "area"}
        for year, value in zip(years, people.tolist(), strict=True)
    ]  # fmt: skip
    return rows
