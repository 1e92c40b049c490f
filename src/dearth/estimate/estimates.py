"""``dearth estimate``: everything the totals of a case can say about how many died."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dearth.bibliography.works import Work
from dearth.case import labels
from dearth.case.evidence import Floats
from dearth.case.problems import CaseError, Problem, mistake
from dearth.case.read import Case
from dearth.estimate import views
from dearth.estimate.accounts import Account, accounts
from dearth.estimate.answer import answer
from dearth.estimate.assumptions import assumptions
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked, choices, default_choice, whole_registers
from dearth.estimate.completeness_surface import Surface, surface
from dearth.estimate.document import to_document
from dearth.estimate.evidence_used import EvidenceQuality, evidence_quality, register_sources
from dearth.estimate.formulas import Method, methods
from dearth.estimate.harvest_years import HarvestYear, harvest_years
from dearth.estimate.identification import Identification, identification
from dearth.estimate.missing_series import reconstruction_lacks
from dearth.estimate.multiverse import Engine, LeftOut, estimates_of
from dearth.estimate.one_estimate import Estimate
from dearth.estimate.places import PlaceGrowth, PlaceYear, growth, place_registers, places
from dearth.estimate.posterior import posterior
from dearth.estimate.posterior_sentences import reconstructed
from dearth.estimate.progress import Progress, quiet
from dearth.estimate.recomputed_estimates import PublishedEstimate, Span, Spread, published, spread
from dearth.estimate.record_estimators import (
    RecordResult,
    assumed_by,
    record_results,
    warned_of,
)
from dearth.estimate.records_available import Records, records, sentences
from dearth.estimate.subtractions import Subtraction, subtraction_sentences, subtractions
from dearth.estimate.unanswered import Unanswered, unanswered
from dearth.estimate.without_register import without_register
from dearth.estimate.yearly_rates import RivalRate, YearRates, rival_rates, yearly_rates
from dearth.numerics.number_words import persons
from dearth.reconstruction.posterior import Posterior

if TYPE_CHECKING:
    import pandas
    import xarray

DRAWS, QUICK_DRAWS = 4000, 200


@dataclass(frozen=True)
class Estimates:
    """The result of ``estimate``: every estimate with its draws, and what stands beside it.

    Attributes
    ----------
    estimates : one for every set of choices that go together; empty without a register
    posterior : of the reconstruction; None where the case declares none or none fits its data
    seed, monte_carlo_draws : of the draws of completeness
    answer, reconstruction_answer : sentences of the registers' estimates, and of the posterior
    records, unanswered : what needs no register, and which questions stay open
    assumptions : silent assumptions, one sentence each
    subtractions : deaths of other causes, taken off the default estimate
    accounts : whether stocks follow from births, deaths and migration, by register and year
    default, default_rates : the estimate drawn where one line is needed, and its rates by year
    left_out : choices that do not go together
    surface, identification : what excess deaths depend on, and what each number of them requires
    published, spread : what others published, and how far normal years alone reach over it
    rival_rates, harvest_years, places, growth : tables beside the estimates
    register_sources : ids of the sources of each register
    record_results : of surveys, lists and other records that are not yearly registers
    evidence_quality, methods : what the result rests on
    warnings, reconstruction_warnings : for readers of the estimates, and of the posterior
    """

    case: Case
    estimates: tuple[Estimate, ...]
    posterior: Posterior | None
    seed: int
    monte_carlo_draws: int
    answer: tuple[str, ...]
    reconstruction_answer: tuple[str, ...]
    records: Records
    unanswered: tuple[Unanswered, ...]
    assumptions: tuple[str, ...]
    published: tuple[PublishedEstimate, ...]
    warnings: tuple[str, ...]
    reconstruction_warnings: tuple[str, ...]
    evidence_quality: tuple[EvidenceQuality, ...]
    methods: tuple[Method, ...]
    identification: Identification
    spread: Spread
    default: Estimate | None = None
    default_rates: tuple[YearRates, ...] = ()
    subtractions: tuple[Subtraction, ...] = ()
    accounts: tuple[Account, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    surface: Surface | None = None
    rival_rates: tuple[RivalRate, ...] = ()
    harvest_years: tuple[HarvestYear, ...] = ()
    places: tuple[PlaceYear, ...] = ()
    growth: tuple[PlaceGrowth, ...] = ()
    register_sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    record_results: tuple[RecordResult, ...] = ()

    def __repr__(self) -> str:
        lines = [f"Estimates({self.case.name}, {len(self.estimates)} estimates)"]
        return "\n".join([*lines, *(f"  {text}" for text in self.answer)])

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

    @cached_property
    def document(self) -> dict[str, Any]:
        """The one JSON object of the contract, made when it is first asked for."""
        return to_document(self)

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """The works that the case names or that a text of the result cites, in the order of their keys."""
        return tuple(self.case.works[work["key"]] for work in self.document["works"])

    def to_json(self) -> dict[str, Any]:
        """Return the one JSON object of the contract."""
        return self.document


def estimate(
    case: Case,
    asked: Asked | None = None,
    *,
    seed: int = 1,
    quick: bool = False,
    reconstruct: bool = False,
    leave_one_out: bool = True,
    places_too: bool = True,
    progress: Progress = quiet,
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
    progress : called with the step under way, and how far (0-1) where that is known

    Raises
    ------
    CaseError
        When the case cannot be estimated, or the fixed choices do not go together.
    """
    asked = asked or Asked()
    problems = check(case, record_files=False)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        raise CaseError(errors)
    problems = [p for p in problems if p.audience == "reader"]
    engine = Engine(case, QUICK_DRAWS if quick else DRAWS, seed)
    others = record_results(case, seed=seed, quick=quick, progress=progress)
    if not case.settings.registers:
        return _without_register(case, engine, asked, problems, reconstruct, others)
    progress("estimates")
    made, left_out = estimates_of(engine, list(choices(case, asked)))
    if not made:
        raise CaseError(check_refused(left_out))
    progress("accounts, requirements and places")
    result = _estimates(case, engine, made, left_out, [problem.for_readers for problem in problems], others)
    found, why = posterior(case, reconstruct, leave_one_out, places_too, seed, quick, progress)
    why = "" if reconstruction_lacks(case) else why  # it cannot be fitted: nobody is told to fit it
    fixed = [name for name, value in vars(asked).items() if value is not None]
    return replace(
        result, posterior=found, reconstruction_answer=() if found is None else reconstructed(case, found),
        reconstruction_warnings=tuple(_posterior_warnings(case, found, why, fixed)),
    )  # fmt: skip


def _posterior_warnings(case: Case, found: Posterior | None, why: str, fixed: list[str]) -> list[str]:
    """Return what a reader must know of the reconstruction; `fixed` are the choices that the call fixed."""
    told = []
    if found is not None and fixed:
        told.append("reconstruction: it is of the case as declared; "
                    f"{', '.join(fixed)} of this call do not reach it")  # fmt: skip
    if why:
        told.append(f"reconstruction: {why}")
    for scenario in [] if found is None else found.scenarios:
        told += [f"{labels.of(case).scenario(scenario.name)}: {text}" for text in scenario.warnings]
    return told


def _without_register(
    case: Case,
    engine: Engine,
    asked: Asked,
    problems: list[Problem],
    reconstruct: bool,
    others: tuple[RecordResult, ...],
) -> Estimates:
    """Return what the records of a case without a register answer."""
    fixed = [f"--{name.replace('_', '-')}" for name, value in vars(asked).items() if value is not None]
    if fixed or reconstruct:
        what = ", ".join([*fixed, *(["--reconstruct"] if reconstruct else [])])
        raise mistake("estimate", f"{what}: the case has no register, so there is nothing to choose")
    told, more = published(case, engine)
    found = without_register(case, others)
    return Estimates(
        case=case, estimates=(), posterior=None, seed=engine.seed, monte_carlo_draws=engine.draws,
        answer=found.answer, reconstruction_answer=(), records=found.records, unanswered=found.unanswered,
        assumptions=found.assumptions, published=tuple(told),
        warnings=(*(problem.for_readers for problem in problems), *more, *warned_of(others)),
        reconstruction_warnings=(),
        evidence_quality=evidence_quality(case), methods=methods(),
        identification=Identification((), "the case has no register"),
        spread=Spread(Span(), Span(), None, ""), record_results=others,
    )  # fmt: skip


def check_refused(left_out: list[LeftOut]) -> list[Problem]:
    """Return each reason why nothing could be estimated: first those that hold for most choices."""
    reasons = Counter(row.why for row in left_out)
    return [
        Problem("estimate", why if count == len(left_out) else f"{why} ({count} of {len(left_out)} choices)")
        for why, count in reasons.most_common()
    ]


def _estimates(
    case: Case,
    engine: Engine,
    made: list[Estimate],
    left_out: list[LeftOut],
    warned: list[str],
    others: tuple[RecordResult, ...],
) -> Estimates:
    """Return the result of a case with a register: its estimates and every table beside them."""
    calculation = engine.calculate(default_choice(case))
    default = calculation.estimate()
    whole = engine.register(default.choice.series)
    rows, place_warnings = places(case, whole)
    told, published_warnings = published(case, engine)
    books = [row for name in whole_registers(case) for row in accounts(engine.register(name))]
    books += [row for r in place_registers(case)[0].values() for row in accounts(r)]
    available = records(case)
    left = unanswered(
        case, available, excess=True, births_lost=default.births.gross is not None,
        accounts=any(not row.place for row in books), rates=not whole.counts,
    )  # fmt: skip
    taken_off = subtractions(case, default)
    said = [*answer(case, made, books, _nearest(made, default), told), *sentences(available, labels.of(case))]
    said += [text for one in others for text in one.sentences]
    said += subtraction_sentences(taken_off, persons)
    said += [one.text for one in left if whole.counts]
    return Estimates(
        case=case, estimates=tuple(made), posterior=None, seed=engine.seed, monte_carlo_draws=engine.draws,
        answer=tuple(said), reconstruction_answer=(),
        records=available, unanswered=tuple(left),
        assumptions=(*assumptions(case, made), *assumed_by(others)),
        published=tuple(told),
        warnings=(*warned, *place_warnings, *published_warnings, *warned_of(others)),
        reconstruction_warnings=(),
        evidence_quality=evidence_quality(case), methods=methods(),
        identification=identification(case, whole), spread=spread(case, engine),
        default=default, default_rates=yearly_rates(calculation), subtractions=tuple(taken_off),
        accounts=tuple(books), left_out=tuple(left_out),
        surface=None if whole.counts else surface(case, whole), rival_rates=rival_rates(case),
        harvest_years=harvest_years(case, engine), places=tuple(rows), growth=tuple(growth(case)),
        register_sources=register_sources(case), record_results=others,
    )  # fmt: skip


def _nearest(made: list[Estimate], default: Estimate) -> Estimate:
    """Return the estimate asked for that shares most with the case's own choice."""
    own = vars(default.choice)
    return max(made, key=lambda toll: sum(own[name] == value for name, value in vars(toll.choice).items()))
