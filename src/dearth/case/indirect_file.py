"""Files of answers to indirect questions, by five-year age group."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dearth.case.csv_table import number, read_rows
from dearth.case.problems import CaseError, Problem, alike_together, mistake

# columns beside age_start, by what was asked; the second is a part of the first where there are two
COLUMNS = {
    "children": ("women", "children_born", "children_dead"),
    "mothers": ("asked", "alive"),
    "fathers": ("asked", "alive"),
    "brothers": ("reached_15", "alive"),
    "sisters": ("reached_15", "alive"),
    "household_deaths": ("persons", "deaths"),
}
WIDTH = 5
Columns = dict[str, NDArray[np.float64]]


def read_answers(path: Path, name: str, kind: str, notices: list[Problem]) -> Columns:
    """Return the columns of a file by name, with ``age_start``, ascending by five years.

    Parameters
    ----------
    kind
        A key of `COLUMNS`.
    notices
        Receives how the file was read, where that needed a decision.

    Raises
    ------
    CaseError
        Every mistake of the file, each with its line and column.
    """
    columns = COLUMNS[kind]
    problems: list[Problem] = []
    found: list[tuple[float, ...]] = []
    for line, row in read_rows(path, name, ("age_start", *columns), (), notices):
        cells = [number(row[column], name, line, column) for column in ("age_start", *columns)]
        wrong = [one for one in cells if isinstance(one, Problem)]
        values = tuple(one for one in cells if not isinstance(one, Problem))
        if not wrong and min(values) < 0:
            wrong = [Problem(name, "a count or an age is below zero", line)]
        if not wrong and "alive" in columns and values[2] > values[1]:
            wrong = [Problem(name, f"{values[2]:g} are alive of {values[1]:g}", line, "alive")]
        problems += wrong
        if not wrong:
            found.append(values)
    if problems:
        raise CaseError(alike_together(problems))
    table = np.array(sorted(found), float).reshape(len(found), len(columns) + 1)
    if len(table) < 2 or (np.diff(table[:, 0]) != WIDTH).any():
        ages = [f"{age:g}" for age in table[:, 0]]
        raise mistake(name, f"ages are {', '.join(ages)}; one row for each five-year group is needed",
                      field="age_start")  # fmt: skip
    return dict(zip(("age_start", *columns), table.T, strict=True))
