"""What every mechanism must show: it acts, its strength 0 is its absence, the accounts close."""

import numpy as np

import dearth
from dearth.system.installed import order

WITH = dearth.load("valley").simulate()
WITHOUT = dearth.load("valley").simulate(off=("gleaning",))


def test_it_stands_behind_the_harvest() -> None:
    names = [m.id for m in order()]
    assert names[names.index("harvest") + 1] == "gleaning"


def test_it_adds_a_hundredth_to_the_first_harvest() -> None:
    output = WITH.history.yearly("output").sum(-1)[0, 0]
    assert np.isclose(output, 1.01 * WITHOUT.history.yearly("output").sum(-1)[0, 0], rtol=1e-4)


def test_grain_and_people_are_conserved() -> None:
    for made in (WITH, WITHOUT):
        assert max(made.history.balance().values()) < 1e-5


def test_strength_0_is_its_absence() -> None:
    other = dearth.load("valley").simulate(gleaning__share=0.0).history.records
    for name, values in WITHOUT.history.records.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)
