"""A proposed map of columns: written to a file that the user reads, corrects and confirms."""

import re
from collections.abc import Sequence

from dearth.case.surveys.columns import COLUMNS, DATED, own_name, plain

_PERSON = re.compile(r"^([A-Za-z]+_?)1(_?)(.+)$")
_ENA = {  # ENA for SMART: what the part behind P1_ means
    "sex": "sex", "age": "age", "join": "joined", "left": "left", "born": "born", "died": "died",
    "cause": "died_cause",
}  # fmt: skip
_HOUSEHOLD = {"hh": "household", "cluster": "cluster", "date": "interview_date", "strata": "stratum"}

RECALL = (
    "# say when recall began: take the # away from one of these two lines and correct it",
    "# recall_start: 2017-02-01   # the first day of recall, the same for all",
    "# recall_days: 90            # days of recall before each interview",
)


def people_in_columns(names: Sequence[str]) -> bool:
    """Return whether a file has one row a household and numbered columns for its people."""
    return sum(bool(re.match(r"^P\d+_", name)) for name in names) >= 2


def propose(names: Sequence[str], dated: Sequence[str] = ()) -> dict[str, str]:
    """Return the column of the file for each column of a table of persons, as far as names say it.

    Parameters
    ----------
    names : columns of the file
    dated : those of them that hold dates
    """
    if people_in_columns(names):
        return _of_ena(names)
    found: dict[str, str] = {}
    for column in COLUMNS:
        for name in names:
            mine = own_name(plain(name)) == column.name or plain(name) in column.others
            mine = mine or _last(name) in (column.name, *column.others)
            if mine and name not in found.values() and column.name not in found:
                found[column.name] = name
    by_day = {day: as_date for as_date, day in DATED.items()}
    return {by_day.get(name, name) if theirs in dated else name: theirs for name, theirs in found.items()}


def _last(name: str) -> str:
    """Return the last part of a name that stands behind groups of questions: roster/member/sex."""
    return plain(re.split(r"[/.]", name)[-1])


def _of_ena(names: Sequence[str]) -> dict[str, str]:
    found = {_HOUSEHOLD[plain(one)]: one for one in names if plain(one) in _HOUSEHOLD}
    for name in names:
        match = _PERSON.match(name)
        if match and plain(match[3]) in _ENA:
            found[_ENA[plain(match[3])]] = f"{match[1]}#{match[2]}{match[3]}"
    return found


def proposal_text(file: str, names: Sequence[str], proposed: dict[str, str], dates: str, command: str) -> str:
    """Return the text of a map of columns that a user is asked to read and to correct.

    Parameters
    ----------
    dates : how the file seems to write dates
    command : the command that reads the map when it is right
    """
    wide = people_in_columns(names)
    unused = [one for one in names if one not in proposed.values() and not (wide and one.startswith("P"))]
    lines = [
        f"# Proposed from the column names of {file}. Read every line and correct what is wrong, then run:",
        f"# {command}",
        f"layout: {'people_in_columns' if wide else 'persons'}",
        "columns:",
        *(f"  {name}: {_quoted(theirs)}" for name, theirs in proposed.items()),
        f"# columns of the file that are not used: {', '.join(unused) or 'none'}",
        f"dates: {dates}   # or yyyy-mm-dd, dd/mm/yyyy, mm/dd/yyyy",
        *(RECALL if any(one.endswith("_date") for one in proposed) or wide else ()),
        "# how answers are written; add the words of your file",
        'yes: ["1", "yes", "y", "true", "oui"]',
        'no: ["0", "no", "n", "false", "non", ""]',
        'unknown: ["99", "dk", "unknown"]',
        'male: ["1", "m", "male", "homme"]',
        'female: ["2", "f", "female", "femme"]',
        f"event_without_day: {'half_recall' if wide else 'unknown'}   # unknown or half_recall (as ENA)",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
