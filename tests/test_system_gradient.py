"""The slope of a whole run's toll, taken backwards through fourteen years, agrees with differences."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.system.run import simulate
from system_world import inputs, valley

# one number of each; none is in a table of valley's timeline, which would stand over it
NUMBERS = (
    ("procurement", "surplus_share"),
    ("relief", "need"),
    ("eating", "spread"),
    ("bodies", "spread"),
    ("harvest", "effort_elasticity"),
    ("work_incentives", "nu"),
    ("false_reports", "audit_pull"),
    ("audits", "memory"),
    ("communal_dining", "waste_free"),
    ("storage", "household"),
    ("sharing", "reach_km"),
    ("conceptions", "half"),
)
CRISIS, BEFORE = slice(7, 9), slice(4, 6)  # 1911-12 and 1908-09


@pytest.mark.slow
def test_backward_slopes_of_the_toll_of_valley() -> None:
    """Deaths of the crisis beyond those of as many years before it, by a relative change of each number."""
    with jax.enable_x64(True):
        base, fixed, tables, group = inputs(valley())

        def toll(theta: Any) -> Any:
            own = {m: dict(values) for m, values in fixed.items()}
            for factor, (mechanism, name) in zip(theta, NUMBERS, strict=True):
                own[mechanism][name] = factor * own[mechanism][name]
            deaths = simulate(base, own, tables, group)[1]["deaths"].sum(-1).reshape(-1, 12).sum(-1)
            return deaths[CRISIS].sum() - deaths[BEFORE].sum()

        start = jnp.ones(len(NUMBERS))
        value, slope = jax.jit(jax.value_and_grad(toll))(start)
        only = jax.jit(toll)
        h = 1e-5
        steps = h * jnp.eye(len(NUMBERS))
        found = np.array([float(only(start + s) - only(start - s)) / (2 * h) for s in steps])
    assert float(value) > 1000
    for at, name in enumerate(NUMBERS):
        assert slope[at] == pytest.approx(found[at], rel=1e-6), name
    # none is so flat that agreement would be of rounding alone
    assert (np.abs(found) > 1e-3 * float(value)).all(), dict(zip(NUMBERS, found, strict=True))
