"""Keyword arguments of the Python verbs: each is checked by name and by kind before any work is done."""

import inspect
from collections.abc import Callable
from functools import wraps
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from dearth.case.problems import CaseError, Problem, did_you_mean

F = TypeVar("F", bound=Callable[..., Any])
WORDS = {int: "an integer", float: "a number", str: "a text", bool: "True or False", NoneType: "None"}


class ArgumentError(CaseError, TypeError):
    """Keyword arguments of a verb are unknown or of the wrong kind; carries every one of them."""


def checked_keywords(verb: F) -> F:
    """Check the arguments of `verb` by its signature; one text stands for a tuple of one text.

    The wrapped function raises `ArgumentError` before it does anything. Arguments it takes as ``**settings``
    are written ``mechanism__parameter`` and are left to it.
    """
    signature = inspect.signature(verb)
    named = [p for p in signature.parameters.values() if p.name != "self"]
    hints = {p.name: p.annotation for p in named}
    known = {p.name for p in named if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    open_ended = any(p.kind is p.VAR_KEYWORD for p in named)

    @wraps(verb)
    def with_checks(self: Any, *positional: Any, **given: Any) -> Any:
        problems = []
        if positional:
            problems.append(Problem(verb.__name__, f"takes keywords only: {', '.join(sorted(known))}"))
        for name in list(given):
            if name in known:
                given[name] = _one_as_tuple(given[name], hints[name])
                wrong = _wrong(given[name], hints[name])
                if wrong:
                    problems.append(Problem(verb.__name__, wrong, field=name))
            elif not open_ended:
                hint = did_you_mean(name, sorted(known), most=20)
                problems.append(Problem(verb.__name__, f"has no argument '{name}'{hint}"))
            elif "__" not in name:
                hint = did_you_mean(name, sorted(known), most=20)
                what = f"has no argument '{name}'{hint}; a setting is written mechanism__parameter"
                problems.append(Problem(verb.__name__, what))
        if problems:
            raise ArgumentError(problems)
        return verb(self, **given)

    return with_checks  # type: ignore[return-value]


def _one_as_tuple(value: Any, hint: Any) -> Any:
    """Return ``("relief",)`` for ``"relief"`` where a tuple of texts is asked for; a list as a tuple."""
    if get_origin(hint) is tuple:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list):
            return tuple(value)
    return value


def _wrong(value: Any, hint: Any) -> str:
    """Return what is wrong with the kind of `value`, or nothing."""
    if hint is Any or (callable(value) and get_origin(hint) not in (tuple, Union, UnionType)):
        return ""
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if any(_is(value, kind) for kind in kinds):
        return ""
    wanted = " or ".join(_said(kind) for kind in kinds)
    return f"{value!r} is {_kind(value)}; give {wanted}"


def _is(value: Any, kind: Any) -> bool:
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, get_args(kind)[0]) for part in value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return kind not in WORDS or isinstance(value, kind)


def _said(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "a tuple of texts"
    return WORDS.get(kind, getattr(kind, "__name__", str(kind)))


def _kind(value: Any) -> str:
    return WORDS.get(type(value), f"of type {type(value).__name__}")
