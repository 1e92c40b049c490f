"""What one set of lists says: every model with its total, the range, and what was refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dearth.estimate.lists import decomposable, latent_classes, model_search, profile_interval, two_lists
from dearth.estimate.lists.dependence_range import Declared, DependenceRange, dependence_range
from dearth.estimate.lists.histories import Histories
from dearth.estimate.lists.loglinear import LogLinear, NoEstimateError, fit
from dearth.estimate.lists.matching_errors import corrected
from dearth.estimate.lists.model_search import Search
from dearth.numerics.interval import Interval

QUICK_REPLICATES = 40
RATIOS = ((1.0, 1.0), (0.8, 1.25), (0.5, 2.0), (0.5, 4.0), (0.25, 8.0))  # odds ratios of the table
ERRORS = (0.02, 0.05, 0.1)  # shares of matches of the table, beside none


@dataclass(frozen=True)
class ListModel:
    """One model's total.

    Attributes
    ----------
    name, label : identifier, and what readers see
    total : persons, with the interval of sampling error, given that the model is right
    aic : None where the method has none that can be compared
    interval : how the interval is made
    source : works that give the method, in short
    detail : which lists depend on each other, how many classes, and the like
    """

    name: str
    label: str
    total: Interval
    aic: float | None
    interval: str
    source: str
    detail: str = ""


@dataclass(frozen=True)
class Refused:
    """A model without a result, and why."""

    name: str
    label: str
    why: str


@dataclass(frozen=True)
class Meaning:
    """What one assumption would mean.

    Attributes
    ----------
    kind : ``dependence`` or ``matching``
    assumption : as readers see it
    low, high : the range under it, None where there is none
    why_not : why there is no range; empty for a row that has one, or that is about a total alone
    independent : total of the model with no other dependence than this, None where it has none
    """

    kind: str
    assumption: str
    low: float | None
    high: float | None
    why_not: str
    independent: float | None


@dataclass(frozen=True)
class ListEstimates:
    """Everything that one set of lists says.

    Attributes
    ----------
    models : those with a result, in the order of the page on lists
    meanings : what other assumptions would mean, dependence first
    tried : number of log-linear models fitted, and whether these are all
    """

    table: Histories
    models: tuple[ListModel, ...]
    range: DependenceRange
    meanings: tuple[Meaning, ...]
    refused: tuple[Refused, ...]
    tried: int
    exhaustive: bool


def estimate_lists(
    table: Histories,
    declared: Declared,
    rng: np.random.Generator,
    quick: bool = False,
    chosen: tuple[int, ...] = (),
) -> ListEstimates:
    """Return every model's total, the range and the table of assumptions.

    Parameters
    ----------
    quick : fewer replicates of the bootstrap of latent classes; all else is the same
    chosen : pairs of lists, as bit masks, of one more log-linear model
    """
    models: list[ListModel] = []
    refused: list[Refused] = []

    def attempt(name: str, label: str, make: Callable[[], ListModel]) -> None:
        try:
            models.append(replace(make(), name=name, label=label))
        except NoEstimateError as error:
            refused.append(Refused(name, label, str(error)))

    if len(table.lists) == 2:
        attempt("two_lists", "Two lists (Chapman)", lambda: _two_lists(table))
        found = Search((), (), True)
    else:
        found = model_search.search(table)
        for name, label, make in _log_linear(table, found):
            attempt(name, label, make)
        if chosen:
            label = "Log-linear, the pairs that the case names"
            attempt("chosen_pairs", label, lambda: _profiled(table, fit(table, chosen)))
        attempt("decomposable", "Decomposable graphs, averaged", lambda: _graphs(table))
        replicates = QUICK_REPLICATES if quick else latent_classes.REPLICATES
        attempt("latent_classes", "Latent classes", lambda: _classes(table, rng, replicates))
    return ListEstimates(
        table, tuple(models), dependence_range(table, declared), meanings(table, declared), tuple(refused),
        len(found.fits), found.exhaustive,
    )  # fmt: skip


def _two_lists(table: Histories) -> ListModel:
    both = table.overlap(0, 1)
    if both == 0:
        raise NoEstimateError("the two lists share nobody")
    found = two_lists.chapman(table.size(0), table.size(1), both)
    return ListModel("", "", found.total, None, two_lists.METHOD, two_lists.SOURCE)


def _log_linear(table: Histories, found: Search) -> list[tuple[str, str, Callable[[], ListModel]]]:
    pairs = tuple(1 << i | 1 << j for i, j in table.pairs)
    with_data = tuple(pair for pair in pairs if table.with_all(pair))
    return [
        ("independence", "All lists independent", lambda: _profiled(table, fit(table))),
        ("all_pairs", "Every two lists dependent", lambda: _profiled(table, fit(table, with_data))),
        ("smallest_aic", "Log-linear, smallest AIC", lambda: _profiled(table, _best(found, "aic"))),
        ("smallest_bic", "Log-linear, smallest BIC", lambda: _profiled(table, _best(found, "bic"))),
        ("average_aic", "Log-linear, averaged by AIC", lambda: _averaged(table, found, "aic")),
        ("average_bic", "Log-linear, averaged by BIC", lambda: _averaged(table, found, "bic")),
    ]


def _best(found: Search, criterion: str) -> LogLinear:
    if not found.fits:
        raise NoEstimateError("no log-linear model has an estimate")
    return found.best("aic" if criterion == "aic" else "bic")


def _profiled(table: Histories, model: LogLinear) -> ListModel:
    dependent = ", ".join(table.names(term) for term in model.terms)
    apart = ", ".join(table.names(term) for term in model.empty)
    detail = f"dependent: {dependent}" if dependent else "no two lists dependent"
    detail += f"; never together: {apart}" if apart else ""
    total = profile_interval.profile_interval(table, model)
    return ListModel("", "", total, model.aic, profile_interval.METHOD, profile_interval.SOURCE, detail)


def _averaged(table: Histories, found: Search, criterion: str) -> ListModel:
    made = model_search.average(table, found, "aic" if criterion == "aic" else "bic")
    detail = f"{len(found.fits):,} models, {'all of them' if found.exhaustive else 'those that a search met'}"
    return ListModel("", "", made.total, None, model_search.METHOD, model_search.SOURCE, detail)


def _graphs(table: Histories) -> ListModel:
    made = decomposable.decomposable_graphs(table)
    best = made.graphs[0]
    edges = ", ".join(table.names(edge) for edge in best.edges) or "no two lists dependent"
    detail = f"{made.searched:,} graphs; the most probable ({best.probability:.2f}): {edges}"
    return ListModel("", "", made.total, None, decomposable.METHOD, decomposable.SOURCE, detail)


def _classes(table: Histories, rng: np.random.Generator, replicates: int) -> ListModel:
    made = latent_classes.latent_classes(table, rng, replicates)
    shares = ", ".join(f"{share:.0%}" for share in made.shares)
    return ListModel(
        "", "", made.total, None, latent_classes.METHOD, latent_classes.SOURCE,
        f"{made.classes} {'class' if made.classes == 1 else 'classes'} ({shares} of the people)",
    )  # fmt: skip


def meanings(table: Histories, declared: Declared) -> tuple[Meaning, ...]:
    """Return what other odds ratios and other errors of matching would mean."""
    found = []
    for low, high in dict.fromkeys((*RATIOS, declared.odds_ratio)):
        text = "every two lists independent" if low == high == 1 else f"odds ratios of {low:g} to {high:g}"
        total = _total(table, low) if low == high else None
        found.append(_meaning("dependence", text, table, replace(declared, odds_ratio=(low, high)), total))
    for ratio in dict.fromkeys((declared.odds_ratio[0], 2.0, declared.odds_ratio[1])):
        text = f"an odds ratio of {ratio:g} between every two lists, given the others"
        found.append(Meaning("dependence", text, None, None, "", _total(table, ratio)))
    for false, missed in (
        (0.0, 0.0),
        *((share, 0.0) for share in ERRORS),
        *((0.0, share) for share in ERRORS),
    ):
        text = f"{false:.0%} of the matches false, {missed:.0%} missed"
        exact = replace(declared, false_matches=(false, false), missed_matches=(missed, missed))
        found.append(_meaning("matching", text, table, exact, _total(table, 1.0, false, missed)))
    return tuple(found)


def _meaning(kind: str, text: str, table: Histories, declared: Declared, total: float | None) -> Meaning:
    one = dependence_range(table, declared)
    short = "" if not one.refused else "no total fits" if one.widening > 1 else "too little overlap"
    return Meaning(kind, text, one.low, one.high, short, total)


def _total(
    table: Histories, odds_ratio: float = 1.0, false: float = 0.0, missed: float = 0.0
) -> float | None:
    """Return the total of independent lists, or of lists with one odds ratio, after errors of matching."""
    bits = np.array([mask.bit_count() for mask in range(len(table.counts))])
    offset = np.log(odds_ratio) * bits * (bits - 1) / 2
    try:
        return fit(corrected(table, false, missed) if false or missed else table, (), offset).total
    except (NoEstimateError, ValueError):
        return None
