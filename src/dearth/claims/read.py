"""``claims.yaml`` of a case: read, and every mistake named with its line and field."""

from collections.abc import Sequence
from typing import Any

from dearth.case.problems import CaseError, Problem, did_you_mean, mistake, name_hint
from dearth.case.read import Case
from dearth.case.yamlfile import read_yaml, validate
from dearth.claims.check import problems_of
from dearth.claims.schema import Claim, ClaimsFile
from dearth.system.regimes import REGIMES
from dearth.system.scenario import FILE as SCENARIO
from dearth.system.scenario import own_regimes, read_scenario

FILE = "claims.yaml"


def read_claims(case: Case) -> ClaimsFile:
    """Return the claims of a case.

    Raises
    ------
    CaseError
        When the case has none, or with every mistake of the file at once.
    """
    path = case.folder / FILE
    if not path.is_file():
        raise mistake(FILE, "the case has no claims.yaml; docs/verbs/claims.md says how to write one")
    content, lines = read_yaml(path, FILE)
    _single_ways(content, lines)
    problems: list[Problem] = []
    found: ClaimsFile | None = None
    try:
        found = validate(ClaimsFile, content, FILE, lines)
    except CaseError as error:
        problems = list(error.problems)
    for at, claim in enumerate(_sound(content, found)):
        if claim is not None:
            problems += problems_of(claim, ("claims", at), case, lines, FILE)
    problems += _doubles(content, lines)
    if found is None or problems:
        raise CaseError(problems)
    return found


def claims_problems(case: Case) -> list[Problem]:
    """Return every mistake of the claims of a case; none where it has no claims."""
    if not (case.folder / FILE).is_file():
        return []
    try:
        file = read_claims(case)
    except CaseError as error:
        return list(error.problems)
    return _unknown_causes(file, case)


def known_of_scenario(case: Case) -> tuple[frozenset[str], frozenset[str]]:
    """Return the causes and the regimes that a claim may name; none where the case has no scenario."""
    if not (case.folder / SCENARIO).is_file():
        return frozenset(), frozenset()
    scenario = read_scenario(case.folder)
    regimes = (one.name for one in (*REGIMES, *own_regimes(scenario)))
    return frozenset(scenario.causes), frozenset(regimes)


def _unknown_causes(file: ClaimsFile, case: Case) -> list[Problem]:
    """Return a warning for makers for each cause or regime that a claim names and the scenario lacks."""
    try:
        causes, regimes = known_of_scenario(case)
    except CaseError:
        return []  # the mistakes of the scenario are named by its own check
    found = []
    for claim in file.claims:
        for way in claim.test.all if claim.test else ():
            for name, known, what in ((way.share, causes, "cause"), (way.averted, regimes, "regime")):
                if name and name not in known:
                    hint = name_hint(name, sorted(known), what)
                    message = f"the scenario has no {what} '{name}'{hint}; the claim stays untestable"
                    found.append(Problem(FILE, message, None, claim.id, "warning", "maker"))
    return found


def variables_of_claims(case: Case) -> set[str]:
    """Return the variables of the evidence that the claims of a case read; none where they are wrong."""
    try:
        file = read_claims(case)
    except CaseError:
        return set()
    ways = [way for claim in file.claims if claim.test for way in claim.test.all]
    return {name.partition("/")[2] for way in ways for name in way.evidence or ()}


def pick(file: ClaimsFile, wanted: Sequence[str]) -> list[Claim]:
    """Return the claims called `wanted`, in the order of the file; all of them where none is wanted.

    Raises
    ------
    CaseError
        For each name that no claim has.
    """
    names = [claim.id for claim in file.claims]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise CaseError(
            Problem("claims", f"no claim is called '{name}'{did_you_mean(name, names)}") for name in unknown
        )
    return [claim for claim in file.claims if not wanted or claim.id in wanted]


def _sound(content: Any, found: ClaimsFile | None) -> Sequence[Claim | None]:
    """Return the claims that read well, each in its place; None for one that does not."""
    if found is not None:
        return found.claims
    raw = content.get("claims") if isinstance(content, dict) else None
    made: list[Claim | None] = []
    for one in raw if isinstance(raw, list) else []:
        try:
            made.append(Claim.model_validate(one))
        except ValueError:
            made.append(None)
    return made


def _single_ways(content: Any, lines: dict[Any, int]) -> None:
    """Write a quantity that is no list as a list of one, so that its fields keep their lines."""
    claims = content.get("claims") if isinstance(content, dict) else None
    for at, claim in enumerate(claims if isinstance(claims, list) else []):
        test = claim.get("test") if isinstance(claim, dict) else None
        named = test.get("quantities") if isinstance(test, dict) else None
        if not isinstance(named, dict):
            continue
        for name, one in named.items():
            if isinstance(one, dict):
                path = ("claims", at, "test", "quantities", str(name))
                inside = {where: line for where, line in lines.items() if where[: len(path)] == path}
                lines.update({(*path, 0, *where[len(path) :]): line for where, line in inside.items()})
                named[name] = [one]


def _doubles(content: Any, lines: dict[Any, int]) -> list[Problem]:
    """Name each id that stands twice."""
    raw = content.get("claims") if isinstance(content, dict) else None
    seen: dict[str, int] = {}
    problems = []
    for at, one in enumerate(raw if isinstance(raw, list) else []):
        name = str(one.get("id", "")) if isinstance(one, dict) else ""
        path = ("claims", at, "id")
        if name and name in seen:
            message = f"'{name}' is the id of the claim in line {seen[name]} too; give each its own"
            problems.append(Problem(FILE, message, lines.get(path), ".".join(map(str, path))))
        seen.setdefault(name, lines.get(path, 0))
    return problems
