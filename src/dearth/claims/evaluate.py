"""The engine of the claims: each declared test is run under every assumption that it leaves open."""

import hashlib
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from dearth.case import labels
from dearth.case.evidence import Row
from dearth.case.published import Published
from dearth.case.read import Case
from dearth.claims.formula import evaluate, parse
from dearth.claims.mixing import mixes
from dearth.claims.quantities import Variant, joined, paired, variants
from dearth.claims.read import FILE, known_of_scenario, pick, read_claims
from dearth.claims.records import DRAWS, QUICK_DRAWS, Records, UntestableError
from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.claims.schema import Claim, ClaimTest
from dearth.claims.verdict import Verdict, judge, together
from dearth.claims.words import assumption, spread, words_of_test
from dearth.estimate.unborn import unborn_sentence
from dearth.numerics.interval import LEVEL, Interval, interval

if TYPE_CHECKING:
    from dearth.explain.explain import Explanation

ENDS = 3  # values of a figure whose interval is known and whose draws are not
RECALLED = "a figure that the test needs is recalled: it is remembered, not confirmed, and decides nothing"


def run_claims(
    case: Case, wanted: Sequence[str] = (), *, seed: int = 1, quick: bool = False,
    explanation: "Explanation | None" = None, unexplained: str = "",
    progress: Callable[..., None] = lambda *_: None,
) -> Claims:  # fmt: skip
    """Test the claims of a case.

    Parameters
    ----------
    wanted : ids of the claims to test; none = all
    seed : of the Monte Carlo draws of completeness
    quick : 200 such draws, not 2000; exact figures and the posterior stay as they are
    explanation : shares of causes and counterfactuals; None leaves claims about causes untestable
    unexplained : why there is none, where one was asked for
    progress : called with the claim under way, and how far (0-1)

    Raises
    ------
    CaseError
        With every mistake of ``claims.yaml``, or when a claim that is wanted does not exist.
    """
    file = read_claims(case)
    chosen = pick(file, wanted)
    causes, regimes = known_of_scenario(case)
    draws = QUICK_DRAWS if quick else DRAWS
    records = Records(case, draws, seed, explanation, unexplained, causes, regimes)
    results = []
    for done, claim in enumerate(chosen):
        progress(claim.id, done / len(chosen))
        results.append(verdict_on(claim, records))
    return Claims(case, file, tuple(results), unborn_sentence(case), seed, _hash(case))


def verdict_on(claim: Claim, records: Records) -> Verdicts:
    """Return the verdict on one claim, with the numbers behind it."""
    mixed = mixes(claim)
    if claim.test is None:
        return Verdicts(claim, Verdict.UNTESTABLE, f"no test can be stated: {claim.no_test}", mixes=mixed)
    words = words_of_test(claim.test, labels.of(records.case))
    try:
        options = joined(
            {name: variants(name, ways, records) for name, ways in claim.test.quantities.items()}
        )
    except UntestableError as why:
        return Verdicts(claim, Verdict.UNTESTABLE, str(why), words, mixes=mixed)
    alternatives = tuple(_alternative(claim.test, assumed, chosen) for assumed, chosen in options)
    used = list(chain.from_iterable(chosen.values() for _, chosen in options))
    rows, published = _rows(used), _estimates(used)
    recalled = _recalled(claim.test, [one for one in used if one.decides])
    verdict, reason = _overall(claim, alternatives, rows, recalled)
    return Verdicts(claim, verdict, reason, words, alternatives, rows, published, recalled, mixed)


def _alternative(test: ClaimTest, assumed: dict[str, str], chosen: dict[str, Variant]) -> Alternative:
    values = np.atleast_1d(evaluate(parse(test.value, test.quantities), paired(chosen)))
    verdict, probability = judge(values, test.is_, test.threshold, test.tolerance)
    decides = all(one.decides for one in chosen.values())
    if any(one.ends for one in chosen.values()) and values.size == ENDS:
        low, median, high = sorted(map(float, values))
        return Alternative(assumption(assumed), verdict, None, Interval(median, low, high, LEVEL), decides)
    known = values[np.isfinite(values)]
    return Alternative(
        assumption(assumed),
        verdict,
        probability,
        interval(known if known.size else np.array([np.nan])),
        decides,
    )


def _overall(
    claim: Claim, alternatives: tuple[Alternative, ...], rows: tuple[Row, ...], recalled: bool
) -> tuple[Verdict, str]:
    """Return the verdict under all alternatives and the reason; weak evidence decides nothing."""
    verdict = together([one.verdict for one in alternatives if one.decides])
    if recalled:
        return Verdict.UNTESTABLE, RECALLED
    own = {said.source for said in claim.by}
    if verdict is Verdict.SUPPORTED and rows and {row.source_id for row in rows} <= own:
        return Verdict.UNTESTABLE, "no source but the one that makes the claim states the figures"
    return verdict, spread(alternatives)


def _recalled(test: ClaimTest, used: Sequence[Variant]) -> bool:
    """Whether a remembered figure entered what decides."""
    figures = any(row.quality == "recalled" for one in used for row in one.rows)
    published = any(row["quality"] == "recalled" for one in used for row in one.published)
    counts = all(way.counts_unborn is not None for way in test.all)
    return figures or (published and not counts) or any(way.quality == "recalled" for way in test.all)


def _rows(used: Sequence[Variant]) -> tuple[Row, ...]:
    found = {(row.file, row.line): row for one in used for row in one.rows}
    return tuple(found[key] for key in sorted(found))


def _estimates(used: Sequence[Variant]) -> tuple[Published, ...]:
    found = {row["key"]: row for one in used for row in one.published}
    return tuple(found[key] for key in sorted(found))


def _hash(case: Case) -> str:
    """Return the hash of the case's inputs and its claims."""
    text = (case.folder / FILE).read_bytes()
    return hashlib.sha256(case.sha256.encode() + b"\0" + text).hexdigest()
