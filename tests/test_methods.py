"""Rate, balance and births methods against arithmetic done by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dearth
from dearth.case.evidence import Floats
from dearth.estimate.methods import Corrected, counterfactual
from dearth.estimate.multiverse import Engine
from dearth.population.vital_registration import VitalRegister

PY = {1901: 10100, 1902: 10300, 1903: 10250, 1904: 10000, 1905: 9975, 1906: 10200}


def one(tiny: Path, **fixed: str):
    fixed = {"method": "rate", "baseline": "mean:1901-1902", "completeness": "1"} | fixed
    found = dearth.load(str(tiny)).estimate(window="1903-1904", **fixed)
    assert len(found.document["estimates"]) == 1
    return found.document["estimates"][0]


def test_rate_method_by_hand(tiny: Path) -> None:
    normal = (100 / 10100 + 120 / 10300) / 2
    expected = {"1903": 500 - normal * 10250, "1904": 400 - normal * 10000}
    got = one(tiny)
    assert got["excess_deaths"]["median"] == pytest.approx(sum(expected.values()), rel=1e-12)
    assert {y: v["median"] for y, v in got["by_year"].items()} == pytest.approx(expected)
    assert got["excess_deaths"]["low"] is None


def test_completeness_scales_crisis_and_baseline_alike(tiny: Path) -> None:
    whole, half = one(tiny), one(tiny, completeness="0.5")
    assert half["excess_deaths"]["median"] == pytest.approx(2 * whole["excess_deaths"]["median"])
    assert half["completeness"] == 0.5


def test_mixed_basis_corrects_the_crisis_only_and_is_out_of_range(tiny: Path) -> None:
    normal = (100 / 10100 + 120 / 10300) / 2
    got = one(tiny, completeness="0.5", basis="registered")
    assert got["excess_deaths"]["median"] == pytest.approx(900 / 0.5 - normal * 20250)
    assert not got["in_range"]
    assert "MIXED BASIS" in got["assumption_label"]


def test_completeness_apart_inside_and_outside_the_crisis(tiny: Path) -> None:
    normal = (100 / 10100 + 120 / 10300) / 2 / 0.8
    got = one(tiny, completeness="normal=0.8,crisis=0.5")
    assert got["excess_deaths"]["median"] == pytest.approx(900 / 0.5 - normal * 20250)
    assert one(tiny, completeness="apart")["excess_deaths"] == got["excess_deaths"]


def test_balance_method_by_hand_and_its_distance_is_the_residual(tiny: Path) -> None:
    normal = (100 / 10100 + 120 / 10300) / 2
    implied = (200 - (10100 - 10400)) + (200 - (9900 - 10100))
    got = one(tiny, method="balance")
    assert got["excess_deaths"]["median"] == pytest.approx(implied - normal * 20250)
    books = {r["year"]: r["residual"] for r in dearth.load(str(tiny)).estimate().document["accounts"]}
    apart = one(tiny)["excess_deaths"]["median"] - got["excess_deaths"]["median"]
    assert apart == pytest.approx(books[1903] + books[1904])
    assert books[1905] == pytest.approx(-50)


def test_births_gross_regained_net_by_hand(tiny: Path) -> None:
    b0 = (300 / 10100 + 320 / 10300) / 2
    births = one(tiny)["birth_deficit"]
    gross = b0 * 20250 - 400
    recovered = 710 - b0 * 20175
    assert births["gross"]["median"] == pytest.approx(gross)
    assert births["recovered"]["median"] == pytest.approx(recovered)
    assert births["net"]["median"] == pytest.approx(gross - recovered)


def test_births_adjusted_by_hand(tiny: Path) -> None:
    b0 = (300 / 10100 + 320 / 10300) / 2
    plain, adjusted = one(tiny), one(tiny, baseline="mean:1901-1902+births_adjusted")
    extra = 0.2 * (b0 * 20250 - 400)
    assert adjusted["births_adjusted"]
    assert adjusted["excess_deaths"]["median"] == pytest.approx(plain["excess_deaths"]["median"] + extra)


def test_july_june_takes_half_of_each_year(tiny: Path) -> None:
    calendar = dearth.load(str(tiny)).estimate(
        method="rate", baseline="mean:1901-1902", completeness="1", window="1903-1905"
    )
    year = {k: v["median"] for k, v in calendar.document["estimates"][0]["by_year"].items()}
    harvest = one(tiny, window_kind="july_june")
    assert harvest["by_year"]["1903/04"]["median"] == pytest.approx((year["1903"] + year["1904"]) / 2)
    assert harvest["by_year"]["1904/05"]["median"] == pytest.approx((year["1904"] + year["1905"]) / 2)


def test_prior_gives_an_interval_that_names_its_level(tiny: Path) -> None:
    got = one(tiny, completeness="prior")["excess_deaths"]
    whole = one(tiny)["excess_deaths"]["median"]
    assert whole < got["low"] < got["median"] < got["high"] < 2 * whole
    assert got["level"] == 0.9
    assert got["median"] == pytest.approx(whole / 0.75, rel=0.03)
    assert one(tiny, completeness="prior")["excess_deaths"] == got


def test_full_counterfactual_is_below_the_headline_and_closes(tiny: Path) -> None:
    found = dearth.load(str(tiny)).estimate()
    engine = Engine(found.case)
    for one in found.estimates:
        full = engine.calculate(one.choice).full
        assert full is not None
        assert np.abs(full.closure).max() < 1e-9 * 10000


@given(
    st.lists(st.floats(5, 60), min_size=4, max_size=4),
    st.lists(st.floats(5, 60), min_size=4, max_size=4),
    st.lists(st.floats(-0.05, 0.05), min_size=4, max_size=4),
    st.floats(5, 40),
    st.floats(5, 40),
    st.booleans(),
)
def test_the_identity_closes_for_any_accounts(
    death: list[float], birth: list[float], growth: list[float], d: float, b: float, half: bool
) -> None:
    stock = 1e6 * np.cumprod([1.0, *[1 + g for g in growth]])
    py = (stock[1:] + stock[:-1]) / 2
    nothing = np.zeros(4)
    register = VitalRegister(
        "x", "", "registered", (1, 2, 3, 4), py, np.array(death) * py / 1000,
        np.array(birth) * py / 1000, stock[:-1], stock[1:], nothing, nothing,
    )  # fmt: skip
    corrected = Corrected(register, register.deaths[None, :], register.births[None, :])
    flat: Floats = np.ones((1, 4))
    weights = np.array([0.5, 1, 1, 0.5]) if half else np.ones(4)
    got = counterfactual(corrected, d * flat, b * flat, weights)
    assert np.abs(got.closure).max() <= 1e-9 * stock.max()


def test_births_from_fertility(tmp_path: Path) -> None:
    from conftest import CASE, rows, write_case

    births = "    births: books/births\n"
    with_fertility = births + "    total_fertility: books/total_fertility_rate\n"
    case = CASE.replace(births, with_fertility) + "normal_years: 1901\n"
    tfr = {1901: 6.0, 1902: 6.0, 1903: 3.0, 1904: 3.0, 1905: 6.0, 1906: 6.0}
    more = [f"{y},books,total_fertility_rate,{v},children per woman,s1,official," for y, v in tfr.items()]
    folder = write_case(tmp_path / "c", case, rows() + more)
    got = one(folder, births_from="fertility", birth_baseline="level:1901")["birth_deficit"]
    g = 300 / 10100 / 6
    assert got["gross"]["median"] == pytest.approx((6 - 3) * g * 20250)
    assert got["recovered"]["median"] == pytest.approx(0, abs=1e-9)
