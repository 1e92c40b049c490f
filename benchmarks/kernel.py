"""CPU seconds of the simulated food system: python benchmarks/kernel.py [--json] [--small].

`reference`: the six-mechanism workload of `reference.py` with the engine's pieces (`dearth_s`), with NumPy
and Mesa (`peers.py`; Mesa from `pip install mesa`, else null), and its exponentials alone (`floor_s`).
`full`: everything the system has.

`commune_s` (CPU, least of three), `commune_wall_s`: 24,000 communes and 2,000 towns over fourteen years, five
records kept; `commune_all_s` with every record of every place and month, as `dearth simulate` keeps them.
`first_call_s`: by the clock, compiling and running the first of these without a cache.
`province_batch_s`: one run of 48 communes and two towns, as many places as china-1958 has, in a batch of 32.
`gradient_over_forward`: value and reverse gradient over value alone, at that size.
`peak_mb`: of the process at the end of the commune runs. Where JAX runs on no CPU, times are by the clock.

Valley's scenario is multiplied, and each mechanism timed by itself in October of its crisis
(`by_mechanism_ms`). `--small` takes a tenth of the communes.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import peers
import reference

from dearth.case.read import find
from dearth.system import resolution
from dearth.system.draws import prepared
from dearth.system.flows import opening_ledger
from dearth.system.initial_state import world
from dearth.system.order_of_month import ORDER
from dearth.system.run import month_of, noise_of, settings_at, simulate
from dearth.system.scenario import Place, Scenario, read_scenario, settled

KEPT = ("output", "deaths", "births", "population", "energy")  # other records are left out of the program


def multiplied(times: int, towns: int | None = None) -> Scenario:
    """Return valley with every place split into `times` of its own size, its town into `towns` if given."""
    valley = read_scenario(find("valley"))

    def larger(p: Place) -> Place:
        many = times if towns is None or p.kind == "rural" else towns
        more = {
            "units": {valley.levels.smallest: many},
            "people": p.people * many,
            "land_ha": p.land_ha * many,
        }
        return p.model_copy(update=more)

    places = tuple(larger(p) for p in valley.places)
    return resolution.at(valley.model_copy(update={"places": places}), valley.levels.smallest, 1)


def inputs(scenario: Scenario) -> tuple[Any, ...]:
    first, last = scenario.span
    years = last - first + 1
    return world(scenario, 1), *prepared(settled(scenario), years, jnp.float32)


def least(call: Callable[[], Any], times: int = 3) -> float:
    jax.block_until_ready(call())
    clock = time.process_time if jax.default_backend() == "cpu" else time.perf_counter
    found = []
    for _ in range(times):
        start = clock()
        jax.block_until_ready(call())
        found.append(clock() - start)
    return min(found)


def short(*args: Any) -> Any:
    records = simulate(*args)[1]
    return {name: records[name] for name in KEPT}


def provinces() -> tuple[float, float]:
    """Return CPU seconds of a run in a batch, and of the gradient over the run."""
    base, fixed, tables, group = inputs(multiplied(4, towns=2))
    batch = jnp.linspace(0.1, 0.9, 32)

    def toll(rho: Any) -> Any:
        own = {**fixed, "relief": {**fixed["relief"], "need": 200 * rho}}
        return jnp.sum(simulate(base, own, tables, group)[1]["deaths"])

    many = jax.jit(jax.vmap(toll))
    slope = jax.jit(jax.vmap(jax.value_and_grad(toll)))
    forward = least(lambda: many(batch), 5) / len(batch)
    return forward, least(lambda: slope(batch)) / len(batch) / forward


def by_mechanism(args: tuple[Any, ...]) -> dict[str, float]:
    """Return milliseconds of each mechanism's step by itself, outputs it does not write left out."""
    base, fixed, tables, group = args
    now = settings_at(fixed, jax.tree.map(lambda v: v[6, 9], tables), group)
    noise = jax.tree.map(lambda v: v[6], noise_of(base))
    found = {}
    hazard, october = base.schedules.hazard, jnp.asarray(10)
    state, flows = (
        base.opening,
        opening_ledger(base.opening.people, hazard, base.schedules.fertility, base.places, october),
    )
    for m in ORDER:
        season = {"month": -1, "harvest": 1, "year": -1}[m.when]
        month = month_of(base, 6, 9, noise, season)

        def written(s: Any, f: Any, own: Any, at: Any, m: Any = m) -> Any:
            after = m.step(s, f, own, own["strength"], at)
            return [getattr(part, name) for part in after for name in m.writes if hasattr(part, name)]

        given = (state, flows, m.own_settings(now), month)
        found[m.id] = round(1000 * least(partial(jax.jit(written), *given)), 3)
        state, flows = m.step(state, flows, given[2], given[2]["strength"], month)
    return found


def workload(small: bool) -> dict[str, float | None]:
    """Return CPU seconds of the reference workload by implementation, after checking that they agree."""
    given = reference.spec(2_000 if small else reference.PLACES)
    ours, theirs, agents = reference.engine(given), peers.numpy_run(given), peers.mesa_run(given)
    np.testing.assert_allclose(np.asarray(ours()), theirs(), rtol=2e-3)
    found: dict[str, float | None] = {
        "dearth_s": least(ours, 5), "numpy_f32_s": least(theirs), "mesa_s": None,
        "floor_s": least(peers.floor(given)),
    }  # fmt: skip
    if agents is not None:
        start = time.process_time()
        np.testing.assert_allclose(agents(), theirs(), rtol=2e-3)
        found["mesa_s"] = time.process_time() - start - (found["numpy_f32_s"] or 0.0)
    return {k: None if v is None else round(v, 4) for k, v in found.items()}


def main() -> None:
    small = "--small" in sys.argv
    six = workload(small)
    args = inputs(multiplied(200 if small else 2000))
    program = jax.jit(short)
    start = time.perf_counter()
    jax.block_until_ready(program(*args))
    first = time.perf_counter() - start
    commune = least(lambda: program(*args))
    start = time.perf_counter()
    jax.block_until_ready(program(*args))
    wall = time.perf_counter() - start
    whole = jax.jit(lambda *given: simulate(*given)[1])
    everything = least(lambda: whole(*args), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    batch, slope = provinces()
    full = {
        "commune_s": round(commune, 3),
        "commune_wall_s": round(wall, 3),
        "commune_all_s": round(everything, 3),
        "first_call_s": round(first, 1),
        "province_batch_s": round(batch, 5),
        "gradient_over_forward": round(slope, 2),
        "peak_mb": round(peak),
    }
    result: dict[str, Any] = {
        "reference": six, "full": full, "places": len(args[0].places.names),
        "by_mechanism_ms": by_mechanism(args),
    }  # fmt: skip
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    for name, value in {**six, **full}.items():
        print(f"{name:24}{value}")
    for name, value in sorted(result["by_mechanism_ms"].items(), key=lambda pair: -pair[1]):
        print(f"{name:24}{value:9.3f} ms")


if __name__ == "__main__":
    main()
