"""Totals from incomplete lists against published values and against arithmetic done by hand."""

from math import inf, log, sqrt

import numpy as np
import pytest

from dearth.estimate.lists.decomposable import decomposable_graphs, graphs_of
from dearth.estimate.lists.dependence_range import Declared, dependence_range, unseen_by_pair
from dearth.estimate.lists.histories import Histories, histories
from dearth.estimate.lists.latent_classes import latent_classes
from dearth.estimate.lists.list_estimates import estimate_lists
from dearth.estimate.lists.loglinear import NoEstimateError, fit
from dearth.estimate.lists.matching_errors import corrected, split
from dearth.estimate.lists.model_search import average, search
from dearth.estimate.lists.profile_interval import profile_interval
from dearth.estimate.lists.two_lists import chapman
from lists_tables import pairs, published


def three(**counts: int) -> Histories:
    """Return three lists A, B, C with the counts of ``A``, ``AB`` and so on."""
    cells = [[int(name in history) for name in "ABC"] for history in counts]
    return histories("ABC", cells, list(counts.values()))


@pytest.mark.parametrize(
    ("name", "seen", "alone", "alone_aic", "all_pairs", "pairs_aic"),
    [
        ("UKdat_5", 2744, 13444, 217.8, 13640, 131.8),
        ("Ned_5", 8234, 52924, 505.6, 93979, 157.6),
        ("kosovo_1999", 4400, 7395, 357.4, 14402, 163.3),
        ("snowshoe_hare", 68, 75, 154.5, 105, 158.6),
    ],
)
def test_log_linear_totals_and_aic_of_published_tables(
    name: str, seen: int, alone: int, alone_aic: float, all_pairs: int, pairs_aic: float
) -> None:
    table = published(name)
    independent, dependent = fit(table), fit(table, pairs(table, with_data=True))
    assert table.seen == seen
    assert (round(independent.total), round(independent.aic, 1)) == (alone, alone_aic)
    assert (round(dependent.total), round(dependent.aic, 1)) == (all_pairs, pairs_aic)


def test_killings_in_kosovo_by_the_model_of_the_smallest_bic() -> None:
    """Ball et al. 2002 give 10,356 (95 % interval 9,002-12,122)."""
    table = published("kosovo_1999")
    best = search(table).best("bic")
    assert round(best.total) == 10_357
    interval = profile_interval(table, best, 0.95)
    assert interval.low == pytest.approx(9002, rel=0.01)
    assert interval.high == pytest.approx(12_122, rel=0.01)


def test_two_lists_by_hand() -> None:
    found = chapman(200, 150, 30)
    total = 201 * 151 / 31 - 1
    variance = 201 * 151 * 170 * 120 / 31**2 / 32
    assert found.total.median == pytest.approx(total)
    assert found.standard_error == pytest.approx(sqrt(variance))
    unseen = total - 320
    spread = np.exp(1.6448536 * sqrt(log(1 + variance / unseen**2)))
    assert (found.total.low, found.total.high) == pytest.approx(
        (320 + unseen / spread, 320 + unseen * spread)
    )
    with pytest.raises(ValueError, match="cannot share 40"):
        chapman(30, 50, 40)


def test_log_linear_of_two_lists_is_lincoln_and_petersen() -> None:
    table = histories("AB", [[1, 0], [0, 1], [1, 1]], [170, 120, 30])
    assert fit(table).total == pytest.approx(200 * 150 / 30)
    offset = np.array([0, 0, 0, log(2.0)])  # an odds ratio of 2 doubles the people on neither list
    assert fit(table, (), offset).unseen == pytest.approx(2 * 170 * 120 / 30)


def test_three_lists_with_all_pairs_by_hand() -> None:
    table = three(A=60, B=50, C=40, AB=20, AC=15, BC=12, ABC=9)
    found = fit(table, pairs(table))
    assert found.unseen == pytest.approx(60 * 50 * 40 * 9 / (20 * 15 * 12))
    assert found.aic == pytest.approx(14 - 2 * found.log_likelihood)


def test_models_without_an_estimate_are_refused_with_the_reason() -> None:
    table = three(A=30, B=20, AC=10, BC=8)  # A and B share nobody, and C alone has nobody
    a_b = 0b011
    assert fit(table).total > table.seen
    with pytest.raises(NoEstimateError, match="estimate does not exist"):
        fit(table, (a_b,))
    with pytest.raises(NoEstimateError, match="not identified: 6 unknowns, and the 5 possible"):
        fit(three(A=30, B=20, C=25, AC=10, BC=8), pairs(table))
    with pytest.raises(NoEstimateError, match="estimate does not exist"):
        fit(three(A=30, B=20, C=25))


def test_an_empty_pair_leaves_its_histories_impossible() -> None:
    table = three(A=30, B=20, C=25, AC=10, BC=8)
    found = fit(table, (0b011,))
    assert (found.terms, found.empty) == ((), (0b011,))
    assert np.isfinite(found.coefficients).all()
    free = fit(table)
    assert found.total < free.total  # a pair that excludes each other explains the missing overlap
    assert found.aic == pytest.approx(2 * 5 - 2 * found.log_likelihood)


def test_profile_interval_is_where_the_likelihood_has_fallen() -> None:
    """Two lists: the multinomial likelihood of the total can be written down."""
    table = histories("AB", [[1, 0], [0, 1], [1, 1]], [170, 120, 30])
    found = profile_interval(table, fit(table))
    from scipy.special import gammaln

    def likelihood(total: float) -> float:
        unseen = total - 320
        p, q = 200 / total, 150 / total
        counts = np.array([unseen, 170, 120, 30])
        chances = np.array([(1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q])
        return float(gammaln(total + 1) - gammaln(unseen + 1) + counts @ np.log(chances))

    top = max(likelihood(total) for total in np.arange(900, 1100, 0.5))
    assert found.low is not None
    assert found.high is not None
    for end in (found.low, found.high):
        assert top - likelihood(end) == pytest.approx(2.7055 / 2, abs=1e-3)


def test_decomposable_graphs_reproduce_published_probabilities() -> None:
    """Five lists of Madigan and York 1997, half a person in each history, as their package prints them."""
    counts = [0, 27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5, 83, 36, 34, 18, 3, 5, 0, 2, 30, 5, 23,
              8, 0, 3, 0, 2]  # fmt: skip
    found = decomposable_graphs(Histories(tuple("ABCDE"), np.array(counts, dtype=float)), 0.5)
    printed = [0.21707345, 0.16029369, 0.08226562, 0.06535887, 0.05193514]
    assert [graph.probability for graph in found.graphs] == pytest.approx(printed, rel=1e-5)
    assert found.searched == 822
    assert [len(graphs_of(k)[0]) for k in (2, 3, 4)] == [2, 8, 61]


def test_latent_classes_find_hidden_classes() -> None:
    """Expected counts of two classes give the classes and the total back."""
    chance = np.array([[0.6, 0.5, 0.7, 0.55, 0.65], [0.1, 0.15, 0.05, 0.1, 0.12]])
    share, total = np.array([0.3, 0.7]), 20_000
    marks = np.arange(32)[:, None] >> np.arange(5) & 1
    cells = (chance[:, None, :] ** marks * (1 - chance[:, None, :]) ** (1 - marks)).prod(axis=2)
    counts = np.round(total * share @ cells)
    counts[0] = 0
    found = latent_classes(Histories(tuple("ABCDE"), counts), np.random.default_rng(2), replicates=20)
    assert found.classes == 2
    assert found.total.median == pytest.approx(total, rel=0.02)
    assert found.shares == pytest.approx([0.7, 0.3], abs=0.02)
    assert found.total.low is not None
    assert found.total.high is not None
    assert found.total.low < total < found.total.high


def test_latent_classes_need_four_lists() -> None:
    with pytest.raises(NoEstimateError, match="3 lists do not identify latent classes; 4 are needed"):
        latent_classes(three(A=30, B=20, C=25, AC=10, BC=8), np.random.default_rng(1))


def test_the_average_lies_between_the_models_and_follows_the_weights() -> None:
    table = three(A=60, B=50, C=40, AB=20, AC=15, BC=12, ABC=9)
    found = search(table)
    assert (len(found.fits), found.exhaustive) == (8, True)
    averaged = average(table, found, "aic")
    best = np.argmax(averaged.weights)
    assert found.fits[best].aic == found.best("aic").aic
    ratio = averaged.weights[0] / averaged.weights[best]
    assert ratio == pytest.approx(np.exp(-(found.fits[0].aic - found.fits[best].aic) / 2))
    totals = [one.total for one in found.fits]
    assert min(totals) < averaged.total.median < max(totals)


def test_matching_errors_of_two_lists_change_the_overlap_alone() -> None:
    table = histories("AB", [[1, 0], [0, 1], [1, 1]], [170, 120, 30])
    without = corrected(table, false=0.1, missed=0.0)
    assert (without.size(0), without.size(1), without.overlap(0, 1)) == pytest.approx((200, 150, 27))
    joined = corrected(table, false=0.0, missed=0.25)
    assert (joined.size(0), joined.size(1), joined.overlap(0, 1)) == pytest.approx((200, 150, 40))
    assert split(joined.counts, 0.25) == pytest.approx(table.counts)
    with pytest.raises(ValueError, match="too few people stand on one list alone"):
        corrected(histories("AB", [[1, 0], [0, 1], [1, 1]], [2, 2, 300]), 0.0, 0.1)


def test_the_range_of_two_lists_by_hand() -> None:
    table = histories("AB", [[1, 0], [0, 1], [1, 1]], [1700, 1200, 300])
    exact = Declared((0.5, 4.0), (0.0, 0.0), (0.0, 0.0))
    found = dependence_range(table, exact)
    assert found.low is not None
    assert found.high is not None
    for end, odds_ratio, sign in ((found.low, 0.5, -1), (found.high, 4.0, 1)):
        unseen = end - 3200
        error = sqrt(1 / 1700.5 + 1 / 1200.5 + 1 / 300.5 + 1 / (unseen + 0.5))
        assert log(unseen / unseen_by_pair(2000.5, 1500.5, 300.5, odds_ratio)) == pytest.approx(
            sign * 1.6449 * error, abs=0.002
        )
    wider = dependence_range(table, Declared((0.5, 4.0), (0.0, 0.1), (0.0, 0.1)))
    assert wider.low is not None
    assert wider.high is not None
    assert wider.low < found.low
    assert wider.high > found.high


def test_lists_that_share_too_few_people_have_no_range() -> None:
    found = dependence_range(three(A=300, B=200, C=250, AB=3, BC=1))
    assert found.low is None
    assert found.high is None
    assert "A and B share 3 people" in found.refused
    assert "7 are needed" in found.refused
    assert "A further list" in found.help
    assert all(pair.high == inf for pair in found.pairs)


def test_declared_odds_ratios_that_cannot_all_hold_are_refused() -> None:
    table = three(A=100, B=100, C=2000, AB=900, AC=9, BC=9, ABC=1)
    found = dependence_range(table)
    assert found.low is None
    assert "no total fits odds ratios of 0.5-4" in found.refused
    assert "Odds ratios would have to reach from" in found.help


def test_tables_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="1 lists are given; 2 to 8"):
        histories("A", [[1]], [4])
    with pytest.raises(ValueError, match="whole number of people"):
        histories("AB", [[1, 0]], [4.5])
    with pytest.raises(ValueError, match="people on no list"):
        histories("AB", [[0, 0]], [4])
    with pytest.raises(ValueError, match="a cell is 0"):
        histories("AB", [[1, 2]], [4])


@pytest.mark.parametrize(
    "counts",
    [
        {"ABC": 100},
        {"ABC": 100, "A": 1},
        {"A": 50, "AB": 40, "C": 1},
        {"A": 3, "B": 2, "C": 9},
        {"A": 1, "BC": 1},
        {"A": 10**9, "B": 2 * 10**9, "C": 10**8, "AB": 10**7, "AC": 10**7, "BC": 10**6, "ABC": 10**5},
    ],
)
def test_odd_tables_give_figures_in_order_or_a_reason(counts: dict[str, int]) -> None:
    table = three(**counts)
    made = estimate_lists(table, Declared(), np.random.default_rng(1), quick=True)
    assert len(made.models) + len(made.refused) == 8
    for model in made.models:
        low, high = model.total.ends
        assert table.seen * (1 - 1e-9) <= low <= model.total.median * (1 + 1e-9) <= high * (1 + 1e-9)
        assert np.isfinite(high)
    for refused in made.refused:
        assert refused.why
    found = made.range
    assert (found.low is None) == bool(found.refused)
    assert found.low is None or found.low <= (found.high or 0)
