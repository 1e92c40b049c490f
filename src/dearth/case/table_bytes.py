"""Tables that a user brings: text files as they are, workbooks as the text of a sheet."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dearth.case.workbook import is_workbook, read_sheet
from dearth.case.yamlfile import read_bytes


@dataclass(frozen=True)
class Brought:
    """A file that a user brought, as a table of text.

    Attributes
    ----------
    path : the table of text, with the name that the user's file has
    words : the file as a command names it, with its sheet
    sha256 : of the user's file
    note : which sheet was read
    """

    path: Path
    words: str
    sha256: str
    note: str


def table_bytes(path: Path, name: str, max_bytes: int) -> bytes:
    """Return the bytes of a table of text, or of the only sheet of a workbook as text in UTF-8.

    Raises
    ------
    CaseError
        When the file cannot be read or is too large, or its sheet is no table.
    """
    data = read_bytes(path, name, max_bytes)
    return read_sheet(data, name).text.encode() if is_workbook(data) else data


def workbook_at(path: Path) -> bool:
    """Return whether a file is a workbook; a file that cannot be read is none."""
    try:
        with path.open("rb") as file:
            return is_workbook(file.read(4))
    except OSError:
        return False


@contextmanager
def brought(path: Path, sheet: str, max_bytes: int) -> Iterator[Brought]:
    """Give a sheet of a user's workbook as a table of text, in a temporary file of the same name.

    Parameters
    ----------
    sheet : title of the sheet; empty for the only one

    Raises
    ------
    CaseError
        As `table_bytes`.
    """
    data = read_bytes(path, path.name, max_bytes)
    found = read_sheet(data, path.name, sheet)
    with tempfile.TemporaryDirectory(prefix="dearth-") as folder:
        plain = Path(folder) / path.name
        plain.write_text(found.text, encoding="utf-8")
        words = f"{path} --sheet '{sheet}'" if sheet else str(path)
        note = f"read the sheet '{found.title}' of {path.name}, {found.rows:,} rows below its header"
        yield Brought(plain, words, hashlib.sha256(data).hexdigest(), note)
