"""Put fits and explanations of this user's folder into the package, where their identity holds.

    dearth fit china-1958 --refit && dearth explain china-1958 && python tools/ship_fits.py china-1958

A fit that was refused is not put there.
"""

import sys
from pathlib import Path

from dearth.case.atomic_files import write_file
from dearth.case.read import load
from dearth.estimate.posterior import posterior_with_draws
from dearth.explain.explain import Wanted
from dearth.explain.problem import fit_problem
from dearth.explain.stored_explanation import explanation_path
from dearth.explain.stored_fit import fit_path, read_fit, shipped_path


def main(names: list[str]) -> None:
    """Copy what is stored of each case."""
    for name in names:
        case = load(name)
        posterior = posterior_with_draws(case)
        for scenario in posterior.printed:
            found, why = read_fit(case, fit_problem(case, posterior.draws, scenario.name), scenario.name)
            if found is None or found.refused:
                print(f"{name}, {scenario.name}: {why or '; '.join(found.refused if found else ())}")
                continue
            target = shipped_path(case, scenario.name)
            target.parent.mkdir(exist_ok=True)
            copied(fit_path(case, scenario.name), target)
            copied(explanation_path(case, found, Wanted()), target.with_suffix(".json"))


def copied(source: Path | None, target: Path) -> None:
    """Copy a file where there is one, and say so."""
    if source is not None and source.is_file():
        write_file(target, source.read_bytes())
        print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
