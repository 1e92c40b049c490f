"""Published estimates in the order of their size, each with a name that no other has."""

from collections import Counter
from dataclasses import dataclass

from dearth.estimate.recomputed_estimates import PublishedEstimate


@dataclass(frozen=True)
class PublishedLine:
    """A published estimate and how a list names it."""

    name: str
    estimate: PublishedEstimate

    @property
    def middle(self) -> float:
        """The central figure, persons; half way between the ends where none is stated."""
        stated = self.estimate.stated
        low, high = stated.span
        return stated.central if stated.central is not None else (low + high) / 2


def published_lines(published: tuple[PublishedEstimate, ...]) -> list[PublishedLine]:
    """Return the estimates from the lowest to the highest.

    A work that states several has what the case writes behind the author's name: "Coale 1984, before
    correction".
    """
    times = Counter(one.citation for one in published)
    lines = []
    for one in published:
        _, _, what = one.stated["author"].partition(", ")
        name = f"{one.citation}, {what}" if times[one.citation] > 1 and what else one.citation
        lines.append(PublishedLine(name, one))
    return sorted(lines, key=lambda line: line.middle)
