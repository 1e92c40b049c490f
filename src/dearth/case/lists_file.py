"""Files of incomplete lists: columns of 0 and 1 with a count, or one row a person and list."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dearth.case.csv_table import MAX_PROBLEMS
from dearth.case.hxl import is_tags
from dearth.case.problems import CaseError, Problem, alike_together, mistake
from dearth.case.table_text import SEPARATORS, plain_digits, read_table_text

MAX_BYTES = 256_000_000
MOST_LISTS = 8
PERSON, LIST, COUNT = "person", "list", "count"
# a keyed hash in hexadecimal digits; shorter codes and numbers may be a name, a phone or an identity card
_HASHED = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{32,128}", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,12}(\.0+)?", re.ASCII)


@dataclass(frozen=True)
class ListsTable:
    """People by the lists that have them.

    Attributes
    ----------
    lists : names of the K lists
    histories : marks of each history, K of 0 and 1, each history once
    counts : people of each history
    repeated : records of a person on a list that already had the person; counted once
    """

    lists: tuple[str, ...]
    histories: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    repeated: int = 0


def read_lists(path: Path, name: str) -> ListsTable:
    """Return the table of a file of lists.

    Either each column is a list with 1 for people on it and 0 for others, and `count` has the people of the
    row (without `count` each row is one person); or the columns are `person` and `list`, one row a person and
    list, where `person` is a key that the user has hashed.

    Raises
    ------
    CaseError
        Every mistake of the file, with its line and column. No message repeats what a person's cell holds.
    """
    header, rows = _rows(path, name)
    plain = [column.casefold() for column in header]
    if {PERSON, LIST} <= set(plain):
        return _from_records(plain, rows, name)
    return _from_marks(header, plain, rows, name)


def _rows(path: Path, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = read_table_text(path, name, MAX_BYTES).text
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not is_tags(cells):
                found.append((reader.line_num, cells))
    except csv.Error as error:
        raise mistake(name, f"is not valid CSV: {error}", reader.line_num) from None
    if len(found) < 2:
        raise mistake(name, "has no rows; the first line names the columns, each further line is a row", 1)
    (_, header), *rows = found
    if len(set(header)) < len(header) or "" in header:
        raise mistake(name, "the first line must name every column, each with a name of its own", 1)
    for line, cells in rows:
        if len(cells) != len(header):
            raise mistake(name, f"has {len(cells)} fields where the header has {len(header)}", line)
    return header, rows


def _from_marks(
    header: list[str], plain: list[str], rows: list[tuple[int, list[str]]], name: str
) -> ListsTable:
    at_count = plain.index(COUNT) if COUNT in plain else None
    columns = [k for k in range(len(header)) if k != at_count]
    lists = tuple(header[k] for k in columns)
    _check_number(lists, name, "columns beside count")
    problems: list[Problem] = []
    people: Counter[tuple[int, ...]] = Counter()
    for line, cells in rows:
        marks = [plain_digits(cells[k]) for k in columns]
        wrong = [lists[at] for at, mark in enumerate(marks) if mark not in ("0", "1")]
        problems += [
            Problem(name, "is neither 0 nor 1; every column but count is a list (1 = on it, 0 = not), so "
                    "remove all other columns", line, column)
            for column in wrong
        ]  # fmt: skip
        count = "1" if at_count is None else plain_digits(cells[at_count])
        if not _WHOLE.fullmatch(count):
            problems.append(Problem(name, "is not a whole number of people", line, header[at_count or 0]))
        elif not wrong:
            history = tuple(map(int, marks))
            if not any(history) and float(count) > 0:
                problems.append(Problem(name, "counts people who are on no list; nobody can have counted "
                                        "them, so remove the row", line))  # fmt: skip
            people[history] += int(float(count))
    return _table(lists, people, 0, problems, name)


def _from_records(plain: list[str], rows: list[tuple[int, list[str]]], name: str) -> ListsTable:
    others = [column for column in plain if column not in (PERSON, LIST)]
    if others:
        raise mistake(name, f"has other columns than {PERSON} and {LIST}; remove them: what identifies "
                      "people must not enter a case", 1)  # fmt: skip
    at_person, at_list = plain.index(PERSON), plain.index(LIST)
    problems = [
        Problem(name, "is not a hashed key of 32 or more hexadecimal digits. Replace names and numbers of "
                "people by a keyed hash, such as HMAC-SHA-256 with a secret that you keep", line, PERSON)
        for line, cells in rows
        if not _HASHED.fullmatch(cells[at_person])
    ]  # fmt: skip
    problems += [Problem(name, "is empty", line, LIST) for line, cells in rows if not cells[at_list]]
    lists = tuple(dict.fromkeys(cells[at_list] for _, cells in rows if cells[at_list]))
    _check_number(lists, name, f"names in the column {LIST}")
    if COUNT in map(str.casefold, lists):
        raise mistake(name, f"no list may be called {COUNT}; give it another name", 1, LIST)
    at = {one: k for k, one in enumerate(lists)}
    on: dict[str, int] = {}
    repeated = 0
    for _, cells in rows:
        if not cells[at_list]:
            continue
        key, bit = cells[at_person].lower(), 1 << at[cells[at_list]]
        repeated += bool(on.get(key, 0) & bit)
        on[key] = on.get(key, 0) | bit
    people = Counter(tuple(mask >> k & 1 for k in range(len(lists))) for mask in on.values())
    return _table(lists, people, repeated, problems, name)


def _check_number(lists: tuple[str, ...], name: str, what: str) -> None:
    if not 2 <= len(lists) <= MOST_LISTS:
        raise mistake(name, f"has {len(lists)} lists ({what}); 2 to {MOST_LISTS} can be compared. Join lists "
                      "of one kind, or leave out the smallest", 1)  # fmt: skip


def _table(
    lists: tuple[str, ...],
    people: Counter[tuple[int, ...]],
    repeated: int,
    problems: list[Problem],
    name: str,
) -> ListsTable:
    if not problems:
        empty = [one for k, one in enumerate(lists) if not any(h[k] and n for h, n in people.items())]
        problems = [Problem(name, "has nobody on it; leave the list out", 1, one) for one in empty]
    if problems:
        raise CaseError(alike_together(problems)[:MAX_PROBLEMS])
    kept = sorted((history, count) for history, count in people.items() if count)
    return ListsTable(lists, tuple(h for h, _ in kept), tuple(n for _, n in kept), repeated)
