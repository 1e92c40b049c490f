"""How the numbers of one file are written: which sign stands before decimals, which separates thousands.

``1.234`` is 1.234 in one language and 1234 in another. A file is read where its figures have only
one interpretation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple


class Convention(NamedTuple):
    """The sign before decimals and the separator of thousands (empty = none)."""

    decimal: str
    thousands: str


PLAIN = Convention(".", "")  # the format of evidence
CONVENTIONS = (
    PLAIN,
    *(Convention(".", thousands) for thousands in (",", " ", "'")),
    *(Convention(",", thousands) for thousands in ("", ".", " ", "'")),
)


@dataclass(frozen=True)
class Reading:
    """What the figures of a file are, as plain numbers.

    Attributes
    ----------
    plain : text as written to a plain number, for the texts that are written otherwise
    ambiguous : text as written to its two interpretations; the file cannot be read before they are settled
    """

    plain: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, str]]


def read_numbers(texts: Iterable[str], spreadsheet: bool) -> Reading:
    """Return how the figures of one file are read.

    Parameters
    ----------
    spreadsheet
        The file separates its fields as spreadsheets with a decimal comma do: plain numbers are not assumed.
    """
    written = {text for text in texts if any(_value(text, one) is not None for one in CONVENTIONS)}
    fitting = [one for one in CONVENTIONS if all(_value(text, one) is not None for text in written)]
    if (PLAIN in fitting and not spreadsheet) or not fitting:
        return Reading({}, {})
    readings = {text: {_value(text, one): None for one in fitting} for text in written}
    ambiguous = {text: tuple(found)[:2] for text, found in readings.items() if len(found) > 1}
    plain = {text: str(next(iter(found))) for text, found in readings.items() if len(found) == 1}
    return Reading(
        {text: value for text, value in plain.items() if text != value},
        {text: (str(one), str(other)) for text, (one, other) in ambiguous.items()},
    )


@cache
def _patterns(convention: Convention) -> tuple["re.Pattern[str]", ...]:
    decimal, thousands = re.escape(convention.decimal), re.escape(convention.thousands)
    single = rf"[+-]?(\d+({decimal}\d*)?|{decimal}\d+)([eE][+-]?\d+)?"
    grouped = rf"[+-]?[1-9]\d{{0,2}}({thousands}\d{{3}})+({decimal}\d+)?"
    patterns = (single, grouped) if thousands else (single,)
    return tuple(re.compile(pattern, re.ASCII) for pattern in patterns)


def _value(text: str, convention: Convention) -> str | None:
    """Return `text` as a plain number where it is written by `convention`, else None."""
    if not any(pattern.fullmatch(text) for pattern in _patterns(convention)):
        return None
    whole = text.replace(convention.thousands, "") if convention.thousands else text
    return whole.replace(convention.decimal, ".")
