"""Latent classes: people who are seen more or less easily, by maximum likelihood (EM from several starts)."""

from dataclasses import dataclass

import numpy as np

from dearth.estimate.lists.histories import Floats, Histories
from dearth.estimate.lists.loglinear import NO_END, NoEstimateError
from dearth.numerics.interval import LEVEL, Interval

FEWEST_LISTS = 4  # two classes have 2 K + 1 unknowns; three lists give 7 figures for 7 unknowns
MOST_CLASSES = 3
STARTS = 20
REPLICATES = 100  # of the parametric bootstrap
ITERATIONS = 6000
TOLERANCE = 1e-9  # of the log-likelihood, per person seen and 50 iterations
AGREE = 0.05  # in log-likelihood: starts this near to the best one have reached it
FURTHEST = 1e4  # people unseen, as a multiple of those seen, beyond which there is no estimate
METHOD = "parametric bootstrap"
SOURCE = "Goodman 1974"


@dataclass(frozen=True)
class LatentClasses:
    """The total by latent classes.

    Attributes
    ----------
    total : with the bootstrap's interval, persons
    classes : number of classes, chosen by BIC
    shares : (classes,) share of all people in each class, the largest first
    chances : (classes, K) chance of each list to have a person of the class
    log_likelihood : of the histories of the people seen, given that they are seen (multinomial)
    aic, bic : by the unknowns of the classes and `log_likelihood`
    starts_agreeing : how many of the starts reached the best likelihood
    """

    total: Interval
    classes: int
    shares: Floats
    chances: Floats
    log_likelihood: float
    aic: float
    bic: float
    starts_agreeing: int


@dataclass(frozen=True)
class _Fit:
    share: Floats  # (R, C)
    chance: Floats  # (R, C, K)
    unseen: Floats  # (R,) as a multiple of the people seen
    value: Floats  # (R,) log-likelihood


def latent_classes(
    table: Histories, rng: np.random.Generator, replicates: int = REPLICATES, level: float = LEVEL
) -> LatentClasses:
    """Return the total where lists are independent within each of one to `MOST_CLASSES` classes.

    This is the finite mixture fitted by maximum likelihood, with the number of classes of the smallest BIC.
    It is not the Bayesian mixture of Manrique-Vallier (2016), which averages over the number of classes.

    Raises
    ------
    NoEstimateError
        Fewer than `FEWEST_LISTS` lists, one best likelihood that no second start finds, or a total without
        an upper end.

    References
    ----------
    goodman1974, manriquevallier2016
    """
    lists = len(table.lists)
    if lists < FEWEST_LISTS:
        raise NoEstimateError(f"{lists} lists do not identify latent classes; {FEWEST_LISTS} are needed")
    if not any(table.overlap(i, j) for i, j in table.pairs):
        raise NoEstimateError("no two lists share anybody")
    marks = _marks(lists)
    counts = np.tile(table.counts, (STARTS, 1))
    fits = []
    for classes in range(1, MOST_CLASSES + 1):
        start = (
            rng.dirichlet(np.full(classes, 2.0), STARTS),
            rng.uniform(0.02, 0.7, (STARTS, classes, lists)),
        )
        fits.append(_maximise(marks, counts, *start))
    unknowns = [classes * (lists + 1) - 1 for classes in range(1, MOST_CLASSES + 1)]
    bic = [p * np.log(table.seen) - 2 * one.value.max() for p, one in zip(unknowns, fits, strict=True)]
    chosen = int(np.argmin(bic))
    one = fits[chosen]
    best = int(np.argmax(one.value))
    agreeing = int((one.value >= one.value[best] - AGREE).sum())
    if agreeing < 2:
        raise NoEstimateError(
            "only one of the starts reached the best likelihood, so that it may not be the largest"
        )
    if one.unseen[best] > FURTHEST:
        raise NoEstimateError("the lists do not limit the number of unseen people")
    order = np.argsort(-one.share[best])
    total = table.seen * (1 + float(one.unseen[best]))
    low, high = _bootstrap(table, marks, one, best, rng, replicates, level)
    if not low <= total <= high:
        raise NoEstimateError("its bootstrap does not surround the estimate, which is not at a maximum")
    top = float(one.value[best])
    return LatentClasses(
        Interval(total, low, high, level), chosen + 1, one.share[best][order], one.chance[best][order], top,
        2 * unknowns[chosen] - 2 * top, float(bic[chosen]), agreeing,
    )  # fmt: skip


def _bootstrap(
    table: Histories, marks: Floats, one: _Fit, best: int, rng: np.random.Generator, replicates: int,
    level: float,
) -> tuple[float, float]:  # fmt: skip
    """Return the interval of the total: the classes refitted to tables drawn from them."""
    share, chance = one.share[best], one.chance[best]
    cells = _cell_chances(marks, share[None], chance[None])[0].sum(axis=0)
    people = round(table.seen * (1 + float(one.unseen[best])))
    drawn = rng.multinomial(people, cells / cells.sum(), replicates).astype(float)
    drawn[:, 0] = 0
    again = _maximise(marks, drawn, np.tile(share, (replicates, 1)), np.tile(chance, (replicates, 1, 1)))
    totals = drawn.sum(axis=1) * (1 + again.unseen)
    tail = (1 - level) / 2
    low, high = np.quantile(totals, [tail, 1 - tail])
    if high > FURTHEST * table.seen:
        raise NoEstimateError(NO_END)
    return max(float(low), table.seen), float(high)


def _marks(lists: int) -> Floats:
    return (np.arange(2**lists)[:, None] >> np.arange(lists) & 1).astype(float)


def _cell_chances(marks: Floats, share: Floats, chance: Floats) -> Floats:
    """Return the chance of every class and history, (R, C, 2**K)."""
    logs = np.log(chance) @ marks.T + np.log1p(-chance) @ (1 - marks).T
    return np.exp(logs) * share[:, :, None]


def _maximise(marks: Floats, counts: Floats, share: Floats, chance: Floats) -> _Fit:
    """Run EM for R tables at once: the classes and the people unseen are the missing data.

    Parameters
    ----------
    marks : (2**K, K); counts : (R, 2**K), people on no list 0; share : (R, C); chance : (R, C, K)
    """
    seen = counts.sum(axis=1)
    before = np.full(len(counts), -np.inf)
    for step in range(ITERATIONS):
        joint = _cell_chances(marks, share, chance)
        cells = joint.sum(axis=1)
        none = np.clip(cells[:, 0], 0, 1 - 1e-12)
        if step % 50 == 0:
            value = _log_likelihood(cells, none, counts)
            if (value - before <= TOLERANCE * seen).all():
                break
            before = value
        full = counts.copy()
        full[:, 0] = seen * none / (1 - none)
        people = joint * (full / np.maximum(cells, 1e-300))[:, None, :]
        size = people.sum(axis=2)
        share = np.maximum(size / size.sum(axis=1, keepdims=True), 1e-12)
        chance = np.clip((people @ marks) / np.maximum(size, 1e-300)[:, :, None], 1e-9, 1 - 1e-9)
    joint = _cell_chances(marks, share, chance)
    cells = joint.sum(axis=1)
    none = np.clip(cells[:, 0], 0, 1 - 1e-12)
    return _Fit(share, chance, none / (1 - none), _log_likelihood(cells, none, counts))


def _log_likelihood(cells: Floats, none: Floats, counts: Floats) -> Floats:
    found: Floats = (counts * np.log(np.maximum(cells, 1e-300))).sum(axis=1)
    found -= counts.sum(axis=1) * np.log1p(-none)
    return found
