"""Places and whole under one account, tried on simulated provinces whose deaths are known."""

import numpy as np
import pytest

from dearth.reconstruction.coherence import DEFINITION_SD, REST_SD, Account, reconciled

PLACES, DRAWS, OUTSIDE = 8, 500, 0.05
WHOLE_SD, PLACE_SD = 0.06, 0.08  # of the two fits, over their deaths


def world(seed: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Return true deaths, and draws of two fits with errors as large as their draws say."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(1e5, 1e6, PLACES)
    whole = places.sum() / (1 - OUTSIDE * np.exp(REST_SD * rng.standard_normal()))
    defined = whole * (1 + DEFINITION_SD * rng.standard_normal())  # the whole counts others too
    seen_whole = defined * (1 + WHOLE_SD * rng.standard_normal())
    seen = places * (1 + PLACE_SD * rng.standard_normal(PLACES))
    draws = seen * (1 + PLACE_SD * rng.standard_normal((DRAWS, PLACES)))
    truth = {"places": places, "whole": np.array(defined)}
    return truth, seen_whole * (1 + WHOLE_SD * rng.standard_normal(DRAWS)), draws


def account(seed: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, Account]:
    truth, whole, places = world(seed)
    return (
        truth,
        whole,
        places,
        reconciled(whole, places, OUTSIDE, DEFINITION_SD * whole.mean(), np.random.default_rng(seed + 1)),
    )


def test_every_draw_adds_up_and_nobody_is_less_than_none() -> None:
    _, whole, _, made = account(1)
    total = made.places.sum(1) + made.rest + made.discrepancy
    assert total == pytest.approx(made.whole, rel=1e-12)
    assert (made.rest > 0).all()
    assert made.discrepancy.std() < 0.5 * whole.std()


def test_intervals_of_simulated_provinces_hold_and_errors_shrink() -> None:
    held, before, after = {"places": [], "whole": []}, [], []  # type: ignore[var-annotated]
    for seed in range(200):
        truth, whole, _, made = account(seed)
        for name, draws in (("places", made.places.sum(1)), ("whole", made.whole)):
            low, high = np.quantile(draws, [0.05, 0.95])
            held[name].append(low <= truth[name].sum() <= high)
        before.append(abs(whole.mean() - truth["whole"]))
        after.append(abs(made.whole.mean() - truth["whole"]))
    for found in held.values():
        assert 0.84 <= np.mean(found) <= 0.97
    assert np.mean(after) < 0.85 * np.mean(before)


def test_two_sides_that_agree_are_left_where_they_are() -> None:
    rng = np.random.default_rng(3)
    places = rng.normal(1e5, 1e3, (DRAWS, PLACES))
    whole = places.sum(1) + rng.normal(0, 3e3, DRAWS)
    made = reconciled(whole, places, 0.0, DEFINITION_SD * whole.mean(), rng)
    assert abs(made.gap_sd) < 1
    assert made.whole.mean() == pytest.approx(whole.mean(), rel=0.02)
