"""The section "Who is right" of the report: claims with their verdicts, grouped by kind."""

from collections import Counter
from dataclasses import dataclass

from dearth.claims.results import Alternative, Claims, Verdicts
from dearth.claims.verdict import DECIDES, Verdict
from dearth.show.claim_words import cited, extremes, number
from dearth.show.language import said

# in the order of the section; the kinds of `claims.schema.Kind` and their headings
KINDS = {
    "quantity": "Numbers", "comparison": "Comparisons", "direction": "Directions",
    "timing": "When", "cause_share": "Causes", "counterfactual": "What would have changed it",
    "knowability": "What can be known", "definition": "Definitions",
}  # fmt: skip
SHOWN = 6  # assumptions of a claim that are printed one by one


@dataclass(frozen=True)
class Turn:
    """The assumptions under which a claim has one verdict: how many, and two examples at most."""

    verdict: str
    many: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ClaimLine:
    """A claim as the report shows it.

    Attributes
    ----------
    made : the claim with its verdict
    by : who makes it, with the source
    number : the value with its unit; empty where the test was not run
    turns : the verdict under each set of assumptions, together, where they differ; empty where all agree
    shown, more : assumptions that are printed one by one, and how many are not
    """

    made: Verdicts
    by: str
    number: str
    turns: tuple[Turn, ...]
    shown: tuple[tuple[str, str, str], ...]
    more: int

    @property
    def style(self) -> str:
        """The verdict as one word, for colours."""
        return self.made.verdict.split()[0]


def claim_groups(made: Claims) -> list[tuple[str, list[ClaimLine]]]:
    """Return the claims under the heading of their kind, in the order of the file."""
    lines = [(one.claim.kind, _line(one, made)) for one in made.results]
    groups = [(title, [line for of, line in lines if of == kind]) for kind, title in KINDS.items()]
    return [(title, found) for title, found in groups if found]


def claims_finding(made: Claims) -> str:
    """Return how the verdicts are spread, in one sentence: the title of the section."""
    counted = Counter(one.verdict for one in made.results)
    flips = sum(one.flips for one in made.results)
    of = {
        "many": len(made.results), "supported": counted[Verdict.SUPPORTED],
        "contradicted": counted[Verdict.CONTRADICTED], "undecided": counted[Verdict.UNDECIDED],
        "untestable": counted[Verdict.UNTESTABLE],
    }  # fmt: skip
    return said("finding.claims_flips", flips=flips, **of) if flips else said("finding.claims", **of)


def rules() -> str:
    """Return the rule of the verdicts in a sentence."""
    return f"A verdict needs {DECIDES:.0%} of the draws and all assumptions that decide."


def _line(one: Verdicts, made: Claims) -> ClaimLine:
    unit = one.claim.test.unit if one.claim.test else ""
    all_ = list(one.alternatives)
    shown = all_ if len(all_) <= SHOWN else extremes(all_)
    return ClaimLine(
        one, "; ".join(f"{said.who} ({cited(said, made)})" for said in one.claim.by),
        "" if one.value is None else f"{number(one.value)} {unit}", _turns(all_),
        tuple((a.assumption or "as recorded", number(a.value), _verdict(a)) for a in shown),
        len(all_) - len(shown),
    )  # fmt: skip


def _turns(alternatives: list[Alternative]) -> tuple[Turn, ...]:
    counted = Counter(a.verdict for a in alternatives)
    if len(counted) < 2:
        return ()
    apart = extremes(alternatives)
    return tuple(
        Turn(str(verdict), counted[verdict], tuple(_example(a) for a in apart if a.verdict is verdict))
        for verdict in Verdict
        if counted[verdict]
    )


def _example(one: Alternative) -> str:
    return f"{one.assumption or 'as recorded'}: {number(one.value)}"


def _verdict(one: Alternative) -> str:
    chance = "" if one.probability is None else f", probability {one.probability:.2f}"
    return f"{one.verdict}{chance}{'' if one.decides else '; does not decide'}"
