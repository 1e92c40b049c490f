"""UN World Population Prospects, bulk CSV of demographic indicators (counts in thousands)."""

import csv
from pathlib import Path

from dearth.case.download import open_text
from dearth.case.problems import did_you_mean, mistake

INDICATORS = (
    "TPopulation1Jan", "TPopulation1July", "Births", "Deaths", "CBR", "CDR", "TFR",
    "NetMigrations", "IMR",
)  # fmt: skip
REQUIRED = ("Location", "Time", "Births", "Deaths")
VARIANTS = ("Medium", "Estimates", "")  # estimates of the past carry the name of the medium variant


def read_wpp(path: Path, location: str) -> dict[str, dict[int, float]]:
    """Return the indicators of `location` by name and year, as in the file (thousands, per 1000).

    The file is read line by line: it holds hundreds of thousands.

    Raises
    ------
    CaseError
        Columns that are missing, a location the file does not hold, a cell that is no number.
    """
    found: dict[str, dict[int, float]] = {}
    seen: set[str] = set()
    with open_text(path) as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or []
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise mistake(path.name, f"lacks the columns {', '.join(missing)}; take the file of "
                          "demographic indicators (WPP2022 or later)", 1)  # fmt: skip
        for row in reader:
            seen.add(row["Location"])
            if row["Location"] != location or row.get("Variant", "") not in VARIANTS:
                continue
            for name in INDICATORS:
                if row.get(name):
                    year, value = _cell(row, name, path.name, reader.line_num)
                    found.setdefault(name, {})[year] = value
    if not found:
        raise mistake(path.name, f"holds no '{location}'{did_you_mean(location, sorted(seen))}")
    return found


def _cell(row: dict[str, str], name: str, file: str, line: int) -> tuple[int, float]:
    try:
        return int(row["Time"]), float(row[name])
    except ValueError:
        raise mistake(file, f"'{row[name]}' ({row['Time']}) is no number", line, name) from None
