"""A death rate of a survey carried to a population and a period: expected, excess and total deaths."""

from dataclasses import dataclass

from dearth.case.periods import DAYS_A_YEAR, Period


@dataclass(frozen=True)
class Rate:
    """A rate per 1000 person-years with the interval that its source prints, None where it prints none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SurveyDeaths:
    """Deaths by a survey's rate; persons.

    Attributes
    ----------
    days : number of days of `period`, first and last included
    person_days : people times days
    deaths : by the rate of the survey
    normal_deaths : by the normal rate
    excess_deaths, low, high : deaths less normal deaths; the ends carry the interval of the survey's rate
        alone, None where the survey prints none
    """

    series: str
    period: Period
    people: float
    days: int
    person_days: float
    deaths: float
    normal_deaths: float
    excess_deaths: float
    low: float | None
    high: float | None
    assumptions: tuple[str, ...]

    @property
    def normal_death_rate(self) -> float:
        """Normal deaths per 1000 person-years."""
        return 1000 * self.normal_deaths * DAYS_A_YEAR / self.person_days


def survey_deaths(series: str, rate: Rate, normal: Rate, people: float, period: Period) -> SurveyDeaths:
    """Return deaths of `people` over `period`: ``(rate - normal rate) x people x days``.

    Parameters
    ----------
    rate, normal : per 1000 person-years of 365.25 days
    people : mean population of the period, persons
    """
    person_days = people * period.days

    def persons(value: float) -> float:
        return value / 1000 / DAYS_A_YEAR * person_days

    def excess(end: float | None) -> float | None:
        return None if end is None else persons(end - normal.value)

    return SurveyDeaths(
        series, period, people, period.days, person_days, persons(rate.value), persons(normal.value),
        persons(rate.value - normal.value), excess(rate.low), excess(rate.high),
        (
            f"the rate applies to {people:,.0f} people on all {period.days} days from {period.start} to "
            f"{period.end}, both included",
            "the survey's households represent the whole population; a survey misses households that "
            "dissolved",
            "the interval is that of the survey's rate; population and normal rate are taken as exact",
        ),
    )  # fmt: skip
