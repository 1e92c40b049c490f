"""Targets and what reports answer them, against numbers reckoned by hand."""

import numpy as np
import pytest

from system_world import done

near = pytest.approx


def test_targets_grow_on_their_way_down() -> None:
    state, _ = done("targets", {"beliefs": 100.0}, season=1, ambition=np.log(1.2), raised=np.log(1.1))
    community, district, region = state.targets[:, 0]
    assert region == near(120)
    assert district == near(132)
    assert community == near(145.2)
    assert state.targets[:, 2].tolist() == [0, 0, 0]  # a town grows none
    half, _ = done("targets", {"beliefs": 100.0, "targets": 80.0}, season=1, strength=0.5)
    assert half.targets[0, 0] == near(90)
    summer, _ = done("targets", {"beliefs": 100.0}, season=0)
    assert summer.targets.max() == 0


def test_reports_make_up_a_share_of_the_shortfall() -> None:
    given = {"reaped": 100.0, "concealed": 0.0, "targets": np.array([[200.0], [200.0], [150.0]])}
    own = {"community": 0.0, "district": 0.0, "region": 0.0, "race": 0.0}
    state, _ = done("false_reports", given, season=1, answer=0.5, **own)
    # the community makes up half of ln 2, the district half of what is left; the region hears enough
    community, district, region = state.bias[:, 0]
    assert community == near(0.5 * np.log(2), rel=1e-6)
    assert district == near(0.25 * np.log(2), rel=1e-6)
    assert region == near(0, abs=1e-3)  # the threshold is soft
    plain, _ = done("false_reports", given, season=1, **own)
    assert plain.bias == near(np.zeros((3, 3)))
