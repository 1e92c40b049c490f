"""``recover``: what the estimators would have said of places whose truth is known."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dearth.case.problems import CaseError, mistake
from dearth.case.read import Case
from dearth.numerics.cache_folder import cache_folder
from dearth.numerics.hmc import Settings
from dearth.reconstruction.identity import identify
from dearth.trials.degradations import DEGRADATIONS
from dearth.trials.estimator import SETTINGS
from dearth.trials.full_records import read_archive
from dearth.trials.like import read_like
from dearth.trials.recipe_checks import recipe_problems
from dearth.trials.recipes import recipe_ratios
from dearth.trials.replicates import Found, run
from dearth.trials.scores import scores, seen_in_records
from dearth.trials.simulated_histories import Draw, histories
from dearth.trials.tiers import BEYOND, TIERS
from dearth.trials.trial_plan import Replicate, parse_spec, plan, plan_of_histories, tier_of
from dearth.trials.windows import BOOKS, DISPLACEMENT, HISTORIES, chosen

SCHEMA = "dearth/recover/v1"
REPLICATES = 40
Progress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class Asked:
    """What is tried: a tier, or degradations of one's own; about which windows; how often.

    `windows`: own, all, quiet, epidemic, emigration, displacement (all, where people leave in
    the crisis), years; of a scenario: simulated (its histories with the
    registers of their offices) or histories (the same with full records, which are then degraded).

    With `like`, CASE:SCENARIO, the priors and the scenario of that case take the place of neutral ones.
    With `calibrate` truths and records are drawn from the estimator's own model.
    """

    tier: int = 4
    replicates: int = REPLICATES
    degrade: str | None = None
    windows: str = "own"
    seed: int = 1
    calibrate: bool = False
    like: str | None = None


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
        A case without full records, windows that cannot be tried, unknown tiers or degradations.
    """
    asked = asked or Asked()
    cases = (case,) if isinstance(case, Case) else tuple(case)
    books = asked.windows == BOOKS
    draws, left_out = _histories(cases, asked, progress) if asked.windows in (BOOKS, HISTORIES) else ([], 0)
    if books:
        pairs = [(one.truth, one.records()) for one in draws]
        replicates, letters = plan_of_histories(pairs, asked.seed), "C"
    else:
        replicates, letters = planned(cases, asked, draws)
    folder = _folder(cases, asked, settings) if keep else None
    like = None if asked.like is None else read_like(asked.like)
    found = run(
        replicates, settings=settings, keep=folder, like=like,
        progress=lambda done, total: progress(f"replicate {done} of {total}", done / total),
    )  # fmt: skip
    if folder is not None:
        for path in folder.glob("replicate-*.json"):
            path.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    made = document(cases, asked, letters, found)
    if draws:
        made["left_out"] = left_out
    if books:
        made["what"] = "simulated histories: the office's registers and two counts"
        own = cases[0].settings.trials
        made["recipes"] = recipe_ratios(draws, own)
        made["recipes_not_carried_out"] = dict(own.not_carried_out) if own else {}
    return Trials(made, found)


def _histories(cases: Sequence[Case], asked: Asked, progress: Progress) -> tuple[list[Draw], int]:
    if len(cases) > 1:
        raise mistake("recover", "give one case to simulate", field=f"--windows {asked.windows}")
    if asked.windows == BOOKS and (asked.degrade is not None or asked.tier != 4 or asked.calibrate):
        raise mistake("recover", "simulated histories bring their own records and are tried as tier 4; give "
                      f"neither --tier, --degrade nor --calibrate, or --windows {HISTORIES}",
                      field="--windows")  # fmt: skip
    if asked.replicates < 1:
        raise mistake("recover", f"{asked.replicates} replicates; give 1 or more", field="--replicates")
    wrong = recipe_problems(cases[0]) if asked.windows == BOOKS else []
    if wrong:
        raise CaseError(wrong)
    if asked.replicates == 1:
        raise mistake("recover", "one history would be the scenario's settings as they are; give 2 or more",
                      field="--replicates")  # fmt: skip
    found, left_out = histories(cases[0], asked.replicates, asked.seed, lambda step: progress(step, None))
    if not found:
        raise mistake("recover", f"in all {left_out} draws more than a quarter of the people died in the "
                      "crisis; try more draws or another seed", field="--replicates")  # fmt: skip
    return found, left_out


def planned(cases: Sequence[Case], asked: Asked, draws: Sequence[Draw] = ()) -> tuple[list[Replicate], str]:
    """Return the replicates asked for, and the letters of the degradations; `draws` of simulated histories.

    Raises
    ------
    CaseError
        As `recover`.
    """
    if asked.tier not in TIERS:
        known = "; ".join(f"{one.number} {one.what}" for one in TIERS.values())
        raise mistake("recover", f"{asked.tier} is no tier: {known}", field="--tier")
    if asked.replicates < 1:
        raise mistake("recover", f"{asked.replicates} replicates; give 1 or more", field="--replicates")
    spec = None if asked.degrade is None else parse_spec(asked.degrade)
    if asked.calibrate and (spec is not None or asked.tier == 7):
        raise mistake("recover", "truths and records of the model itself are not degraded; give a tier to 6",
                      field="--calibrate")  # fmt: skip
    tier = TIERS[asked.tier] if spec is None else tier_of(spec.letters)
    if draws and tier.later:
        raise mistake("recover", "simulated histories end before a later count; give a tier up to 4, 7, or "
                      "degradations without S", field=f"--windows {HISTORIES}")  # fmt: skip
    truths = [one.truth for one in draws]
    if not draws:
        pairs = [(case, read_archive(case)) for case in cases]
        truths = chosen(pairs, asked.windows, tier.later or tier.number == 7)
    letters = tier.letters if spec is None else spec.letters
    displaced = asked.windows == DISPLACEMENT
    planned = plan(truths, tier, asked.replicates, asked.seed, spec, asked.calibrate, displaced)
    return planned, letters + ("D" if displaced and "D" not in letters else "")


def document(cases: Sequence[Case], asked: Asked, letters: str, found: Sequence[Found]) -> dict[str, Any]:
    """Return what ``recover --json`` prints."""
    scored = scores(found)
    own = {} if asked.degrade is None else parse_spec(asked.degrade).ranges
    # a replicate whose posterior is not sound is refused; where all are, so is the table
    refused = all(f.refused for f in found)
    return {
        "schema": SCHEMA, "case": ", ".join(case.name for case in cases),
        "tier": asked.tier if asked.degrade is None else None,
        "rung": asked.tier if asked.degrade is None else None,  # the old name of tier, kept for one version
        "what": TIERS[asked.tier].what if asked.degrade is None else asked.degrade,
        "calibration": asked.calibrate, "like": asked.like, "replicates": asked.replicates,
        "seed": asked.seed, "windows": asked.windows,
        "degradations": [
            {"letter": one.letter, "name": one.name, "what": one.what,
             "ranges": {n: list(own.get((one.letter, n), ends)) for n, ends in one.ranges.items()}}
            for one in DEGRADATIONS
            if one.letter in letters
            or (asked.tier == 7 and asked.degrade is None and one.letter in TIERS[6].letters + BEYOND)
        ],
        "refused_table": refused, **scored,
        **({"beyond": seen_in_records(found)} if asked.tier == 7 and asked.degrade is None else {}),
        "trials": [
            {"window": f.window, "letters": f.letters, "corner": f.corner, "drawn": f.drawn,
             "truth": f.truth, "interval90": {name: ends["90"] for name, ends in f.intervals.items()},
             "median": f.medians, "warnings": f.warnings, "refused": f.refused}
            for f in found
        ],
    }  # fmt: skip


def _folder(cases: Sequence[Case], asked: Asked, settings: Settings) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    about = json.dumps(
        [[identify(case).sha256 for case in cases], asdict(asked), asdict(settings)], sort_keys=True
    )
    return folder / "trials" / f"{cases[0].name}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"
