"""Arithmetic of a test: names of quantities, numbers, + - * / and min, max, abs; nothing else is run."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dearth.case.problems import name_hint

Floats = NDArray[np.float64]
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
}  # fmt: skip
FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    "min": (np.minimum, 2), "max": (np.maximum, 2), "abs": (np.abs, 1),
}  # fmt: skip
LONGEST = 300  # characters; a test that needs more is several tests


def parse(text: str, names: Mapping[str, object]) -> ast.expr:
    """Return the tree of `text`.

    Raises
    ------
    ValueError
        What is not arithmetic, or a name that is none of the quantities.
    """
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters; split the claim")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(
            f"'{text}' is not arithmetic ({error.msg}); write for example after / before - 1"
        ) from None
    for node in ast.walk(tree):
        _allowed(node, names)
    return tree


def _allowed(node: ast.AST, names: Mapping[str, object]) -> None:
    """Refuse a part that is no arithmetic."""
    if isinstance(node, ast.Name):
        if node.id not in names and node.id not in FUNCTIONS:
            raise ValueError(f"'{node.id}' is none of the quantities{name_hint(node.id, names, 'quantity')}")
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise ValueError(f"{node.value!r} is not a number")
    elif isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords or len(node.args) != FUNCTIONS[name][1]:
            raise ValueError("calls are min(a, b), max(a, b) and abs(a) only")
    elif isinstance(node, ast.BinOp):
        if type(node.op) not in OPERATORS:
            raise ValueError("operators are + - * / only")
    elif not isinstance(node, ast.UnaryOp | ast.USub | ast.expr_context | ast.operator):
        raise ValueError(f"{type(node).__name__} is not allowed; write + - * / ( ) min max abs")


def names_in(tree: ast.expr) -> set[str]:
    """Return the quantities that a tree uses."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(FUNCTIONS)


def evaluate(tree: ast.expr, values: Mapping[str, Floats]) -> Floats:
    """Return the value of a tree, (D,), the draws of its quantities side by side.

    A division by zero gives nan, which no test decides on.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(_value(tree, values), float)
    return np.where(np.isfinite(found), found, np.nan)


def _value(node: ast.expr, values: Mapping[str, Floats]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.array([float(number)])
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name][0](*(_value(argument, values) for argument in arguments))
    raise AssertionError(node)


def added(tree: ast.expr) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the quantities on both sides of every plus sign."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield names_in(node.left), names_in(node.right)
