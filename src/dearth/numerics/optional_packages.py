"""Packages that not every user needs: imported where they are used."""

from importlib import import_module
from typing import Any


def needed(name: str) -> Any:
    """Return the package `name`.

    Raises
    ------
    ImportError
        When it is not installed; says which extra brings it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed; install it with: pip install 'dearth[all]'") from error
