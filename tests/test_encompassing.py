"""The evidence for a scenario inside a wider one is its posterior over its prior mass; figures left out."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from dearth.case.schema import Prior
from dearth.reconstruction.encompassing import encompassing, prior_of_shares, region_of
from dearth.reconstruction.likelihood import Term
from dearth.reconstruction.predictions import prediction_of_source
from dearth.reconstruction.priors import ShareForm, shares
from dearth.reconstruction.scenarios import Registration

DRAWS = 100_000
NONE, FULL = shares(None), shares(1.0)


def form(dist: str, **given: float) -> ShareForm:
    return shares(Prior(dist=dist, source="assumed", **given))  # type: ignore[arg-type]


WIDE = form("logit_normal", mean=0.75, sd=1.5)
NARROW = form("logit_normal", mean=0.9, sd=0.3)


def registration(normal: ShareForm, crisis: ShareForm | None) -> Registration:
    return Registration(normal, crisis, NONE, NONE, FULL)


def drawn(seed: int, normal: ShareForm, crisis: ShareForm) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return prior_of_shares(normal, rng, DRAWS), prior_of_shares(crisis, rng, DRAWS)


@pytest.mark.parametrize(
    "prior",
    [WIDE, NARROW, form("uniform", low=0.5, high=0.9), form("triangular", low=0.6, mode=0.65, high=1.0)],
)
def test_a_region_holds_nine_tenths_of_each_prior(prior: ShareForm) -> None:
    normal, crisis = region_of(registration(prior, None))
    assert normal == crisis  # the same completeness in all years
    draws = prior_of_shares(prior, np.random.default_rng(1), DRAWS)
    assert np.quantile(draws, [0.05, 0.95]) == pytest.approx(normal, abs=0.005)


def test_records_that_say_nothing_support_no_scenario() -> None:
    others = {"narrow": registration(NARROW, NARROW), "wide": registration(WIDE, None)}
    found = encompassing("all", drawn(1, WIDE, WIDE), drawn(2, WIDE, WIDE), others)
    assert found.evidence["wide"].prior_mass == pytest.approx(0.81, abs=0.01)  # 0.9 of each
    for row in found.evidence.values():
        assert row.ratio == pytest.approx(1, abs=0.05)
    assert found.p_fell == pytest.approx(0.5, abs=0.01) == found.prior_p_fell


def test_records_that_leave_one_region_give_it_all_there_is() -> None:
    others = {
        "held": registration(NARROW, None),
        "elsewhere": registration(form("uniform", low=0.1, high=0.3), None),
    }
    inside = np.full(50, 0.9), np.full(50, 0.88)
    found = encompassing("all", drawn(1, WIDE, WIDE), inside, others)
    held, elsewhere = found.evidence["held"], found.evidence["elsewhere"]
    assert held.ratio == pytest.approx(1 / held.prior_mass)
    assert (held.posterior_mass, elsewhere.ratio) == (1.0, 0.0)
    assert 0 < held.prior_mass < 0.2
    assert found.p_fell == 1.0


def test_the_score_of_a_source_left_out_is_that_of_a_gaussian() -> None:
    rng = np.random.default_rng(3)
    mean, spread = np.array([1.0, 2.0, -0.5]), np.array([[0.4, 0.2, 0.1], [0.2, 0.5, 0.0], [0.1, 0.0, 0.3]])
    error, observed = np.array([0.3, 0.2, 0.6]), np.array([1.4, 1.2, 0.3])
    expected = rng.multivariate_normal(mean, spread, DRAWS)

    def term(held: slice, figures: np.ndarray) -> Term:
        many = figures[held].size
        return Term(np.broadcast_to(figures[held], (DRAWS, many)), expected[:, held],
                    np.broadcast_to(error[held], (DRAWS, many)))  # fmt: skip

    exact = multivariate_normal.logpdf(observed, mean, spread + np.diag(error**2))
    # the figures of one source are scored together, whatever terms they stand in
    parts = {"source": {"a": term(slice(0, 2), observed), "b": term(slice(2, 3), observed)}}
    found = prediction_of_source("source", parts, refused=False)
    assert found.elpd == pytest.approx(exact, abs=0.02)
    assert found.figures == 3
    fewer = np.where([True, False, True], observed, np.nan)  # a figure that is not held says nothing
    missing = prediction_of_source("source", {"source": {"a": term(slice(0, 3), fewer)}}, refused=False)
    kept = [0, 2]
    exact = multivariate_normal.logpdf(
        observed[kept], mean[kept], spread[np.ix_(kept, kept)] + np.diag(error[kept] ** 2)
    )
    assert (missing.elpd, missing.figures) == (pytest.approx(exact, abs=0.02), 2)
    assert prediction_of_source("source", parts, refused=True).elpd is None
