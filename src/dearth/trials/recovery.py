"""``recover``: what the estimators would have said of places whose truth is known."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from dearth.case.problems import CaseError, mistake
from dearth.case.read import Case
from dearth.ensemble.executor import Executor
from dearth.numerics.cache_folder import cache_folder
from dearth.numerics.hmc import Settings
from dearth.reconstruction.identity import identify
from dearth.trials.degradations import DEGRADATIONS
from dearth.trials.estimator import SETTINGS
from dearth.trials.full_records import read_archive
from dearth.trials.like import read_like
from dearth.trials.recipe_checks import recipe_problems
from dearth.trials.recipes import RecipeRatio, recipe_ratios
from dearth.trials.replicates import Found, run
from dearth.trials.scores import Beyond, Scores, scores, seen_in_records
from dearth.trials.simulated_histories import Draw, histories
from dearth.trials.tiers import BEYOND, TIERS
from dearth.trials.trial_plan import Replicate, parse_spec, plan, plan_of_histories, tier_of
from dearth.trials.windows import BOOKS, DISPLACEMENT, HISTORIES, chosen

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
class Done:
    """A degradation as it was used: `ranges` are mild and bad ends by name of the number."""

    letter: str
    name: str
    what: str
    ranges: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Trials:
    """What ``recover`` found.

    Attributes
    ----------
    cases : names of the cases, pooled
    what : what was tried, in a phrase
    degradations : what was done to the full records
    found : what every replicate found
    beyond : of tier 7, by degradation and records of people
    left_out : draws of a scenario in which too many died to be a trial; None without a scenario
    recipes, recipes_not_carried_out : of the registers of simulated histories
    """

    cases: tuple[str, ...]
    asked: Asked
    what: str
    degradations: tuple[Done, ...]
    scores: Scores
    found: list[Found]
    beyond: dict[str, Beyond] | None = None
    left_out: int | None = None
    recipes: dict[str, RecipeRatio] | None = None
    recipes_not_carried_out: dict[str, str] | None = None

    @property
    def case(self) -> str:
        """The names of the cases in one text."""
        return ", ".join(self.cases)

    @property
    def tier(self) -> int | None:
        """The tier; None for degradations of the caller's own."""
        return self.asked.tier if self.asked.degrade is None else None

    @property
    def unscored(self) -> bool:
        """Whether nothing is scored, because no replicate's posterior was sound."""
        return all(f.refused for f in self.found)

    @property
    def document(self) -> dict[str, Any]:
        """What ``recover --json`` prints."""
        from dearth.trials.document import to_document

        return to_document(self)


def recover(
    case: Case | Sequence[Case], asked: Asked | None = None,
    progress: Progress = lambda step, share: None, keep: bool = True, settings: Settings = SETTINGS,
    executor: Executor | None = None,
) -> Trials:  # fmt: skip
    """Degrade the complete records of a case, estimate, and score the estimates against what is known.

    Parameters
    ----------
    case
        One, or several whose windows are pooled.
    keep
        Keep each replicate in the user's cache until all are done, so that a killed trial goes on.
    executor
        What computes the replicates, as `executors.open_executor` gives it; by default threads of this
        process. The numbers do not depend on it.

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
        replicates, settings=settings, keep=folder, like=like, executor=executor,
        progress=lambda done, total: progress(f"replicate {done} of {total}", done / total),
    )  # fmt: skip
    if folder is not None:
        for path in folder.glob("replicate-*.json"):
            path.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return _trials(cases, asked, letters, found, draws, left_out)


def _trials(
    cases: Sequence[Case],
    asked: Asked,
    letters: str,
    found: list[Found],
    draws: Sequence[Draw],
    left_out: int,
) -> Trials:
    made = Trials(
        tuple(case.name for case in cases),
        asked,
        TIERS[asked.tier].what if asked.degrade is None else asked.degrade,
        _degradations(asked, letters),
        scores(found),
        found,
        beyond=seen_in_records(found) if asked.tier == 7 and asked.degrade is None else None,
        left_out=left_out if draws else None,
    )
    if asked.windows != BOOKS:
        return made
    own = cases[0].settings.trials
    return replace(
        made,
        what="simulated histories: the office's registers and two censuses",
        recipes=recipe_ratios(draws, own),
        recipes_not_carried_out=dict(own.not_carried_out) if own else {},
    )


def _degradations(asked: Asked, letters: str) -> tuple[Done, ...]:
    own = {} if asked.degrade is None else parse_spec(asked.degrade).ranges
    more = TIERS[6].letters + BEYOND if asked.tier == 7 and asked.degrade is None else ""
    return tuple(
        Done(one.letter, one.name, one.what,
             {n: own.get((one.letter, n), ends) for n, ends in one.ranges.items()})
        for one in DEGRADATIONS
        if one.letter in letters + more
    )  # fmt: skip


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
    found, left_out = histories(cases[0], asked.replicates, asked.seed,
                              lambda step, share=None: progress(step, share))  # fmt: skip
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


def _folder(cases: Sequence[Case], asked: Asked, settings: Settings) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    about = json.dumps(
        [[identify(case).sha256 for case in cases], asdict(asked), asdict(settings)], sort_keys=True
    )
    return folder / "trials" / f"{cases[0].name}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"
