"""The last periods of a file, where deaths are registered late: do they fall short of the normal deaths."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import stats

from dearth.case.calendar_slots import Cadence
from dearth.case.periods import Period
from dearth.estimate.dated_excess import span_dispersion
from dearth.estimate.seasonal_baseline import CannotFitError, SeasonalBaseline

TAILS: dict[Cadence, tuple[int, ...]] = {"week": (1, 2, 4), "month": (1, 2), "quarter": (1,), "other": (1, 2)}
SURE = 0.99  # one-sided, of each of up to three spans (assumed)


@dataclass(frozen=True)
class IncompleteEnd:
    """The last periods of a file, with fewer deaths than chance allows.

    Attributes
    ----------
    span : their days
    deaths, expected : persons
    """

    span: Period
    deaths: float
    expected: float

    @property
    def missing(self) -> float:
        """The share by which the deaths fall short of the normal ones."""
        return 1 - self.deaths / self.expected


def incomplete_end(baseline: SeasonalBaseline, window: Period, last: date) -> IncompleteEnd | None:
    """Return the last periods of a file if they fall short of the normal deaths, else None.

    The last one, two or four weeks (one or two months) are compared with the normal deaths, by the dispersion
    of sums over spans of that length. A window that ends before the file does is not checked.

    Parameters
    ----------
    last : last day of the file that has a figure

    References
    ----------
    karlinsky_kobak2021
    """
    counts = baseline.counts
    known = np.flatnonzero(np.isfinite(counts.deaths) & (counts.share_in(window) > 0))
    if not len(known) or counts.periods[known[-1]].end < last:
        return None
    found: list[tuple[float, IncompleteEnd]] = []
    for length in TAILS[counts.cadence]:
        tail = known[-length:]
        if len(tail) < length or baseline.fitted[tail].any():
            continue
        span = Period(counts.periods[tail[0]].start, counts.periods[tail[-1]].end)
        weights = np.zeros(len(counts.periods))
        weights[tail] = 1.0
        deaths, expected = float(counts.deaths[tail].sum()), float(baseline.expected[tail].sum())
        try:
            dispersion, degrees = span_dispersion(baseline, span)
        except CannotFitError:
            continue
        sd = float(np.sqrt(dispersion * baseline.sum_variance(weights)))
        below = (expected - deaths) / sd - float(stats.t.ppf(SURE, degrees))
        if below > 0 and expected > 0:
            found.append((below, IncompleteEnd(span, deaths, expected)))
    return max(found, key=lambda one: one[0])[1] if found else None
