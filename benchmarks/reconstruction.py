"""Effective draws a CPU second of the five-year reconstruction, and its distance from a long run.

The model is `tests/reference_models/five_year.py`. It needs the Burkina Faso tables of the R package
popReconstruct, whose licence (GPL-3) keeps them out of this project: python benchmarks/reconstruction.py
[FOLDER] [--json]. Without FOLDER the tables are looked for beside the project, in
../shared/evidence/burkina_faso.
`cold_...` counts everything from the start of the process at about 10,000 effective draws; the rest counts a
second run of the compiled sampler, warm-up included. Targets are means and widths at 40,000 effective draws.
"""

import csv
import json
import sys
import time
from pathlib import Path

import jax.numpy as jnp
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from dearth.numerics.diagnostics import convergence
from dearth.numerics.hmc import Draws, Settings
from reference_models.five_year import FiveYear, sampler, starts

NAMES = {"tfr": "tfr", "e0": "e0", "net_migration": "net_migrants_5y_consistent"}
BESIDE = Path(__file__).parents[2] / "shared" / "evidence" / "burkina_faso"
PERIODS = [str(year) for year in range(1960, 2005, 5)]


def table(path: Path) -> np.ndarray:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    return np.array([[float(cell) for cell in row[1:]] for row in rows])


def burkina_faso(folder: Path) -> FiveYear:
    return FiveYear(
        counts=table(folder / "baseline_pop_counts.csv")[:, 0],
        fertility=table(folder / "fertility_rates.csv").T,
        survival=table(folder / "survival_proportions.csv").T,
        migration=table(folder / "migration_proportions.csv").T,
        census=table(folder / "census_pop_counts.csv").T,
        census_at=(3, 5, 7, 9),
    )


def effective(draws: Draws) -> dict[str, float]:
    return {name: float(convergence(draws.seen[name][0]).ess_bulk.min()) for name in NAMES}


def target_check(folder: Path, draws: Draws) -> dict[str, float]:
    long_run = (folder / "posterior_long_run.csv").read_text(encoding="utf-8")
    target = {
        (row["quantity"], row["period_start_or_parameter"]): row
        for row in csv.DictReader(long_run.splitlines())
    }
    mean_error, width_error = [], []
    for name, there in NAMES.items():
        seen = draws.seen[name][0].reshape(-1, len(PERIODS)).astype(float)
        low, high = np.quantile(seen, [0.025, 0.975], axis=0)
        for at, period in enumerate(PERIODS):
            row = {key: float(value) for key, value in target[there, period].items() if key not in
                   ("quantity", "period_start_or_parameter")}  # fmt: skip
            mean_error.append(abs(seen[:, at].mean() - row["mean"]) / row["sd"])
            width_error.append(abs((high[at] - low[at]) / (row["q975"] - row["q025"]) - 1))
    return {"max_mean_error_sd": float(max(mean_error)), "max_width_error": float(max(width_error)),
            "effective_draws": min(effective(draws).values())}  # fmt: skip


def timed(given: FiveYear, settings: Settings) -> tuple[Draws, float, float]:
    """Sample twice with one sampler: draws, seconds since the process began, seconds of the second run."""
    made, theta, census = sampler(given, settings), starts(given, settings), jnp.asarray(given.census)[None]
    draws = made.sample(theta, census)
    cold, begun = time.process_time(), time.process_time()
    made.sample(theta, census)
    return draws, cold, time.process_time() - begun


def main() -> None:
    named = [word for word in sys.argv[1:] if not word.startswith("--")]
    folder = Path(named[0]) if named else BESIDE
    if not (folder / "baseline_pop_counts.csv").is_file():
        sys.exit(f"{folder} holds no Burkina Faso tables; name the folder that does")
    given = burkina_faso(folder)
    short = Settings(chains=64, warmup=400, draws=220, steps=(10, 30))
    draws, cold, warm = timed(given, short)
    size = effective(draws)
    long = Settings(chains=64, warmup=600, draws=1500, steps=(10, 30), seed=7)
    many = sampler(given, long).sample(starts(given, long), jnp.asarray(given.census)[None])
    found = {
        "ess_per_cpu_s": {name: size[name] / warm for name in NAMES},
        "cold_ess_per_cpu_s": {name: size[name] / cold for name in NAMES},
        "cold_effective_draws": size,
        "target_check": target_check(folder, many),
    }
    if "--json" in sys.argv:
        print(json.dumps(found))
        return
    for name in NAMES:
        print(f"{name:14} {found['ess_per_cpu_s'][name]:7.0f} effective draws a CPU second, "
              f"{found['cold_ess_per_cpu_s'][name]:6.0f} cold ({size[name]:.0f} draws)")  # fmt: skip
    print("against the long run:", found["target_check"])


if __name__ == "__main__":
    main()
