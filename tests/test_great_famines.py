"""The table of great famines is sourced, leaves China out, and the prior of a made-up county keeps to it."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from dearth.bibliography.works import works
from dearth.case.read import load
from dearth.system.great_famines import bounds, great_famines, inside, worst_year
from dearth.system.history import History
from dearth.system.simulation import Asked, simulate


def test_every_row_has_its_source_and_none_is_chinese() -> None:
    famines = great_famines()
    assert len(famines) >= 12
    assert [f.year for f in famines] == sorted(f.year for f in famines)
    for famine in famines:
        assert famine.basis.sources[0] in works(), famine
        assert famine.basis.note, famine
        assert "China" not in famine.place
    assert sum(f.basis.grade == "recalled" for f in famines) <= 2
    assert {"Ireland", "Finland", "Ukraine", "Bengal", "Bangladesh"} <= {f.place for f in famines}


def test_rows_agree_with_the_table_of_death_rates() -> None:
    """Where the other table has both rates of the same year, their difference is the excess."""
    text = files("dearth.reconstruction").joinpath("famine_death_rates.csv").read_text(encoding="utf-8")
    rates = {(r["place"], int(r["year"])): r for r in csv.DictReader(text.splitlines())}
    shared = 0
    for famine in great_famines():
        row = rates.get((famine.place, famine.year))
        if row is not None and row["normal_rate"]:
            shared += 1
            apart = (float(row["crisis_rate"]) - float(row["normal_rate"])) / 1000
            assert famine.excess == pytest.approx(apart, abs=6e-4), famine
    assert shared >= 10


def of(people: np.ndarray, hunger: np.ndarray) -> History:
    """Return a history [draw, month, place] that holds nothing else."""
    found = simulate(load("valley"), Asked()).history
    return History(**{**vars(found), "records": {"population": people, "hunger": hunger}})


def test_the_worst_year_is_that_of_most_excess() -> None:
    people = np.full((2, 24, 2), 500.0)  # at the end of each month
    hunger = np.zeros((2, 24, 2))
    hunger[0, 3, 0] = -np.log(0.9)  # a tenth of one of two places in one month
    hunger[1, 12:, :] = -np.log(0.95)  # a twentieth of all in every month of the second year
    made = of(people, hunger)
    assert worst_year(made) == pytest.approx([50 / 0.9 / 1000, 12 * 0.05 / 0.95])
    found = inside(made)
    assert (found.below, found.within, found.beyond) == (0.0, 0.5, 0.5)
    low, high = bounds()
    assert 0.004 < low < 0.006
    assert 0.2 < high < 0.3


def test_the_prior_of_valley_is_within_what_famines_have_done() -> None:
    found = inside(simulate(load("valley"), Asked(draws=24)).history)
    assert found.beyond == 0
    assert found.within > 0.5
    assert len(found.worst) == 24
