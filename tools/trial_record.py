"""Write the record of trials that stands beside every interval: trial_record.py [options] CASE ...

Each CASE is a folder made by ``dearth new NAME --from-hmd FOLDER --window YEARS --all-ages``. All windows as
long as each case's own are tried at every tier, without and with people who leave in the crisis. Rows of
other tiers and kinds that are on record stay.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dearth.case.atomic_files import write_file
from dearth.case.read import Case, load
from dearth.numerics.compilation_cache import keep_compiled
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.identity import MODEL_VERSION
from dearth.reconstruction.trial_record import TABLE
from dearth.trials.recovery import Asked, recover
from dearth.trials.replicates import Found
from dearth.trials.scores import held_or_warned, holds
from dearth.trials.tiers import TIERS

PLACE = Path(__file__).parents[1] / "src" / "dearth" / "reconstruction" / TABLE
KINDS = ("all", "displacement", "quiet")


def row(found: Sequence[Found], what: str, places: Sequence[str], seed: int) -> dict[str, Any]:
    """Return how the trials of one tier and kind went; the worst corner counts like the others."""
    used = [one for one in found if not one.refused]
    return {
        "what": what, "places": list(places), "seed": seed,
        "windows": len(used), "refused": len(found) - len(used),
        "held": sum(holds(one, "excess_printed", "90") for one in used),
        "held_or_warned": sum(held_or_warned(one) for one in used),
        "warned": sum(bool(one.warnings) for one in used),
        "deaths_held": sum(holds(one, "deaths", "90") for one in used),
        "births_held": sum(holds(one, "births", "90") for one in used),
        "called_famine": sum(one.intervals["excess_printed"]["90"][0] > 0
                             and one.intervals["gross_printed"]["90"][0] > 0 for one in used),
    }  # fmt: skip


def record(cases: Sequence[Case], tiers: Sequence[int], kinds: Sequence[str], many: int, seed: int) -> Any:
    """Return the table: by kind and tier."""
    found: dict[str, dict[str, Any]] = {}
    places = sorted(case.settings.place or case.name for case in cases)
    for kind in kinds:
        found[kind] = {}
        for tier in tiers:
            asked = Asked(tier=tier, replicates=many, windows=kind, seed=seed)
            made = recover(cases, asked)
            found[kind][str(tier)] = row(made.found, TIERS[tier].what, places, seed) | {
                name: getattr(made.scores, name) for name in ("width_over_toll", "bias_over_toll")
            }
            print(kind, tier, found[kind][str(tier)], flush=True)
    return found


asked = argparse.ArgumentParser(description=__doc__)
asked.add_argument("cases", nargs="+")
asked.add_argument("--replicates", type=int, default=40)
asked.add_argument("--seed", type=int, default=2026)
asked.add_argument("--tiers", default="1,2,3,4,5,6")
asked.add_argument("--kinds", default=",".join(KINDS))
given = asked.parse_args()
keep_compiled()
read = [load(name) for name in given.cases]
held = json.loads(PLACE.read_text(encoding="utf-8")) if PLACE.is_file() else {}
tried = record(
    read, [int(tier) for tier in given.tiers.split(",")], given.kinds.split(","), given.replicates, given.seed
)
for kind, rows in tried.items():
    held.setdefault(kind, {}).update(rows)
held["tiers"] = held.get("all", {})
held["made"] = {"model_version": MODEL_VERSION, "versions": package_versions()}
write_file(PLACE, json.dumps(held, indent=1, ensure_ascii=False) + "\n")
