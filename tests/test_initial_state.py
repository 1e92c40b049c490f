"""The initial state: a run in which nothing is off normal begins as it goes on."""

import numpy as np
import pytest

import dearth
from dearth.case.read import bundled, load
from dearth.system.initial_state import world
from dearth.system.report_document import has_scenario
from dearth.system.scenario import read_scenario

SIMULATED = [name for name in bundled() if has_scenario(load(name))]


@pytest.mark.parametrize("name", SIMULATED)
def test_births_of_a_steady_year_are_even(name: str) -> None:
    history = dearth.load(name).simulate(regime="normal").history
    births = np.asarray(history.records["births"][0, :12], float).sum(axis=-1)
    assert births.min() > 0
    assert births.max() < 1.15 * births.min(), np.round(births)


@pytest.mark.parametrize("name", SIMULATED)
def test_nobody_is_conceived_before_the_first_month(name: str) -> None:
    """The last row of pregnancies is filled by the conceptions of a month; at its start it is empty."""
    waiting = np.asarray(world(read_scenario(load(name).folder), seed=1).opening.pregnancies)
    assert (waiting[-1] == 0).all()
    assert (waiting[:-1].sum(axis=-1) > 0).all()
    assert np.allclose(waiting[:-1], waiting[0])
