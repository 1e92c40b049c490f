"""The text of a CSV file as spreadsheets save it: its encoding, its field separator, its script of digits."""

import unicodedata
from pathlib import Path
from typing import NamedTuple

from dearth.case.problems import mistake
from dearth.case.table_bytes import table_bytes

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# cells that are shown and never compared: a letter read wrongly there changes no result
FREE_TEXT = frozenset(
    ("note", "title", "author", "where", "reliability_note", "method", "baseline", "registration",
     "recompute_note")
)  # fmt: skip
_SIGNS = {
    "\u2212": "-", "\uff0d": "-", "\ufe63": "-", "\uff0b": "+", "\uff0e": ".", "\uff0c": ",",
    "\u066b": ".", "\u066c": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'",
}  # fmt: skip


class TableText(NamedTuple):
    """The text of a table, and how it was read where that is not plain UTF-8.

    Attributes
    ----------
    encoding : as the message names it, or empty for UTF-8
    certain : whether every letter is; a file in cp1252 could be in another encoding of one byte a letter
    """

    text: str
    encoding: str
    certain: bool


def read_table_text(path: Path, name: str, max_bytes: int) -> TableText:
    """Return the text of `path`: UTF-8, UTF-16, or else cp1252 (Windows); of a workbook its only sheet.

    Raises
    ------
    CaseError
        When the file is missing, unreadable, too large or in no encoding of these; names the line.
    """
    return decoded(table_bytes(path, name, max_bytes), name)


def decoded(data: bytes, name: str) -> TableText:
    """Return the text that `data` is: UTF-8, UTF-16, or else cp1252 (Windows).

    Raises
    ------
    CaseError
        In no encoding of these; names the line.
    """
    wide = _wide(data)
    if wide:
        try:
            return TableText(data.decode(wide).removeprefix("\ufeff"), "UTF-16", True)
        except UnicodeDecodeError:
            raise mistake(name, "begins as UTF-16 but is cut off or damaged; save it as UTF-8") from None
    if b"\x00" in data:
        raise mistake(name, "holds null bytes: not a text file; export it as CSV in UTF-8")
    try:
        return TableText(data.decode("utf-8-sig"), "", True)
    except UnicodeDecodeError as error:
        at = error.start
    try:
        return TableText(data.decode("cp1252"), "Windows-1252", False)
    except UnicodeDecodeError as error:
        at = min(at, error.start)
    line = data[:at].count(b"\n") + 1
    raise mistake(name, f"byte 0x{data[at]:02x} is not UTF-8; save the file as UTF-8", line)


def _wide(data: bytes) -> str:
    """Return the codec of UTF-16 text, by its mark or by the zero beside each letter of its header."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    header = data[:64]
    pairs = len(header) // 2
    for codec, zeros in (("utf-16-le", header[1::2]), ("utf-16-be", header[0::2])):
        if pairs >= 8 and zeros.count(0) == pairs and header.count(0) == pairs:
            return codec
    return ""


def separator_of(header: str, known: tuple[str, ...]) -> str:
    """Return what separates the fields: the character that splits the header into the most known columns."""

    def columns(separator: str) -> int:
        cells = [cell.strip().strip('"') for cell in header.split(separator)]
        return sum(cell in known for cell in cells)

    best = max(SEPARATORS, key=columns)
    return best if columns(best) > columns(",") else ","


def plain_digits(text: str) -> str:
    """Return `text` with digits, signs and separators of any script as those of ASCII."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else _SIGNS.get(letter, letter)
        for letter in text
    )
