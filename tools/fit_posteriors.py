"""Fit the posteriors that ship with the bundled cases: fit_posteriors.py [--draws N] [CASE ...]."""

import argparse
import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path

import jax

from dearth.case.read import bundled, load
from dearth.estimate.estimates import versions
from dearth.reconstruction.fit import SETTINGS
from dearth.reconstruction.identity import identify
from dearth.reconstruction.sampling import kept_in
from dearth.reconstruction.summary import complete_document

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
given = asked.parse_args()
settings = replace(SETTINGS, draws=given.draws)
for name in given.cases:
    case = load(name)
    if case.settings.reconstruction is None:
        continue
    identity, clock = asdict(identify(case)), Clock()
    found = complete_document(case, settings=settings, progress=clock, keep=kept_in(case, settings))
    made = {
        "identity": identity,
        "made": {
            "versions": {**versions(), "jax": jax.__version__},
            "cores": os.cpu_count(),
            "seconds_until_done": clock.seconds,
        },
        **found,
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")
    for scenario in made["scenarios"]:
        print(
            name,
            scenario["name"],
            scenario.get("excess_deaths"),
            scenario["refused"],
            scenario["diagnostics"],
        )
        print("   places:", scenario.get("places_sum"))
    print(f"{time.time() - clock.begun:.0f} seconds")
