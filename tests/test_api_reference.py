"""The reference has an entry for every public object, and for every object that a verb returns."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dearth.facade import Laboratory, Result, compare

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PYTHON = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
SNAPSHOT = (ROOT / "tests" / "data" / "public_api.txt").read_text(encoding="utf-8").splitlines()
DIRECTIVE = r"^\.\. auto(class|function|exception|data):: (\S+)\n((?:   :.*\n)*)"
ENTRIES = {name: (kind, options) for kind, name, options in re.findall(DIRECTIVE, PAGE, re.M)}
NAMES = [line.split("(")[0] for line in SNAPSHOT if not line.startswith("dearth ")]
# names in annotations that are no objects of dearth
FOREIGN = {"None", "Any", "DataTree"}


def resolved(name: str) -> Any:
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def without_entry(names: list[str], entries: set[str]) -> list[str]:
    """Return names that neither have an entry nor are members of a class with one."""
    return [n for n in names if n not in entries and n.rpartition(".")[0] not in entries]


def test_every_public_name_has_an_entry() -> None:
    assert without_entry(NAMES, set(ENTRIES)) == []
    assert "dearth.facade.Laboratory.estimate" in NAMES
    assert without_entry(NAMES, set(ENTRIES) - {"dearth.case.read.Case"}) != []


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_an_entry_is_an_object_with_a_description_and_its_members(name: str) -> None:
    kind, options = ENTRIES[name]
    found = resolved(name)
    if kind == "data":
        return
    assert inspect.isclass(found) == (kind in ("class", "exception"))
    described = inspect.getdoc(found) or ""
    assert len(described) > 20
    assert not described.startswith(f"{name.rpartition('.')[2]}(")  # what dataclasses write by themselves
    if inspect.isclass(found):
        assert ":members:" in options
        assert ":undoc-members:" in options


def test_what_the_methods_of_the_facade_return_has_an_entry() -> None:
    methods = [one for of in (Laboratory, Result) for key, one in vars(of).items() if key[0] != "_"]
    functions = [getattr(one, "func", getattr(one, "__func__", one)) for one in methods]
    signatures = [inspect.signature(one) for one in (*functions, compare) if inspect.isfunction(one)]
    returned = [one.return_annotation for one in signatures]
    words = " ".join(getattr(one, "__name__", str(one)) for one in returned)
    named = set(re.findall(r"\b[A-Z]\w+", words))
    assert {"Simulation", "Trials", "Explanation", "Comparison"} <= named
    assert named - {name.rpartition(".")[2] for name in ENTRIES} - FOREIGN == set()


def test_the_page_on_python_leads_to_the_reference() -> None:
    assert "(api.md)" in PYTHON
