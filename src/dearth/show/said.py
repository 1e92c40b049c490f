"""Texts of the report that know their key and values, so that they can be said in another language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Persons:
    """A number of persons, written as the language speaks it."""

    number: float


@dataclass(frozen=True)
class Span:
    """Two numbers of persons as a range."""

    low: float
    high: float


@dataclass(frozen=True)
class Listed:
    """Names with a number each, one after the other."""

    items: tuple[tuple["Name", str], ...]


class Name(str):
    """The label of a thing of the case; a language may have another name for it."""

    __slots__ = ()


@dataclass(frozen=True)
class Part:
    """One text of a language file with its values."""

    key: str
    values: Mapping[str, object]


class Said(str):
    """An English text made of texts of the language file; it is that text wherever a text is wanted.

    Attributes
    ----------
    parts : the texts that it is made of, one after the other
    """

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, text: str, key: str, values: Mapping[str, object]) -> "Said":
        """Return `text` as what the key says with its values."""
        made = cls(text)
        made.parts = (Part(key, dict(values)),)
        return made

    @property
    def capitalised(self) -> "Said":
        """The same text with a capital letter at its beginning."""
        made = Said(self[:1].upper() + self[1:])
        made.parts = self.parts
        return made
