"""Works: the bibliography of the package, read from ``works.json`` (CSL-JSON with two fields of our own)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

SEEN = ("original", "second_hand")
TYPES = (
    "article-journal", "article-newspaper", "book", "chapter", "document", "report", "thesis", "webpage",
)  # fmt: skip
_TEXTS = {
    "container-title": "container", "volume": "volume", "issue": "issue", "page": "page",
    "publisher": "publisher", "DOI": "doi", "URL": "url", "language": "language", "note": "note",
}  # fmt: skip
FIELDS = ("id", "type", "author", "issued", "title", "seen", *_TEXTS)


class Name(NamedTuple):
    """An author; a body such as an office has a family name only."""

    family: str
    given: str = ""


@dataclass(frozen=True)
class Work:
    """One publication.

    Attributes
    ----------
    key : str
        The word by which figures name it, for example ``ashton1984``.
    type : str
        One of `TYPES`, the words of CSL-JSON.
    authors : tuple of Name
    year : int
    title : str
        In Latin letters; a translation stands in brackets.
    container, volume, issue, page, publisher, doi, url, language : str
        Empty where not confirmed: a detail is never guessed.
    seen : {"original", "second_hand"}
        Whether the work's own text was read, in whole or in part, or only what others say of it.
    note : str
        Which part was read, and which details could not be confirmed.
    """

    key: str
    type: str
    authors: tuple[Name, ...]
    year: int
    title: str
    seen: str
    container: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    publisher: str = ""
    doi: str = ""
    url: str = ""
    language: str = "en"
    note: str = ""

    @property
    def link(self) -> str:
        """Address of the work: its DOI, else its page, else nothing."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def short(self) -> str:
        """Short citation, for example ``Ashton et al. 1984``."""
        names = [name.family for name in self.authors]
        if len(names) > 2 or "and others" in names:
            return f"{names[0]} et al. {self.year}"
        return f"{' and '.join(names)} {self.year}"

    @property
    def reference(self) -> str:
        """Reference in one line: authors, year, title, place of publication, DOI or address."""
        end = f" doi:{self.doi}" if self.doi else f" {self.url}" if self.url else ""
        return f"{self.entry}{end}"

    @property
    def entry(self) -> str:
        """The reference without DOI or address, for a page that links it."""
        place = self.container
        if self.volume or self.issue:
            issue = f"({self.issue})" if self.volume else f"no. {self.issue}"
            number = self.volume + (issue if self.issue else "")
            place = f"{place} {number}" if place else number
        if self.page:
            place = f"{place}, {self.page}" if place else f"p. {self.page}"
        parts = [f"{_authors(self.authors)} ({self.year})", self.title, place, self.publisher]
        line = ". ".join(part.rstrip(".") for part in parts if part)
        return f"{line}."

    def document(self) -> dict[str, str | int]:
        """Return the work as the JSON of a result has it."""
        return {
            "key": self.key, "short": self.short, "entry": self.entry, "reference": self.reference,
            "link": self.link,
            "year": self.year, "type": self.type, "seen": self.seen, "note": self.note,
        }  # fmt: skip


def _authors(names: tuple[Name, ...]) -> str:
    told = [f"{n.family}, {_initials(n.given)}" if n.given else n.family for n in names]
    if told[-1] == "and others":
        return f"{', '.join(told[:-1])} and others"
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _initials(given: str) -> str:
    """Return the initials of first names: ``Andrew D.`` gives ``A. D.``, ``Kai-sing`` gives ``K.-S.``."""
    return " ".join(
        "-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in given.split()
    )


def parse_work(entry: object) -> Work:
    """Return the work of one CSL-JSON entry.

    Parameters
    ----------
    entry
        A mapping with ``id``, ``type``, ``author``, ``issued``, ``title``, ``seen`` and any of the other
        `FIELDS`.

    Raises
    ------
    ValueError
        What is wrong: the field, what was given and what is allowed.
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"an entry is {type(entry).__name__}; give an object with {', '.join(FIELDS[:6])}")
    unknown = sorted(set(entry) - set(FIELDS))
    if unknown:
        raise ValueError(f"unknown field '{unknown[0]}'{_hint(unknown[0], FIELDS)}")
    for field in FIELDS[:6]:
        if not entry.get(field):
            raise ValueError(f"{field} is missing; every work needs {', '.join(FIELDS[:6])}")
    for field, allowed in (("type", TYPES), ("seen", SEEN)):
        if entry[field] not in allowed:
            raise ValueError(f"{field} '{entry[field]}' is not one of {', '.join(allowed)}")
    for field in ("id", "title", *_TEXTS):
        if not isinstance(entry.get(field, ""), str):
            raise ValueError(f"{field} must be text, in quotation marks")
    if entry.get("URL") and not str(entry["URL"]).startswith(("https://", "http://")):
        raise ValueError(f"URL '{entry['URL']}' must begin with https:// or http://")
    texts = {name: entry[field].strip() for field, name in _TEXTS.items() if field in entry}
    return Work(
        entry["id"], entry["type"], _names(entry["author"]), _year(entry["issued"]), entry["title"],
        entry["seen"], **texts,
    )  # fmt: skip


def _names(authors: Any) -> tuple[Name, ...]:
    try:
        return tuple(Name(a.get("literal") or a["family"], a.get("given", "")) for a in authors)
    except (AttributeError, KeyError, TypeError):
        raise ValueError(
            'author must be a list such as [{"family": "Coale", "given": "Ansley J."}] or '
            '[{"literal": "United Nations"}]'
        ) from None


def _year(issued: Any) -> int:
    try:
        return int(issued["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        raise ValueError('issued must be such as {"date-parts": [[1984]]}') from None


def _hint(word: str, words: tuple[str, ...] | Mapping[str, Any]) -> str:
    close = get_close_matches(word, list(words), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


@cache
def works() -> Mapping[str, Work]:
    """Return the works of the package by key, in the order of their keys."""
    text = (files("dearth") / "bibliography" / "works.json").read_text(encoding="utf-8")
    return MappingProxyType({work.key: work for work in map(parse_work, json.loads(text))})


def work(key: str, more: Mapping[str, Work] = MappingProxyType({})) -> Work:
    """Return the work `key` of `more` (a case's own works), else of the package.

    Raises
    ------
    KeyError
        No work has that key; the message names the nearest one.
    """
    found = more.get(key) or works().get(key)
    if found is None:
        raise KeyError(f"no work has the key '{key}'{_hint(key, {**works(), **more})}")
    return found


def cite(key: str) -> str:
    """Return the one-line reference of the work `key` of the package."""
    return work(key).reference


def short(key: str) -> str:
    """Return the short citation of the work `key` of the package, for example ``Ashton et al. 1984``."""
    return work(key).short
