"""Whether a claim adds births that did not happen to deaths, whoever makes it."""

from dearth.claims.formula import added, parse
from dearth.claims.schema import Claim, ClaimTest, Quantity

DEATHS = ("excess_deaths", "deaths")
UNBORN = ("births_lost", "births_lost_gross")


def mixes(claim: Claim) -> bool:
    """Return whether the claim says that it counts the unborn, or its arithmetic adds them to deaths."""
    return claim.counts_unborn == "yes" or (claim.test is not None and adds_unborn(claim.test))


def adds_unborn(test: ClaimTest) -> bool:
    """Return whether the arithmetic of a test adds births lost to deaths."""
    ways = test.quantities

    def any_of(names: set[str], is_it: object) -> bool:
        return any(_what(way) == is_it for name in names for way in ways[name])

    return any(
        (any_of(left, one) and any_of(right, other))
        for left, right in added(parse(test.value, ways))
        for one, other in (("deaths", "unborn"), ("unborn", "deaths"))
    )


def _what(q: Quantity) -> str:
    """Return whether a quantity is of deaths, of the unborn, or of something else."""
    if q.published is not None:
        return "unborn" if q.figure == "births_lost" else "deaths"
    if q.estimate in UNBORN or q.posterior in UNBORN:
        return "unborn"
    return "deaths" if q.estimate in DEATHS or q.posterior in DEATHS else "else"
