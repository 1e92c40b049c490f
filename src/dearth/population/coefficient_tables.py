"""Tables of published coefficients: CSV files beside this module, one row a case, with their source."""

import csv
from functools import cache
from importlib.resources import files


@cache
def coefficient_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the table `name` of the folder ``tables``, as text by column name.

    Lines that begin with ``#`` name the publication and the table the numbers stand in.

    Parameters
    ----------
    name
        File name without ``.csv``.
    """
    text = (files("dearth.population") / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines))


def chosen_rows(name: str, **wanted: str) -> list[dict[str, str]]:
    """Return the rows of a table whose columns have the values `wanted`.

    Raises
    ------
    ValueError
        When no row has them; the message names the values that the table has.
    """
    rows = coefficient_rows(name)
    found = [row for row in rows if all(row[column] == value for column, value in wanted.items())]
    if not found:
        have = {column: sorted({row[column] for row in rows}) for column in wanted}
        raise ValueError(f"the table {name} has no row for {wanted}; it has {have}")
    return found
