"""What estimates from dated deaths say in sentences."""

from collections.abc import Iterable

from dearth.case.years import format_years
from dearth.estimate.dated_estimate import DatedEstimate, DatedSubtraction
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons, span

METHODS = {
    "year_trend": "a line over years and an effect of each part of the year",
    "spline": "a spline over time and a harmonic season",
}


def sentences(estimates: Iterable[DatedEstimate]) -> tuple[str, ...]:
    """Return the sentences of the answer, series by series: of everybody, or else of each group.

    Where a series has everybody, its groups are in the tables alone.
    """
    estimates = tuple(estimates)
    whole = {one.title for one in estimates if one.group.everybody}
    said: list[str] = []
    first: set[str] = set()
    for one in estimates:
        name = f"{one.title}{one.group.words}"
        if not one.group.everybody and one.title in whole:
            continue
        if name not in first:
            first.add(name)
            window = one.excess.window
            said.append(
                f"{name}: {persons(one.excess.deaths)} people died from {window.start} to {window.end} "
                f"({window.days} days, both included)."
            )
        said += _of_method(one)
    return tuple(said)


def _of_method(one: DatedEstimate) -> list[str]:
    found = one.excess
    year, kind = found.window.start.year, one.baseline.counts.cadence
    unit = "period" if kind == "other" else kind
    rest = (
        f"Normal deaths by {METHODS[found.method]} ({format_years(one.fit_years)}): "
        f"{persons(found.expected.median)}. Excess deaths: {persons(found.excess.median)} "
        f"(95 % interval {span(*found.excess.ends)}; standard deviation {persons(found.sd)}, or "
        f"{persons(found.sd_independent)} if each {unit} were independent of the next). "
        f"P-score: {100 * found.p_score.median:.1f} % of the normal deaths of the same {found.window.days} "
        f"days; {100 * found.of_a_year.median:.1f} % of the normal deaths of the whole year {year}."
    )
    return [rest, *(_without(taken, found.excess) for taken in one.subtractions)]


def _without(taken: DatedSubtraction, excess: Interval) -> str:
    after = taken.excess_after
    return (
        f"{persons(taken.deaths)} of these deaths are {taken.label} ({taken.source}): without them the "
        f"{persons(excess.median)} excess deaths are {persons(after.median)} "
        f"(95 % interval {span(*after.ends)})."
    )


def assumptions() -> tuple[str, ...]:
    """Return what every estimate from dated deaths assumes."""
    return (
        "dated deaths: without the crisis the trend of the years of the fit would have gone on",
        "dated deaths: registration is as complete and as fast in the window as in the years of the fit; the "
        "last weeks of a file are often incomplete",
        "dated deaths: deaths of a week or month that lies partly in the window are spread evenly over its "
        "days",
    )
