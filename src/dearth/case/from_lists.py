"""A case made from a file of incomplete lists: ``dearth new NAME --from-lists FILE``."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.lists_file import COUNT, ListsTable, read_lists
from dearth.case.problems import mistake
from dearth.case.scaffold import (
    Cells,
    add_schemas,
    case_name,
    filled,
    template,
    write_csv,
    write_sources,
)
from dearth.case.years import window_years

Verify = Callable[[Path], None]
KEY = "victims"
NO_WINDOW = "Not given: the year in which the case was made stands here. Write when the people died."


def new_from_lists(
    target: Path, file: Path, place: str = "", window: str = "", verify: Verify = lambda folder: None
) -> Path:
    """Write a case from a file of lists; return the folder.

    The case gets the counts of each history, never the keys of people.

    Parameters
    ----------
    place : where the people died; the name of the case where none is given
    window : when they died, years or two dates; else the present year with a note
    verify : raises where the finished case is not sound; nothing is written then

    Raises
    ------
    CaseError
        A file of another layout, plain names, a wrong window, or `target` is there already.
    """
    name = case_name(target)
    table = read_lists(file, file.name)
    if window:
        try:
            window_years(window)
        except ValueError as error:
            raise mistake("--window", str(error)) from None
    title = f"Lists of victims, {place or name}".replace("\\", "/").replace('"', "'")
    values = {
        "NAME": name, "TITLE": title, "PLACE": (place or name).replace("\\", "/").replace('"', "'"),
        "WINDOW": window or str(date.today().year), "WHY": "" if window else NO_WINDOW, "KEY": KEY,
        "FILE": f"lists/{KEY}.csv",
    }  # fmt: skip
    with new_folder(target) as work:
        write_table(work / "lists" / f"{KEY}.csv", table)
        (work / "case.yaml").write_text(filled(template("lists.yaml"), values), encoding="utf-8")
        write_sources(work, [("lists_file", f"Lists of the file {file.name}")], "", "")
        (work / "README.md").write_text(
            f"# {name}\n\n{title}. `lists/{KEY}.csv` has the number of people by the lists that name them, "
            f"made from `{file.name}`; no key of a person is copied. Say in `sources.csv` who made each "
            "list and how the lists were matched.\n",
            encoding="utf-8",
        )
        add_schemas(work, name, title)
        verify(work)
    return target


def write_table(path: Path, table: ListsTable) -> None:
    """Write the counts of each history, one column a list, as `read_lists` reads them."""
    rows: list[Cells] = [
        {**dict(zip(table.lists, history, strict=True)), COUNT: count}
        for history, count in zip(table.histories, table.counts, strict=True)
    ]
    write_csv(path, (*table.lists, COUNT), rows)
