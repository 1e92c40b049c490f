"""Which windows are tried: the case's own, all, years, or kinds found by what their registers show."""

from collections.abc import Callable, Sequence

import numpy as np

from dearth.case.problems import mistake
from dearth.case.read import Case
from dearth.case.years import parse_years
from dearth.trials.full_records import BEFORE, Archive, Truth, own_window

# assumed, all four
CLOSE = 0.1  # of the usual death rate: a year no further off is quiet
RISE = 0.1  # of the usual death rate: a window further above is an epidemic, if births hold
HELD = 0.02  # of the usual birth rate: births that fall less have not answered
LEFT = 0.005  # of the people a year: a window that more leave is one of emigration


def quiet(truth: Truth) -> bool:
    """Return whether no year of the window stands more than `CLOSE` off the death rate of the five before."""
    rates = truth.deaths / truth.people
    usual = rates[: truth.inside.start].mean()
    return bool(np.abs(rates[truth.inside] / usual - 1).max() <= CLOSE)


def epidemic(truth: Truth) -> bool:
    """Return whether deaths rose in the window and births did not answer, within it or a year later."""
    deaths, births = truth.deaths / truth.people, truth.births / truth.people
    risen = deaths[truth.inside].mean() / deaths[:BEFORE].mean() - 1
    fallen = 1 - births[truth.lost].mean() / births[:BEFORE].mean()
    return bool(risen >= RISE and fallen <= HELD)


def emigration(truth: Truth) -> bool:
    """Return whether the window is quiet and people left in it: births less deaths exceed the growth."""
    first, end = truth.inside.start, truth.inside.stop
    totals = truth.stocks.sum((1, 2))
    natural = (truth.births - truth.deaths)[truth.inside].sum()
    left = natural - (totals[end] - totals[first])
    return quiet(truth) and bool(left >= LEFT * truth.people[truth.inside].sum())


def alone(truth: Truth, most: float = 1.25) -> bool:
    """Return whether no other year of the trial was as bad as the window, or `most` times the median year.

    A window is declared where the worst was: a worse year beside it would have been the window.
    """
    rates = truth.deaths / truth.people
    outside = np.delete(rates, np.arange(truth.inside.start, truth.inside.stop))
    return bool(outside.max() <= max(most * np.median(outside), rates[truth.inside].min()))


KINDS: dict[str, Callable[[Truth], bool]] = {
    "all": lambda truth: True, "quiet": quiet, "epidemic": epidemic, "emigration": emigration,
}  # fmt: skip
DISPLACEMENT = "displacement"  # all windows, and in each people leave in the crisis
BOOKS, HISTORIES = "simulated", "histories"  # of a scenario: with its office's registers; with full records
WINDOWS = ("own", *KINDS, DISPLACEMENT, BOOKS, HISTORIES)


def chosen(pairs: Sequence[tuple[Case, Archive]], windows: str, later: bool) -> list[Truth]:
    """Return the truths of the windows asked for; `later` asks for those with a later count.

    Raises
    ------
    CaseError
        Words that are neither a kind nor years, years that are missing, a kind of which there is none.
    """
    if windows == "own":
        return [archive.cut(*own_window(case), later) for case, archive in pairs]
    if windows == DISPLACEMENT:
        windows = "all"
    if windows not in KINDS:
        years = _years(windows)
        return [archive.cut(first, length, later) for _, archive in pairs for first, length in years]
    found = []
    for case, archive in pairs:
        _, length = own_window(case)
        cut = [archive.cut(first, length, later) for first in archive.windows(length, later)]
        found += [truth for truth in cut if alone(truth) and KINDS[windows](truth)]
    if not found:
        names = ", ".join(case.name for case, _ in pairs)
        raise mistake("recover", f"{names}: no window of kind '{windows}', as long as the case's own, with "
                      "all it needs is available", field="--windows")  # fmt: skip
    return found


def _years(text: str) -> list[tuple[int, int]]:
    found = []
    for part in text.split(","):
        try:
            years = sorted(parse_years(part.strip()))
        except ValueError as error:
            raise mistake("recover", f"{error}; or one of: {', '.join(WINDOWS)}",
                          field="--windows") from None  # fmt: skip
        found.append((years[0], years[-1] - years[0] + 1))
    return found
