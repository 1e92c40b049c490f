"""A test, its assumptions and its outcome in words."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dearth.case.labels import Labels, variable_words
from dearth.claims.schema import ClaimTest, Quantity
from dearth.claims.verdict import Verdict, flips

if TYPE_CHECKING:
    from dearth.claims.results import Alternative

IS = {"above": "is above", "below": "is below", "between": "is between"}
OVER = {
    "sum": "the sum of", "mean": "the mean of", "min": "the lowest of", "max": "the highest of",
    "change": "the change from the first to the last of",
    "first_year_above": "the first year above the level, of",
    "interval_ratio": "the upper over the lower end of the 90 % interval of",
    "year_of_max": "the year of the highest of", "year_of_min": "the year of the lowest of",
}  # fmt: skip


# how a quantity is measured, where a test names several ways
WAYS = {
    "posterior": "the reconstruction", "estimate": "rates of the registers", "evidence": "recorded figures",
    "accounts": "the accounts", "published": "published estimates", "counts_unborn": "published estimates",
    "stated": "stated numbers", "across_places": "places",
    "share": "shares of causes", "averted": "counterfactuals",
}  # fmt: skip


def words_of_test(test: ClaimTest, names: Labels) -> str:
    """Return the declared test as one line: arithmetic, inequality, tolerance, then the quantities."""
    limit = test.threshold
    bound = f"{limit[0]:,g} and {limit[1]:,g}" if isinstance(limit, tuple) else f"{limit:,g}"
    margin = f" (tolerance {test.tolerance:,g})" if test.tolerance else ""
    named = "; ".join(
        f"{name}: {', or '.join(quantity_in_words(way, names) for way in ways)}"
        for name, ways in test.quantities.items()
    )
    return f"{test.value} {IS[test.is_]} {bound} {test.unit}{margin}, where {named}"


def quantity_in_words(q: Quantity, names: Labels) -> str:
    """Return what a quantity is, in the words of the case."""
    if q.what:
        return q.what
    years = f" {q.years}" if q.years else ""
    over = f"{OVER[q.over]} " if q.over else ""
    place = f" in {names.place(q.place)}" if q.place else ""
    series = " or ".join(dict.fromkeys(names.series(r.split("/")[0]) for r in q.evidence or ()))
    variables = " or ".join(dict.fromkeys(variable_words(r.split("/")[1]) for r in q.evidence or ()))
    per = f" per {_variable(q.per)}" if q.per else ""
    since = f", both from {q.level}" if q.level else ""
    texts = {
        "across_places": f"rank correlation over places of {_variable(q.across_places)}{years} with "
        f"{_variable(q.against)}{per} {q.against_years or q.years}{since}",
        "evidence": f"{over}{variables}{years}{place} ({series})",
        "posterior": f"{over}{_plain(q.posterior)} of the reconstruction{years}{place}",
        "estimate": f"{_plain(q.estimate)} by the estimates{_fixed(q, names)}",
        "accounts": f"{over}stock change less natural increase{years} ({names.series(q.accounts or '')})",
        "published": f"the {_plain(q.figure)} figure of {q.published}",
        "counts_unborn": "published estimates that count the unborn",
        "stated": f"{q.stated or 0:,g}, stated by {q.source}",
        "share": f"share of the excess deaths that the cause '{_plain(q.share)}' has",
        "averted": f"share of the excess deaths that the regime '{_plain(q.averted)}' would have averted",
    }  # fmt: skip
    return texts[q.kind]


def _variable(reference: str | None) -> str:
    return variable_words((reference or "").partition("/")[2])


def ways_in_words(ways: tuple[Quantity, ...], names: Labels) -> list[str]:
    """Return how each way measures a quantity: in short, or in full where two would read alike."""
    short = [WAYS[way.kind] for way in ways]
    return [
        text if short.count(text) == 1 else quantity_in_words(way, names)
        for text, way in zip(short, ways, strict=True)
    ]


def _plain(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _fixed(q: Quantity, names: Labels) -> str:
    texts = {
        "series": q.series and names.series(q.series), "method": q.method and f"{q.method} method",
        "baseline": q.baseline and names.baseline(q.baseline),
        "completeness": q.completeness and names.completeness(q.completeness), "window": q.window,
        "window_kind": q.window_kind and _plain(q.window_kind),
        "transfer": q.transfer and names.label("transfers", q.transfer),
    }  # fmt: skip
    fixed = [text for text in texts.values() if text]
    return f" ({', '.join(fixed)})" if fixed else ""


def assumption(assumed: Mapping[str, str]) -> str:
    """Return a set of assumptions in one line: the dimension and what is assumed in it."""
    return "; ".join(f"{key}: {value}" for key, value in assumed.items())


def spread(alternatives: "tuple[Alternative, ...]") -> str:
    """Return under how many assumptions the claim has which verdict: those that decide first."""
    deciding = _counted([one.verdict for one in alternatives if one.decides])
    others = [one.verdict for one in alternatives if not one.decides]
    more = f". Measured in other ways: {_counted(others)}" if others else ""
    flipping = " The verdict flips with the assumptions." if flips([a.verdict for a in alternatives]) else ""
    return f"{deciding[:1].upper()}{deciding[1:]}{more}.{flipping}"


def _counted(verdicts: list[Verdict]) -> str:
    counted = Counter(verdicts)
    if len(verdicts) == 1:
        return f"{verdicts[0]} by the one value that the records give"
    if len(counted) == 1:
        return f"{verdicts[0]} under each of {len(verdicts)} sets of assumptions"
    parts = ", ".join(f"{v} under {counted[v]}" for v in Verdict if counted[v])
    return f"{parts} of {len(verdicts)} sets of assumptions"
