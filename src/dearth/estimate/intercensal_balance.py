"""Two censuses and what happened between them: deaths by balance, without a register."""

from dataclasses import dataclass
from datetime import date, timedelta

from dearth.case.periods import DAYS_A_YEAR, Period


@dataclass(frozen=True)
class Count:
    """People enumerated on one date; `assumed` = the source gives a year and the date is assumed."""

    day: date
    people: float
    scope: str
    assumed: bool = False

    @property
    def text(self) -> str:
        """The date as readers see it."""
        return f"{self.day.isoformat()}{' (date assumed)' if self.assumed else ''}"


@dataclass(frozen=True)
class IntercensalBalance:
    """The balance between two censuses; persons, None where a record is missing.

    Attributes
    ----------
    period : the days after the first census, up to and with the day of the last
    person_years : mean of the two censuses times the length of the period in years of 365.25 days
    net_migration : arrivals less departures; taken as 0 where the case has none, which `migration_known` says
    deaths : first census + births + net migration - last census
    excess_deaths : `deaths` less normal deaths over the whole period
    births_lost : normal births less births over the whole period
    people_missing : people that normal births and deaths and the known migration would have left, less the
        last census; excess deaths and births lost together, which no record here distinguishes
    """

    series: str
    first: Count
    last: Count
    period: Period
    person_years: float
    births: float | None
    net_migration: float
    migration_known: bool
    deaths: float | None
    normal_deaths: float | None
    normal_births: float | None
    excess_deaths: float | None
    births_lost: float | None
    people_missing: float | None
    assumptions: tuple[str, ...]

    @property
    def normal_death_rate(self) -> float | None:
        """Normal deaths per 1000 person-years; None where the case has no normal death rate."""
        return self._per_1000(self.normal_deaths)

    @property
    def normal_birth_rate(self) -> float | None:
        """Normal births per 1000 person-years; None where the case has no normal birth rate."""
        return self._per_1000(self.normal_births)

    def _per_1000(self, events: float | None) -> float | None:
        return None if events is None else 1000 * events / self.person_years


def between(first: Count, last: Count) -> Period:
    """Return the days between two censuses: a census is taken at the end of its day."""
    return Period(first.day + timedelta(days=1), last.day)


def intercensal_balance(
    series: str,
    first: Count,
    last: Count,
    *,
    births: float | None = None,
    net_migration: float | None = None,
    normal_death_rate: float | None = None,
    normal_birth_rate: float | None = None,
) -> IntercensalBalance:
    """Return what two censuses say of deaths, ``D = N0 - N1 + B + M``, and of people missing.

    Parameters
    ----------
    first, last : censuses of one scope, persons
    births, net_migration : events between the censuses, persons; None where the case has none
    normal_death_rate, normal_birth_rate : without the crisis, per 1000 person-years

    References
    ----------
    preston2001
    """
    period = between(first, last)
    years = period.days / DAYS_A_YEAR
    exposure = years * (first.people + last.people) / 2
    moved = net_migration or 0.0
    deaths = None if births is None else first.people - last.people + births + moved
    normal_deaths = None if normal_death_rate is None else normal_death_rate * exposure / 1000
    normal_births = None if normal_birth_rate is None else normal_birth_rate * exposure / 1000
    excess = None if deaths is None or normal_deaths is None else deaths - normal_deaths
    lost = None if births is None or normal_births is None else normal_births - births
    missing = None
    if normal_deaths is not None and normal_births is not None:
        missing = first.people + normal_births - normal_deaths + moved - last.people
    return IntercensalBalance(
        series, first, last, period, exposure, births, moved, net_migration is not None, deaths,
        normal_deaths, normal_births, excess, lost, missing,
        _assumptions(first, last, years, births, net_migration, deaths),
    )  # fmt: skip


def _assumptions(
    first: Count, last: Count, years: float, births: float | None, moved: float | None, deaths: float | None
) -> tuple[str, ...]:
    told = [
        f"both censuses ({first.text} and {last.text}, scope {first.scope}) enumerate the same share of the "
        "people",
        f"person-years are the mean of the two censuses over {years:.2f} years",
    ]
    if moved is None:
        told.append("net migration is taken as zero: emigrants who are not in the records count as deaths")
    if births is not None:
        told.append("births are complete; those that the office missed lower the deaths by as many")
    if deaths is not None:
        told.append("excess deaths are those of the whole time between the censuses, not of the window alone")
    return tuple(told)
