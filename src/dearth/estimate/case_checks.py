"""Is the case fit to be estimated? Errors that stop the work and warnings that travel with it."""

from dataclasses import replace

from dearth.case import labels
from dearth.case.evidence import Series
from dearth.case.labels import readable
from dearth.case.plausibility.compare import implausible
from dearth.case.problems import CaseError, Problem, unknown_source
from dearth.case.read import Case
from dearth.case.schema import Completeness, Selection
from dearth.case.yamlfile import read_yaml
from dearth.case.years import format_years, parse_years
from dearth.estimate.accounts import accounts, runs_of_one_sign
from dearth.estimate.age_quality import age_quality
from dearth.estimate.baselines import ADJUSTED, parse_baseline
from dearth.estimate.choices import default_choice, whole_registers
from dearth.estimate.completeness import parse_option
from dearth.estimate.measured_completeness import measured_problems
from dearth.estimate.missing_series import missing_series, reconstruction_lacks
from dearth.estimate.multiverse import Engine
from dearth.estimate.record_estimators import record_problems
from dearth.estimate.unread_variables import misspelt
from dearth.population.vital_registration import read_register
from dearth.reconstruction.case_checks import reconstruction_problems, registers_named

CENSUS_TOLERANCE = 0.01  # share of the stock by which a census may differ without a warning
RESIDUAL_TOLERANCE = 0.001  # share of the stock; official accounts are printed to four digits


def check(case: Case, *, record_files: bool = True) -> list[Problem]:
    """Return every error and warning of a case that reads well.

    An error names what no estimate could use; a warning names what a reader must know.

    Parameters
    ----------
    record_files : read the files of surveys, lists and other records too. `estimate` does without: the
        estimators read them, name the same mistakes, and a survey may have millions of rows
    """
    return [*case.notices, *located(case, [*_problems(case, record_files), *labels.missing_labels(case)])]


def _problems(case: Case, record_files: bool) -> list[Problem]:
    problems = [*_references(case), *_names(case), *_selections(case), *_bases(case), *registers_named(case)]
    problems += measured_problems(case)
    problems += record_problems(case) if record_files else []
    if any(p.severity == "error" for p in problems):
        # mistakes of the block itself are reported too, as far as it can be read without the rest
        return [*problems, *(p for p in _block(case) if p not in problems), *misspelt(case)]
    problems += implausible(case.evidence, case.settings, case.units)
    problems += [*_registers(case), *_censuses(case), *misspelt(case), *age_quality(case)]
    if not any(p.severity == "error" for p in problems):
        if not whole_registers(case):
            return problems
        try:
            why = Engine(case, draws=2).refusal(default_choice(case))
        except CaseError as error:
            return [*problems, *error.problems]
        if why:
            problems.append(Problem("case.yaml", why, field="default"))
        problems += reconstruction_lacks(case) or reconstruction_problems(case)
    return problems


def _block(case: Case) -> list[Problem]:
    if registers_named(case):
        return []
    try:
        return [p for p in reconstruction_problems(case) if p.severity == "error"]
    except KeyError:  # a missing series: reported already
        return []


def located(case: Case, problems: list[Problem]) -> list[Problem]:
    """Return the problems of case.yaml with the line of their field, or of the nearest above it."""
    if not any(p.file == "case.yaml" and p.field and p.line is None for p in problems):
        return problems
    _, lines = read_yaml(case.folder / "case.yaml", "case.yaml")
    found = []
    for problem in problems:
        if problem.file == "case.yaml" and problem.line is None:
            path = tuple(int(part) if part.isdigit() else part for part in problem.field.split("."))
            while path and path not in lines:
                path = path[:-1]
            problem = replace(problem, line=lines[path] if path else None)
        found.append(problem)
    return found


def _references(case: Case) -> list[Problem]:
    problems = []
    for name, spec in case.settings.registers.items():
        for field, reference in spec.model_dump().items():
            if not isinstance(reference, str) or field in ("title", "kind", "note"):
                continue
            held = any(
                case.evidence.has(reference, place)
                for place in ([p.name for p in case.settings.places] if spec.places else [""])
            )
            problems += _recalled(case, f"registers.{name}.{field}", reference)
            if not held:
                problems.append(missing_series(case, name, field, reference))
    for group in ("completeness", "birth_completeness"):
        for name, option in getattr(case.settings, group).items():
            series = option.series if isinstance(option, Completeness) else None
            if series and not case.evidence.has(series):
                problems.append(Problem("case.yaml", case.evidence.absent(series), field=f"{group}.{name}"))
    return problems


def _recalled(case: Case, field: str, reference: str) -> list[Problem]:
    """Refuse a register of remembered figures: they are shown and never computed with."""
    series, variable = reference.split("/")
    years = {
        row.year
        for row in case.evidence
        if (row.series, row.variable, row.quality) == (series, variable, "recalled")
    }
    if not years:
        return []
    message = (
        f"'{reference}' of {format_years(years)} is recalled; a register may not rest on it. Find the source "
        "and cite it, or leave those years out of the register"
    )
    return [Problem("case.yaml", message, field=field)]


def _names(case: Case) -> list[Problem]:
    problems: list[Problem] = []
    s = case.settings
    texts = [("baselines", t) for t in s.baselines]
    texts += [("birth_baselines", t) for t in s.birth_baselines]
    if s.default is not None:
        texts.append(("default.baseline", s.default.baseline.removesuffix(ADJUSTED)))
    texts += [("place_baseline", t) for t in [s.place_baseline] if t]
    for field, text in texts:
        try:
            parse_baseline(text)
        except CaseError as error:
            problems += [Problem("case.yaml", p.message, field=field) for p in error.problems]
    for field, declared in (
        ("completeness", s.completeness),
        ("birth_completeness", s.birth_completeness),
    ):
        for name in declared:
            try:
                parse_option(name, declared)
            except CaseError as error:
                problems += [Problem("case.yaml", p.message, field=field) for p in error.problems]
    for name, taken in s.subtractions.items():
        if taken.source != "assumed" and taken.source not in case.source_names:
            message = unknown_source(taken.source, case.source_names)
            problems.append(Problem("case.yaml", message, field=f"subtractions.{name}.source"))
    for name, option in s.completeness.items():
        for part in ("normal", "crisis"):
            prior = getattr(option, part, None)
            source = getattr(prior, "source", "assumed")
            if source != "assumed" and source not in case.source_names:
                problems.append(
                    Problem(
                        "case.yaml",
                        unknown_source(source, case.source_names),
                        field=f"completeness.{name}.{part}",
                    )
                )
    return problems


def _rows(case: Case, selection: Selection) -> set[tuple[str, int, str]]:
    years = parse_years(selection.years) if selection.years else None
    return {
        (row.place, row.year, row.quality)
        for row in case.evidence
        if row.series == selection.series
        and row.variable == selection.variable
        and (years is None or row.year in years)
        and (selection.places == "all" or bool(row.place) == (selection.places == "parts"))
    }


def _selections(case: Case) -> list[Problem]:
    """Targets and holdouts name rows, share none, and no target is a remembered figure."""
    problems = []
    taken: dict[tuple[str, str, str, int], str] = {}
    for kind in ("holdouts", "targets"):
        for i, selection in enumerate(getattr(case.settings, kind)):
            field = f"{kind}.{i}"
            rows = _rows(case, selection)
            name = f"{selection.series}/{selection.variable}"
            if not rows:
                problems.append(Problem("case.yaml", f"selects no row of {name}", field=field))
            recalled = sorted({year for _, year, quality in rows if quality == "recalled"})
            if kind == "targets" and recalled:
                problems.append(
                    Problem("case.yaml", f"{name} of {format_years(recalled)} is recalled; a "
                            "remembered figure is never fitted on", field=field)
                )  # fmt: skip
            for place, year, _ in sorted(rows):
                key = (selection.series, selection.variable, place, year)
                if taken.setdefault(key, kind) != kind:
                    problems.append(
                        Problem("case.yaml", f"{name} {place} {year} is both target and holdout",
                                field=field)
                    )  # fmt: skip
                    break
    return problems


def _bases(case: Case) -> list[Problem]:
    first: dict[tuple[str, str, str], tuple[str, str, int]] = {}
    problems = []
    for row in case.evidence:
        if not row.basis:
            continue
        key = (row.place, row.series, row.variable)
        basis, file, line = first.setdefault(key, (row.basis, row.file, row.line))
        if basis != row.basis:
            problems.append(
                Problem(row.file, f"{row.series}/{row.variable} is in {row.basis} grain here and "
                        f"in {basis} grain at {file}:{line}; give each basis a series of its own",
                        row.line, "basis")
            )  # fmt: skip
    return problems


def _registers(case: Case) -> list[Problem]:
    problems: list[Problem] = []
    for name in whole_registers(case):
        spec = case.settings.registers[name]
        if spec.population and case.evidence.has(spec.population):
            problems += _mixed(case, name, case.evidence.series(spec.population), spec.population_midyear)
        try:
            register = read_register(case, name)
        except CaseError as error:
            problems += error.problems
            continue
        rows = accounts(register)
        open_years = [
            row for row in rows
            if abs(row.residual) > RESIDUAL_TOLERANCE * register.person_years[
                register.index[row.year]
            ]
        ]  # fmt: skip
        if open_years:
            label = labels.of(case).series(name)
            runs = ", ".join(
                f"{total:+,.0f} over {format_years(range(a, b + 1))}"
                for a, b, total in runs_of_one_sign(rows)
                if abs(total) > 0.5
            )
            problems.append(
                Problem("evidence", f"{label}: the accounts do not close; stock change less natural "
                        f"increase{_migration(case, register.migration_source)}: {runs}", severity="warning")
            )  # fmt: skip
    return problems


def _migration(case: Case, source: str) -> str:
    if not source:
        return " (the case has no net migration of this register)"
    return f" and {' and '.join(map(labels.of(case).reference, source.split(', ')))}"


def _mixed(case: Case, name: str, stock: Series, midyear: str | None) -> list[Problem]:
    breaks = [
        year for year, before, of in zip(stock.years[1:], stock.scopes, stock.scopes[1:], strict=False)
        if before != of
    ]  # fmt: skip
    if not breaks:
        return []
    told = (
        f"{labels.of(case).reference(stock.name)} changes its scope in {format_years(breaks)} "
        f"({', '.join(map(readable, sorted(set(stock.scopes))))}); "
        "stocks of different scopes are never differenced"
    )
    if midyear:
        return [Problem("evidence", told + ": those years have no account", severity="warning")]
    return [Problem("evidence", told + ". Add population_midyear, or keep "
                    "the rows of one scope in this series and move the others to a series of their own",
                    field=f"registers.{name}.population")]  # fmt: skip


def _censuses(case: Case) -> list[Problem]:
    """Report a census more than 1 % from the stock interpolated to mid-year."""
    problems = []
    stocks = [
        case.evidence.series(spec.population)
        for name, spec in case.settings.registers.items()
        if spec.population
        and not spec.places
        and spec.kind == "registered"
        and case.evidence.has(spec.population)
    ]
    for row in case.evidence:
        if row.variable != "population_census_total" or row.place or row.by_age:
            continue
        for stock in stocks:
            middle, scopes = stock.at(row.period), stock.scope_by_year
            if not middle > 0 or row.year not in scopes:
                continue
            off = row.base / middle - 1
            if scopes[row.year] != row.scope:
                message = (
                    f"counts '{readable(row.scope)}', {labels.of(case).reference(stock.name)} counts "
                    f"'{readable(scopes[row.year])}': they are never differenced ({100 * off:+.1f} % apart)"
                )
            elif abs(off) > CENSUS_TOLERANCE:
                day = "its date" if row.dated else "mid-year"
                of = labels.of(case).reference(stock.name)
                message = f"is {100 * off:+.1f} % from {of} interpolated to {day}"
            else:
                continue
            problems.append(
                Problem(
                    row.file,
                    f"the census of {row.when} ('{labels.of(case).series(row.series)}') {message}",
                    row.line,
                    "value",
                    "warning",
                )
            )
    return problems
