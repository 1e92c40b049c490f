"""What every seasonal baseline returns: expected deaths by period, and what their uncertainty needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dearth.case.calendar_slots import Cadence
from dearth.case.periods import Period
from dearth.numerics.interval import Floats

Bools = npt.NDArray[np.bool_]


class CannotFitError(ValueError):
    """A baseline cannot be fitted to these deaths; the message says why and what would help."""


@dataclass(frozen=True)
class DatedCounts:
    """Deaths of one group by period, in the order of time; T periods that share no day.

    Attributes
    ----------
    periods : (T,) first and last day, both included
    deaths : (T,) persons; nan where the period has no figure
    cadence : what the periods are
    """

    periods: tuple[Period, ...]
    deaths: Floats
    cadence: Cadence

    @cached_property
    def days(self) -> Floats:
        """Number of days of each period, (T,)."""
        return np.array([float(period.days) for period in self.periods])

    def share_in(self, window: Period) -> Floats:
        """Return the share of each period's days that lies in `window`, (T,)."""
        return np.array([period.common_days(window) / period.days for period in self.periods])


@dataclass(frozen=True, eq=False)  # arrays have no equality: each baseline is itself alone
class SeasonalBaseline:
    """Expected deaths by period, fitted to some of the periods; T periods, P coefficients.

    The deaths of a period vary about the expected ones with variance ``dispersion x unit_variance``.

    Attributes
    ----------
    method : name of the method
    counts : the deaths, observed and missing
    fitted : (T,) whether a period entered the fit
    expected : (T,) persons
    gradient : (T, P) change of the expected deaths with each coefficient
    unit_variance : (T,) variance of a period's deaths where the dispersion is 1
    """

    method: str
    counts: DatedCounts
    fitted: Bools
    expected: Floats
    gradient: Floats
    unit_variance: Floats

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the coefficients where the dispersion is 1, (P, P)."""
        rows = self.gradient[self.fitted]
        information = rows.T @ (rows / self.unit_variance[self.fitted, None])
        return np.asarray(np.linalg.pinv(information, hermitian=True), np.float64)

    @cached_property
    def rank(self) -> int:
        """Number of coefficients that the fit determines."""
        return int(np.linalg.matrix_rank(self.gradient[self.fitted]))

    @cached_property
    def residuals(self) -> Floats:
        """Deaths less expected deaths of the fitted periods, (F,)."""
        return np.asarray((self.counts.deaths - self.expected)[self.fitted])

    @cached_property
    def dispersion(self) -> float:
        """Variance of a period's deaths over `unit_variance`: residual squares over degrees of freedom."""
        free = int(self.fitted.sum()) - self.rank
        return float(np.sum(self.residuals**2 / self.unit_variance[self.fitted])) / free

    @cached_property
    def residual_covariance(self) -> Floats:
        """Covariance of the residuals for independent periods and dispersion 1, (F, F)."""
        rows = self.gradient[self.fitted]
        return np.diag(self.unit_variance[self.fitted]) - rows @ self.covariance @ rows.T

    def sum_variance(self, weights: Floats) -> float:
        """Return the variance of a weighted sum of deaths less its expected value, dispersion 1.

        ``w' G C G' w + sum w^2 v``: of the coefficients, then of the deaths themselves (Karlinsky and Kobak
        2021). `weights` is (T,).
        """
        g = self.gradient.T @ weights
        return float(g @ self.covariance @ g + np.sum(weights**2 * self.unit_variance))


def usable_for_fit(counts: DatedCounts, years: Iterable[int], window: Period) -> Bools:
    """Return which periods enter the fit, (T,): with a figure, in `years`, without a day of `window`."""
    wanted = set(years)
    return np.array(
        [
            middle_year(period) in wanted and not period.common_days(window) and bool(np.isfinite(value))
            for period, value in zip(counts.periods, counts.deaths, strict=True)
        ]
    )


def middle_year(period: Period) -> int:
    """Return the year in which the middle day of a period lies: of a week its ISO year."""
    return (period.start + (period.end - period.start) / 2).year
