"""Energy per head and day of a year: one definition, all that was eaten over all who lived."""

import numpy as np
import pytest

from dearth.system import history_tables
from dearth.system.history import History
from dearth.system.levels import NEUTRAL


def history(people: np.ndarray, energy: np.ndarray) -> History:
    """Return a history of one draw from people and energy [month, place]: places A and B of one area."""
    nothing = np.zeros((1, *people.shape))
    records = {"population": people[None], "energy": energy[None], "deaths": nothing, "output": nothing}
    urban = np.array([False, True])
    return History(records, 1901, ("A", "B"), ("P",), np.zeros(2, int), urban, np.ones(2), 0.0, 6, NEUTRAL)


PEOPLE = np.array([[300.0, 100.0]] * 6 + [[100.0, 100.0]] * 6)
ENERGY = np.array([[1000.0, 2000.0]] * 6 + [[2200.0, 2000.0]] * 6)


def test_each_month_counts_by_its_people() -> None:
    found = history(PEOPLE, ENERGY)
    # six months of 300 people at 1,000 kcal and six of 100 at 2,200
    assert found.yearly_energy(~found.urban) == pytest.approx(np.array([[1300.0]]))
    assert found.monthly_energy(~found.urban)[0, [0, 11]] == pytest.approx([1000.0, 2200.0])


def test_map_and_years_show_the_same_figure() -> None:
    found = history(PEOPLE, ENERGY)
    rows = history_tables.tile_rows(found, {"A": ("A", (0, 0)), "B": ("B", (0, 1))})
    shown = {row.place: row.figure.median for row in rows if row.what == "kcal"}
    years = history_tables.figures(np.concatenate([found.yearly_energy(~found.urban),
                                                     found.yearly_energy(found.urban)], axis=1))  # fmt: skip
    assert [shown["A"], shown["B"]] == [one.median for one in years]
    assert [shown["A"], shown["B"]] == [1300.0, 2000.0]


def test_a_year_in_which_nobody_lives_has_none() -> None:
    found = history(PEOPLE * 0, ENERGY)
    assert np.isnan(found.yearly_energy(~found.urban)).all()
