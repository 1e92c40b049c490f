"""Files of births that women reported: births recodes (.dta) of demographic and health surveys, or CSV."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dearth.case.delimited_table import MISSING, read_delimited
from dearth.case.problems import CaseError, Problem, alike_together, mistake
from dearth.case.table_text import plain_digits
from dearth.numerics.interval import Floats
from dearth.numerics.optional_packages import needed

# our column: its name in a births recode; dates in century months (January 1900 is 1)
COLUMNS = {
    "cluster": "v021", "stratum": "v022", "weight": "v005", "interview": "v008", "born": "b3", "alive": "b5",
    "age_died": "b7",
}  # fmt: skip
NEEDED = ("cluster", "weight", "interview", "born", "age_died")
WEIGHT = 1e6  # of a births recode: weights have six decimals and no point
MOST_AGE = 1500  # months
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class BirthTable:
    """Births, each of shape (N,): numbers as the file has them, weights as plain numbers.

    Attributes
    ----------
    born, interview : century months
    age_died : completed months; NaN for children alive
    lines : of the file
    """

    cluster: Floats
    stratum: Floats
    weight: Floats
    interview: Floats
    born: Floats
    age_died: Floats
    lines: Floats


def read_births(path: Path, name: str) -> BirthTable:
    """Read a file of births.

    Raises
    ------
    CaseError
        Columns that are missing; dates that contradict each other, deaths without an age, weights that are
        none: every mistake, with its line.
    """
    recode = path.suffix.lower() == ".dta"
    found, lines = _of_stata(path, name) if recode else _of_csv(path, name)
    absent = [f"{one} ({COLUMNS[one]})" for one in NEEDED if one not in found]
    if absent:
        raise mistake(name, f"lacks the columns {', '.join(absent)} of a births recode", 1)
    nothing = np.full(len(lines), np.nan)
    weight = found["weight"] / WEIGHT if np.nanmedian(found["weight"]) > WEIGHT / 100 else found["weight"]
    table = BirthTable(
        found["cluster"], found.get("stratum", nothing), weight, found["interview"], found["born"],
        found["age_died"], lines,
    )  # fmt: skip
    _refuse_contradictions(table, found.get("alive"), name)
    return table


def _of_stata(path: Path, name: str) -> tuple[dict[str, Floats], Floats]:
    """Return the columns of a births recode in the format of Stata; all others are never read."""
    try:
        pandas = needed("pandas")
    except ImportError as error:
        raise mistake(name, f"is a file of Stata, and {error}; or save its columns as CSV") from None
    try:
        with pandas.read_stata(path, iterator=True) as reader:
            names = {str(one).lower(): str(one) for one in reader.variable_labels()}
        wanted = {mine: names[theirs] for mine, theirs in COLUMNS.items() if theirs in names}
        if "cluster" not in wanted and "v001" in names:
            wanted["cluster"] = names["v001"]
        read = pandas.read_stata(path, columns=list(wanted.values()), convert_categoricals=False)
    except Exception as error:  # the package raises what the broken part raises
        raise mistake(name, f"cannot be read as a file of Stata ({error}); download it again") from None
    found = {mine: read[theirs].to_numpy(dtype=float, na_value=np.nan) for mine, theirs in wanted.items()}
    return found, np.arange(1, len(read) + 1, dtype=float)


def _of_csv(path: Path, name: str) -> tuple[dict[str, Floats], Floats]:
    table = read_delimited(path)
    names = {}
    for mine, theirs in COLUMNS.items():
        for column in table.header:
            if column.lower() in (mine, theirs) and mine not in names:
                names[mine] = column
    problems: list[Problem] = []
    found = {
        mine: np.array([_number(row[column], name, line, column, problems) for line, row in table.rows])
        for mine, column in names.items()
    }
    if problems:
        raise CaseError(alike_together(problems))
    return found, np.array([float(line) for line, _ in table.rows])


def _number(text: str, name: str, line: int, column: str, problems: list[Problem]) -> float:
    text = plain_digits(text)
    if text in MISSING:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        message = f"'{text}' is no number; births recodes have numbers alone"
        problems.append(Problem(name, message, line, column))
        return float("nan")


def _refuse_contradictions(table: BirthTable, alive: Any, name: str) -> None:
    dead = np.isfinite(table.age_died)
    rules = [
        ("cluster", "is empty", ~np.isfinite(table.cluster)),
        ("weight", "is not above 0", ~(table.weight > 0)),
        ("born", "is no century month (January 1900 is 1)", ~(table.born > 0)),
        ("interview", "is no century month (January 1900 is 1)", ~(table.interview > 0)),
        ("born", "lies after the interview", table.born > table.interview),
        ("age_died", "is below 0 or above 125 years", (table.age_died < 0) | (table.age_died > MOST_AGE)),
        ("age_died", "the death lies after the interview", table.born + table.age_died > table.interview),
    ]  # fmt: skip
    if alive is not None:
        rules += [
            ("age_died", "is empty for a child that died (b5 is 0)", (alive == 0) & ~dead),
            ("age_died", "is given for a child that is alive (b5 is 1)", (alive == 1) & dead),
        ]
    problems = [
        Problem(name, message, int(table.lines[at]), column)
        for column, message, wrong in rules for at in np.flatnonzero(wrong)
    ]  # fmt: skip
    if problems:
        raise CaseError(alike_together(problems))
