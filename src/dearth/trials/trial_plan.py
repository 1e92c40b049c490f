"""The plan of a trial: which window, which degradations and how bad, for every replicate, from one seed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dearth.case.problems import did_you_mean, mistake
from dearth.numerics.plain_float import plain_float
from dearth.numerics.random_streams import stream
from dearth.trials.degradations import BY_LETTER, DEGRADATIONS, Degradation, Records, complete
from dearth.trials.full_records import LATER_COUNT, Truth
from dearth.trials.outside_priors import beyond
from dearth.trials.tiers import TIERS, Tier

CORNER = 4  # every fourth replicate is drawn from the worst corner
LIMITS = {  # of numbers given to --degrade; of the others a share, 0 to 1
    "years": (1.0, 5.0), "worse": (0.0, 5.0), "most": (0.1, 100.0), "fall": (0.0, 0.95), "share": (0.0, 0.5),
    "families": (0.0, 1.0), "men": (0.0, 1.0), "back": (0.0, 1.0),
    "complete": (0.05, 1.0), "infants": (0.05, 1.0), "omitted": (-0.1, 0.5),
}  # fmt: skip
BAD = 0.8  # of a range, from mild to bad: the worst corner begins there


@dataclass(frozen=True)
class Replicate:
    """One trial: a truth, the letters done to its records and the numbers drawn.

    Attributes
    ----------
    tier : the tier whose estimator is asked
    drawn : numbers by letter and name; the estimator never sees them
    corner : whether all were drawn from the bad fifth of their ranges
    calibrate : whether truth and records are drawn from the estimator's own model instead
    held : an office's own records of a simulated history; None: what was true
    """

    number: int
    tier: Tier
    truth: Truth
    letters: str
    drawn: Mapping[str, Mapping[str, float]]
    corner: bool
    seed: int
    calibrate: bool = False
    held: Records | None = None

    def records(self, ways: Sequence[Degradation] = DEGRADATIONS) -> Records:
        """Return the degraded records."""
        found = complete(self.truth) if self.held is None else self.held
        for way in ways:
            if way.letter in self.letters:
                rng = stream(self.seed, "degrade", way.name, str(self.number))
                found = way.apply(found, self.drawn[way.letter], rng)
        return found


@dataclass(frozen=True)
class Spec:
    """What is done to records: letters, with ranges in place of the degradations' own."""

    letters: str
    ranges: Mapping[tuple[str, str], tuple[float, float]]


def parse_spec(text: str) -> Spec:
    """Read ``A,R(complete=0.8:0.7),K``: mild, then bad.

    Raises
    ------
    CaseError
        An unknown letter or number, a range that cannot be read.
    """
    letters, ranges = "", {}
    for part in re.findall(r"[^,(]+(?:\([^)]*\))?", text.replace(" ", "")):
        letter, _, inside = part.partition("(")
        if letter in letters:
            raise mistake("recover", f"{letter} is given twice", field="--degrade")
        if letter not in BY_LETTER:
            known = ", ".join(f"{one.letter} {one.name}" for one in DEGRADATIONS)
            raise mistake("recover", f"'{letter}' is no degradation; known: {known}", field="--degrade")
        letters += letter
        for item in inside.rstrip(")").split(",") if inside else []:
            name, _, given = item.partition("=")
            held = BY_LETTER[letter].ranges
            if name not in held:
                raise mistake("recover", f"{letter} has no number '{name}'{did_you_mean(name, list(held))}; "
                              f"it has: {', '.join(held) or 'none'}", field="--degrade")  # fmt: skip
            ranges[letter, name] = _range(letter, name, given)
    if not letters:
        raise mistake("recover", "no degradation is named; 'A' alone keeps totals", field="--degrade")
    if "H" in letters and "C" in letters:
        raise mistake("recover", "H gives a population register every year and C two counts; give one",
                      field="--degrade")  # fmt: skip
    if "S" in letters and "C" not in letters:
        raise mistake("recover", "S, the later count, follows the two of C; add C", field="--degrade")
    return Spec(letters, ranges)


def _range(letter: str, name: str, text: str) -> tuple[float, float]:
    try:
        ends = [plain_float(end) for end in text.split(":")]
    except ValueError:
        ends = []
    if len(ends) not in (1, 2):
        raise mistake("recover", f"{letter}({name}={text}): give a number, or mild:bad", field="--degrade")
    low, high = LIMITS.get(name, (0.0, 1.0))
    if not all(low <= end <= high for end in ends):
        raise mistake("recover", f"{letter}({name}={text}): must lie between {low:g} and {high:g}",
                      field="--degrade")  # fmt: skip
    return ends[0], ends[-1]


def tier_of(letters: str) -> Tier:
    """Return the tier whose estimator fits records degraded by `letters`."""
    number = 5 if "S" in letters else 4 if "C" in letters else 3 if "K" in letters else 2
    if not set(letters) & set("RKBCSPHF"):
        number = 1
    # what takes deaths out of the registers, in the crisis alone or always, makes their completeness unknown
    expected = set(letters) | (set("RK") if set(letters) & set("KPF") else set())
    expected |= set("B") if "P" in letters else set()  # births of a lost region are lost too
    return replace(TIERS[number], letters="".join(x for x in "ARKBCS" if x in expected))


def plan(
    truths: Sequence[Truth], tier: Tier, replicates: int, seed: int, spec: Spec | None = None,
    calibrate: bool = False, displaced: bool = False,
) -> list[Replicate]:  # fmt: skip
    """Return every replicate of a trial; with `displaced`, people leave in the crisis of each."""
    found = [_one(truths, tier, at, seed, spec) for at in range(replicates)]
    if displaced:
        found = [_displaced(one) for one in found]
    return [replace(one, calibrate=calibrate) for one in found]


def _displaced(r: Replicate) -> Replicate:
    """Return the replicate with displacement beside its own degradations."""
    drawn = {**r.drawn, "D": _numbers(r.seed, r.number, "D", r.corner)}
    return r if "D" in r.letters else replace(r, letters=r.letters + "D", drawn=drawn)


def plan_of_histories(draws: Sequence[tuple[Truth, Records]], seed: int) -> list[Replicate]:
    """Return a replicate for each simulated history: its office's registers, and counts as in tier 4."""
    found = []
    for number, (truth, held) in enumerate(draws):
        one = _one([truth], replace(TIERS[4], letters="C"), number, seed, None)
        found.append(replace(one, tier=TIERS[4], held=held))
    return found


def _one(truths: Sequence[Truth], tier: Tier, number: int, seed: int, spec: Spec | None) -> Replicate:
    rng = stream(seed, "plan", str(number))
    truth = truths[int(rng.integers(len(truths)))]
    corner = number % CORNER == CORNER - 1
    if spec is not None:
        drawn = {x: _numbers(seed, number, x, corner, spec) for x in sorted(spec.letters)}
        return Replicate(number, tier, truth, spec.letters, drawn, corner, seed)
    base = tier
    if tier.number == 7:
        held = bool(np.isfinite(truth.stocks[LATER_COUNT].sum()))
        base = TIERS[int(rng.integers(1, 7 if held else 5))]
    drawn = {letter: _numbers(seed, number, letter, corner) for letter in sorted(base.letters)}
    one = Replicate(number, base, truth, base.letters, drawn, corner, seed)
    return _further(one) if tier.number == 7 else one


def _numbers(
    seed: int, number: int, letter: str, corner: bool, spec: Spec | None = None, again: int = 0
) -> dict[str, float]:
    """Return the numbers of a degradation, drawn evenly from its ranges or those of `spec`."""
    rng = stream(seed, "plan", str(number), letter, *([str(again)] if again else []))
    found = {}
    for name, ends in BY_LETTER[letter].ranges.items():
        mild, bad = ends if spec is None else spec.ranges.get((letter, name), ends)
        share = rng.uniform(BAD, 1.0) if corner else rng.uniform()
        found[name] = float(mild + share * (bad - mild))
    return found


def _further(r: Replicate) -> Replicate:
    """Return the replicate with one degradation beyond what its tier's estimator allows."""

    def more(letter: str, values: dict[str, float]) -> Replicate:
        return replace(r, letters=r.letters + letter, drawn={**r.drawn, letter: values})

    letter, values = beyond(
        lambda letter, again: _numbers(r.seed, r.number, letter, r.corner, again=again),
        lambda letter, values: more(letter, values).records(),
        r.records(), "K" not in r.tier.letters, r.seed, r.number,
    )  # fmt: skip
    return more(letter, values)
