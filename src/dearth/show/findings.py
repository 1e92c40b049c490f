"""A finding for the title of each section, computed from the result; plain words where there is none."""

from collections.abc import Callable

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.estimate.identification import Requirement
from dearth.explain.explain import Explanation
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons, span
from dearth.show.beside import Beside
from dearth.show.claims_section import claims_finding
from dearth.show.comparison_section import comparison_finding
from dearth.show.first_screen import printed
from dearth.show.largest_share import largest_share
from dearth.show.why_words import share_words

WHY = "No cause has a share here: no model of the food system is fitted to the records"
LESS = 0.9  # by how much registration is moved in the title of the section on assumptions


def findings(made: Estimates, beside: Beside | None, food: str) -> dict[str, str]:
    """Return the title of each section by its key.

    Parameters
    ----------
    food : the finding of the food records; empty without any
    """
    texts: dict[str, Callable[[], str]] = {
        "assume": lambda: _assume(made), "required": lambda: _required(made), "count": lambda: _count(made),
        "why": lambda: WHY, "published": lambda: _published(made),
        "unknown": lambda: _unknown(made), "sources": lambda: _sources(made),
    }  # fmt: skip
    found = {key: text() for key, text in texts.items()}
    found["food"] = food
    if beside is not None:
        found["famines"] = comparison_finding(beside.comparison)
        found["why"] = WHY if beside.explanation is None else _why(beside.explanation)
        found["claims"] = "" if beside.claims is None else claims_finding(beside.claims)
    return found


def _why(made: Explanation) -> str:
    """Return the causes of the largest shares, with their intervals."""
    first, second = sorted(made.shares.causes, key=lambda one: -one.amount.median)[:2]
    return (
        f"{first.label} and {second.label.lower()} have the largest shares: {share_words(first.share)} and "
        f"{share_words(second.share)}"
    )


def _assume(made: Estimates) -> str:
    """Return what a tenth less registration in the crisis does to the default estimate."""
    if made.default is None:
        return "What is assumed moves the number"
    figure = made.default.excess_deaths.median
    deaths = figure + made.default.expected_deaths.median
    more = deaths / LESS - deaths
    return (
        f"If a tenth fewer of the deaths were registered in the crisis than assumed, {persons(more)} more "
        f"people died than the {persons(figure)} of the default estimate"
    )


def _required(made: Estimates) -> str:
    """Return what the lowest and the highest number of the table need of registration."""
    rows = made.identification.rows
    if not rows:
        return "What a number of excess deaths requires cannot be computed here"
    first = rows[0]
    alike = [r for r in rows if _combination(r) == _combination(first) and r.toll > 0]
    if not alike:
        return "What a number of excess deaths requires of births, normal mortality and registration"
    low, high = min(alike, key=lambda r: r.toll), max(alike, key=lambda r: r.toll)
    return (
        f"{persons(low.toll)} excess deaths require that registration in the crisis was {low.ratio:.2f} "
        f"times as complete as outside it, {persons(high.toll)} that it was {high.ratio:.2f} times as "
        "complete"
    )


def _combination(row: Requirement) -> tuple[str, bool, str]:
    return row.register, row.as_registered, row.normal_path


def _count(made: Estimates) -> str:
    """Return the year of most excess deaths with its share, by each scenario or by the default estimate."""
    years: list[dict[str, Interval]] = [one.by_year for one in printed(made) if one.by_year]
    if not years and made.default is not None:
        years = [made.default.years]
    found = largest_share(years)
    if found is None:
        return "How many people died above normal, by year, age and place"
    year, share = found
    return (
        f"Most excess deaths fell in {year}: {share} of them"
        if _above_half(share)
        else (f"The year of most excess deaths is {year}: {share} of them")
    )


def _above_half(share: str) -> bool:
    """Whether a share in words begins above one half."""
    return int(share.split()[0]) > 50


def _published(made: Estimates) -> str:
    known = [one for one in made.published if not one.recalled]
    if not known:
        return "The case lists no published estimate that was verified"
    ends = [one.stated.span for one in known]
    unborn = sum(one.stated["counts_unborn"] == "yes" for one in known)
    said = f"; {unborn} of them add the unborn to the deaths" if unborn else ""
    between = span(min(low for low, _ in ends), max(high for _, high in ends))
    return f"{len(known)} published estimates run from {between}{said}"


def _unknown(made: Estimates) -> str:
    """Return the measurement that would narrow excess deaths most under the first scenario that has one."""
    names = labels.of(made.case)
    for scenario in printed(made):
        rows = [row for row in scenario.measurements if row.share_removed]
        if rows:
            best = max(rows, key=lambda row: row.share_removed or 0.0)
            return (
                f"Most would be learned from {best.what}: it removes {best.share_removed:.0%} of the "
                f"variance under '{names.scenario(scenario.name)}'"
            )
    if made.unanswered:
        return f"{len(made.unanswered)} questions stay open with the records of the case"
    return "What the records cannot show"


def _sources(made: Estimates) -> str:
    figures = sum(group.rows for group in made.evidence_quality)
    recalled = sum(group.rows for group in made.evidence_quality if group.quality == "recalled")
    left = (
        f"; {recalled:,} of them are remembered, not confirmed, and never used in a fit" if recalled else ""
    )
    return f"{figures:,} figures from {len(made.case.sources)} sources{left}"
