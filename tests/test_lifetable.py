"""Life tables: numbers reckoned by hand, identities, registers of a real country."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmd_extracts
from dearth.population.lifetable import Sex, from_qx, life_table, survival_ratios
from dearth.population.model_schedules import (
    brass,
    gompertz_makeham,
    mean_age_at_birth,
    single_ages,
    total_fertility,
)
from dearth.population.projection import step
from reference_models.five_year import life_expectancy

ABRIDGED = [0, 1, *range(5, 90, 5)]


def test_a_table_on_paper() -> None:
    # two intervals from age 20: q = 5 m / (1 + 2.5 m), then 1/m years in the open one
    table = life_table([0.04, 0.2], [20, 25], "female")
    assert table.qx == pytest.approx([0.2 / 1.1, 1])
    assert table.lx == pytest.approx([1, 0.9 / 1.1])
    assert table.Lx == pytest.approx([5 * (0.9 / 1.1) + 2.5 * 0.2 / 1.1, 5 * 0.9 / 1.1])
    assert table.ex == pytest.approx([table.Lx.sum(), 5])


@given(st.integers(0, 1000), st.sampled_from(["female", "male"]), st.floats(1e-5, 3))
def test_identities(seed: int, sex: Sex, most: float) -> None:
    rates = np.random.default_rng(seed).uniform(most / 1000, most, (3, len(ABRIDGED)))
    table = life_table(rates, ABRIDGED, sex)
    assert table.dx.sum(-1) == pytest.approx(np.ones(3))
    assert (table.qx >= 0).all()
    assert (table.qx <= 1).all()
    assert table.ex[..., 0] == pytest.approx(table.Lx.sum(-1))
    reached = table.lx > 1e-12
    assert table.dx[reached] == pytest.approx((table.Lx * rates)[reached], rel=1e-9)
    again = from_qx(table.qx, ABRIDGED, table.ax)
    assert again.mx == pytest.approx(rates, rel=1e-9)
    assert again.lx[reached] == pytest.approx(table.lx[reached])


# abridged death rates by age 0, 1, 5, 10, ..., 90+ in a year of famine
FAMINE = [
    0.03, 0.0067, 0.0034, 0.0038, 0.0071, 0.0134, 0.0184, 0.0223, 0.0257, 0.0361, 0.0481, 0.0734, 0.107,
    0.153, 0.193, 0.254, 0.350, 0.605, 0.705, 0.828,
]  # fmt: skip


def test_famine_rates_in_wide_age_groups_leave_survivors() -> None:
    table = life_table(FAMINE, [*ABRIDGED, 90], "female")
    assert table.qx[-3:] == pytest.approx([0.951, 0.971, 1], abs=5e-4)  # 1 - exp(-5 m) at 80 and 85
    assert table.qx[-3:-1] == pytest.approx(1 - np.exp(-5 * np.array(FAMINE[-3:-1])))
    assert table.ex[-1] == pytest.approx(1.208, abs=5e-4)
    assert (table.lx > 0).all()
    assert np.isfinite(table.ex).all()
    # up to 65-69 the usual formula stands
    rates, width, ax = np.array(FAMINE)[2:15], table.width[2:15], table.ax[2:15]
    assert table.qx[2:15] == pytest.approx(width * rates / (1 + (width - 2.5) * rates))
    assert (ax == 2.5).all()


@given(
    st.lists(st.floats(0, 1e3), min_size=18, max_size=18),
    st.floats(1e-6, 1e3),
    st.sampled_from(["female", "male"]),
    st.sampled_from([np.array(ABRIDGED), np.arange(19), np.arange(20, 39), np.arange(0, 190, 10)]),
)
def test_survivors_never_rise_and_are_never_below_zero(
    rates: list[float], last: float, sex: Sex, ages: np.ndarray
) -> None:
    table = life_table([*rates, last], ages, sex)
    assert (np.diff(table.lx) <= 0).all()
    assert (table.lx >= 0).all()
    assert ((table.qx >= 0) & (table.qx <= 1)).all()
    assert np.isfinite(table.ex).all()
    assert (table.ex > 0).all()
    assert ((table.ax[:-1] > 0) & (table.ax[:-1] < table.width[:-1])).all()


@given(st.floats(1e-4, 8), st.floats(1.001, 2), st.sampled_from([1, 4, 5, 10]))
def test_a_higher_rate_leaves_fewer_survivors(exposure: float, ratio: float, width: int) -> None:
    rates = np.array([[exposure / width, 1.0], [ratio * exposure / width, 1.0]])
    lower, higher = life_table(rates, [20, 20 + width], "male").lx[:, 1]
    assert higher < lower


PUBLISHED: list[tuple[str, Sex]] = [
    ("sweden_females_1751", "female"),
    ("united_kingdom_females_1922", "female"),
    ("united_states_males_1933", "male"),
]


def published(name: str) -> dict[str, np.ndarray]:
    rows = hmd_extracts.rows(f"{name}_life_table")
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


@pytest.mark.parametrize(("name", "sex"), PUBLISHED)
def test_published_tables_of_the_human_mortality_database(name: str, sex: Sex) -> None:
    """Each figure to its printed digits; the rates have five, so survivors of 100,000 may differ by three."""
    printed = published(name)
    table = life_table(printed["mx"], printed["age"], sex)
    assert table.qx == pytest.approx(printed["qx"], abs=1e-5)
    assert table.ax == pytest.approx(printed["ax"], abs=0.005)  # printed with two decimals
    for column in ("lx", "dx", "Lx"):
        assert 1e5 * getattr(table, column) == pytest.approx(printed[column], abs=3)
    assert table.Tx[0] == pytest.approx(printed["Tx"][0] / 1e5, rel=3e-5)
    assert table.ex == pytest.approx(printed["ex"], abs=0.0075)  # two decimals


def test_deaths_over_exposure_give_the_same_table() -> None:
    printed = published("sweden_females_1751")
    rates = printed["mx"].copy()
    rates[:80] = (printed["deaths"] / np.maximum(printed["exposure"], 1e-9))[:80]  # older ages are smoothed
    assert rates == pytest.approx(printed["mx"], abs=6e-6)
    table = life_table(rates, printed["age"], "female")
    assert table.qx == pytest.approx(printed["qx"], abs=1e-5)
    assert table.ex == pytest.approx(printed["ex"], abs=0.0055)
    people_now = np.stack([table.Lx, table.Lx])
    survival = np.stack([survival_ratios(table)] * 2)
    ages = len(rates)
    kept = step(people_now, survival, np.zeros(ages), np.zeros((2, ages)), 0.5)
    assert kept.people[0, 1:] == pytest.approx(table.Lx[1:])  # a stationary population stays


def test_survival_ratios_give_the_life_expectancy_back() -> None:
    age = np.arange(0, 85, 5)
    table = life_table(gompertz_makeham(age + 2.5, 0.01, 3e-4, 0.08), age, "male")
    assert life_expectancy(survival_ratios(table)) == pytest.approx(table.ex[0])
    with pytest.raises(ValueError, match="differ in width"):
        survival_ratios(life_table(np.full(len(ABRIDGED), 0.1), ABRIDGED, "male"))


@pytest.mark.parametrize(
    ("rates", "ages", "told"),
    [
        ([0.1, -0.1], [0, 1], "negative or missing"),
        ([0.1, np.nan], [0, 1], "negative or missing"),
        ([0.1, 0.1], [1, 0], "ages must ascend"),
        ([0.1, 0.1, 0.1], [0, 1], "the last axis must be the ages"),
        ([0.1, 0.0], [0, 1], "nobody would ever die"),
    ],
)
def test_bad_rates_are_refused(rates: list[float], ages: list[int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        life_table(rates, ages, "female")


def test_brass_moves_a_standard() -> None:
    standard = np.array([0.9, 0.8, 0.5, 0.1])
    assert brass(standard, 0.0) == pytest.approx(standard)
    assert (brass(standard, 0.3) < standard).all()
    assert brass(standard, [0.0, 0.1], [1.0, 1.2]).shape == (2, 4)


def test_groups_are_kept_when_spread() -> None:
    shares = np.array([8.0, 23, 24, 20, 16, 8, 1])
    ages = np.arange(15, 50, 5)
    single = single_ages(shares, ages, 50)
    assert single.reshape(-1, 5).sum(1) == pytest.approx(shares, abs=1e-12)
    assert (single >= 0).all()
    assert total_fertility(shares / 5, 5.0) == pytest.approx(100)
    assert mean_age_at_birth([0, 1, 0], [15, 20, 25], 5.0) == 22.5
