"""A finding for the title of each section, computed from the result; plain words where there is none."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from dearth.case import labels
from dearth.estimate.estimates import Estimates
from dearth.estimate.identification import Requirement
from dearth.numerics.interval import Interval
from dearth.show.beside import Beside
from dearth.show.claims_section import claims_finding
from dearth.show.comparison_section import comparison_finding
from dearth.show.first_screen import printed
from dearth.show.language import said
from dearth.show.largest_share import largest_share
from dearth.show.said import Name, Persons, Span
from dearth.show.why_words import share_words

if TYPE_CHECKING:
    from dearth.explain.explain import Explanation

LESS = 0.9  # by how much registration is moved in the title of the section on assumptions


def findings(made: Estimates, beside: Beside | None, food: str) -> dict[str, str]:
    """Return the title of each section by its key, in English; `Language.again` says it in another language.

    Parameters
    ----------
    food : the finding of the food records; empty without any
    """
    texts: dict[str, Callable[[], str]] = {
        "assume": lambda: _assume(made), "required": lambda: _required(made), "count": lambda: _count(made),
        "why": lambda: said("finding.why_none"), "published": lambda: _published(made),
        "unknown": lambda: _unknown(made), "sources": lambda: _sources(made),
    }  # fmt: skip
    found = {key: text() for key, text in texts.items()}
    found["food"] = food
    if beside is not None:
        found["famines"] = comparison_finding(beside.comparison)
        found["claims"] = "" if beside.claims is None else claims_finding(beside.claims)
        if beside.explanation is not None:
            found["why"] = _why(beside.explanation)
    return found


def _why(made: "Explanation") -> str:
    """Return the causes of the largest shares, with their intervals."""
    first, *others = sorted(made.shares.causes, key=lambda one: -one.amount.median)
    if not others:
        return said("finding.why_one", first=Name(first.label), share=share_words(first.share))
    second = others[0]
    return said(
        "finding.why", first=Name(first.label), second=Name(second.label.lower()),
        share=share_words(first.share), other=share_words(second.share),
    )  # fmt: skip


def _assume(made: Estimates) -> str:
    """Return what a tenth less registration in the crisis does to the default estimate."""
    if made.default is None:
        return said("finding.assume_none")
    figure = made.default.excess_deaths.median
    deaths = figure + made.default.expected_deaths.median
    return said("finding.assume", more=Persons(deaths / LESS - deaths), figure=Persons(figure))


def _required(made: Estimates) -> str:
    """Return what the lowest and the highest number of the table need of registration."""
    rows = made.identification.rows
    if not rows:
        return said("finding.required_none")
    first = rows[0]
    alike = [r for r in rows if _combination(r) == _combination(first) and r.toll > 0]
    if not alike:
        return said("finding.required_unlike")
    low, high = min(alike, key=lambda r: r.toll), max(alike, key=lambda r: r.toll)
    return said("finding.required", low=Persons(low.toll), ratio=f"{low.ratio:.2f}",
                high=Persons(high.toll), other=f"{high.ratio:.2f}")  # fmt: skip


def _combination(row: Requirement) -> tuple[str, bool, str]:
    return row.register, row.as_registered, row.normal_path


def _count(made: Estimates) -> str:
    """Return the year of most excess deaths with its share, by each scenario or by the default estimate."""
    years: list[dict[str, Interval]] = [one.by_year for one in printed(made) if one.by_year]
    if not years and made.default is not None:
        years = [made.default.years]
    found = largest_share(years)
    if found is None:
        return said("finding.count_none")
    year, share = found
    return said("finding.count_most" if _above_half(share) else "finding.count", year=year, share=share)


def _above_half(share: str) -> bool:
    """Whether a share in words begins above one half."""
    return int(share.split()[0].split("-")[0]) > 50


def _published(made: Estimates) -> str:
    known = [one for one in made.published if not one.recalled]
    if not known:
        return said("finding.published_none")
    ends = [one.stated.span for one in known]
    unborn = sum(one.stated["counts_unborn"] == "yes" for one in known)
    span = Span(min(low for low, _ in ends), max(high for _, high in ends))
    if not unborn:
        return said("finding.published", many=len(known), span=span)
    return said("finding.published_unborn", many=len(known), span=span, unborn=unborn)


def _unknown(made: Estimates) -> str:
    """Return the measurement that would narrow excess deaths most under the first scenario that has one."""
    names = labels.of(made.case)
    for scenario in printed(made):
        rows = [row for row in scenario.measurements if row.share_removed]
        if rows:
            best = max(rows, key=lambda row: row.share_removed or 0.0)
            return said("finding.unknown", what=Name(best.what), share=f"{best.share_removed:.0%}",
                        scenario=Name(names.scenario(scenario.name)))  # fmt: skip
    if made.unanswered:
        return said("finding.unanswered", many=len(made.unanswered))
    return said("finding.unknown_none")


def _sources(made: Estimates) -> str:
    figures = sum(group.rows for group in made.evidence_quality)
    recalled = sum(group.rows for group in made.evidence_quality if group.quality == "recalled")
    of = {"figures": f"{figures:,}", "sources": len(made.case.sources)}
    if not recalled:
        return said("finding.sources", **of)
    return said("finding.sources_recalled", recalled=f"{recalled:,}", **of)
