"""Give shipped posteriors a new identity: stamp_posteriors.py [CASE ...]; refused where a log density moved.

Renaming a field of case.yaml changes the hash of the specification although no figure depends on it. The
pinned log densities prove that the model, its data and its priors are the ones that were fitted.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dearth.case.read import load  # noqa: E402
from dearth.reconstruction.identity import identify  # noqa: E402
from test_log_density_pins import CASES, PINS, log_densities  # noqa: E402

pinned = json.loads(PINS.read_text())["log_density"]
for name in sys.argv[1:] or CASES:
    found = log_densities(name)
    for scenario, values in pinned[name].items():
        if not np.allclose(found[scenario], values, rtol=1e-9, atol=0):
            sys.exit(f"{name}, {scenario}: the log density moved; refit with tools/fit_posteriors.py")
    path = ROOT / "src" / "dearth" / "posteriors" / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["identity"] = asdict(identify(load(name)))
    path.write_text(json.dumps(document, indent=0) + "\n", encoding="utf-8")
    print(name, "stamped")
