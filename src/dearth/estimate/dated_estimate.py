"""One estimate from dated deaths: its group, its baseline, and its row of the JSON document."""

from dataclasses import dataclass
from typing import Any

from dearth.case.dated_deaths import Group
from dearth.case.years import format_years
from dearth.estimate.dated_excess import LEVEL, DatedExcess
from dearth.estimate.seasonal_baseline import SeasonalBaseline
from dearth.numerics.interval import NORMAL_95, Interval

Z = NORMAL_95  # karlinsky_kobak2021: a normal distribution, as for their standard deviation


@dataclass(frozen=True)
class DatedSubtraction:
    """Deaths of another cause, declared by the case, and the excess deaths without them; persons."""

    name: str
    label: str
    deaths: float
    source: str
    excess_after: Interval


@dataclass(frozen=True)
class DatedEstimate:
    """Excess deaths of one group by one baseline.

    Attributes
    ----------
    baseline : fitted, for charts; its counts hold the deaths
    fit_years : years of the fit
    subtractions : of everybody alone: the case does not say whose deaths they are
    """

    series: str
    title: str
    source: str
    group: Group
    fit_years: tuple[int, ...]
    baseline: SeasonalBaseline
    excess: DatedExcess
    subtractions: tuple[DatedSubtraction, ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        """The estimate as it stands in the JSON document."""
        found, group = self.excess, self.group
        reach = Z * found.sd_independent
        independent = Interval(found.excess.median, found.excess.median - reach, found.excess.median + reach,
                               LEVEL)  # fmt: skip
        return {
            "series": self.series, "title": self.title, "source": self.source, "method": found.method,
            "sex": group.sex, "age_from": group.age_from, "age_to": group.age_to,
            "start": found.window.start.isoformat(), "end": found.window.end.isoformat(),
            "days": found.window.days, "fit_years": format_years(self.fit_years), "deaths": found.deaths,
            "expected": found.expected.document(), "excess": found.excess.document(),
            "p_score": found.p_score.document(), "share_of_a_year": found.of_a_year.document(),
            "sd": found.sd, "degrees_of_freedom": found.degrees, "sd_independent": found.sd_independent,
            "excess_independent": independent.document(),
            "subtractions": [
                {"name": one.name, "label": one.label, "deaths": one.deaths, "source": one.source,
                 "excess_after": one.excess_after.document()}
                for one in self.subtractions
            ],
        }  # fmt: skip
