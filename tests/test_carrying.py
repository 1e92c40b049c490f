"""A population carried to a later date ages, dies and is born as the rates say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.population.carrying import carry
from dearth.reconstruction.age_patterns import starting_people
from dearth.reconstruction.inputs import read_inputs

AGES = 101
NONE = np.zeros((2, AGES))


def test_without_deaths_and_births_half_of_each_age_has_its_birthday_in_half_a_year() -> None:
    people = np.zeros((2, AGES))
    people[:, 10] = 100.0
    found = carry(people, NONE, np.zeros(AGES), 0.5, 0.5)
    assert found[:, 10] == pytest.approx(50)
    assert found[:, 11] == pytest.approx(50)
    assert found.sum() == pytest.approx(200)


@given(st.floats(0, 3), st.floats(0, 0.5))
def test_with_one_death_rate_for_all_the_survivors_are_exponential(years: float, rate: float) -> None:
    people = np.full((2, AGES), 7.0)
    found = carry(people, np.full((2, AGES), rate), np.zeros(AGES), 0.5, years)
    assert found.sum() == pytest.approx(people.sum() * np.exp(-rate * years))


def test_births_come_from_women_and_have_the_sex_ratio_given() -> None:
    people = np.zeros((2, AGES))
    people[0, 25] = 1000.0
    fertility = np.zeros(AGES)
    fertility[25] = 0.2
    found = carry(people, NONE, fertility, 100 / 206, 0.5)
    assert found[:, 0].sum() == pytest.approx(100)
    assert found[1, 0] / found[0, 0] == pytest.approx(1.06)


def test_a_population_is_not_carried_backwards() -> None:
    with pytest.raises(ValueError, match="forward only"):
        carry(NONE, NONE, np.zeros(AGES), 0.5, -0.5)


def test_girls_born_in_1950_are_more_at_the_start_than_their_cohort_was_in_1990() -> None:
    # taken for 1 January 1951, the people of mid-1950 lack the births of half a year
    case = load("china-1958")
    born_1950 = read_inputs(case).figures.start[0, 0]
    (counted,) = [
        row.base
        for row in case.evidence
        if (row.series, row.variable, row.sex, row.age_from)
        == ("census_1990", "population_census_by_age", "female", "40")
    ]
    assert born_1950 > 1.1 * counted


def test_a_start_after_the_first_january_is_refused() -> None:
    case = load("china-1958")
    given = case.settings.reconstruction
    assert given is not None
    late = given.start.model_copy(update={"date": 1951.5})
    with pytest.raises(CaseError, match=r"1951\.5 cannot be carried to 1 January 1951"):
        starting_people(case, late, np.zeros((2, AGES)), 1.0, np.zeros(AGES), 1951)
