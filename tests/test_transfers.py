"""Late bookings and roll clean-ups conserve: deaths land, names cancel, accounts stay."""

from pathlib import Path

import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema import Transfer
from dearth.population.registration_transfers import apply
from dearth.population.vital_registration import read_register


def test_late_booking_lands_in_named_years(tiny: Path) -> None:
    case = load(tiny)
    before = read_register(case, "books")
    after, move = apply(before, case.settings.transfers["late"])
    assert after.deaths.sum() == pytest.approx(before.deaths.sum())
    assert after.deaths[2] == pytest.approx(400)
    assert after.deaths[:2] == pytest.approx([100 + 100 * 100 / 220, 120 + 100 * 120 / 220])
    assert move.outstanding[-1] == 0
    assert after.residual == pytest.approx(before.residual)
    assert after.closing[1] == pytest.approx(10400 - 100)
    assert after.person_years[1] == pytest.approx((after.opening[1] + after.closing[1]) / 2)


def test_roll_cleanup_takes_names_off_the_stock(tiny: Path) -> None:
    case = load(tiny)
    before = read_register(case, "books")
    after, move = apply(before, case.settings.transfers["names"])
    assert after.closing[:3] == pytest.approx(before.closing[:3] - 100)
    assert after.closing[3:] == pytest.approx(before.closing[3:])
    assert before.deaths.sum() - after.deaths.sum() == pytest.approx(50)
    assert move.put.sum() == pytest.approx(100)
    # entered 100 in 1901, removed 100 in 1904, of which 50 had been booked as deaths
    change = after.residual - before.residual
    assert change == pytest.approx([-100, 0, 0, 50, 0, 0])


def test_baselines_are_recomputed_and_the_stale_figure_stands_beside(tiny: Path) -> None:
    got = dearth.load(str(tiny)).estimate(
        method="rate", baseline="mean:1901-1902", completeness="1", window="1903-1904",
        transfer="late",
    ).document["estimates"][0]  # fmt: skip
    stale = got["baseline_not_recomputed"]["median"]
    plain = (100 / 10100 + 120 / 10300) / 2
    case = load(tiny)
    after, _ = apply(read_register(case, "books"), case.settings.transfers["late"])
    fresh = after.death_rate[:2].mean() / 1000
    people = after.person_years[2:4].sum()
    assert stale == pytest.approx(800 - plain * people)
    assert got["excess_deaths"]["median"] == pytest.approx(800 - fresh * people)
    assert got["excess_deaths"]["median"] < stale


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": 600}, "more deaths"),
        ({"registered": "1950"}, "outside books"),
        ({"registered": "1901", "occurred": "1903"}, "before they entered"),
    ],
)
def test_impossible_transfers_are_refused(tiny: Path, changes: dict, told: str) -> None:
    spec = {"kind": "late_registration", "amount": 100, "registered": "1903", "occurred": "1901"} | changes
    with pytest.raises(CaseError, match=told):
        apply(read_register(load(tiny), "books"), Transfer(**spec))


def test_nothing_moves_without_amount_of_stock(tiny: Path) -> None:
    register = read_register(load(tiny), "books")
    after, _ = apply(register, Transfer(kind="late_registration", amount=1e-9, registered="1903",
                                        occurred="1901"))  # fmt: skip
    assert np.allclose(after.deaths, register.deaths)
