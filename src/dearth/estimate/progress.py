"""How a long estimate reports where it is."""

from typing import Protocol


class Progress(Protocol):
    """Called with the step under way, and how far it is (0-1) where that is known."""

    def __call__(self, step: str, share: float | None = None, /) -> None:
        """Take one report."""


def quiet(_: str, __: float | None = None) -> None:
    """Say nothing: the default of library calls."""
