"""The projection step against World Population Prospects 2019, medium variant, 2020-2050.

The places are those of some size that the United Nations projects without migration, so that nothing is
left to guess: people, death rates, fertility and sex ratios are theirs, the arithmetic is ours.
"""

import csv

import numpy as np
import pytest

from conftest import DATA
from dearth.population.lifetable import Sex, life_table
from dearth.population.projection import project

ABRIDGED = [0, 1, *range(5, 105, 5)]
SEXES: tuple[Sex, Sex] = ("female", "male")
FERTILE = slice(3, 10)  # ages 15-49


def published(place: str, quantity: str, sex: str = "") -> np.ndarray:
    """Return the figures of one place and quantity [age, date or period]; one row where none has an age."""
    with (DATA / "wpp" / "wpp2019_closed.csv").open(encoding="utf-8", newline="") as file:
        found = [row[4:] for row in csv.reader(file) if row[:3] == [place, quantity, sex]]
    return np.array([[float(cell) for cell in row if cell] for row in found])


def five_year_survival(rates: np.ndarray, sex: Sex) -> np.ndarray:
    """Return survival over five years [21 groups + 1] of death rates by age 0, 1, 5, ..., 100+."""
    lived = life_table(rates, ABRIDGED, sex).Lx
    groups = np.concatenate([[lived[0] + lived[1]], lived[2:]])
    last = groups[-1] / (groups[-2] + groups[-1])  # of those who are 95 or older
    return np.concatenate([[groups[0] / 5], groups[1:-1] / groups[:-2], [last, last]])


@pytest.mark.parametrize("place", ["Kazakhstan", "Azerbaijan", "Mauritius"])
def test_thirty_years_of_a_closed_population(place: str) -> None:
    people = np.stack([published(place, "population_thousand", sex) for sex in SEXES])
    assert people.shape == (2, 21, 7)
    assert not published(place, "net_migration_thousand").any()
    rates = [published(place, "death_rate", sex) for sex in SEXES]
    survival = np.array(
        [
            [five_year_survival(of[:, at], sex) for of, sex in zip(rates, SEXES, strict=True)]
            for at in range(6)
        ]
    )
    fertility = np.zeros((6, 21))
    shares = published(place, "percent_of_fertility") / 100
    fertility[:, FERTILE] = (shares * published(place, "total_fertility") / 5).T
    now = people[..., 0]
    found = [now]
    for at, ratio in enumerate(published(place, "sex_ratio_at_birth")[0]):
        one = slice(at, at + 1)
        stocks, _ = project(now, survival[one], fertility[one], np.zeros((1, 2, 21)), 1 / (1 + ratio), 5.0)
        now = stocks[-1]
        found.append(now)
    seen = np.stack(found, axis=-1)
    assert seen.sum((0, 1)) == pytest.approx(people.sum((0, 1)), rel=1e-3)
    assert seen[:, :12] == pytest.approx(people[:, :12], rel=2.5e-3)
    assert seen[:, 12:16] == pytest.approx(people[:, 12:16], rel=7e-3)  # theirs are single ages within
    assert seen[:, 16:].sum(1) == pytest.approx(people[:, 16:].sum(1), rel=0.02)  # beyond 80, old models
