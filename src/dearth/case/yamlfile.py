"""YAML 1.2 read safely: line numbers for every field, no anchors, bounded size and depth."""

import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake

MAX_BYTES = 1_000_000  # a case file is written by hand; more is an accident or an attack
MAX_DEPTH = 20

T = TypeVar("T", bound=BaseModel)


def read_bytes(path: Path, name: str, max_bytes: int) -> bytes:
    """Return the bytes of `path`.

    Raises
    ------
    CaseError
        When the file is missing, unreadable or too large.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise mistake(name, f"the file holds {size:,} bytes; at most {max_bytes:,} are read")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise mistake(name, f"cannot be read ({reason}); check the name and its rights") from None


def read_text(path: Path, name: str, max_bytes: int) -> str:
    """Return the UTF-8 text of `path`, a byte-order mark dropped.

    Raises
    ------
    CaseError
        When the file is missing, unreadable, too large or not UTF-8; names the line.
    """
    data = read_bytes(path, name, max_bytes)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise mistake(
            name, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8", line
        ) from None


def _refuse_bombs(text: str, name: str) -> None:
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text) or ():
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise mistake(name, "anchors and aliases (&, *) are not read; write it out", line)
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise mistake(name, f"nested deeper than {MAX_DEPTH} levels; flatten it", line)


def _lines(node: Node | None, path: tuple[str | int, ...], found: dict[Any, int]) -> None:
    if node is None:
        return
    found.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            found[(*path, str(key.value))] = key.start_mark.line + 1
            _lines(value, (*path, str(key.value)), found)
    elif isinstance(node, SequenceNode):
        for i, value in enumerate(node.value):
            _lines(value, (*path, i), found)


def read_yaml(path: Path, name: str) -> tuple[Any, dict[Any, int]]:
    """Return the content of a YAML 1.2 file and the line of each field by its path."""
    text = read_text(path, name, MAX_BYTES)
    lines: dict[Any, int] = {}
    try:
        _refuse_bombs(text, name)
        content = YAML(typ="safe", pure=True).load(text)
        _lines(YAML(typ="safe", pure=True).compose(text), (), lines)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        message = (error.problem or error.context or "is not YAML").strip().split("\n")[0]
        raise mistake(name, f"is not valid YAML: {message}", line) from None
    except (YAMLError, ValueError, RecursionError) as error:
        message = str(error).strip().split("\n")[0]
        raise mistake(name, f"is not valid YAML: {message}") from None
    return content, lines


def _path(error: Any) -> tuple[Any, ...]:
    """Return where an error stands, without the names pydantic gives the members of a union."""
    return tuple(p for p in error["loc"] if not re.match(r"function-|constrained-|[A-Z]\w*$|float$", str(p)))


def _of_another_member(error: Any) -> bool:
    """Whether the error says only that a mapping is not the plain number a union also allows."""
    number = any(re.match(r"constrained-float|float$", str(part)) for part in error["loc"])
    return number and isinstance(error.get("input"), dict)


def _problem(name: str, error: Any, lines: dict[Any, int], model: type[BaseModel]) -> Problem:
    loc = _path(error)
    probe = loc
    while probe and probe not in lines:
        probe = probe[:-1]
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"unknown field '{loc[-1]}'" + did_you_mean(str(loc[-1]), _siblings(model, loc))
    elif error["type"] == "missing":
        message = "this field is missing; add it"
    elif not isinstance(error.get("input"), dict | list | tuple | type(None)):
        message += f" (given: {error['input']!r})"
    return Problem(name, message, lines.get(probe), ".".join(str(part) for part in loc))


def _siblings(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the fields allowed beside the last part of `loc`."""
    schema = model.model_json_schema()
    here: Any = schema
    for part in loc[:-1]:
        here = _step(_resolve(here, schema), part)
    return list(_resolve(here, schema).get("properties", {}))


def _resolve(node: Any, schema: Any) -> Any:
    """Follow references and unions down to the mapping or list they stand for."""
    while isinstance(node, dict) and ("$ref" in node or "anyOf" in node):
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        else:
            node = next((o for o in node["anyOf"] if "$ref" in o or "properties" in o), {})
    return node if isinstance(node, dict) else {}


def _step(node: Any, part: Any) -> Any:
    """Go one part of a location down; the name of a union's member is no step."""
    if isinstance(part, int):
        return node.get("items", node)
    if part in node.get("properties", {}):
        return node["properties"][part]
    # a name the user chose: either keyed by pattern (patternProperties) or free
    free = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return next((option for option in free if isinstance(option, dict)), node)


def validate(model: type[T], content: Any, name: str, lines: dict[Any, int]) -> T:
    """Return `content` as `model`.

    Raises
    ------
    CaseError
        With every mistake at once: line, field, what was given, what is allowed.
    """
    if not isinstance(content, dict):
        raise mistake(name, "is empty or no mapping; start from 'dearth new NAME'", 1)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = [part for part in error.errors() if not _of_another_member(part)] or error.errors()
        problems = list(dict.fromkeys(_problem(name, part, lines, model) for part in found))
        raise CaseError(problems) from None
