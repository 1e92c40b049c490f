"""What every estimator says of itself."""

from typing import Protocol


class Described(Protocol):
    """How an estimator is named and printed.

    Attributes
    ----------
    name : as options and tables write it: small letters, digits and hyphens
    title, formula, text : how the report prints it
    sources : keys of the bibliography, or ``assumed``
    needs : which records it must have, in words
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def formula(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def sources(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def needs(self) -> str: ...  # noqa: D102
