"""Published estimates beside our own: recomputed wherever the case holds what they were made of."""

from dataclasses import dataclass, replace
from itertools import product

from dearth.bibliography.works import Work
from dearth.case import labels
from dearth.case.problems import CaseError
from dearth.case.published import Published
from dearth.case.read import Case
from dearth.estimate.choices import Asked, choices, default_choice, register_method
from dearth.estimate.mixed_basis import mixed_basis
from dearth.estimate.multiverse import Engine
from dearth.estimate.one_estimate import Estimate


@dataclass(frozen=True)
class RecomputedSpan:
    """The lowest and highest recomputed figure, persons, over the ends of what no source states."""

    low: float
    high: float
    over: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Recomputed:
    """A published estimate made again from the case's own records; `span` where its recipe is not whole."""

    estimate: Estimate
    span: RecomputedSpan | None


@dataclass(frozen=True)
class PublishedEstimate:
    """A published estimate, the work that states it, and what the case's own records give by its recipe.

    Attributes
    ----------
    stated : the row of ``published.csv``
    work : the publication; None where the row names none
    recomputed : None where there is no recipe or it cannot be followed
    """

    stated: Published
    work: Work | None
    recomputed: Recomputed | None

    @property
    def citation(self) -> str:
        """How a table cites the work; author and year where none is named."""
        return self.work.short if self.work else f"{self.stated['author']} {self.stated['year']}"

    @property
    def recalled(self) -> bool:
        """Whether the figure is remembered and was not verified; it is never computed with."""
        return self.stated["quality"] == "recalled"


@dataclass(frozen=True)
class Span:
    """A lowest and a highest figure, persons; None where there is none."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Spread:
    """How much of the range of published figures the choice of normal years alone spans.

    Attributes
    ----------
    share_explained : length of the overlap over the published range; None where one of them is missing
    note : what is held fixed, in words
    """

    baselines: Span
    published: Span
    share_explained: float | None
    note: str


def recompute(engine: Engine, row: Published) -> Estimate | None:
    """Return the estimate by the row's own recipe, or None where it has none.

    Raises
    ------
    CaseError
        When the recipe cannot be followed; names the line of ``published.csv``.
    """
    if not row["recompute_register"]:
        return None
    asked = Asked(
        method=register_method(engine.case, row["recompute_register"]),
        series=row["recompute_register"],
        baseline=row["recompute_baseline"],
        completeness=row["recompute_completeness"] or "1",
        window=row["recompute_window"] or row["window"],
        transfer=row["recompute_transfer"] or None,
    )
    return engine.estimate(next(choices(engine.case, asked)))


def published(case: Case, engine: Engine) -> tuple[list[PublishedEstimate], list[str]]:
    """Return every published estimate with its recomputation, and what could not be followed."""
    rows, warnings = [], []
    for row in case.published:
        recomputed = None
        try:
            made = recompute(engine, row)
            recomputed = None if made is None else Recomputed(made, _span(engine, row))
        except CaseError as error:
            warnings.append(f"published.csv:{row.line}: {row['key']}: {error.problems[0].message}")
        rows.append(PublishedEstimate(row, case.works.get(row["work"]), recomputed))
    return rows, warnings


def _span(engine: Engine, row: Published) -> RecomputedSpan | None:
    """Return the lowest and highest recomputed figure over what no source states, or None where all is known.

    Excess deaths move one way with the amount of a transfer and with the share of it registered as deaths, so
    the ends of the span lie at the ends of what is unknown.
    """
    name = row["recompute_transfer"]
    if not name:
        return None
    declared = engine.case.settings.transfers[name]
    if not declared.unknown:
        return None
    figures = []
    for ends in product(*declared.unknown.values()):
        given = declared.model_copy(update=dict(zip(declared.unknown, ends, strict=True)))
        transfers = {**engine.case.settings.transfers, name: given}
        settings = engine.case.settings.model_copy(update={"transfers": transfers})
        made = recompute(Engine(replace(engine.case, settings=settings), engine.draws, engine.seed), row)
        assert made is not None
        figures.append(made.excess_deaths.median)
    return RecomputedSpan(min(figures), max(figures), dict(declared.unknown.items()))


def spread(case: Case, engine: Engine) -> Spread:
    """Say how much of the published spread the choice of normal years alone spans.

    The case's default register, completeness and window under each of its baselines (births
    unadjusted), against the lowest and highest published figure that is not recalled.
    """
    d = case.settings.default_scenario
    asked = Asked(default_choice(case).method, d.register_name, None, d.completeness, case.settings.window)
    totals = [
        engine.estimate(choice).excess_deaths.median
        for choice in choices(case, asked)
        if not choice.adjusted and not mixed_basis(choice, case) and not engine.refusal(choice)
    ]
    spans = [p.span for p in case.published if p["quality"] != "recalled"]
    names = labels.of(case)
    note = (
        f"length of the overlap over the published range; {names.series(d.register_name)}, "
        f"{names.completeness(d.completeness)}, window {case.settings.window}"
    )
    baselines = Span(min(totals), max(totals)) if totals else Span()
    if not spans:
        return Spread(baselines, Span(), None, note)
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    share = None
    if totals and high > low:
        overlap = min(high, max(totals)) - max(low, min(totals))
        share = max(0.0, overlap) / (high - low)
    return Spread(baselines, Span(low, high), share, note)
