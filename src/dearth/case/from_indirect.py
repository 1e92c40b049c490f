"""``dearth new --from-indirect``: a case of answers about relatives or households."""

from collections.abc import Callable
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.indirect_file import COLUMNS, read_answers
from dearth.case.periods import parse_date
from dearth.case.problems import Problem, did_you_mean, mistake
from dearth.case.scaffold import add_schemas, case_name, filled, template, write_sources
from dearth.case.schema_indirect import PARENTS
from dearth.case.table_bytes import table_bytes

MOST_BYTES = 4_000_000
ASKED = {
    "children": "Children ever born and dead", "mothers": "Mothers alive", "fathers": "Fathers alive",
    "brothers": "Brothers alive", "sisters": "Sisters alive", "household_deaths": "Deaths in the household",
}  # fmt: skip


def new_from_indirect(
    target: Path, file: Path, kind: str, day: str, mean_age: float | None = None, place: str = "",
    tell: Callable[[str], None] = lambda text: None, verify: Callable[[Path], None] = lambda folder: None,
) -> Path:  # fmt: skip
    """Write a case with the block ``indirect_questions``; return the folder. The file is copied as it is.

    Parameters
    ----------
    kind : what was asked, a key of `ASKED`
    day : of the census or survey, ``1997-10-16``
    mean_age : of mothers (fathers) at the birth of their children, which `PARENTS` need
    tell : is given how the file was read, where that needed a decision
    verify : raises where the finished case is not sound; nothing is written then

    Raises
    ------
    CaseError
        An unknown kind, a wrong day, a missing mean age, every mistake of the file, or `target` is there.
    """
    name = case_name(target)
    if kind not in COLUMNS:
        raise mistake("--kind", f"'{kind}' is not what can be asked{did_you_mean(kind, COLUMNS)}; there are "
                      f"{', '.join(COLUMNS)}")  # fmt: skip
    try:
        parse_date(day)
    except ValueError as error:
        raise mistake("--day", str(error)) from None
    if (kind in PARENTS) != (mean_age is not None):
        needs = "need" if kind in PARENTS else "take no"
        raise mistake("--mean-age", f"{kind} {needs} mean age at the birth of their children")
    notices: list[Problem] = []
    read_answers(file, file.name, kind, notices)
    for notice in notices:
        tell(f"{name}: {notice.for_readers}")
    label = f"{ASKED[kind]}, {place or name}, {day[:4]}"
    values = {
        "NAME": name, "TITLE": _quotable(label), "PLACE": _quotable(place or name), "KEY": kind,
        "FILE": f"indirect/{kind}.csv", "LABEL": _quotable(label), "KIND": kind, "DAY": day,
        "MORE": "    family: west          # Coale-Demeny family" if kind == "children"
        else f"    mean_age: {mean_age:g}   # at the birth of their children" if mean_age is not None
        else "    years: 1              # years asked about" if kind == "household_deaths" else "",
    }  # fmt: skip
    with new_folder(target) as work:
        (work / "indirect").mkdir()
        (work / "indirect" / f"{kind}.csv").write_bytes(table_bytes(file, file.name, MOST_BYTES))
        (work / "case.yaml").write_text(filled(template("indirect.yaml"), values), encoding="utf-8")
        write_sources(work, [("answers", f"{label}, file {file.name}")], "name the office that asked", "")
        (work / "README.md").write_text(
            f"# {name}\n\n{label}: made from the file {file.name}. Name its source in `sources.csv`.\n",
            encoding="utf-8",
        )
        add_schemas(work, name, label)
        verify(work)
    return target


def _quotable(text: str) -> str:
    """Return `text` fit to stand between double quotes in YAML."""
    return text.replace("\\", "/").replace('"', "'")
