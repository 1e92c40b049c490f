"""Death rates by district and month from surveys: partial pooling over districts, months and predictors.

The log rate of a district and month is ``a + x b + u_d + v_t + w_dt``: b are coefficients of standardised
predictors, u differs between districts, v between months for all districts together, w between months of one
district. All are normal; v and w are correlated in time. A survey gives the mean of the log rate over its
recall, with its sampling error and a further error of surveys. The sds are unknown: they lie on a grid, and
the posterior is the exact mixture over the grid, so it has no chains. Groups within districts have offsets
(`group_rates`).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from dearth.estimate.small_areas.cells import Cells
from dearth.estimate.small_areas.group_rates import (
    GROUP_SD,
    OWN_SD,
    GroupTerms,
    group_covariance,
    settled,
    straight,
)
from dearth.numerics.interval import Floats

CENTRE, SPREAD = 1.0, 1.5  # prior of the rate: median per 10,000 a day, sd of its log (assumed: 0.05 to 19)
COMMON_MONTHS, OWN_MONTHS = 12.0, 6.0  # months over which v and w are correlated (assumed)
PLACES, MONTHS, CELLS = (0.05, 0.25, 0.6), (0.05, 0.2, 0.5), (0.1, 0.4)  # sds of the grid (assumed)
ERRORS, SLOPES = (0.05, 0.25, 0.5), (0.02, 0.1, 0.3)  # sds of the grid (assumed)
# scale of the half-normal prior of each sd
SCALES = {"places": 0.5, "months": 0.4, "cells": 0.4, "errors": 0.4, "slopes": 0.2}  # assumed


@dataclass(frozen=True)
class SurveyedRates:
    """Rates of N surveys.

    Attributes
    ----------
    log_rate, error : log of deaths per 10,000 a day and the sd of its sampling error (N,)
    place : index of the district (N,)
    shares : share of the recall in each month (N, T)
    groups : share of each group among the people who were surveyed, (N, G); G may be 0
    """

    log_rate: Floats
    error: Floats
    place: np.ndarray[tuple[int], np.dtype[np.int64]]
    shares: Floats
    groups: Floats


@dataclass(frozen=True)
class RateDraws:
    """Joint draws.

    Attributes
    ----------
    log_rates : log of deaths per 10,000 a day of the people in no group with counts, (S, P, T)
    offsets : log rate of each group less that, (S, P, G)
    """

    log_rates: Floats
    offsets: Floats


@dataclass(frozen=True)
class Sds:
    """One point of the grid: standard deviations of the parts of the log rate."""

    places: float
    months: float
    cells: float
    errors: float
    slopes: float


def correlation(months: int, length: float) -> Floats:
    """Return correlations of months that fall by distance, ``exp(-|s - t| / length)``, (T, T)."""
    at = np.arange(months)
    return np.asarray(np.exp(-np.abs(at[:, None] - at) / length))


class RateModel:
    """The joint normal distribution of the surveys and the cells, for each point of the grid.

    Parameters
    ----------
    predictors : standardised, (P, T, K); K may be 0
    terms : what surveys say of the offsets of groups; by default as if the offsets were 0
    """

    def __init__(
        self, cells: Cells, predictors: Floats, surveys: SurveyedRates, terms: GroupTerms | None = None
    ):
        self.cells, self.x, self.s = cells, predictors, surveys
        self.terms = straight(surveys.groups, np.zeros_like(surveys.groups)) if terms is None else terms
        slopes = SLOPES if predictors.shape[-1] else SLOPES[:1]
        self.grid = [Sds(*one) for one in product(PLACES, MONTHS, CELLS, ERRORS, slopes)]

    @cached_property
    def _parts(self) -> dict[str, Floats]:
        """Covariances of the surveys by part, each for an sd of 1, (N, N)."""
        s = self.s
        seen = np.einsum("nt,ntk->nk", s.shares, self.x[s.place])
        same = s.place[:, None] == s.place
        own = s.shares @ correlation(self.cells.count, OWN_MONTHS) @ s.shares.T
        return {
            "slopes": seen @ seen.T, "places": same.astype(float), "cells": same * own,
            "months": s.shares @ correlation(self.cells.count, COMMON_MONTHS) @ s.shares.T,
            "groups": group_covariance(self.terms, s.place),
        }  # fmt: skip

    def covariance(self, sds: Sds) -> Floats:
        """Return the covariance of the surveyed log rates, errors with it, (N, N)."""
        p = self._parts
        found = SPREAD**2 + p["groups"]
        for name in ("slopes", "places", "months", "cells"):
            found = found + getattr(sds, name) ** 2 * p[name]
        return np.asarray(found + np.diag(self.s.error**2 + sds.errors**2))

    @property
    def residual(self) -> Floats:
        """Surveyed log rates less what the prior's centre gives, (N,)."""
        return np.asarray(self.s.log_rate - np.log(CENTRE) - self.terms.constant)

    @cached_property
    def inverses(self) -> tuple[Floats, ...]:
        """The inverse of each covariance of the grid."""
        n = len(self.s.log_rate)
        return tuple(cho_solve(cho_factor(self.covariance(sds)), np.eye(n)) for sds in self.grid)

    @cached_property
    def log_weights(self) -> Floats:
        """Log posterior weight of each point of the grid, up to a constant, (G,)."""
        found = []
        for sds, inverse in zip(self.grid, self.inverses, strict=True):
            sign, log_det = np.linalg.slogdet(inverse)
            fit = 0.5 * sign * log_det - 0.5 * self.residual @ inverse @ self.residual
            prior = -0.5 * sum((getattr(sds, name) / scale) ** 2 for name, scale in SCALES.items())
            found.append(float(fit + prior))
        return np.array(found)

    @cached_property
    def weights(self) -> Floats:
        """Posterior weight of each point of the grid, summing to 1."""
        weight = np.exp(self.log_weights - self.log_weights.max())
        return np.asarray(weight / weight.sum())

    @property
    def expected_offsets(self) -> Floats:
        """Posterior mean of the offset of each group in the district of each survey, (N, G)."""
        s, slopes = self.s, self.terms.slopes
        spread = GROUP_SD**2 + OWN_SD**2 * (s.place[:, None] == s.place)
        weighed = sum(w * (inverse @ self.residual)
                      for w, inverse in zip(self.weights, self.inverses, strict=True))  # fmt: skip
        return np.asarray(spread @ (slopes * np.asarray(weighed)[:, None]))

    def draws(self, count: int, rng: np.random.Generator) -> RateDraws:
        """Return joint draws of every cell and offset; by conditioning draws of the prior."""
        chosen = rng.choice(len(self.grid), size=count, p=self.weights)
        p, t, groups = len(self.cells.places), self.cells.count, self.s.groups.shape[1]
        found = np.empty((count, p * (t + groups)))
        for at in np.unique(chosen):
            rows = np.flatnonzero(chosen == at)
            prior, surveyed = self._prior(self.grid[at], len(rows), rng)
            gain = self._cross(self.grid[at]) @ self.inverses[at]
            found[rows] = prior + (self.residual - surveyed) @ gain.T
        rates, offsets = found[:, : p * t], found[:, p * t :]
        return RateDraws(rates.reshape(count, p, t) + np.log(CENTRE), offsets.reshape(count, p, groups))

    def _prior(self, sds: Sds, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return draws of the prior: cells with offsets (count, P x (T + G)), and surveys (count, N)."""
        p, t, k = self.x.shape
        slopes = sds.slopes * rng.standard_normal((count, k))
        roots = [np.linalg.cholesky(correlation(t, length)) for length in (COMMON_MONTHS, OWN_MONTHS)]
        found = SPREAD * rng.standard_normal((count, 1, 1)) + np.einsum("ck,ptk->cpt", slopes, self.x)
        found += sds.places * rng.standard_normal((count, p, 1))
        found += sds.months * (rng.standard_normal((count, t)) @ roots[0].T)[:, None, :]
        found += sds.cells * rng.standard_normal((count, p, t)) @ roots[1].T
        seen = np.einsum("cnt,nt->cn", found[:, self.s.place], self.s.shares)
        size = self.s.groups.shape[1]
        offsets = GROUP_SD * rng.standard_normal((count, 1, size))
        offsets = offsets + OWN_SD * rng.standard_normal((count, p, size))
        seen += np.einsum("cng,ng->cn", offsets[:, self.s.place], self.terms.slopes)
        noise = np.sqrt(self.s.error**2 + sds.errors**2)
        seen += noise * rng.standard_normal(seen.shape)
        return np.concatenate([found.reshape(count, -1), offsets.reshape(count, -1)], 1), seen

    @cached_property
    def _cross_parts(self) -> dict[str, Floats]:
        """Covariances of every cell with every survey by part, each for an sd of 1, (P, T, N)."""
        p, t, k = self.x.shape
        s = self.s
        seen = np.einsum("nt,ntk->nk", s.shares, self.x[s.place])
        same = (np.arange(p)[:, None] == s.place)[:, None, :].astype(float)
        return {
            "slopes": (self.x.reshape(p * t, k) @ seen.T).reshape(p, t, -1),
            "places": same,
            "months": (correlation(t, COMMON_MONTHS) @ s.shares.T)[None],
            "cells": same * (correlation(t, OWN_MONTHS) @ s.shares.T),
        }

    def _cross(self, sds: Sds) -> Floats:
        """Return the covariance of every cell and offset with every survey, (P x (T + G), N)."""
        p, t, _ = self.x.shape
        found = np.full((p, t, len(self.s.place)), SPREAD**2)
        for name, part in self._cross_parts.items():
            found += getattr(sds, name) ** 2 * part
        same = np.arange(p)[:, None] == self.s.place
        offsets = (GROUP_SD**2 + OWN_SD**2 * same)[:, None, :] * self.terms.slopes.T
        return np.concatenate([found.reshape(p * t, -1), offsets.reshape(-1, len(self.s.place))])


def fitted_model(cells: Cells, predictors: Floats, surveys: SurveyedRates) -> RateModel:
    """Return the model of the surveys, straight lines for groups put where the surveys have them."""

    def expected(terms: GroupTerms) -> Floats:
        return RateModel(cells, predictors, surveys, terms).expected_offsets

    return RateModel(cells, predictors, surveys, settled(surveys.groups, expected))
