"""Which works a text cites: a list of works is complete because it is made from the text itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dearth.bibliography.works import Work


def cited(text: str, works: Mapping[str, Work]) -> set[str]:
    """Return the keys of the works that `text` cites, as ``Sen 1981``, ``Sen (1981)`` or by its DOI.

    Works of the same authors and year are all returned: the text does not distinguish them.
    """
    found = set()
    for key, work in works.items():
        authors = work.short.removesuffix(str(work.year)).strip()
        by_name = authors in text and re.search(rf"\b{re.escape(authors)},?\s+\(?{work.year}\b", text)
        if by_name or (work.doi and work.doi in text):
            found.add(key)
    return found


def complete(keys: Iterable[str], text: str, works: Mapping[str, Work]) -> tuple[Work, ...]:
    """Return the works `keys`, those that `text` cites and those that a note on any of them cites, by key."""
    found, new = set[str](), (set(keys) | cited(text, works)) & set(works)
    while new:
        found |= new
        new = cited("\n".join(works[key].note for key in new), works) - found
    return tuple(works[key] for key in sorted(found))


def texts(part: Any) -> Iterator[str]:
    """Yield every text in an object of JSON; keys are no texts."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from texts(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts(inner)
