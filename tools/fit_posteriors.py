"""Fit the posteriors that ship with the bundled cases: run python tools/fit_posteriors.py [CASE]."""

import json
import sys
import time
from pathlib import Path

from dearth.case.read import bundled, load
from dearth.estimate.reconstruct.fit import SETTINGS
from dearth.estimate.reconstruct.sampling import kept_in
from dearth.estimate.reconstruct.shipped import inputs_hash
from dearth.estimate.reconstruct.summary import complete_document

FOLDER = Path(__file__).parents[1] / "src" / "dearth" / "posteriors"


def tell(what: str, done: int, total: int) -> None:
    if done == total:
        print(what, "done", flush=True)


for name in sys.argv[1:] or bundled():
    case = load(name)
    if case.settings.reconstruction is None:
        continue
    digest, begun = inputs_hash(case), time.time()
    made = {"inputs_sha256": digest, **complete_document(case, progress=tell, keep=kept_in(case, SETTINGS))}
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")
    for reading in made["readings"]:
        print(name, reading["name"], reading.get("excess_deaths"), reading["refused"], reading["diagnostics"])
        print("   places:", reading.get("places_sum"))
    print(f"{time.time() - begun:.0f} seconds")
