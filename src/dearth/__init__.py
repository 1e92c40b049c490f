"""dearth: a laboratory for food crises.

>>> import dearth
>>> case = dearth.load("valley")
>>> result = case.estimate(quick=True)
>>> result.document["case"]
'valley'
"""

from typing import TYPE_CHECKING, Any

from dearth._version import __version__

if TYPE_CHECKING:
    from dearth.facade import Laboratory

__all__ = ["__version__", "load"]


def load(name_or_path: str) -> "Laboratory":
    """Load a bundled case by name, or a case folder by path; see `dearth.facade.Laboratory`.

    Raises
    ------
    dearth.case.problems.CaseError
        With every mistake of the case at once.
    """
    from dearth.facade import Laboratory

    return Laboratory.of(name_or_path)


def __dir__() -> list[str]:
    return [*__all__]


def __getattr__(name: str) -> Any:
    if name == "CaseError":
        from dearth.case.problems import CaseError

        return CaseError
    raise AttributeError(f"module 'dearth' has no attribute '{name}'")
