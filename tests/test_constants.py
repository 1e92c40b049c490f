"""Constants of the code: each is defined in one place and graded, or named here as a matter of technique."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import dearth
from dearth.bibliography.works import works
from dearth.graded_constants import GRADED

PACKAGE = Path(dearth.__file__).parent
ROOMS = ("case/plausibility", "population", "reconstruction", "estimate", "system", "trials")
# numerics, layout, sampler, tolerances of rounding, and tables whose rows carry their own grades
TECHNICAL = {
    "estimate.accounts": {"ROUNDING"},
    "estimate.lists.decomposable": {"FAR", "FURTHEST"},
    "estimate.lists.existence": {"INTERIOR"},
    "estimate.lists.latent_classes": {"AGREE", "FURTHEST", "TOLERANCE"},
    "estimate.lists.loglinear": {"LARGE", "TOLERANCE"},
    "estimate.lists.model_search": {"FEWEST", "FURTHEST"},
    "estimate.lists.profile_interval": {"FEWEST", "FURTHEST"},
    "estimate.missing_series": {"ALIKE"},
    "estimate.small_areas.group_rates": {"CLOSE", "ROUNDS"},
    "estimate.spline_baseline": {"STEPS", "TOLERANCE"},
    "estimate.surveys.persons": {"SEXES"},
    "estimate.surveys.rates": {"PER_DAY"},
    "population.age_sex_accuracy": {"CLASSES"},
    "population.age_heaping": {"WHIPPLE_CLASSES"},
    "population.vital_registration": {"UNIT"},
    "reconstruction.candidate_measurements": {"CANDIDATES"},
    "reconstruction.census_tables": {"DATE_TOLERANCE"},
    "reconstruction.convergence_gates": {"FIXED"},
    "reconstruction.encompassing": {"CENTRAL"},
    "reconstruction.expected_records": {"SMOOTH", "WOMEN"},
    "reconstruction.famine_priors": {"MIDDLE_Z", "FAR_Z"},
    "reconstruction.fit": {"SETTINGS"},
    "reconstruction.likelihood": {"FINEST"},
    "reconstruction.neutral_priors": {"NEUTRAL"},
    "reconstruction.prior_predictive_check": {"INSIDE"},
    "reconstruction.subpopulations": {"SETTINGS", "MOVED"},
    "reconstruction.transforms": {"WARP"},
    "system.balance": {"SMALL"},
    "system.crop_calendar": {"CLOSE"},
    "system.draws": {"CLOSED", "MEMORY"},
    "system.mechanisms.bodies": {"LEAST_MASS", "MAX_EXPONENT"},
    "system.mechanisms.private_plots": {"FLOOR"},
    "system.regimes": {"REGIMES"},
    "system.setting_names": {"MOST"},
    "trials.census_pairs": {"SETTINGS"},
    "trials.estimator": {"SETTINGS"},
    "trials.replicates": {"SPREAD"},
}
CHANCE = {1.25}  # the same digits, another quantity: needs of a man; the most deaths of a window alone


def constants(path: Path) -> Iterator[tuple[str, ast.expr, str]]:
    """Give the names that a module assigns at its top level in capitals: value, and what is said of them.

    That is the comment on the line and the text on the lines below.
    """
    text = path.read_text(encoding="utf-8")
    lines, body = text.splitlines(), ast.parse(text).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        said = lines[(node.end_lineno or 1) - 1].partition("#")[2]
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            said += str(after.value.value)
        for target in targets:
            for name in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(name, ast.Name) and name.id.isupper():
                    yield name.id, value, said


def numbers(node: ast.AST) -> Iterator[float]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, float):
            yield one.value


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def test_every_graded_constant_is_defined_where_the_table_says() -> None:
    for one in GRADED:
        found = {name for name, _, _ in constants(PACKAGE / f"{one.module.replace('.', '/')}.py")}
        assert set(one.names) <= found, one
        assert set(one.basis.sources) <= set(works()), one


def graded_beside(said: str) -> bool:
    """Return whether a comment says that a number is assumed, or names a work."""
    return "assumed" in said.lower() or any(key in said for key in works())


def test_every_constant_with_a_fraction_is_graded_or_technical() -> None:
    graded = defaultdict(set, {module: set(names) for module, names in TECHNICAL.items()})
    for one in GRADED:
        graded[one.module].update(one.names)
    missing = [
        f"{module_of(path)}.{name}"
        for room in ROOMS
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for name, value, said in constants(path)
        if name != "PARAMETERS" and any(numbers(value))
        and name not in graded[module_of(path)] and not graded_beside(said)
    ]  # fmt: skip
    assert not missing, (
        f"{missing}: grade them in graded_constants.py, write 'assumed' or the key of a work in the comment "
        "on their line, or name them here as technical"
    )


def digits(x: float) -> int:
    """Return the digits of a number with a fraction, 0 of a whole one."""
    return 0 if x == int(x) else len(f"{abs(x):.12g}".partition("e")[0].replace(".", "").strip("0"))


def test_no_number_is_written_in_two_modules() -> None:
    """A fraction of three digits or more has one module that defines it; the others import it."""
    where: dict[float, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, float) and digits(node.value) > 2:
                where[abs(node.value)].add(module_of(path))
    copied = {x: sorted(found) for x, found in where.items() if len(found) > 1 and x not in CHANCE}
    assert not copied
