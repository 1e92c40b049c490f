"""How well a figure or a form is known, and which works it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from dearth.bibliography.works import works


class Grade(StrEnum):
    """How well a figure or a form is known, from the best to the weakest."""

    MEASURED_HERE = "measured_here"
    PUBLISHED = "published"
    TRANSFERRED = "transferred"
    RECALLED = "recalled"
    ASSUMED = "assumed"

    @property
    def definition(self) -> str:
        """One sentence that says what the grade means."""
        return _DEFINITIONS[self]

    @property
    def label(self) -> str:
        """The grade as a person reads it."""
        return self.value.replace("_", " ")


_DEFINITIONS = {
    Grade.MEASURED_HERE: "Computed in this project from records or works that are named; anyone can repeat "
    "the arithmetic.",
    Grade.PUBLISHED: "Stated by a public work that is named, and confirmed in a text that was read: the work "
    "itself or one that quotes it.",
    Grade.TRANSFERRED: "Measured in another country or time than the one it is used for; the work is named.",
    Grade.RECALLED: "Remembered from the literature and not confirmed in a text that was read; it may centre "
    "a prior and never enters a likelihood or a pass or fail test.",
    Grade.ASSUMED: "A choice without a source for its size; a sensitivity run must show what it changes.",
}
# grades that may stand without a work
_MAY_BE_BARE = (Grade.ASSUMED, Grade.RECALLED)


@dataclass(frozen=True)
class Basis:
    """What a parameter, a default or a form rests on.

    Attributes
    ----------
    grade : Grade
    sources : tuple of str
        Keys of the bibliography; only an assumed or a recalled figure may have none.
    note : str
        What the reader of the figure must know, for example the arithmetic behind it.
    """

    grade: Grade
    sources: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.sources and self.grade not in _MAY_BE_BARE:
            raise ValueError(
                f"a figure of grade '{self.grade}' must name the works it rests on; give their keys, or "
                f"grade it {' or '.join(_MAY_BE_BARE)}"
            )

    def described(self) -> str:
        """Return the basis in one line: grade, short citations (the key where unknown), note."""
        known = works()
        names = "; ".join(known[key].short if key in known else key for key in self.sources)
        told = f"{self.grade.label}: {names}" if names else self.grade.label
        return f"{told} ({self.note})" if self.note else told


def measured_here(*sources: str, note: str = "") -> Basis:
    """Return the basis of a figure computed in this project from the works `sources`."""
    return Basis(Grade.MEASURED_HERE, sources, note)


def published(*sources: str, note: str = "") -> Basis:
    """Return the basis of a figure that the works `sources` state."""
    return Basis(Grade.PUBLISHED, sources, note)


def transferred(*sources: str, note: str = "") -> Basis:
    """Return the basis of a figure that the works `sources` measured elsewhere."""
    return Basis(Grade.TRANSFERRED, sources, note)


def recalled(*sources: str, note: str = "") -> Basis:
    """Return the basis of a remembered figure; `sources` are the works it was remembered from, if known."""
    return Basis(Grade.RECALLED, sources, note)


def assumed(*sources: str, note: str = "") -> Basis:
    """Return the basis of a choice; `sources` may name works that give its sign or its form."""
    return Basis(Grade.ASSUMED, sources, note)
