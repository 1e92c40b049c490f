"""Spearman's rank correlation."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the correlation of the ranks of two series of equal length; equal values share their rank.

    Nan where one of them does not vary.
    """
    ranks = [np.asarray(rankdata(one), float) for one in (first, second)]
    if any(np.ptp(one) == 0 for one in ranks):
        return float("nan")
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
