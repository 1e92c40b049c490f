"""Write the table of quiet years of the docs, from weekly deaths of registers and from simulated ones.

Run: python tools/quiet_years.py. It takes about ten minutes.
"""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dearth.trials.quiet_years import QuietWindow, simulated_weeks, summary, try_quiet_years

ROOT = Path(__file__).parents[1]
REGISTERS = ROOT / "tests" / "data" / "dated" / "stmf_weekly.csv.gz"
TABLE = ROOT / "docs" / "data" / "quiet_years.csv"
SIMULATED, DEATHS = 100, {"simulated, 50 deaths a week": 50.0, "simulated, 2,000 deaths a week": 2000.0}
SHORT = {"year_trend": "line over years", "spline": "spline"}


def registers() -> dict[str, dict[tuple[int, int], float]]:
    """Return weekly deaths of each place by ISO year and week."""
    with gzip.open(REGISTERS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = [column for column in rows[0] if column not in ("year", "week")]
    return {
        place: {(int(row["year"]), int(row["week"])): float(row[place]) for row in rows if row[place]}
        for place in places
    }


def simulated(deaths: float) -> list[QuietWindow]:
    """Return the windows of simulated registers; always the same ones."""
    rng = np.random.default_rng(1)
    weeks = [simulated_weeks(rng, deaths) for _ in range(SIMULATED)]
    return [row for i, one in enumerate(weeks) for row in try_quiet_years(str(i), one)]


def table_rows(kind: str, rows: Iterable[QuietWindow]) -> list[list[str]]:
    """Return the rows of the table of the docs."""
    return [
        [kind, SHORT[one.method], one.window, str(one.tried), f"{100 * one.held:.1f} %",
         f"{100 * one.held_independent:.1f} %", f"{100 * one.width:.1f} %", f"{100 * one.rmse:.1f} %"]
        for one in summary(rows)
    ]  # fmt: skip


HEADER = [
    "register", "baseline", "window", "tried", "interval covered zero", "independent weeks covered zero",
    "half width over normal deaths", "root mean square of P",
]  # fmt: skip


if __name__ == "__main__":
    real = [row for place, weeks in registers().items() for row in try_quiet_years(place, weeks)]
    lines = table_rows("registers", real)
    for kind, deaths in DEATHS.items():
        lines += table_rows(kind, simulated(deaths))
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER)
        out.writerows(lines)
