"""Phases of acute food insecurity as HDX, FEWS NET and the IPC API publish them, read as predictors.

Of the IPC API the tables of areas are read that the R package ripc saves, one row an area and period. Shares
are taken from counts of people, because the unit of its percentages is not documented.
"""

from collections.abc import Mapping
from pathlib import Path

from dearth.case.delimited_table import MISSING, DelimitedTable, read_delimited
from dearth.case.periods import Period, parse_date
from dearth.case.problems import CaseError, Problem
from dearth.case.small_area_rows import PredictorRow

HDX = ("ipc_phase", "ipc_type", "population_fraction_in_phase", "reference_period_start",
       "reference_period_end")  # fmt: skip
FEWS_NET = ("geographic_unit_name", "scenario", "projection_start", "projection_end", "value")
IPC_API = ("area_name", "period", "estimated_population", "p3plus", "analysis_period_start",
           "analysis_period_end")  # fmt: skip
PHASE_3_PLUS, PHASE = "ipc_share_phase_3_plus", "fewsnet_phase"


def is_phases(header: tuple[str, ...]) -> bool:
    """Return whether a header is that of HDX, FEWS NET or the IPC API."""
    return any(set(layout) <= set(header) for layout in (HDX, FEWS_NET, IPC_API))


def read_phases(path: Path, name: str) -> list[PredictorRow]:
    """Return the phases of a file by district and period.

    Of HDX: the share of people in phase 3 or worse (``3+``) of current analyses, by admin2, or else admin1.
    Of FEWS NET: the phase (1 to 5) of the current situation (``CS``). Of the IPC API: people in phase 3 or
    worse over the people of the area, of the period ``current``.

    Raises
    ------
    CaseError
        Every row that cannot be read.
    """
    table = read_delimited(path)
    rows = _of_hdx if table.has(*HDX) else _of_fews_net if table.has(*FEWS_NET) else _of_ipc_api
    found: list[PredictorRow] = []
    problems: list[Problem] = []
    for line, row in table.rows:
        try:
            made = rows(table, row, line)
        except ValueError as error:
            problems.append(Problem(name, str(error), line))
        else:
            found += [made] if made is not None else []
    if problems:
        raise CaseError(problems[:50])
    return found


def _of_hdx(table: DelimitedTable, row: Mapping[str, str], line: int) -> PredictorRow | None:
    if row["ipc_phase"] != "3+" or row["ipc_type"] != "current":
        return None  # another phase, or a projection
    place = next((row[one] for one in ("admin2_name", "admin1_name") if row.get(one)), "")
    share = row["population_fraction_in_phase"]
    if not place or not share:
        return None  # of the whole country, or without a figure
    period = _period(row["reference_period_start"], row["reference_period_end"])
    return PredictorRow(place, period, PHASE_3_PLUS, _number(share, 0, 1), line)


def _of_fews_net(table: DelimitedTable, row: Mapping[str, str], line: int) -> PredictorRow | None:
    if row["scenario"] != "CS" or not row["value"]:
        return None
    period = _period(row["projection_start"], row["projection_end"])
    phase = _number(row["value"], 0, 99)
    if phase not in (1, 2, 3, 4, 5):
        return None  # 66 water, 88 parks, 99 missing
    return PredictorRow(row["geographic_unit_name"], period, PHASE, phase, line)


def _of_ipc_api(table: DelimitedTable, row: Mapping[str, str], line: int) -> PredictorRow | None:
    if row["period"] != "current" or row["p3plus"] in MISSING or row["estimated_population"] in MISSING:
        return None
    people = _number(row["estimated_population"], 0, 1e10)
    worse = _number(row["p3plus"], 0, people)
    if not row["area_name"] or people == 0:
        return None
    period = _period(row["analysis_period_start"], row["analysis_period_end"])
    return PredictorRow(row["area_name"], period, PHASE_3_PLUS, worse / people, line)


def _period(start: str, end: str) -> Period:
    return Period(parse_date(start[:10]), parse_date(end[:10]))


def _number(text: str, low: float, high: float) -> float:
    value = float(text)
    if not low <= value <= high:
        raise ValueError(f"'{text}' lies outside {low:g} to {high:g}")
    return value
