"""Is what a case gives its reconstruction fit to be fitted? Errors, and scopes a reader must know of."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from dearth.case import labels
from dearth.case.problems import CaseError, Problem, did_you_mean, unknown_source
from dearth.case.read import Case
from dearth.case.schema import Prior, Reconstruction
from dearth.case.years import parse_years
from dearth.reconstruction.age_patterns import birth_shares, death_rates
from dearth.reconstruction.census_tables import census, deaths_by_age
from dearth.reconstruction.inputs import Inputs, crisis_marks, read_inputs
from dearth.reconstruction.placebo_test import placebo
from dearth.reconstruction.priors import priors, shares, undeclared

ROOT = "reconstruction"


def registers_named(case: Case) -> list[Problem]:
    """Return the registers a reconstruction names that the case does not declare."""
    spec = case.settings.reconstruction
    if spec is None:
        return []
    named = {"register": spec.register_name}
    named |= {"parts.register": spec.subpopulations.register_name} if spec.subpopulations else {}
    named |= {"placebo.register": spec.placebo.register_name} if spec.placebo else {}
    registers = case.settings.registers
    return [
        Problem("case.yaml", f"no register is called '{name}'{did_you_mean(name, registers)}",
                field=f"{ROOT}.{field}")
        for field, name in named.items() if name not in registers
    ]  # fmt: skip


def reconstruction_problems(case: Case) -> list[Problem]:
    """Return what is wrong with what the reconstruction is given, all at once."""
    spec = case.settings.reconstruction
    if spec is None:
        return []
    problems = [*_scenarios(case, spec), *_priors(spec), *_sources(case, spec), *_inputs(case, spec)]
    if any(problem.severity == "error" for problem in problems):
        return problems
    try:
        given = read_inputs(case)
    except CaseError as error:
        return [*problems, *error.problems]
    return [*problems, *_years(given), *_scopes(case, given), *undeclared(case.settings)]


def _inputs(case: Case, spec: Reconstruction) -> list[Problem]:
    """Return what is wrong with each table the block names, every one read by itself."""
    years = tuple(sorted(parse_years(spec.years)))
    parts: list[tuple[str, Callable[[], object]]] = [
        ("mortality", lambda: death_rates(case, spec.mortality)),
        ("fertility", lambda: birth_shares(case, spec.fertility)),
        ("deaths_by_age", lambda: deaths_by_age(case, spec.deaths_by_age, years)),
        ("years", lambda: crisis_marks(case, years)),
        *((f"censuses.{i}", partial(census, case, one)) for i, one in enumerate(spec.censuses)),
    ]
    if spec.placebo is not None:
        parts.append(("placebo", partial(placebo, case, spec.placebo)))
    problems = []
    for field, read in parts:
        try:
            read()
        except CaseError as error:
            block = f"{ROOT}.{field.split('.')[0]}"
            here = f"{ROOT}.{field}"
            problems += [replace(p, field=here) if p.field.startswith(block) else p for p in error.problems]
    return problems


def _scenarios(case: Case, spec: Reconstruction) -> list[Problem]:
    problems = []
    for name, scenario in spec.scenarios.items():
        if isinstance(scenario.completeness, str) and scenario.completeness not in case.settings.completeness:
            hint = did_you_mean(scenario.completeness, case.settings.completeness)
            problems.append(Problem("case.yaml", f"no completeness is called '{scenario.completeness}'{hint}",
                                    field=f"{ROOT}.scenarios.{name}.deaths"))  # fmt: skip
        for field in ("late_registration", "removals_registered_as_deaths"):
            prior: Prior | None = getattr(scenario, field)
            try:
                shares(prior)
            except CaseError as error:
                problems += [
                    Problem("case.yaml", p.message, field=f"{ROOT}.scenarios.{name}.{field}")
                    for p in error.problems
                ]
        if scenario.late_registration is not None and spec.late_from is None:
            problems.append(
                Problem("case.yaml", "late_registration needs late_from, whose deaths may be registered late",
                        field=f"{ROOT}.scenarios.{name}.late_registration")
            )  # fmt: skip
    for field in ("social_decline", "late_from", "late_in"):
        named = getattr(spec, field)
        beyond = set(parse_years(named)) - set(parse_years(spec.years)) if named else set()
        if beyond:
            problems.append(Problem("case.yaml", f"{sorted(beyond)} are not among the years {spec.years}",
                                    field=f"{ROOT}.{field}"))  # fmt: skip
    return problems


def _priors(spec: Reconstruction) -> list[Problem]:
    problems = []
    for name, prior in spec.priors.items():
        try:
            priors(spec.model_copy(update={"priors": {name: prior}}))
        except CaseError as error:
            problems += [
                Problem("case.yaml", p.message, field=f"{ROOT}.priors.{name}") for p in error.problems
            ]
    return problems


def _sources(case: Case, spec: Reconstruction) -> list[Problem]:
    """Return the sources the block names that are not known."""
    named = {
        "stocks_source": spec.stocks_source, "total_fertility_source": spec.total_fertility_source,
        "start.source": spec.start.source,
        **{f"priors.{name}.source": prior.source for name, prior in spec.priors.items()},
        **{f"censuses.{i}.source": census.source for i, census in enumerate(spec.censuses)},
    }  # fmt: skip
    if isinstance(spec.birth_completeness, Prior):
        named["birth_completeness.source"] = spec.birth_completeness.source
    return [
        Problem("case.yaml", unknown_source(source, case.source_names), field=f"{ROOT}.{field}")
        for field, source in named.items() if source != "assumed" and source not in case.source_names
    ]  # fmt: skip


def _years(given: Inputs) -> list[Problem]:
    return [
        Problem("case.yaml", f"neither deaths nor births of {year} are available; shorten "
                f"{given.layout.spec.years}",
                field=f"{ROOT}.years")
        for year, *figures in zip(
            given.layout.years, given.figures.deaths, given.figures.births, strict=True
        )
        if year in (given.layout.years[0], given.layout.years[-1]) and not np.isfinite(figures).any()
    ]  # fmt: skip


def _scopes(case: Case, given: Inputs) -> list[Problem]:
    """Report a census that counts others than the register does: its coverage must allow for them."""
    declared = case.settings.registers[given.layout.spec.register_name]
    reference = declared.population or declared.population_midyear
    if reference is None:
        return []
    scopes = case.evidence.series(reference).scope_by_year
    found = []
    for i, held in enumerate(given.layout.censuses):
        year = int(held.spec.date)
        scope = scopes.get(year)
        if scope and held.scope and scope != held.scope:
            allowed = "shares are then compared as they are" if held.shares else "coverage must allow for it"
            names = labels.of(case)
            what = f"'{names.series(held.spec.series)}' of {year} counts '{labels.readable(held.scope)}'"
            of = f"{names.reference(reference)} counts '{labels.readable(scope)}'"
            found.append(
                Problem("case.yaml", f"{what}, {of}: {allowed}",
                        field=f"{ROOT}.censuses.{i}", severity="warning")
            )  # fmt: skip
    return found
