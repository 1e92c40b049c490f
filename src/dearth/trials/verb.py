"""``recover``: what the estimators would have said of places whose truth is known."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.years import parse_years
from dearth.estimate.reconstruct.shipped import inputs_hash
from dearth.numerics.cache import cache_folder
from dearth.numerics.hmc import Settings
from dearth.trials.degrade import DEGRADATIONS
from dearth.trials.estimator import SETTINGS
from dearth.trials.plan import Replicate, alone, parse_spec, plan, plan_of_histories, quiet, rung_of
from dearth.trials.rungs import RUNGS, Rung
from dearth.trials.scores import scores, warnings
from dearth.trials.simulated import Draw, histories, recipes
from dearth.trials.trial import Found, run
from dearth.trials.truth import Archive, Truth, own_window, read_archive

SCHEMA = "dearth/recover/v1"
REPLICATES = 40
Progress = Callable[[str, float | None], None]
WINDOWS = ("own", "all", "quiet")
SIMULATED = "simulated"


@dataclass(frozen=True)
class Asked:
    """What is tried: a rung, or degradations of one's own; about which windows; how often.

    `windows`: own, all, quiet, years, or simulated (histories of the scenario with their office's books).

    With `calibrate` truths and records are drawn from the estimator's own model.
    """

    rung: int = 4
    replicates: int = REPLICATES
    degrade: str | None = None
    windows: str = "own"
    seed: int = 1
    calibrate: bool = False


@dataclass(frozen=True)
class Trials:
    """The document of ``recover --json`` and what every replicate found."""

    document: dict[str, Any]
    found: list[Found]


def recover(
    case: Case | Sequence[Case], asked: Asked | None = None,
    progress: Progress = lambda step, share: None, keep: bool = True, settings: Settings = SETTINGS,
) -> Trials:  # fmt: skip
    """Degrade the complete records of a case, estimate, and score the estimates against what is known.

    Parameters
    ----------
    case
        One, or several whose windows are pooled.
    keep
        Keep each replicate in the user's cache until all are done, so that a killed trial goes on.

    Raises
    ------
    CaseError
        A case without full records, windows that cannot be tried, unknown rungs or degradations.
    """
    asked = asked or Asked()
    cases = (case,) if isinstance(case, Case) else tuple(case)
    simulated = asked.windows == SIMULATED
    draws, left_out = _histories(cases, asked, progress) if simulated else ([], 0)
    pairs = [(one.truth, one.records()) for one in draws]
    replicates, letters = (plan_of_histories(pairs, asked.seed), "C") if simulated else planned(cases, asked)
    folder = _folder(cases, asked, settings) if keep else None
    found = run(
        replicates, settings=settings, keep=folder,
        progress=lambda done, total: progress(f"replicate {done} of {total}", done / total),
    )  # fmt: skip
    if folder is not None:
        for path in folder.glob("replicate-*.json"):
            path.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    made = document(cases, asked, letters, found)
    if simulated:
        made["what"] = "simulated histories: the office's books and two counts"
        made["recipes"], made["left_out"] = recipe_ratios(draws), left_out
    return Trials(made, found)


def _histories(cases: Sequence[Case], asked: Asked, progress: Progress) -> tuple[list[Draw], int]:
    if len(cases) > 1:
        raise mistake("recover", "give one case to simulate", field="--windows simulated")
    if asked.degrade is not None or asked.rung != 4 or asked.calibrate:
        raise mistake("recover", "simulated histories bring their own records and are tried as rung 4; give "
                      "neither --rung, --degrade nor --calibrate", field="--windows")  # fmt: skip
    if asked.replicates < 1:
        raise mistake("recover", f"{asked.replicates} replicates; give 1 or more", field="--replicates")
    found, left_out = histories(cases[0], asked.replicates, asked.seed, lambda step: progress(step, None))
    if not found:
        raise mistake("recover", f"in all {left_out} draws more than a quarter of the people died in the "
                      "crisis; try more draws or another seed", field="--replicates")  # fmt: skip
    return found, left_out


def recipe_ratios(draws: Sequence[Draw]) -> dict[str, dict[str, float]]:
    """Return by recipe its excess over the true one: median and the central 90 % of the draws."""
    each = [recipes(one) for one in draws]
    truth = np.array([one.truth.quantities()["excess"] for one in draws])
    found = {}
    for name in each[0]:
        low, middle, high = np.quantile([e[name] for e in each] / truth, [0.05, 0.5, 0.95])
        found[name] = {"median": float(middle), "low": float(low), "high": float(high), "level": 0.9}
    return found


def planned(cases: Sequence[Case], asked: Asked) -> tuple[list[Replicate], str]:
    """Return the replicates asked for, and the letters of the degradations.

    Raises
    ------
    CaseError
        As `recover`.
    """
    if asked.rung not in RUNGS:
        known = "; ".join(f"{one.number} {one.what}" for one in RUNGS.values())
        raise mistake("recover", f"{asked.rung} is no rung: {known}", field="--rung")
    if asked.replicates < 1:
        raise mistake("recover", f"{asked.replicates} replicates; give 1 or more", field="--replicates")
    spec = None if asked.degrade is None else parse_spec(asked.degrade)
    rung = RUNGS[asked.rung] if spec is None else rung_of(spec.letters)
    truths = [t for case in cases for t in chosen(case, read_archive(case), asked.windows, rung)]
    letters = rung.letters if spec is None else spec.letters
    return plan(truths, rung, asked.replicates, asked.seed, spec, asked.calibrate), letters


def chosen(case: Case, archive: Archive, windows: str, rung: Rung) -> list[Truth]:
    """Return the truths of the windows asked for: own, all, quiet, or years such as 1772-1773,1808-1809."""
    later = rung.later or rung.number == 7
    first, length = own_window(case)
    if windows == "own":
        return [archive.cut(first, length, later)]
    if windows in WINDOWS:
        found = [archive.cut(year, length, later) for year in archive.windows(length, later)]
        found = [truth for truth in found if alone(truth) and (windows == "all" or quiet(truth))]
        if not found:
            raise mistake("recover", f"no {windows} window of {length} years with all it needs is held",
                          field="--windows")  # fmt: skip
        return found
    found = []
    for text in windows.split(","):
        try:
            years = sorted(parse_years(text.strip()))
        except ValueError as error:
            raise mistake("recover", f"{error}; or one of: {', '.join((*WINDOWS, SIMULATED))}",
                          field="--windows") from None  # fmt: skip
        found.append(archive.cut(years[0], len(years), later))
    return found


def document(cases: Sequence[Case], asked: Asked, letters: str, found: Sequence[Found]) -> dict[str, Any]:
    """Return what ``recover --json`` prints."""
    scored = scores(found)
    own = {} if asked.degrade is None else parse_spec(asked.degrade).ranges
    # a replicate whose posterior is not sound is refused; where most are, so is the table
    refused = scored["used"] == 0
    return {
        "schema": SCHEMA, "case": ", ".join(case.name for case in cases),
        "rung": None if asked.degrade else asked.rung,
        "what": asked.degrade or RUNGS[asked.rung].what,
        "calibration": asked.calibrate, "replicates": asked.replicates, "seed": asked.seed,
        "windows": asked.windows,
        "degradations": [
            {"letter": one.letter, "name": one.name, "what": one.what,
             "ranges": {n: list(own.get((one.letter, n), ends)) for n, ends in one.ranges.items()}}
            for one in DEGRADATIONS
            if one.letter in letters or (asked.rung == 7 and asked.degrade is None)
        ],
        "refused_table": refused, **scored,
        "trials": [
            {"window": f.window, "letters": f.letters, "corner": f.corner, "drawn": f.drawn,
             "truth": f.truth, "interval90": {name: ends["90"] for name, ends in f.intervals.items()},
             "median": f.medians, "warnings": warnings(f), "refused": f.refused}
            for f in found
        ],
    }  # fmt: skip


def _folder(cases: Sequence[Case], asked: Asked, settings: Settings) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    about = json.dumps(
        [[inputs_hash(case) for case in cases], asdict(asked), asdict(settings)], sort_keys=True
    )
    return folder / "trials" / f"{cases[0].name}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"
