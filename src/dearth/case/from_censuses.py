"""``dearth new --from-censuses``: a case of two censuses by age with the deaths between them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.problems import Problem
from dearth.case.scaffold import add_schemas, case_name, filled, template, write_sources
from dearth.case.table_bytes import table_bytes
from dearth.case.two_censuses_file import read_two_censuses

MOST_BYTES = 16_000_000


def new_from_censuses(
    target: Path, file: Path, tell: Callable[[str], None] = lambda text: None,
    verify: Callable[[Path], None] = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case with the block ``two_censuses``; return the folder. The file is copied as it is.

    Parameters
    ----------
    tell
        Is given how the file was read, where that needed a decision.
    verify
        Raises where the finished case is not sound; nothing is written then.

    Raises
    ------
    CaseError
        Every mistake of the file, or `target` is there already.
    """
    name = case_name(target)
    notices: list[Problem] = []
    tables = read_two_censuses(file, file.name, None, notices)
    for notice in notices:
        tell(f"{name}: {notice.for_readers}")
    places = list(dict.fromkeys(table.place for table in tables if table.place))
    place = ", ".join(places[:3]) + (", …" if len(places) > 3 else "") or name
    first, last = min(table.dates[0] for table in tables), max(table.dates[1] for table in tables)
    title = f"{place}: two censuses, {first.year} and {last.year}"
    values = {
        "NAME": name, "TITLE": _quotable(title), "PLACE": _quotable(place),
        "WINDOW": f"{first + timedelta(days=1)}/{last}", "FILE": "censuses/two_censuses.csv",
    }  # fmt: skip
    with new_folder(target) as work:
        (work / "censuses").mkdir()
        (work / "evidence").mkdir()
        data = table_bytes(file, file.name, MOST_BYTES)
        (work / "censuses" / "two_censuses.csv").write_bytes(data)
        (work / "case.yaml").write_text(filled(template("two_censuses.yaml"), values), encoding="utf-8")
        write_sources(
            work, [("censuses", f"Two censuses and the deaths between them, file {file.name}")],
            "name the offices that made the censuses and the register", "",
        )  # fmt: skip
        (work / "README.md").write_text(
            f"# {name}\n\n{title}: made from the file {file.name}. Name its sources in `sources.csv`.\n",
            encoding="utf-8",
        )
        add_schemas(work, name, title)
        verify(work)
    return target


def _quotable(text: str) -> str:
    """Return `text` fit to stand between double quotes in YAML."""
    return text.replace("\\", "/").replace('"', "'")
