"""The estimator of incomplete lists: reads the files that a case names and says what they say."""

from dataclasses import dataclass

import numpy as np

from dearth.case.lists_file import ListsTable, read_lists
from dearth.case.problems import CaseError, Problem, mistake, name_hint
from dearth.case.read import Case
from dearth.case.schema_lists import Lists
from dearth.estimate.lists.dependence_range import Declared
from dearth.estimate.lists.histories import Histories, histories
from dearth.estimate.lists.list_estimates import estimate_lists
from dearth.estimate.lists.lists_result import ListsResult, NamedLists
from dearth.estimate.progress import Progress


@dataclass(frozen=True)
class ListsEstimator:
    """Multiple-systems estimation; fulfils the contract of `record_estimators.RecordEstimator`."""

    name: str = "lists"
    title: str = "Incomplete lists of victims"
    formula: str = "n_none = w (n1 - m) (n2 - m) / m;  log E[n_h] = sum of effects of the lists in h"
    text: str = (
        "n1 and n2 are two lists, m the people on both, w the odds ratio between them. The range has the "
        "totals that satisfy every two lists for the declared odds ratios and errors of matching. Log-linear "
        "models, decomposable graphs and latent classes stand beside it: each assumes one kind of dependence."
    )
    sources: tuple[str, ...] = (
        "chapman1951", "fienberg1972", "madigan1997", "chan2021", "aleshinguendel2024", "goodman1974",
        "cormack1992", "burnham2002", "ding1994",
    )  # fmt: skip
    needs: str = "two or more lists of the same people, matched with each other (lists in case.yaml)"

    def fits(self, case: Case) -> bool:
        """Return whether the case names lists."""
        return bool(case.settings.lists)

    def problems(self, case: Case) -> list[Problem]:
        """Return the mistakes of the files of lists, and pairs of lists that they do not have."""
        found: list[Problem] = []
        for name, block in case.settings.lists.items():
            try:
                chosen_pairs(name, read_lists(case.folder / block.file, block.file), block)
            except CaseError as error:
                found += error.problems
        return found

    def estimate(self, case: Case, *, seed: int, quick: bool, progress: Progress) -> ListsResult:
        """Return every model, the range and what was refused, for each set of lists."""
        found = []
        for at, (name, block) in enumerate(case.settings.lists.items()):
            progress(f"lists: {block.title}", at / len(case.settings.lists))
            read = read_lists(case.folder / block.file, block.file)
            rng = np.random.default_rng([seed, at])
            chosen = chosen_pairs(name, read, block)
            made = estimate_lists(as_histories(read), declared(block), rng, quick, chosen)
            found.append(NamedLists(name, block, made, read.repeated))
        return ListsResult(tuple(found), case.settings.window_why)


def as_histories(read: ListsTable) -> Histories:
    """Return the table of a file as the methods take it."""
    return histories(read.lists, read.histories, read.counts)


def declared(block: Lists) -> Declared:
    """Return what a block of ``case.yaml`` declares of dependence and matching."""
    return Declared(block.odds_ratio, block.false_matches, block.missed_matches)


def chosen_pairs(name: str, read: ListsTable, block: Lists) -> tuple[int, ...]:
    """Return the pairs of lists that a block names as dependent, as bit masks.

    Raises
    ------
    CaseError
        A name that is no list of the file, or a list paired with itself.
    """
    found, field = [], f"lists.{name}.dependent"
    for one, other in block.dependent:
        for list_name in (one, other):
            if list_name not in read.lists:
                hint = name_hint(list_name, read.lists, "list")
                message = f"no list of {block.file} is called '{list_name}'{hint}"
                raise mistake("case.yaml", message, field=field)
        if one == other:
            raise mistake("case.yaml", f"'{one}' is paired with itself", field=field)
        found.append(1 << read.lists.index(one) | 1 << read.lists.index(other))
    return tuple(dict.fromkeys(found))
