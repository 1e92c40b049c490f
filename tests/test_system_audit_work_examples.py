"""Examples on paper for audits and the reward for labour: two communes and a town of 1,000 each."""

from math import exp

import numpy as np
import pytest

from dearth.system.flows import AGRICULTURE, AUDIT, COMMUTING
from system_world import bare, done

near = pytest.approx
LABOUR = float(bare()[1].places.labour[0])
FARMING = {"labour": np.array([1.0, *[0.0] * 7])[:, None] * np.array([100.0, 100.0, 0.0])}
CLAIMED = np.array([330.0, 360.0, 400.0, 400.0])[:, None] * np.ones(
    3
)  # by community, district, region, centre
HELD = {"reaped": 300, "claims": CLAIMED, "beliefs": 400}
AUDIT_OF = {"calendar": 12, "rate": 0.6}  # a tenth of the places a month


def test_audits_of_every_claim_against_the_harvest() -> None:
    state, flows = done("audits", HELD, **AUDIT_OF)
    assert state.beliefs[:, 0].tolist() == near([400, 390, 390, 390])
    assert state.deterred[:, 0].tolist() == near([0.6 * 0.9 / 6] * 3)
    assert state.urged[:, 0].tolist() == near([0, 0, 0])
    assert flows.labour[AUDIT].tolist() == near([0.1 * 0.001 * LABOUR] * 2 + [0])
    state, _ = done("audits", HELD, **AUDIT_OF, purpose=-1.0)
    assert state.beliefs[3, 0] == near(400)  # punishing shortfall teaches nothing
    assert state.deterred[:, 0].tolist() == near([-0.6 * 1.1 / 6] * 3)


def test_an_audit_of_a_level_finds_what_that_level_was_told() -> None:
    for level, beliefs, deterred, cost in (
        (1.0, [400, 390, 390, 390], [1, 0, 0], 1.0),  # communities against the harvest of 300
        (2.0, [400, 400, 393, 393], [0, 1, 0], 0.1),  # districts against the communities' 330
        (3.0, [400, 400, 400, 396], [0, 0, 1], 0.1),  # regions against the districts' 360
    ):
        state, flows = done("audits", HELD, **AUDIT_OF, level=level)
        assert state.beliefs[:, 0].tolist() == near(beliefs)
        assert state.deterred[:, 0].tolist() == near([0.09 * k for k in deterred])
        assert flows.labour[AUDIT, 0] == near(0.1 * 0.001 * cost * LABOUR)


def test_an_auditor_may_favour_high_figures_or_low_ones() -> None:
    for favour in (1.0, -1.0):
        state, _ = done("audits", HELD, **AUDIT_OF, level=1.0, favour=favour)
        assert state.beliefs[3, 0] == near(400 + 0.1 * (300 * exp(0.1 * favour) - 400))
        assert state.urged[:, 0].tolist() == near([0.6 * 0.1 * favour / 6, 0, 0])


def test_a_false_verdict_frightens_the_neighbours() -> None:
    """Only the first of two communes is audited: what is found there weighs on both, half and half."""
    state, _ = done("audits", HELD, calendar=12, rate=np.array([0.6, 0.0, 0.0]))
    assert state.deterred[0].tolist() == near([(0.6 - 0.1 * 0.3) / 6, -0.1 * 0.3 / 6, 0])
    assert state.beliefs[3].tolist() == near([390, 400, 400])


def test_what_an_audit_does_to_the_next_report() -> None:
    heard = np.array([0.5, 0.0, -0.5])[:, None] * np.ones(3)
    state, _ = done("false_reports", {"deterred": heard, "urged": [[0.02], [0.0], [0.0]]}, season=1,
                    community=0.1, district=0.1, region=0.1, race=0.0)  # fmt: skip
    assert state.bias[:, 0].tolist() == near([0.05 + 0.02, 0.1, 0.15])


def test_work_incentives() -> None:
    state, _ = done("work_incentives", {}, FARMING, by_head=0.8, members=1000.0)
    kept = 0.2 * 0.3 + (0.7 * 0.2 + 0.8) / 1000
    normal = 0.6 * 0.3 + (0.7 * 0.6 + 0.4) / 75
    target = (kept / normal) ** (1 / 1.5)
    assert state.effort[0] == near(1 + (1 - 0.5 ** (1 / 6)) * (target - 1))
    _, flows = done("work_incentives", {}, FARMING, payment=2.0)
    assert flows.labour[COMMUTING, 0] == near(4)  # meetings of the self-assessed


KEPT = 0.6 * 0.3 + (0.7 * 0.6 + 0.4) / 75  # of his product, by a worker of the reference team
HALF_YEAR = 1 - 0.5 ** (1 / 6)


def test_self_assessed_points_creep_up_unless_peers_check() -> None:
    yearly = 1 - 0.5 ** (1 / 12)
    for peers, padded in ((0.0, 0.4 + yearly * 0.6), (0.5, 0.4 + yearly * 0.1), (1.0, 0.4 - yearly * 0.4)):
        state, _ = done("work_incentives", {"padded": 0.4}, FARMING, payment=2.0, peers=peers)
        assert state.padded.tolist() == near([padded, padded, 0.4])  # no points in the town
    monitored = 0.35 - 0.15 * 0.4
    kept = 0.6 * monitored + ((1 - monitored) * 0.6 + 0.4) / 75
    assert state.effort[0] == near(1 + HALF_YEAR * ((kept / KEPT) ** (1 / 1.5) - 1))
    state, _ = done("work_incentives", {"padded": 0.4}, FARMING)  # others set the grades anew
    assert state.padded[0] == near(0.4 * 0.5 ** (1 / 12))
    assert state.effort[0] == near(1)


def test_pace_setters_set_a_norm_that_pays_the_ordinary_worker_less() -> None:
    """At 0.7 of the best few's pace he is credited with 0.56 of his product, where quotas credit 0.8."""
    haste = 0.925**2.5  # effort that loses 7.5 % of output
    for pace, monitored in ((0.7, 0.56), (0.5, 0.4), (1.0, 0.8)):
        state, flows = done("work_incentives", {}, FARMING, payment=3.0, pace=pace)
        kept = 0.6 * monitored + ((1 - monitored) * 0.6 + 0.4) / 75
        target = (kept / KEPT) ** (1 / 1.5) * haste
        assert state.effort[:2].tolist() == near([1 + HALF_YEAR * (target - 1)] * 2)
        assert flows.labour[COMMUTING, 0] == near(0)  # no meetings
    quotas, _ = done("work_incentives", {}, FARMING, payment=1.0, pace=0.5)  # a fixed norm has no pace-setter
    assert quotas.effort[0] == near(float(state.effort[0]))
    state, _ = done("work_incentives", {"padded": 0.4}, FARMING, payment=3.0)
    assert state.padded[0] == near(0.4 * 0.5 ** (1 / 12))  # grades are set anew


def test_without_the_right_to_leave_joint_effort_is_lost() -> None:
    """A worker of the reference team keeps 0.191 of his product; half the gain of acting jointly goes."""
    state, _ = done("work_incentives", {}, FARMING, exit_right=0.0)
    lost = KEPT ** (0.5 / 1.5)
    assert lost == near(0.576, abs=5e-4)
    assert lost**0.4 == near(0.802, abs=5e-4)  # output, by harvest.effort_elasticity
    assert state.effort[:2].tolist() == near([1 + HALF_YEAR * (lost - 1)] * 2)
    state, _ = done("work_incentives", {}, FARMING, exit_right=0.5, cooperation=0.8)
    assert state.effort[0] == near(1 + HALF_YEAR * (KEPT ** (0.5 * 0.8 / 1.5) - 1))


def test_cadres_in_the_fields() -> None:
    """Administrators are 3 % as many as farm workers; half of them add their hands to the fields."""
    _, flows = done("land_works", {}, FARMING, labour=0.0, cadres=0.5)
    assert flows.labour[AGRICULTURE].tolist() == near([100 + 0.015 * LABOUR] * 2 + [0])
