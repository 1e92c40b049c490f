"""The log posterior of a fit and its slope, taken backwards through the whole simulation.

A slope costs about three runs, whatever the number of unknowns.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from dearth.explain.problem import FitProblem
from dearth.explain.targets import observed
from dearth.numerics.compilation_cache import one_compiles
from dearth.system import installed
from dearth.system.draw_task import history_of
from dearth.system.run import World, simulate

Floats = NDArray[np.float64]
Density = Callable[[Floats], tuple[Floats, Floats]]  # unknowns [chain, unknown] -> values, slopes
# full optimisation compiles four times as long for runs that take five sixths of the time
QUICK_COMPILATION = {"xla_backend_optimization_level": 1}
_LAST: dict[str, Density] = {}  # of this process: tasks of one fit come one by one, each with its problem


def density_of(problem: FitProblem) -> Density:
    """Return the log posterior of a problem, compiled when it is first called, once in a process.

    The function takes unknowns [chain, unknown] and returns log densities [chain], but for a constant, and
    their slopes [chain, unknown]. Where a run leaves the range of numbers the density is minus infinity and
    the slope zero.
    """
    if problem.about not in _LAST:
        _LAST.clear()
        _LAST[problem.about] = _compiled(problem)
    return _LAST[problem.about]


def _compiled(problem: FitProblem) -> Density:
    whiten = block_diag(*[np.linalg.inv(np.linalg.cholesky(one.covariance)) for one in problem.targets])
    data = {"whiten": _single(whiten), "values": _single(problem.values), "base": problem.runs.base}
    both = jax.jit(_value_and_slope(problem), compiler_options=QUICK_COMPILATION)
    known: set[int] = set()  # numbers of chains for which it is compiled

    def density(z: Floats) -> tuple[Floats, Floats]:
        with nullcontext() if len(z) in known else one_compiles():
            value, slope = (np.asarray(part, float) for part in both(_single(z), data))
            known.add(len(z))
        finite = np.isfinite(value) & np.isfinite(slope).all(1)
        return np.where(finite, value, -np.inf), np.where(finite[:, None], slope, 0.0)

    return density


def _value_and_slope(problem: FitProblem) -> Callable[[Any, Any], tuple[Any, Any]]:
    runs, order = problem.runs, installed.order()
    group = jnp.arange(runs.places)

    def given(z: Any) -> tuple[Any, Any, Any]:
        """Return weather, fixed and varying settings of the chains, in single precision."""
        found = problem.space.given(z)
        noise, fixed, varying = (
            jax.tree.map(_single, dict(one)) for one in (found.noise, found.fixed, found.varying)
        )
        shape = (len(z), runs.years, 12, runs.places)
        return noise, fixed, jax.tree.map(lambda v: v.reshape(shape), varying)

    def likelihood(numbers: Any, data: Any) -> tuple[Any, Any]:
        """Return the summed log likelihood, whose slope is that of each chain, and that of each chain."""

        def one(noise: Any, fixed: Any, varying: Any) -> Any:
            world: World = replace(data["base"], noise=noise)
            records = simulate(world, fixed, varying, group, order)[1]
            labelled: dict[str, Any] = {name: values[None] for name, values in records.items()}
            history = history_of(runs.base, labelled)
            return observed(history, problem.targets, problem.normal)[0]

        apart = (jax.vmap(one)(*numbers) - data["values"]) @ data["whiten"].T
        each = -0.5 * (apart**2).sum(1)
        return each.sum(), each

    def both(z: Any, data: Any) -> tuple[Any, Any]:
        numbers, back = jax.vjp(given, z)
        (_, each), slopes = jax.value_and_grad(likelihood, has_aux=True)(numbers, data)
        return each - 0.5 * (z**2).sum(1), back(slopes)[0] - z

    return both


def _single(values: Any) -> Any:
    return jnp.asarray(values, jnp.float32)
