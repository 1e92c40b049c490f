"""``dearth estimate``: everything the totals of a case can say about how many died."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Floats
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.read import Case
from dearth.case.schema import Census, Completeness, Prior, Schedule, StartingAges
from dearth.estimate import views
from dearth.estimate.accounts import accounts
from dearth.estimate.answer import answer, reconstructed
from dearth.estimate.assumptions import assumptions
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked, Choice, choices, default_choice, register_method, whole_registers
from dearth.estimate.completeness_surface import surface
from dearth.estimate.formulas import methods
from dearth.estimate.identification import identification
from dearth.estimate.multiverse import Calculation, Engine, Estimate, estimates_of
from dearth.estimate.places import growth, place_registers, places
from dearth.estimate.posterior import posterior
from dearth.estimate.recomputed_estimates import published, spread
from dearth.estimate.records_available import records, sentences
from dearth.estimate.subtractions import subtraction_sentences, subtractions
from dearth.estimate.unanswered import unanswered
from dearth.estimate.windows import parse_window
from dearth.estimate.without_register import document_without_register
from dearth.numerics.interval import LEVEL
from dearth.numerics.number_words import persons
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.posterior import Posterior
from dearth.reconstruction.posterior_document import to_document

if TYPE_CHECKING:
    import pandas
    import xarray

SCHEMA = "dearth/estimate/v1"
DRAWS, QUICK_DRAWS = 4000, 200


class Progress(Protocol):
    """Told of a step under way, and how far it is (0-1) where that is known."""

    def __call__(self, step: str, share: float | None = None, /) -> None:
        """Take one report."""


@dataclass(frozen=True)
class Estimates:
    """The result of ``estimate``: every toll with its draws, and the document of ``--json``."""

    case: Case
    estimates: tuple[Estimate, ...]
    document: dict[str, Any]
    posterior: Posterior | None = None

    def __repr__(self) -> str:
        lines = [f"Estimates({self.case.name}, {len(self.estimates)} estimates)"]
        return "\n".join([*lines, *(f"  {text}" for text in self.document["answer"])])

    @property
    def draws(self) -> dict[str, Floats]:
        """Draws of excess deaths in the window, persons (D,), by what each estimate assumes."""
        return {one.label: one.total for one in self.estimates}

    def summary(self) -> str:
        """Return the lowest and highest median of each method, series and completeness, a line each."""
        return views.summary(self.case, self.estimates)

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row an estimate: see `views.to_frame`."""
        return views.to_frame(self.estimates)

    def to_xarray(self) -> "xarray.Dataset":
        """Return the draws of every estimate with its choices as coordinates: see `views.to_xarray`."""
        return views.to_xarray(self.estimates)

    def to_json(self) -> dict[str, Any]:
        """Return the one JSON object of the contract."""
        return self.document


def _quiet(_: str, __: float | None = None) -> None:
    """Say nothing: the default of library calls."""


def estimate(
    case: Case,
    asked: Asked | None = None,
    *,
    seed: int = 1,
    quick: bool = False,
    reconstruct: bool = False,
    leave_one_out: bool = True,
    places_too: bool = True,
    progress: Progress = _quiet,
) -> Estimates:
    """Estimate excess deaths and births lost under every choice the case leaves open.

    Parameters
    ----------
    asked : choices held fixed; with none the whole multiverse of the case is computed
    seed : seed of the Monte Carlo draws of completeness
    quick : fewer draws (200 for 4000); exact figures stay exact; a fit without leave_one_out and places
    reconstruct : fit the posterior now; else the shipped one is used while its inputs are unchanged
    leave_one_out : with `reconstruct`, also fit without each source of the leave-one-source-out
    places_too : with `reconstruct`, also fit the places where the case declares `parts`
    progress : told what is under way, and how far (0-1) where that is known

    Raises
    ------
    CaseError
        When the case cannot be estimated, or the fixed choices do not go together.
    """
    asked = asked or Asked()
    problems = check(case)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        raise CaseError(errors)
    problems = [p for p in problems if p.audience == "reader"]
    engine = Engine(case, QUICK_DRAWS if quick else DRAWS, seed)
    if not case.settings.registers:
        return _without_register(case, engine, asked, problems, reconstruct)
    progress("estimates")
    made, left_out = estimates_of(engine, list(choices(case, asked)))
    if not made:
        raise CaseError(check_refused(left_out))
    progress("accounts, requirements and places")
    document = _document(case, engine, made, left_out)
    found, why = posterior(case, reconstruct, leave_one_out, places_too, seed, quick, progress)
    document["reconstruction"] = None
    if found is not None:
        as_json = to_document(found)
        # the old name of the scenarios, kept for one version
        as_json |= {"readings": as_json["scenarios"], "answer": reconstructed(case, found)}
        document["reconstruction"] = as_json
        fixed = [name for name, value in vars(asked).items() if value is not None]
        if fixed:
            document["warnings"].append("reconstruction: it is of the case as declared; "
                                        f"{', '.join(fixed)} of this call do not reach it")  # fmt: skip
    if why:
        document["warnings"].append(f"reconstruction: {why}")
    for scenario in [] if found is None else found.scenarios:
        document["warnings"] += [
            f"{labels.of(case).scenario(scenario.name)}: {text}" for text in scenario.warnings
        ]
    document["warnings"] = [*(str(p) for p in problems), *document["warnings"]]
    return Estimates(case, tuple(made), document, found)


def _without_register(
    case: Case, engine: Engine, asked: Asked, problems: list[Problem], reconstruct: bool
) -> Estimates:
    """Return what the records of a case without a register answer."""
    fixed = [f"--{name.replace('_', '-')}" for name, value in vars(asked).items() if value is not None]
    if fixed or reconstruct:
        what = ", ".join([*fixed, *(["--reconstruct"] if reconstruct else [])])
        raise mistake("estimate", f"{what}: the case has no register, so there is nothing to choose")
    told, more = published(case, engine)
    document = document_without_register(case, {**_common(case, engine), "published": told})
    document["warnings"] = [*(str(problem) for problem in problems), *more]
    return Estimates(case, (), document)


def check_refused(left_out: list[dict[str, str]]) -> list[Problem]:
    """Return each reason why nothing could be estimated: first those that hold for most choices."""
    reasons = Counter(row["why"] for row in left_out)
    return [
        Problem("estimate", why if count == len(left_out) else f"{why} ({count} of {len(left_out)} choices)")
        for why, count in reasons.most_common()
    ]


def _document(
    case: Case, engine: Engine, made: list[Estimate], left_out: list[dict[str, str]]
) -> dict[str, Any]:
    calculation = engine.calculate(default_choice(case))
    default = calculation.estimate()
    whole = engine.register(default.choice.series)
    rows, warnings = places(case, whole)
    told, more = published(case, engine)
    books = [row for name in whole_registers(case) for row in accounts(engine.register(name))]
    books += [row for r in place_registers(case)[0].values() for row in accounts(r)]
    required, closed_between = identification(case, whole)
    found = records(case)
    left = unanswered(
        case, found, excess=True, births_lost=default.births["gross"] is not None,
        accounts=any(not row["place"] for row in books), rates=not whole.counts,
    )  # fmt: skip
    taken_off = subtractions(case, default)
    said = [*answer(case, made, books, _nearest(made, default), told), *sentences(found, persons)]
    said += subtraction_sentences(taken_off, persons)
    return {
        **_common(case, engine),
        "answer": [*said, *(one.text for one in left if whole.counts)],
        **found.document(),
        "unanswered": [one.document() for one in left],
        "assumptions": assumptions(case, made),
        "subtractions": taken_off,
        "accounts": books,
        "estimates": [toll.document() for toll in made],
        "default": {**default.document(), "by_year_rates": _rates(calculation)},
        "left_out": left_out,
        "surface": {} if whole.counts else surface(case, whole),
        "identification": required,
        "identification_closed_between": closed_between,
        "published": told,
        "spread": spread(case, engine),
        "rates": _rival_rates(case),
        "july_june": _july_june(case, engine),
        "places": rows,
        "growth": growth(case),
        "register_sources": _register_sources(case),
        "warnings": warnings + more,
        "methods": methods(),
    }


def _common(case: Case, engine: Engine) -> dict[str, Any]:
    """Return the parts of the document that every case has."""
    return {
        "schema": SCHEMA,
        "case": case.name,
        "title": case.settings.title,
        "place": case.settings.place,
        "summary": case.settings.summary,
        "window": case.settings.window,
        "labels": labels.of(case).document(),
        "seed": engine.seed,
        "draws": engine.draws,
        "level": LEVEL,
        "versions": package_versions(),
        "inputs_sha256": case.sha256,
        "evidence_quality": _quality(case),
        "sources": list(case.sources.values()),
        "works": _works(case),
    }


def _works(case: Case) -> list[dict[str, Any]]:
    """Return the works that published estimates and rows of sources.csv name, in the order of their keys."""
    named = {row["work"] for row in case.published} | {row.get("work", "") for row in case.sources.values()}
    return [work.document() for key, work in sorted(case.works.items()) if key in named]


def _nearest(made: list[Estimate], default: Estimate) -> Estimate:
    """Return the estimate asked for that shares most with the case's own choice."""
    own = vars(default.choice)
    return max(made, key=lambda toll: sum(own[name] == value for name, value in vars(toll.choice).items()))


def _register_sources(case: Case) -> dict[str, list[str]]:
    """Return the sources each register's figures come from."""
    found = {}
    for name, spec in case.settings.registers.items():
        references = {v for v in spec.model_dump().values() if isinstance(v, str) and "/" in v}
        found[name] = sorted(
            {row.source_id for row in case.evidence if f"{row.series}/{row.variable}" in references}
        )
    given = case.settings.reconstruction
    if given is not None:
        parts: list[StartingAges | Schedule | Census] = [given.start, given.mortality, given.fertility]
        counted: list[Any] = [
            *parts,
            *given.censuses,
            *([given.deaths_by_age] if given.deaths_by_age else []),
        ]
        used = {(part.series, part.variable) for part in counted}
        by_age = {row.source_id for row in case.evidence if (row.series, row.variable) in used}
        named = [given.register_name, *([given.subpopulations.register_name] if given.subpopulations else [])]
        priors = {p.source for p in _priors(case) if p.source in case.sources}
        found["reconstruction"] = sorted(by_age.union(priors, *(found[name] for name in named)))
    return found


def _priors(case: Case) -> list[Prior]:
    """Return the declared priors of the scenarios' completeness and of births."""
    given = case.settings.reconstruction
    assert given is not None
    options = [case.settings.completeness.get(scenario.completeness) for scenario in given.scenarios.values()]
    parts = [p for o in options if isinstance(o, Completeness) for p in (o.normal, o.crisis)]
    return [p for p in [*parts, given.birth_completeness] if isinstance(p, Prior)]


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rates(toll: Calculation) -> list[dict[str, Any]]:
    r = toll.corrected.register
    births = toll.normal_births
    if r.counts:  # without a population there are numbers of deaths and no rates
        return []
    columns = {
        "cdr": np.median(toll.corrected.death_rate, axis=0),
        "cdr_registered": r.death_rate,
        "normal_cdr": np.median(toll.normal_deaths, axis=0),
        "cbr": np.median(toll.corrected.birth_rate, axis=0),
        "normal_cbr": np.full(len(r.years), np.nan) if births is None else np.median(births, axis=0),
        "person_years": r.person_years,
    }
    return [
        {"year": year, **{name: _plain(column[i]) for name, column in columns.items()}}
        for i, year in enumerate(r.years)
    ]


def _rival_rates(case: Case) -> list[dict[str, Any]]:
    """Crude rates of the rival series, as the evidence holds them."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    names = case.settings.rival_series or tuple(dict.fromkeys(r.series for r in case.evidence if not r.place))
    short = {"crude_death_rate": "cdr", "crude_birth_rate": "cbr"}
    for row in case.evidence:
        if row.place or row.by_age or row.series not in names or row.variable not in short:
            continue
        if row.when != row.year:  # a rate of a part of a year has no place among yearly rates
            continue
        entry = found.setdefault(
            (row.series, row.year),
            {
                "series": row.series,
                "year": row.year,
                "cdr": None,
                "cbr": None,
                "quality": row.quality,
            },
        )
        entry[short[row.variable]] = row.base
    if found:
        return [found[key] for key in sorted(found)]
    return [
        {"series": name, "year": year, "cdr": _plain(d), "cbr": _plain(b), "quality": "derived"}
        for name in whole_registers(case)
        for r in [Engine(case).register(name)]
        if not r.counts
        for year, d, b in zip(r.years, r.death_rate, r.birth_rate, strict=True)
    ]


def _july_june(case: Case, engine: Engine) -> list[dict[str, Any]]:
    """Excess of each harvest year in the case's default setting, beside published ones."""
    default = default_choice(case)
    if default.window.period is not None:
        return []
    window = parse_window(default.window.name, "july_june")
    stated = _stated_july_june(case)
    rows = []
    for series in whole_registers(case):
        method = register_method(case, series)
        choice = Choice(**{**default.__dict__, "method": method, "series": series, "window": window})
        if engine.refusal(choice):
            continue
        for year, figure in engine.estimate(choice).years.items():
            rows.append({"year": year, "series": series, "excess_deaths": figure.median,
                         "assumption_label": choice.label, "published": stated.get(year, {})})  # fmt: skip
    return rows


def _stated_july_june(case: Case) -> dict[str, dict[str, float]]:
    """Return published excess by harvest year: evidence rows whose series name says ``july_june``."""
    found: dict[str, dict[str, float]] = {}
    for row in case.evidence:
        if row.variable == "excess_deaths" and "july_june" in row.series:
            year = f"{row.year}/{(row.year + 1) % 100:02d}"
            found.setdefault(year, {})[row.series] = row.base
    return found


def _quality(case: Case) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row in case.evidence:
        groups.setdefault((row.variable, row.series, row.quality), []).append(row.year)
    return [
        {"variable": v, "series": s, "quality": q, "rows": len(years),
         "first_year": min(years), "last_year": max(years)}
        for (v, s, q), years in sorted(groups.items())
    ]  # fmt: skip
