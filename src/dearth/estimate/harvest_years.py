"""Excess deaths of harvest years, July to June, beside those that others published."""

from dataclasses import dataclass, replace

from dearth.case.read import Case
from dearth.estimate.choices import Choice, default_choice, register_method, whole_registers
from dearth.estimate.multiverse import Engine
from dearth.estimate.windows import parse_window


@dataclass(frozen=True)
class HarvestYear:
    """Excess deaths of one harvest year by one register.

    Attributes
    ----------
    year : the harvest year, for example ``1959/60``
    excess_deaths : median, persons
    choice : what the figure assumes
    published : published excess deaths of the same harvest year, persons, by series
    """

    year: str
    series: str
    excess_deaths: float
    choice: Choice
    published: dict[str, float]


def harvest_years(case: Case, engine: Engine) -> tuple[HarvestYear, ...]:
    """Return the excess deaths of each harvest year in the case's default setting, for every register."""
    default = default_choice(case)
    if default.window.period is not None:
        return ()
    window = parse_window(default.window.name, "july_june")
    stated = _published(case)
    rows: list[HarvestYear] = []
    for series in whole_registers(case):
        choice = replace(default, method=register_method(case, series), series=series, window=window)
        if not engine.refusal(choice):
            rows += (
                HarvestYear(year, series, figure.median, choice, stated.get(year, {}))
                for year, figure in engine.estimate(choice).years.items()
            )
    return tuple(rows)


def _published(case: Case) -> dict[str, dict[str, float]]:
    """Return published excess by harvest year: evidence rows whose series name says ``july_june``."""
    found: dict[str, dict[str, float]] = {}
    for row in case.evidence:
        if row.variable == "excess_deaths" and "july_june" in row.series:
            year = f"{row.year}/{(row.year + 1) % 100:02d}"
            found.setdefault(year, {})[row.series] = row.base
    return found
