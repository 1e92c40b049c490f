"""Trials for the pairs of censuses of a case: simulated records as long and as coarse as its own."""

from dataclasses import dataclass
from typing import Any

from dearth.case.periods import DAYS_A_YEAR
from dearth.case.read import Case
from dearth.estimate.progress import Progress, quiet
from dearth.estimate.two_censuses import read_all
from dearth.trials.census_pairs import SETTINGS
from dearth.trials.census_trials import CensusTrials, Records, census_trials


@dataclass(frozen=True)
class PairTrials:
    """Trials of one entry of ``two_censuses``.

    Attributes
    ----------
    case, name, title : which entry
    seed : of the populations
    like : what the records of the trials are like
    settings : what went wrong, and how the methods did
    """

    case: str
    name: str
    title: str
    seed: int
    like: Records
    settings: tuple[CensusTrials, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The trials as ``recover --json`` prints them."""
        return {
            "schema": "dearth/recover-two-censuses/v1", "case": self.case, "name": self.name,
            "seed": self.seed, "years": self.like.apart, "open_age": self.like.open_age,
            "settings": [
                {
                    "name": one.setting.name, "what": one.setting.what, "populations": one.populations,
                    "spread_holds": one.spread_holds, "with_published_error_holds": one.wide_holds,
                    "ages_of_growth_balance_hold": one.ranges_hold, "spread_width": one.spread_width,
                    "refused": one.refused, "error": one.error, "within_20_percent": one.within,
                }
                for one in self.settings
            ],
        }  # fmt: skip


def recover_two_censuses(
    case: Case, populations: int, seed: int, progress: Progress = quiet
) -> tuple[PairTrials, ...]:
    """Return trials for every entry of ``two_censuses``, with its years, open age, family and ages fitted.

    Raises
    ------
    CaseError
        When a file of the case is wrong.
    """
    found = []
    for name, tables in read_all(case)[0].items():
        block, table = case.settings.two_censuses[name], tables[0]
        years = max(1, round((table.dates[1] - table.dates[0]).days / DAYS_A_YEAR))
        like = Records(
            years, min(one.ages[-1] for one in tables), block.family, block.ages.growth_balance,
            block.ages.extinct_generations,
        )  # fmt: skip
        made = []
        for at, setting in enumerate(SETTINGS):
            progress(f"{block.title}: {setting.what}", at / len(SETTINGS))
            made.append(census_trials(setting, populations, seed, like))
        found.append(PairTrials(case.name, name, block.title, seed, like, tuple(made)))
    return tuple(found)
