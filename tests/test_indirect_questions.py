"""Indirect questions reproduce the published worked examples."""

import numpy as np
import pytest

from dearth.population.child_survival import child_survival
from dearth.population.coefficient_tables import chosen_rows
from dearth.population.orphanhood import parent_survival
from dearth.population.relational_survival import adult_mortality
from dearth.population.sibling_survival import sibling_survival

# United Nations (1983), Manual X, chapter III, table 49: Panama 1976
WOMEN = [2695, 2095, 1828, 1605, 1362, 1128, 930]
BOYS_BORN, BOYS_DEAD = [278, 1380, 2395, 3097, 3444, 3274, 2682], [24, 77, 172, 236, 348, 394, 354]
GIRLS_BORN, GIRLS_DEAD = [279, 1253, 2362, 2988, 3278, 3093, 2594], [16, 53, 140, 199, 288, 292, 335]


def test_children_of_panama_1976_as_manual_x_prints_them() -> None:
    found = child_survival(WOMEN, BOYS_BORN, BOYS_DEAD, "west")
    # table 51 (share dead) and table 53 (probability of dying), males
    assert found.share_dead.round(4).tolist() == [0.0863, 0.0558, 0.0718, 0.0762, 0.1010, 0.1203, 0.1320]
    assert found.q.round(4).tolist() == [0.0952, 0.0580, 0.0707, 0.0757, 0.1021, 0.1201, 0.1308]
    assert found.x.tolist() == [1, 2, 3, 5, 10, 15, 20]
    girls = child_survival(WOMEN, GIRLS_BORN, GIRLS_DEAD, "west")
    assert girls.share_dead.round(4).tolist() == [0.0573, 0.0423, 0.0593, 0.0666, 0.0879, 0.0944, 0.1291]


def test_children_of_both_sexes_as_another_program_gives_them() -> None:
    """Panama (west) and Bangladesh 1974 (south), as the R package u5mr prints them."""
    both = child_survival(WOMEN, np.add(BOYS_BORN, GIRLS_BORN), np.add(BOYS_DEAD, GIRLS_DEAD), "west")
    assert both.multiplier == pytest.approx(
        [1.0664294, 1.0404542, 0.9937778, 1.0041775, 1.0221369, 1.0099799, 1.0021669], abs=1e-6
    )
    bangladesh = child_survival(
        [3014706, 2653155, 2607009, 2015663, 1771680, 1479575, 1135129],
        [1160919, 4901382, 9085852, 9910256, 10384001, 9164329, 6905673],
        [215365, 997384, 1937955, 2261196, 2490168, 2415023, 1959544],
        "south",
    )
    assert bangladesh.q == pytest.approx(
        [0.1701195, 0.2025674, 0.2113089, 0.2298787, 0.2468466, 0.2660245, 0.2829853], abs=1e-6
    )
    assert bangladesh.years_before[[0, 3, 6]] == pytest.approx([1.179512, 6.972056, 15.521768], abs=1e-5)


def test_mothers_in_iraq_1997_as_the_iussp_tools_print_them() -> None:
    standard = dict(zip(range(15, 90, 5), [
        0.8868, 0.8763, 0.8621, 0.8467, 0.8296, 0.8094, 0.7845, 0.7527, 0.7096, 0.6515, 0.5724, 0.4700,
        0.3443, 0.2101, 0.0962,
    ], strict=True))  # fmt: skip
    share = [0.9918, 0.9819, 0.9665, 0.9415, 0.9005, 0.8374, 0.7678, 0.6380, 0.4941]
    found = parent_survival(range(5, 50, 5), share, 28.2807464, "mother")
    q = [adult_mortality(one.survival, one.start, one.end, standard) for one in found]
    published = [0.072, 0.085, 0.096, 0.110, 0.126, 0.143, 0.137, 0.159, 0.167]
    assert q == pytest.approx(published, abs=0.001)
    dates = [1997.79 - one.years_before for one in found]
    assert dates[:7] == pytest.approx([1994.2, 1992.1, 1990.1, 1988.5, 1987.0, 1985.9, 1985.5], abs=0.05)
    assert np.isnan(dates[7:]).all()  # the example gives no date beyond either


def test_fathers_need_two_neighbouring_groups() -> None:
    found = parent_survival([10, 15, 20], [0.95, 0.92, 0.88], 33.0, "father")
    assert [(one.age, one.start, one.end) for one in found] == [(10, 35, 50), (15, 35, 55)]
    rows = {row["n"]: row for row in chosen_rows("orphanhood", parent="father")}
    a, b, c, d = (float(rows["15"][name]) for name in "abcd")
    assert found[0].survival == pytest.approx(a + b * 33 + c * 0.95 + d * 0.92)


def test_siblings_in_bangladesh_2003_as_the_iussp_tools_print_them() -> None:
    logits = [-0.8899, -0.8600, -0.8202, -0.7801, -0.7371, -0.6902, -0.6345, -0.5682, -0.4824, -0.3737]
    standard = dict(zip(range(15, 65, 5), (1 / (1 + np.exp(2 * np.array(logits)))).tolist(), strict=True))

    def q(share: list[float]) -> list[float]:
        return [
            adult_mortality(one.survival, 15, one.end, standard)
            for one in sibling_survival(range(15, 50, 5), share)
        ]

    brothers = q([0.946425, 0.943374, 0.941222, 0.935335, 0.928475, 0.882786, 0.832533])
    assert brothers == pytest.approx([0.417, 0.344, 0.288, 0.242, 0.285, 0.306], abs=0.0006)
    sisters = q([0.9708, 0.9447, 0.9313, 0.9180, 0.9010, 0.8748, 0.8189])
    assert sisters == pytest.approx([0.411, 0.384, 0.345, 0.315, 0.301, 0.327], abs=0.001)


def test_impossible_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="between zero and children ever born"):
        child_survival(WOMEN, BOYS_BORN, BOYS_BORN[::-1])
    with pytest.raises(ValueError, match="seven groups"):
        child_survival(WOMEN[1:], BOYS_BORN[1:], BOYS_DEAD[1:])
    with pytest.raises(ValueError, match="no row for"):
        child_survival(WOMEN, BOYS_BORN, BOYS_DEAD, "centre")
    with pytest.raises(ValueError, match="between 0 and 1"):
        parent_survival([10, 15], [1.2, 0.9], 28, "mother")
    with pytest.raises(ValueError, match="between 15 and 60"):
        parent_survival([10, 15], [0.95, 0.9], 2.8, "mother")
    with pytest.raises(ValueError, match="20-24 to 45-49"):
        sibling_survival([15], [0.95])
    with pytest.raises(ValueError, match="no survivors to age"):
        adult_mortality(0.9, 25, 35, {15: 0.9, 25: 0.8, 35: 0.7})
