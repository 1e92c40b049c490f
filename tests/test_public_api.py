"""A snapshot of what others may rely on: Python names with their arguments, verbs with their options.

After a deliberate change write it anew with ``python tests/test_public_api.py``, and say so in the changelog.
"""

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import typer

import dearth
from dearth.bibliography import grade
from dearth.case.problems import CaseError, Problem
from dearth.case.read import Case
from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.cli import app
from dearth.compare.results import Comparison
from dearth.estimate.estimates import Estimates
from dearth.estimate.estimators import Estimator
from dearth.facade import Laboratory, Result
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.system.mechanism import Mechanism, Month, Parameter
from dearth.system.simulation import Simulation
from dearth.trials.recovery import Trials

SNAPSHOT = Path(__file__).parent / "data" / "public_api.txt"
CLASSES = (Laboratory, Result, Case, CaseError, Problem, Estimates, Posterior, ScenarioPosterior, Simulation,
           Trials, Comparison, Claims, Verdicts, Alternative, Estimator, Mechanism, Month,
           Parameter)  # fmt: skip
GRADES = (grade.assumed, grade.recalled, grade.published, grade.transferred, grade.measured_here)


def arguments(function: Any) -> str:
    """Return names, kinds and defaults of a function's arguments, without their types."""
    signature = inspect.signature(function)
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def members(one: type) -> Iterator[str]:
    """Return a line for each public field, property and method of a class, those of its bases too."""
    of = f"{one.__module__}.{one.__qualname__}"
    yield of
    held = {f.name for f in fields(one)} if is_dataclass(one) else set()
    for name in sorted(held | {name for name in dir(one) if not name.startswith("_")} - set(dir(Exception))):
        found = inspect.getattr_static(one, name, None)
        if isinstance(found, classmethod | staticmethod):
            found = found.__func__
        yield f"{of}.{name}{arguments(found) if inspect.isfunction(found) else ''}"


def verbs() -> Iterator[str]:
    """Return a line for each verb of the command line and each of its arguments and options."""
    command: Any = typer.main.get_command(app)
    for verb, found in sorted(command.commands.items()):
        yield f"dearth {verb}"
        for p in sorted(found.params, key=lambda p: (p.param_type_name, p.opts)):
            options = " ".join((*p.opts, *p.secondary_opts))
            words = p.name.upper() if p.param_type_name == "argument" else options
            yield f"dearth {verb} {words}"


def snapshot() -> str:
    lines = [f"dearth.{name}" for name in sorted(dearth.__all__)]
    lines += [f"dearth.load{arguments(dearth.load)}"]
    lines += [f"{one.__module__}.{one.__name__}{arguments(one)}" for one in GRADES]
    for one in CLASSES:
        lines += members(one)
    return "\n".join([*lines, *verbs()]) + "\n"


def test_the_public_names_are_those_of_the_snapshot() -> None:
    kept, now = SNAPSHOT.read_text(encoding="utf-8"), snapshot()
    difference = unified_diff(kept.splitlines(), now.splitlines(), "snapshot", "now", lineterm="", n=0)
    told = "the public names changed; if you meant it, run: python tests/test_public_api.py\n"
    assert now == kept, told + "\n".join(difference)


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
