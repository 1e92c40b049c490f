"""Fit the posteriors of the bundled cases: fit_posteriors.py [options] [CASE ...].

Each case gets a summary (JSON) and thinned whole draws (npz) of one identity.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path

from dearth.case.atomic_files import write_file
from dearth.case.read import bundled, load
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.fit import SETTINGS
from dearth.reconstruction.identity import identify
from dearth.reconstruction.posterior_document import to_document
from dearth.reconstruction.sampling import kept_in
from dearth.reconstruction.summary import fit_posterior

FOLDER = Path(__file__).parents[1] / "src" / "dearth" / "posteriors"


class Clock:
    """Tells what is done and keeps when, in seconds since the fit began."""

    def __init__(self) -> None:
        self.begun = time.time()
        self.seconds: dict[str, int] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if done == total:
            self.seconds[what] = round(time.time() - self.begun)
            print(what, "done", flush=True)


asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("cases", nargs="*", default=bundled())
asked.add_argument(
    "--draws", type=int, default=SETTINGS.draws, help="of each chain; more where a gate is missed"
)
asked.add_argument(
    "--keep-chains", action="store_true", help="leave the chains in the cache; the next fit starts from them"
)
asked.add_argument("--steps", default="-".join(map(str, SETTINGS.steps)), help="of a path, least-most")
asked.add_argument(
    "--without-leave-one-out", action="store_true", help="leave out the fits without each source"
)
given = asked.parse_args()
low, high = map(int, given.steps.split("-"))
settings = replace(SETTINGS, draws=given.draws, steps=(low, high))
for name in given.cases:
    case = load(name)
    if case.settings.reconstruction is None:
        continue
    identity, clock = asdict(identify(case)), Clock()
    found = fit_posterior(
        case, settings=settings, progress=clock, keep=kept_in(case, settings), keep_chains=given.keep_chains,
        leave_one_out=not given.without_leave_one_out,
    )  # fmt: skip
    made = {
        "identity": identity,
        "made": {
            "versions": package_versions(),
            "cores": os.cpu_count(),
            "seconds_until_done": clock.seconds,
        },
        **to_document(found),
    }
    FOLDER.mkdir(exist_ok=True)
    if found.draws is not None:
        write_file(FOLDER / f"{name}.npz", found.draws.to_bytes(identify(case).sha256))
    write_file(FOLDER / f"{name}.json", json.dumps(made, indent=0) + "\n")
    print(name, found.summary())
    for scenario in found.scenarios:
        print("   ", scenario.name, scenario.refused, scenario.diagnostics, scenario.places_sum)
    print(f"{time.time() - clock.begun:.0f} seconds")
