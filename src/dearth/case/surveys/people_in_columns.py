"""ENA for SMART: one row a household, its people in numbered columns P1_sex, P1_age, …, P20_…."""

import re

from dearth.case.problems import mistake
from dearth.case.surveys.column_map import ColumnMap
from dearth.case.surveys.table import Frame
from dearth.numerics.optional_packages import needed


def person_rows(text: Frame, chosen: ColumnMap, name: str) -> tuple[Frame, ColumnMap]:
    """Return one row a person, with the line of the household, and the map that fits such rows.

    A person is there where the sex or the age is filled in. Columns without # belong to the household.

    Raises
    ------
    CaseError
        When no numbered column of the map stands in the file.
    """
    polars = needed("polars")
    numbered = {mine: theirs for mine, theirs in chosen.columns.items() if "#" in theirs}
    shared = {mine: theirs for mine, theirs in chosen.columns.items() if "#" not in theirs}
    absent = [theirs for theirs in shared.values() if theirs not in text.columns]
    if absent:
        raise mistake(name, f"the map names columns that the file lacks: {', '.join(absent)}", 1)
    people = [_person(text, shared, numbered, number) for number in _numbers(text, numbered)]
    if not people:
        raise mistake(name, f"has none of the columns {', '.join(numbered.values())} for # = 1, 2, …", 1)
    marks = [polars.col(one).fill_null("").str.strip_chars() != "" for one in ("sex", "age")
             if one in numbered]  # fmt: skip
    found = polars.concat(people).filter(polars.any_horizontal(marks)).sort("line", maintain_order=True)
    return found, chosen.model_copy(
        update={"layout": "persons", "columns": {one: one for one in chosen.columns}}
    )


def _numbers(text: Frame, numbered: dict[str, str]) -> list[int]:
    """Return the numbers of the people that the file has columns for."""
    found = set()
    for theirs in numbered.values():
        pattern = re.compile(re.escape(theirs).replace(r"\#", r"(\d+)"))
        found |= {int(match[1]) for one in text.columns if (match := pattern.fullmatch(one))}
    return sorted(found)


def _person(text: Frame, shared: dict[str, str], numbered: dict[str, str], number: int) -> Frame:
    polars = needed("polars")
    columns = [polars.col("line"), *(polars.col(theirs).alias(mine) for mine, theirs in shared.items())]
    for mine, theirs in numbered.items():
        name = theirs.replace("#", str(number))
        cells = polars.col(name) if name in text.columns else polars.lit(None, polars.String)
        columns.append(cells.alias(mine))
    return text.select(columns)
