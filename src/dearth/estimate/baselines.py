"""Normal rates: the rates without the crisis, each by the name it is cited under.

A baseline is computed on the series it is given: on the corrected one unless the user asks for the
mixed basis. ``constant:R`` is a true rate and is never corrected.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.problems import did_you_mean, mistake
from dearth.case.years import format_years, parse_years
from dearth.numerics.plain_float import plain_float

KINDS = {
    "level": "level:1957 (the rate of one year)",
    "mean": "mean:1955-1957 (mean rate of years)",
    "mean2": "mean2:1957,1964 (mean of two years)",
    "line": "line:1957-1964 (straight line through two years)",
    "ols": "ols:1953-1957 (least-squares line, extrapolated)",
    "loglinear": "loglinear:1953-1957 (least-squares line of the logarithm)",
    "constant": "constant:12 (a true rate per 1000)",
}
TRENDS = ("line", "ols", "loglinear")
ADJUSTED = "+births_adjusted"


@dataclass(frozen=True)
class Baseline:
    """A named normal rate: its kind, the years it rests on, or its constant, per 1000."""

    kind: str
    years: tuple[int, ...] = ()
    rate: float = 0.0

    @property
    def name(self) -> str:
        """The name it is cited and asked for under."""
        if self.kind == "constant":
            return f"constant:{self.rate:g}"
        if self.kind in ("mean2",):
            return f"{self.kind}:{','.join(map(str, self.years))}"
        if self.kind == "line":
            return f"line:{self.years[0]}-{self.years[1]}"
        return f"{self.kind}:{format_years(self.years)}"

    def extrapolated(self, years: Iterable[int]) -> bool:
        """Return whether a trend is extended beyond its years to reach some of `years`."""
        if self.kind not in TRENDS:
            return False
        return any(not min(self.years) <= year <= max(self.years) for year in years)


def parse_baseline(text: str, where: str = "baseline") -> Baseline:
    """Return the baseline called `text`.

    Raises
    ------
    CaseError
        Unknown name, years that cannot be read, or too few of them.
    """
    kind, colon, rest = text.strip().partition(":")
    if kind not in KINDS or not colon:
        hint = did_you_mean(kind, KINDS)
        forms = "; ".join(KINDS.values())
        raise mistake(where, f"'{text}' is not a baseline{hint}; write one of: {forms}")
    if kind == "constant":
        try:
            rate = plain_float(rest)
        except ValueError:
            raise mistake(where, f"'{text}': '{rest}' is not a rate per 1000") from None
        if not 0 < rate <= 200:
            raise mistake(where, f"'{text}': a rate lies between 0 and 200 per 1000")
        return Baseline(kind, (), rate)
    try:
        years = _ends(rest) if kind == "line" else parse_years(rest)
    except ValueError as error:
        raise mistake(where, f"'{text}': {error}") from None
    wanted = {
        "level": (1, 1),
        "mean2": (2, 2),
        "line": (2, 2),
        "ols": (2, 99),
        "loglinear": (2, 99),
    }
    low, high = wanted.get(kind, (1, 99))
    if not low <= len(years) <= high:
        raise mistake(where, f"'{text}' names {len(years)} years; write {KINDS[kind]}")
    return Baseline(kind, tuple(years))


def _ends(rest: str) -> tuple[int, ...]:
    """Read ``1957-1964`` or ``1957,1964`` as the two years a line goes through."""
    years = parse_years(rest)
    return (min(years), max(years)) if len(years) > 1 else years


def refuse_years(
    baseline: Baseline, crisis: tuple[int, ...], known: tuple[int, ...], out: frozenset[int]
) -> str:
    """Return why `baseline` may not be used on this window and register, or nothing."""
    inside = sorted(set(baseline.years) & set(crisis))
    if inside:
        return (
            f"{baseline.name} uses {format_years(inside)}, a crisis year of the window; choose years "
            "outside it"
        )
    absent = sorted(set(baseline.years) - set(known))
    if absent:
        return f"{baseline.name} needs {format_years(absent)}; the series has {format_years(known)}"
    kept = sorted(set(baseline.years) & out)
    if kept:
        return f"{baseline.name} uses {format_years(kept)}, which the case holds out"
    return ""


def normal_rate(baseline: Baseline, years: tuple[int, ...], rates: Floats) -> Floats:
    """Return the normal rate for every year, shape (D, Y) per 1000, from `rates`, (D, Y)."""
    if baseline.kind == "constant":
        return np.full(rates.shape, baseline.rate)
    at = [years.index(year) for year in baseline.years]
    known, t = rates[:, at], np.array(baseline.years, float)
    target = np.array(years, float)
    if baseline.kind in ("level", "mean", "mean2"):
        return np.repeat(known.mean(axis=1, keepdims=True), len(years), axis=1)
    if baseline.kind == "loglinear":
        return np.exp(_fitted_line(t, np.log(known), target))
    return _fitted_line(t, known, target)


def _fitted_line(t: Floats, known: Floats, target: Floats) -> Floats:
    """Least-squares line through (t, known) at `target`; through two points it is exact."""
    centred = t - t.mean()
    slope = known @ centred / (centred @ centred)
    level = known.mean(axis=1)
    return np.asarray(level[:, None] + slope[:, None] * (target - t.mean()))


def births_adjusted(normal: Floats, infant: float, birth_rate: Floats, normal_births: Floats) -> Floats:
    """Lower the normal death rate by the infants who were not born to die.

    ``B' = B - q0 (b0 - b)``: with fewer births fewer infants are at risk, so the rate of deaths
    that would have been normal among those present is lower.
    All rates (D, Y) per 1000; `infant` is q0, deaths under one per birth.
    """
    return normal - infant * (normal_births - birth_rate)
