"""What ``dearth claims`` returns: each claim with its verdict, its numbers and what they rest on."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dearth.case.evidence import Row
from dearth.case.published import Published
from dearth.case.read import Case
from dearth.claims.schema import Claim, ClaimsFile
from dearth.claims.verdict import Verdict, flips
from dearth.numerics.interval import Interval

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Alternative:
    """The verdict under one set of assumptions.

    Attributes
    ----------
    assumption : what is assumed, as readers see it; empty where nothing is left open
    probability : that the inequality of the test holds; None where the value is exact
    value : in the unit of the test
    decides : whether the verdict on the claim rests on it; the others show what the verdict depends on
    """

    assumption: str
    verdict: Verdict
    probability: float | None
    value: Interval
    decides: bool = True


@dataclass(frozen=True)
class Verdicts:
    """A claim and what the records say of it.

    Attributes
    ----------
    verdict : under all alternatives that decide; undecided where they differ
    reason : why, in a sentence
    test : the test in words; empty where none can be stated
    alternatives : the first is the one whose value and probability stand for the claim
    rows : rows of evidence that the test used
    published : published estimates that the test used
    recalled : whether a remembered figure entered, so that nothing is decided
    mixes : whether the claim adds births that did not happen to deaths
    """

    claim: Claim
    verdict: Verdict
    reason: str
    test: str = ""
    alternatives: tuple[Alternative, ...] = ()
    rows: tuple[Row, ...] = ()
    published: tuple[Published, ...] = ()
    recalled: bool = False
    mixes: bool = False

    @property
    def flips(self) -> bool:
        """Whether it is supported under one assumption and contradicted under another."""
        return flips([one.verdict for one in self.alternatives])

    @property
    def value(self) -> Interval | None:
        """The value under the first alternative; None where the test was not run."""
        return self.alternatives[0].value if self.alternatives else None

    @property
    def probability(self) -> float | None:
        """The probability under the first alternative; None where the value is exact."""
        return self.alternatives[0].probability if self.alternatives else None


@dataclass(frozen=True)
class Claims:
    """The claims of a case with their verdicts.

    Attributes
    ----------
    file : the claims as declared, all of them
    results : of the claims asked for, in the order of the file
    unborn : how many published estimates count the unborn, in a sentence
    sha256 : hash of the files that the verdicts rest on, without the shipped posterior
    """

    case: Case
    file: ClaimsFile
    results: tuple[Verdicts, ...]
    unborn: str
    seed: int
    sha256: str

    def __getitem__(self, name: str) -> Verdicts:
        """Return the verdict on the claim called `name`.

        Raises
        ------
        KeyError
            When it was not asked for or does not exist.
        """
        for one in self.results:
            if one.claim.id == name:
                return one
        raise KeyError(f"no claim is called '{name}'")

    @cached_property
    def document(self) -> dict[str, Any]:
        """The one JSON object of the contract."""
        from dearth.claims.document import to_document

        return to_document(self)

    def summary(self) -> str:
        """Return how many claims have each verdict, and a line a claim."""
        counted = Counter(one.verdict for one in self.results)
        head = ", ".join(f"{counted[v]} {v}" for v in Verdict if counted[v])
        lines = [f"  {one.claim.id}: {one.verdict}" for one in self.results]
        return "\n".join([f"Claims of {self.case.name}: {head}", *lines])

    def __repr__(self) -> str:
        return self.summary()

    def to_frame(self) -> "pandas.DataFrame":
        """Return a tidy table with one row a claim and alternative.

        Returns
        -------
        pandas.DataFrame
            Columns ``id``, ``kind``, ``position``, ``verdict`` (of the claim), ``assumption``,
            ``verdict_here``, ``probability``, ``median``, ``low``, ``high`` and ``unit``.

        Raises
        ------
        ImportError
            When pandas is not installed; it comes with the ``all`` extra.
        """
        from dearth.numerics.optional_packages import needed

        columns = ["id", "kind", "position", "verdict", "assumption", "verdict_here", "probability",
                   "median", "low", "high", "unit"]  # fmt: skip
        rows = [
            (r.claim.id, r.claim.kind, r.claim.position, str(r.verdict), a.assumption, str(a.verdict),
             a.probability, a.value.median, *a.value.ends, r.claim.test.unit if r.claim.test else "")
            for r in self.results for a in r.alternatives
        ]  # fmt: skip
        found: pandas.DataFrame = needed("pandas").DataFrame(rows, columns=columns)
        return found
