"""Completeness of registered deaths as a method for two censuses measures it."""

from dearth.case import labels
from dearth.case.problems import CaseError, Problem, mistake, name_hint
from dearth.case.read import Case
from dearth.case.schema_base import Completeness, MeasuredCompleteness
from dearth.estimate.two_censuses import CensusPair, pair_of, read_all
from dearth.population.death_distribution import MethodResult

FIRST = 1  # group of ages 5-9: deaths below are not measured


def measured_completeness(case: Case, spec: MeasuredCompleteness, label: str, of: str = "deaths") -> float:
    """Return the share of deaths registered, above 0 and at most 1.

    For both sexes it is registered deaths from age 5 over the same deaths divided by the completeness of each
    sex. A result above 1 counts as 1.

    Raises
    ------
    CaseError
        An option of births, an entry that the case does not have, several places in one file, a method that
        cannot be applied, or net migration that the file does not give.
    """
    field = f"completeness.{label}"
    if of != "deaths":
        raise mistake("case.yaml", "two censuses measure the registration of deaths, not of births",
                      field=f"birth_{field}")  # fmt: skip
    pairs = _pairs(case, spec, field)
    registered = [sum(pair.interval.deaths[FIRST:]) for pair in pairs]
    shares = [_result(pair, spec, field).completeness for pair in pairs]
    corrected = sum(deaths / share for deaths, share in zip(registered, shares, strict=True))
    return float(min(sum(registered) / corrected, 1.0))


def _pairs(case: Case, spec: MeasuredCompleteness, field: str) -> list[CensusPair]:
    blocks = case.settings.two_censuses
    if spec.name not in blocks:
        hint = name_hint(spec.name, blocks, "entry of two_censuses")
        raise mistake("case.yaml", f"'{spec.name}' is no entry of two_censuses{hint}", field=field)
    tables = read_all(case)[0][spec.name]
    wanted = [one for one in tables if spec.sex in ("both", one.sex)]
    if not wanted:
        raise mistake("case.yaml", f"'{spec.name}' has no rows of {spec.sex}s", field=field)
    if len({one.place for one in wanted}) > 1:
        places = ", ".join(dict.fromkeys(one.place for one in wanted))
        raise mistake("case.yaml", f"'{spec.name}' has several places ({places}); name a file of one place",
                      field=field)  # fmt: skip
    return [pair_of(spec.name, blocks[spec.name], table) for table in wanted]


def _result(pair: CensusPair, spec: MeasuredCompleteness, field: str) -> MethodResult:
    if spec.migration and not pair.interval.has_migration:
        raise mistake("case.yaml", f"{pair.of}: the file has no net migrants; write migration: false",
                      field=field)  # fmt: skip
    found = next(one for one in pair.results if (one.method, one.migration) == (spec.method, spec.migration))
    if found.refused:
        raise mistake("case.yaml", f"{pair.of}: {found.title} could not be applied: {found.refused}",
                      field=field)  # fmt: skip
    return found


def measured_problems(case: Case) -> list[Problem]:
    """Return what is wrong with the options that name a method for two censuses, and those above 1."""
    problems: list[Problem] = []
    for group, of in (("completeness", "deaths"), ("birth_completeness", "births")):
        for name, option in getattr(case.settings, group).items():
            if not isinstance(option, Completeness) or option.two_censuses is None:
                continue
            try:
                share = measured_completeness(case, option.two_censuses, name, of)
            except CaseError as error:
                problems += [
                    one for one in error.problems if one.file == "case.yaml"
                ]  # files are checked apart
                continue
            if share >= 1:
                message = f"'{name}': the method finds more deaths registered than died; 100 % is used"
                problems.append(Problem("case.yaml", message, field=f"{group}.{name}", severity="warning"))
    return problems


def measured_assumptions(case: Case, used: set[str]) -> list[str]:
    """Return what the options `used` that come from two censuses assume, one sentence each."""
    return [
        f"'{labels.of(case).completeness(name)}' is the completeness of deaths from age 5 between two "
        "censuses, by one method; it is applied to the deaths of all ages and years, inside the crisis too"
        for name, option in case.settings.completeness.items()
        if isinstance(option, Completeness) and option.two_censuses is not None and name in used
    ]
