"""Imports go downward only, and every room stays small."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "dearth"
# a layer may import from itself and from those before it
LAYERS = [
    "_version",
    "bibliography",
    "graded_constants",
    "numerics",
    "case",
    "population",
    "ensemble",
    "reconstruction",
    "estimate",
    "system",
    "trials",
    "explain",
    "claims",
    "compare",
    "provenance",
    "show",
    "run",
    "checks",
    "facade",
    "cli_ends",
    "cli_case",
    "cli_options",
    "cli_new_case",
    "cli_new",
    "cli_claims",
    "cli_compare",
    "cli_explain",
    "cli_simulate",
    "cli_sources",
    "cli_record_trials",
    "cli_summary",
    "cli_trials",
    "cli",
    "__main__",
]


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dearth."):
            found.add(layer(node.module or ""))
        if isinstance(node, ast.Import):
            found |= {layer(name.name) for name in node.names if name.name.startswith("dearth.")}
    return found


def test_imports_go_downward_only() -> None:
    wrong = []
    for path in ROOT.rglob("*.py"):
        part = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        allowed = [
            name for name in LAYERS[: LAYERS.index(part) + 1] if {part, name} != {"estimate", "system"}
        ]
        wrong += [f"{path.relative_to(ROOT)} imports {name}" for name in imported(path)
                  if name not in allowed]  # fmt: skip
    assert wrong == []


def test_every_part_has_its_layer() -> None:
    parts = {p.name.removesuffix(".py") for p in ROOT.iterdir() if p.suffix == ".py" or p.is_dir()}
    assert parts - {"__init__", "__pycache__", "cases", "schemas", "posteriors", "fits", "py.typed"} <= set(
        LAYERS
    )


def test_no_file_outgrows_its_room() -> None:
    long = [f"{p.relative_to(ROOT)}: {len(p.read_text().splitlines())}" for p in ROOT.rglob("*.py")
            if len(p.read_text().splitlines()) > 400]  # fmt: skip
    assert long == []


def test_the_sampler_is_imported_only_to_fit() -> None:
    code = (
        "import sys, dearth, dearth.cli; dearth.load('china-1958').estimate(quick=True); "
        "sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
