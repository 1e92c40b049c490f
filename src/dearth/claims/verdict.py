"""The rules by which a test becomes a verdict. They are code, and nothing else decides."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DECIDES = 0.95  # probability from which draws decide; assumed, and printed beside the verdicts


class Verdict(StrEnum):
    """What the records of the case say of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNDECIDED = "undecided"
    UNTESTABLE = "untestable here"


def holds(values: Floats, is_: str, threshold: float | tuple[float, float], margin: float = 0.0) -> Floats:
    """Return which values (D,) pass the inequality by at least `margin`; a negative margin is lenient."""
    if isinstance(threshold, tuple):
        low, high = threshold
        return np.asarray((values >= low + margin) & (values <= high - margin), float)
    if is_ == "above":
        return np.asarray(values > threshold + margin, float)
    return np.asarray(values < threshold - margin, float)


def judge(
    values: Floats, is_: str, threshold: float | tuple[float, float], tolerance: float
) -> tuple[Verdict, float | None]:
    """Return the verdict on draws, or on one exact number, and the probability that the inequality holds.

    The claim is supported where at least `DECIDES` of the draws pass the inequality by the tolerance, and
    contradicted where at least as many fail it by the tolerance. A value that cannot be computed decides
    nothing. An exact number has no probability.

    Parameters
    ----------
    values : (D,) draws; a single value is an exact number
    """
    if not np.isfinite(values).all():
        return Verdict.UNDECIDED, None
    passed = holds(values, is_, threshold, tolerance).mean()
    failed = 1 - holds(values, is_, threshold, -tolerance).mean()
    probability = None if values.size == 1 else float(holds(values, is_, threshold).mean())
    if passed >= DECIDES:
        return Verdict.SUPPORTED, probability
    return (Verdict.CONTRADICTED if failed >= DECIDES else Verdict.UNDECIDED), probability


def together(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict under all assumptions: the one they share, else undecided."""
    different = set(verdicts)
    return verdicts[0] if len(different) == 1 else Verdict.UNDECIDED


def flips(verdicts: list[Verdict]) -> bool:
    """Whether assumptions decide the claim: it is supported under one and contradicted under another."""
    return {Verdict.SUPPORTED, Verdict.CONTRADICTED} <= set(verdicts)
