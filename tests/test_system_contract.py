"""Every mechanism keeps the contract: what it declares is what it does, off is absent, slopes are true."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.bibliography.grade import Grade
from dearth.system.flows import FLOW_FIELDS
from dearth.system.level_parameters import parameters
from dearth.system.mechanism import Mechanism
from dearth.system.order_of_month import IDS, ORDER
from dearth.system.parts_of_system import PARTS
from dearth.system.run import simulate
from dearth.system.simulation import mechanisms
from dearth.system.state import STATE_FIELDS
from dearth.system.step_trace import fields_used
from dearth.system.variables import FLOWS, STATE
from system_world import inputs, masked, moments, two_provinces, unequal, with_strengths

EVERY = pytest.mark.parametrize("m", ORDER, ids=IDS)


@EVERY
def test_declaration(m: Mechanism) -> None:
    assert (Path(__file__).parents[1] / "src/dearth/system/mechanisms" / f"{m.id}.py").is_file()
    assert m.summary.endswith(".")
    assert {*m.reads, *m.writes} <= {*STATE_FIELDS, *FLOW_FIELDS}
    for p in m.parameters:
        assert p.grade in Grade
        assert p.meaning
        if p.options:
            assert p.default in p.options
        else:
            assert p.low is not None
            assert p.high is not None
            assert p.low <= float(p.default) <= p.high, p.name


def test_every_file_is_in_the_order_once() -> None:
    folder = Path(__file__).parents[1] / "src/dearth/system/mechanisms"
    assert sorted(IDS) == sorted(p.stem for p in folder.glob("*.py") if p.stem != "__init__")


def test_the_table_of_variables_is_whole() -> None:
    assert tuple(v.name for v in STATE) == STATE_FIELDS
    assert tuple(v.name for v in FLOWS) == FLOW_FIELDS


def test_every_system_is_covered() -> None:
    covered = {s for m in mechanisms() for s in m["systems"]}
    assert covered == set(PARTS)
    assert {part for m in mechanisms() for part in m["parts"]} == set(PARTS.values())


@EVERY
def test_it_reads_and_writes_what_it_declares(m: Mechanism) -> None:
    with jax.enable_x64(True):
        at = moments()[m.id]
        seasons = (0, 1) if m.when == "harvest" else (at.month.season,)
        used = [fields_used(m, at.state, at.flows, at.settings, replace(at.month, season=s)) for s in seasons]
    read, written = (set().union(*part) for part in zip(*used, strict=True))
    assert written == set(m.writes)
    assert read == set(m.reads)


@EVERY
def test_it_does_something(m: Mechanism) -> None:
    with jax.enable_x64(True):
        at = moments()[m.id]
        after = m.step(at.state, at.flows, at.settings, at.settings["strength"], at.month)
    changed = [
        name for part, before in zip(after, (at.state, at.flows), strict=True) for name in m.writes
        if hasattr(before, name) and not np.allclose(getattr(part, name), getattr(before, name), 1e-6, 1e-9)
    ]  # fmt: skip
    assert changed


@EVERY
def test_slopes_agree_with_differences(m: Mechanism) -> None:
    """Gradient of a fixed mix of all outputs by strength and by every number, in float64."""
    with jax.enable_x64(True):
        at = moments()[m.id]
        written = {p.name: p for p in parameters(m.parameters) if not p.options}
        numbers = list(written)
        start = jnp.array([0.8, *(jnp.mean(at.settings[n]) for n in numbers)])
        # a lever at the end of its range is moved inside, where both differences exist
        spans = [1.0, *(float(p.high or 0) - float(p.low or 0) for p in written.values())]
        lows = [0.0, *(float(p.low or 0) for p in written.values())]
        inner = jnp.array([min(max(float(x), lo + 0.1 * s), lo + 0.9 * s)
                           for x, lo, s in zip(start, lows, spans, strict=True)])  # fmt: skip

        def mix(theta: Any) -> Any:
            own = {**at.settings, **dict(zip(numbers, theta[1:], strict=True))}
            after = m.step(at.state, at.flows, own, theta[0], at.month)
            before = (at.state, at.flows)
            pairs = zip(jax.tree.leaves(after), jax.tree.leaves(before), strict=True)
            return sum(jnp.sum((a - b) * (1 + 0.1 * jnp.cos(jnp.arange(a.size)).reshape(a.shape)))
                       / (1 + jnp.mean(jnp.abs(b))) for a, b in pairs)  # fmt: skip

        value, slope = jax.jit(jax.value_and_grad(mix))(inner)
        only = jax.jit(mix)
        assert np.isfinite(slope).all()
        assert slope[0] != 0
        for k, span in enumerate(spans):
            h = 1e-5 * span
            step = jnp.zeros_like(inner).at[k].set(h)
            found = (only(inner + step) - only(inner - step)) / (2 * h)
            assert slope[k] == pytest.approx(float(found), rel=2e-4, abs=1e-7 * (1 + abs(float(value)))), k


def test_off_is_absent() -> None:
    """Strength 0 gives every record of a run from which the mechanism is left out, and not those with it."""
    with jax.enable_x64(True):
        base, fixed, tables, group = unequal(inputs(two_provinces(1910, 1911)))
        ones = jnp.ones(len(ORDER))
        # no table may hold a strength, or it would stand over the strengths set here
        assert not any("strength" in t for t in tables.values())

        def run(present: Any, strengths: Any) -> Any:
            order = masked(present)
            return simulate(base, with_strengths(fixed, strengths), tables, group, order)[1]

        program = jax.jit(run)
        on = program(ones, ones)
        for at, m in enumerate(ORDER):
            off, absent = program(ones, ones.at[at].set(0.0)), program(ones.at[at].set(0.0), ones)
            for name in off:
                np.testing.assert_allclose(
                    off[name], absent[name], rtol=1e-9, atol=1e-9, err_msg=f"{m.id}: {name}"
                )
            same = [np.allclose(on[k], v, rtol=1e-6) for k, v in off.items() if not k.startswith("error")]
            assert not all(same), m.id
