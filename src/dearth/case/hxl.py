"""Rows of HXL tags, which humanitarian tables have below their header: ``#adm2+name``, ``#population``."""

import re
from collections.abc import Iterable

# a hashtag with attributes, as the HXL standard 1.1 has it; cells may be empty
_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE | re.ASCII)


def is_tags(cells: Iterable[str | None]) -> bool:
    """Return whether every cell of a row is a tag or empty, and at least one is a tag."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return bool(filled) and all(_TAG.fullmatch(cell) for cell in filled)
