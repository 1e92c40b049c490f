"""Which measurement would narrow excess deaths most, and which would best distinguish two scenarios.

Within a scenario: the share of the variance of excess deaths a measurement removes on average, by linear
regression of them on results simulated with their error (Strong et al. 2015; the Gaussian form is the
adjusted variance of Goldstein and Wooff 2007). Between scenarios: the expected log Bayes factor of the
result, the criterion of Box and Hill (1967) without probabilities of the rivals. Scenarios have none here, so
the smaller of the two expectations is printed: it holds whichever scenario is true.

References
----------
box_hill1967, goldstein_wooff2007, kass_raftery1995, kullback_leibler1951, strong2015
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dearth.case.labels import Labels
from dearth.numerics.interval import LEVEL
from dearth.numerics.number_words import persons
from dearth.numerics.random_streams import stream
from dearth.reconstruction.candidate_measurements import CANDIDATES, Candidate, Floats, Seen, When
from dearth.reconstruction.measurement_results import Expected, Narrowing, Settling
from dearth.reconstruction.posterior import Posterior

RESULTS = 100  # simulated results of the check by reweighting: a few per cent of noise
FEWEST = 200.0  # effective draws, on average, under which reweighting says nothing; assumed
SETTLED = 5.0  # natural log of a Bayes factor of 150, "very strong": kass_raftery1995
LITTLE = 1.0  # "not worth more than a bare mention": kass_raftery1995
WIDEST = 100.0  # times the stated error: the search for the largest error ends here


class Result(NamedTuple):
    """What a candidate would show of each draw [draw, part], and the variance of its error [part, part]."""

    shown: Floats
    noise: Floats


def result(candidate: Candidate, seen: Seen, when: When) -> Result | str:
    """Return what `candidate` would show, or why that cannot be said."""
    missing = [key for key in candidate.needs if key not in seen]
    if missing:
        return f"the reconstruction does not keep {', '.join(missing)}"
    if not len(when.before):
        return "no year before the crisis is reconstructed"
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.asarray(candidate.shows(seen, when), float)
    shown = shown.reshape(len(shown), -1)
    if not shown.size or not np.isfinite(shown).all():
        return "what it would show is not a number in every draw"
    parts = shown.shape[1]
    return Result(shown, candidate.error**2 * np.eye(parts) + candidate.shared**2 * np.ones((parts, parts)))


def share_removed(toll: Floats, found: Result) -> float:
    """Return the share of the variance of `toll` [draw] a linear fit on the result with its error removes.

    `c' (V + R)^-1 c / var(toll)`, with V the variance of what is shown, R of its error and c its covariance
    with `toll`; exact for Gaussian draws and else no more than a measurement removes on average. What so
    many draws fit by chance is taken off, at the trace of V (V + R)^-1 free parameters.
    """
    draws, variance = len(toll), toll.var(ddof=1)
    if not variance > 0:
        return 0.0
    centred = found.shown - found.shown.mean(0)
    spread = centred.T @ centred / (draws - 1)
    covariance = centred.T @ (toll - toll.mean()) / (draws - 1)
    both = spread + found.noise
    raw = covariance @ np.linalg.solve(both, covariance) / variance
    free = np.trace(np.linalg.solve(both, spread))
    return float(np.clip(1 - (1 - raw) * (draws - 1) / max(draws - 1 - free, 1), 0, 1))


def width_reweighted(toll: Floats, found: Result, seed: int = 0) -> float | None:
    """Return the mean width of the central interval over simulated results, draws reweighted by each.

    None where the weights leave too few effective draws (Kish: squared sum over sum of squares).
    """
    rng = stream(seed, "measure")
    order = np.argsort(toll)
    toll, white = toll[order], np.linalg.inv(np.linalg.cholesky(found.noise))
    shown = (found.shown[order] - found.shown.mean(0)) @ white.T
    at = rng.choice(len(toll), RESULTS)
    results = shown[at] + rng.standard_normal((RESULTS, shown.shape[1]))
    widths, effective = [], []
    for one in results:
        log = -0.5 * ((shown - one) ** 2).sum(1)
        weight = np.exp(log - log.max())
        effective.append(weight.sum() ** 2 / (weight**2).sum())
        cumulated = (np.cumsum(weight) - weight / 2) / weight.sum()
        low, high = np.interp([(1 - LEVEL) / 2, (1 + LEVEL) / 2], cumulated, toll)
        widths.append(high - low)
    return float(np.mean(widths)) if np.mean(effective) >= FEWEST else None


def narrowing(seen: Seen, when: When, candidates: Sequence[Candidate] = CANDIDATES) -> list[Narrowing]:
    """Return what each candidate would do to the excess deaths of one scenario, the most narrowing first.

    Parameters
    ----------
    seen
        Kept quantities [draw, ...]; `excess` [draw]: excess deaths, persons.

    Candidates that cannot be computed stand last, with the reason.
    """
    toll = np.asarray(seen["excess"], float)
    now = float(np.diff(np.quantile(toll, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))[0])
    rows = []
    for candidate in candidates:
        found = result(candidate, seen, when)
        if isinstance(found, str):
            rows.append(Narrowing(*_head(candidate), not_computed=found))
            continue
        share = share_removed(toll, found)
        after = float(now * np.sqrt(1 - share))
        rows.append(Narrowing(*_head(candidate), share, now, after, width_reweighted(toll, found)))
    return sorted(rows, key=lambda row: 1.0 if row.share_removed is None else -row.share_removed)


def log_bayes_factor(first: Result, second: Result, times: float = 1.0) -> float:
    """Return the log Bayes factor expected for the true scenario, the smaller of the two expectations.

    Of Gaussian predictions N(m, S), S the variance of what is shown plus `times` squared that of the error,
    the expectation under the first is (tr(S2^-1 S1) - k + (m1 - m2)' S2^-1 (m1 - m2) + log |S2| / |S1|) / 2
    (Kullback and Leibler 1951). Draws that are not Gaussian enter by their mean and variance alone.
    """
    (m1, s1), (m2, s2) = (_prediction(found, times) for found in (first, second))
    ratio = np.linalg.slogdet(s2)[1] - np.linalg.slogdet(s1)[1]

    def under(mine: Floats, theirs: Floats, log_ratio: float) -> float:
        apart = m1 - m2
        spread = np.trace(np.linalg.solve(theirs, mine)) - len(apart)
        return float(0.5 * (spread + apart @ np.linalg.solve(theirs, apart) + log_ratio))

    return max(0.0, min(under(s1, s2, ratio), under(s2, s1, -ratio)))


def misled(first: Result, second: Result, seed: int = 0) -> float:
    """Return how often a result favours the wrong scenario, under the scenario where that is likelier."""
    predictions = [_prediction(found) for found in (first, second)]
    wrong = []
    for mine, other, found in ((0, 1, first), (1, 0, second)):
        drawn = stream(seed, "misled").standard_normal(found.shown.shape)
        drawn = found.shown + drawn @ np.linalg.cholesky(found.noise).T
        apart = _log_density(drawn, *predictions[mine]) - _log_density(drawn, *predictions[other])
        wrong.append(float(((apart < 0) + 0.5 * (apart == 0)).mean()))
    return max(wrong)


def settling(
    first: Seen,
    second: Seen,
    names: tuple[str, str],
    when: When,
    candidates: Sequence[Candidate] = CANDIDATES,
) -> list[Settling]:
    """Return how well each candidate would distinguish two scenarios, the best first.

    Parameters
    ----------
    first, second
        Kept quantities [draw, ...] of the scenarios called `names`.

    `error_allowed` is how many times its stated error a measurement may have and still settle, None where it
    does not settle with the stated one. Candidates that cannot be computed stand last, with the reason.
    """
    rows = []
    for candidate in candidates:
        head = (*_head(candidate), list(names))
        one, two = (result(candidate, seen, when) for seen in (first, second))
        if isinstance(one, str) or isinstance(two, str):
            rows.append(Settling(*head, not_computed=one if isinstance(one, str) else str(two)))
            continue
        expected = {
            name: Expected(found.shown.mean(0).tolist(), found.shown.std(0).tolist())
            for name, found in zip(names, (one, two), strict=True)
        }
        rows.append(
            Settling(*head, log_bayes_factor(one, two), misled(one, two), _error_allowed(one, two), expected)
        )
    return sorted(rows, key=lambda row: 1.0 if row.log_bayes_factor is None else -row.log_bayes_factor)


def what_to_measure_next(posterior: Posterior, labels: Labels) -> list[str]:
    """Return in words the best measurement of each scenario and of each pair; none where none is computed.

    Parameters
    ----------
    labels : what people read in place of the scenarios' identifiers
    """
    lines, pairs = [], set()
    for scenario in posterior.scenarios:
        best = next((row for row in scenario.measurements if row.share_removed is not None), None)
        if best is not None and best.share_removed and best.width_now and best.width_after:
            lines.append(
                f"'{labels.scenario(scenario.name)}': the measurement that narrows excess deaths "
                f"most is {best.what}. It removes {best.share_removed:.0%} of their variance on average; the "
                f"{LEVEL:.0%} interval, now {persons(best.width_now)} wide, becomes about "
                f"{persons(best.width_after)} wide."
            )
    for row in posterior.settling:
        if row.log_bayes_factor is not None and tuple(row.between) not in pairs:
            pairs.add(tuple(row.between))
            lines.append(_between(row, row.log_bayes_factor, labels))
    return lines


def _between(row: Settling, factor: float, labels: Labels) -> str:
    names = " and ".join(f"'{labels.scenario(name)}'" for name in row.between)
    if factor < LITTLE:
        return (f"Between {names} no listed measurement decides much: the best, {row.what}, has an expected "
                f"log Bayes factor of {factor:.1f}.")  # fmt: skip
    enough = "it does not decide alone"
    if row.error_allowed is not None:
        enough = f"it decides while its error stays below {row.error_allowed:.2f} times the one assumed"
    return (f"Between {names} the measurement that decides most is {row.what}. Its expected log Bayes "
            f"factor is {factor:.1f}, whichever holds; {SETTLED:.0f} is very strong: {enough}.")  # fmt: skip


def _head(candidate: Candidate) -> tuple[str, str, str, float, float, str]:
    one = candidate
    return one.name, one.what, one.unit, one.error, one.shared, one.why


def _prediction(found: Result, times: float = 1.0) -> tuple[Floats, Floats]:
    centred = found.shown - found.shown.mean(0)
    return found.shown.mean(0), centred.T @ centred / (len(centred) - 1) + times**2 * found.noise


def _log_density(drawn: Floats, mean: Floats, variance: Floats) -> Floats:
    apart = drawn - mean
    squares: Floats = (apart * np.linalg.solve(variance, apart.T).T).sum(1)
    logs: Floats = -0.5 * (squares + np.linalg.slogdet(variance)[1])
    return logs


def _error_allowed(first: Result, second: Result) -> float | None:
    """Return the largest of 200 multiples of the error, even in the log to `WIDEST`, that still settles."""
    if log_bayes_factor(first, second) < SETTLED:
        return None
    multiples = np.geomspace(1.0, WIDEST, 200)
    settled = [m for m in multiples if log_bayes_factor(first, second, m) >= SETTLED]
    return float(max(settled))
