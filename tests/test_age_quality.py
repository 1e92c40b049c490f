"""Age heaping and age-sex accuracy: published values, and the ends of each index."""

import numpy as np
import pytest

from dearth.population.age_heaping import myers, whipple, whipple_class
from dearth.population.age_sex_accuracy import age_sex_accuracy

# spreadsheet AGESEX of the U.S. Census Bureau's Population Analysis System
MALES = [4677000, 4135000, 3825000, 3647000, 3247000, 2802000, 2409000, 2212000, 1786000, 1505000, 1390000,
         984000, 745000, 537000, 346000, 335000]  # fmt: skip
FEMALES = [4544000, 4042000, 3735000, 3647000, 3309000, 2793000, 2353000, 2112000, 1691000, 1409000, 1241000,
           887000, 697000, 525000, 348000, 366000]  # fmt: skip
# ages 20 to 64 of the males of its spreadsheet SINGAGE
SINGLE = [73221, 30080, 34391, 29072, 20531, 66171, 24029, 44227, 24128, 23599, 82088, 16454, 22628, 17108,
          12531, 57325, 17220, 28425, 16206, 17532, 65976, 11593, 15828, 13541, 8133, 44696, 11165, 18543,
          12614, 12041, 55798, 9324, 10772, 10453, 6773, 28358, 9916, 13348, 8039, 7583, 42470, 5288, 5317,
          6582, 3361]  # fmt: skip


def test_the_age_sex_accuracy_index_as_the_census_bureau_prints_it() -> None:
    found = age_sex_accuracy(MALES, FEMALES)
    assert found.sex_ratio == pytest.approx(2.249, abs=0.001)
    assert found.male_age_ratio == pytest.approx(3.907, abs=0.001)
    assert found.female_age_ratio == pytest.approx(3.655, abs=0.001)
    assert found.index == pytest.approx(14.308, abs=0.001)
    assert found.words == "accurate"


def test_chance_is_taken_out_of_a_small_population() -> None:
    found = age_sex_accuracy(np.array(MALES) / 1000, np.array(FEMALES) / 1000)
    total = (sum(MALES) + sum(FEMALES)) / 1000
    assert found.index == pytest.approx(14.308 + 3.5 - 3500 / np.sqrt(total), abs=0.001)


def test_whipple_as_the_census_bureau_prints_it() -> None:
    ages = np.concatenate([np.ones(20), SINGLE])
    assert whipple(ages) / 100 == pytest.approx(2.34, abs=0.005)
    assert whipple_class(whipple(ages)) == "very rough"


def test_the_ends_of_the_indices() -> None:
    even = np.ones(100)
    assert whipple(even) == pytest.approx(100)
    assert myers(even)[0] == pytest.approx(0, abs=1e-9)
    assert whipple_class(100) == "highly accurate"
    heaped = np.where(np.arange(100) % 10 == 0, 1000.0, 0.0)
    index, shares = myers(heaped)
    assert index == pytest.approx(90)
    assert shares[0] == pytest.approx(100)
    fives = np.where(np.arange(100) % 5 == 0, 1.0, 0.0)
    assert whipple(fives) == pytest.approx(500)


def test_myers_does_not_take_the_fall_of_numbers_with_age_for_a_preference() -> None:
    falling = np.exp(-0.02 * np.arange(100))
    assert myers(falling)[0] < 0.2
    # a tenth of those aged 39, 49, ... says a round age
    told = falling.copy()
    told[10:90:10] += 0.1 * falling[9:89:10]
    told[9:89:10] *= 0.9
    assert 0.5 < myers(told)[0] < 1.5


def test_what_the_indices_need_is_said() -> None:
    with pytest.raises(ValueError, match="0 to 62"):
        whipple(np.ones(40))
    with pytest.raises(ValueError, match="0 to 89"):
        myers(np.ones(80))
    with pytest.raises(ValueError, match="zero or more"):
        whipple(-np.ones(100))
    with pytest.raises(ValueError, match="both sexes"):
        age_sex_accuracy(MALES, FEMALES[:-1])
