"""Search the modes of a posterior for several values of `false_and_missing_entries`.

    python tools/posterior_modes.py china-1958 completeness_rising 0.004 0.002 0.00002

The first value of `false_and_missing_entries` at which every search ends at one mode is the smallest at which
chains can agree. The page "Reconstruction" has the results for China. Each search begins at a draw from the
prior and climbs to a local maximum of the log density. It takes about a minute for a value.
"""

import sys
from collections import Counter
from dataclasses import replace

import jax
import numpy as np
from scipy.optimize import minimize

from dearth.case.read import Case, load
from dearth.numerics.compilation_cache import keep_compiled
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import _seen, scenario_data
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.population_model import Model

SEARCHES = 16
SEED = 1
Mode = tuple[
    float, float, float, float
]  # log density; excess deaths, million; completeness, normal and crisis


def with_entries(case: Case, share: float) -> Case:
    """Return the case with another share of false and missing entries."""
    spec = case.settings.reconstruction
    if spec is None:
        raise SystemExit("the case has no reconstruction")
    changed = spec.model_copy(update={"false_and_missing_entries": share})
    return replace(case, settings=case.settings.model_copy(update={"reconstruction": changed}))


def modes(case: Case, scenario: str) -> Counter[Mode]:
    """Return the modes at which the searches end, and how many end there."""
    model = Model(read_inputs(case).layout)
    names, data = scenario_data(case, read_inputs(case), model)
    mine, seen = one(data, list(names).index(scenario)), _seen(case, model)
    climb = jax.jit(jax.value_and_grad(lambda theta: -log_density(model, theta, mine)))
    look = jax.jit(lambda theta: [seen(theta, mine)[k] for k in
                                  ("excess", "completeness_normal", "completeness_crisis")])  # fmt: skip
    rng, found = np.random.default_rng(SEED), Counter[Mode]()
    for _ in range(SEARCHES):
        end = minimize(
            lambda theta: tuple(np.asarray(part, float) for part in climb(theta)),
            rng.standard_normal(model.unknowns.size), jac=True, method="L-BFGS-B",
            options={"maxiter": 4000, "maxfun": 5000, "ftol": 1e-12, "gtol": 1e-5, "maxcor": 30},
        )  # fmt: skip
        excess, normal, crisis = (float(value) for value in look(end.x))
        found[round(-end.fun, 1), round(excess / 1e6, 1), round(normal, 2), round(crisis, 2)] += 1
    return found


def main(name: str, scenario: str, *shares: str) -> None:
    """Print the modes for each share."""
    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    keep_compiled()
    case = load(name)
    print(
        "| share | log density | excess deaths, million | completeness, normal | in the crisis | searches |"
    )
    print("|---|---|---|---|---|---|")
    for share in shares:
        for mode, many in sorted(modes(with_entries(case, float(share)), scenario).items(), reverse=True):
            print(f"| {float(share):.3%} | {' | '.join(map(str, mode))} | {many} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
