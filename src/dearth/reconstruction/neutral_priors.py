"""Neutral priors: what a reconstruction assumes where a case says nothing.

Each is wide and symmetric about "no change": no trend of mortality or fertility, no net migration, no fall
and no rebound of births. A case that knows more declares it. A prior is substantive where the history of a
place speaks of it: ``dearth check`` names every substantive prior that applies and was not declared.

Widths are measured where records allow. "Four registers" are those of Denmark, Finland, Norway and Sweden
before 1940 in the Human Mortality Database; "twenty countries" are those that ``docs/priors.md`` lists, in
1950-2023, in World Population Prospects 2024.

References
----------
hmd, un_wpp2024
"""

from collections.abc import Callable
from dataclasses import dataclass

from dearth.case.schema import CaseFile, Prior, completeness_option
from dearth.case.schema_base import Share
from dearth.case.years import parse_years
from dearth.reconstruction.famine_priors import famine_priors

Applies = Callable[[CaseFile], bool]


@dataclass(frozen=True)
class NeutralPrior:
    """The prior of one unknown where a case declares none.

    Attributes
    ----------
    prior
        A normal distribution; its note gives the reason for the width, its source a key of the bibliography
        or `assumed`.
    what
        What the unknown is, with its unit.
    says
        What the default says, in plain words.
    substantive
        Whether a case should declare it, by the settings of the case; None where it need not.
    """

    prior: Prior
    what: str
    says: str = ""
    substantive: Applies | None = None


def _normal(mean: float, sd: float, reason: str, source: str = "assumed") -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, source=source, note=reason)


def _always(settings: CaseFile) -> bool:
    return True


def _deaths_incomplete(settings: CaseFile) -> bool:
    """Whether a scenario allows that some deaths were not registered."""
    spec = settings.reconstruction
    assert spec is not None
    named = [completeness_option(settings, one) for one in spec.scenarios.values()]
    return any(option is not None and option != 1 for option in named)


def _births_incomplete(settings: CaseFile) -> bool:
    spec = settings.reconstruction
    assert spec is not None
    share: Prior | Share = spec.birth_completeness
    return isinstance(share, Prior) or share < 1


def _census_after(settings: CaseFile) -> bool:
    """Whether a census is later than the 31 December of the last year."""
    spec = settings.reconstruction
    assert spec is not None
    last = max(parse_years(spec.years)) + 1
    return any(census.date > last for census in spec.censuses)


def _migration(settings: CaseFile) -> bool:
    """Whether migration is unknown."""
    spec = settings.reconstruction
    assert spec is not None
    return spec.migration.kind == "unknown"


def _moved_later(settings: CaseFile) -> bool:
    return _migration(settings) and _census_after(settings)


def _stocks(settings: CaseFile) -> bool:
    spec = settings.reconstruction
    assert spec is not None
    register = settings.registers.get(spec.register_name)
    return register is not None and bool(register.population or register.population_midyear)


def _births_social(settings: CaseFile) -> bool:
    spec = settings.reconstruction
    assert spec is not None
    return spec.social_decline is not None


def _by_age(settings: CaseFile) -> bool:
    spec = settings.reconstruction
    assert spec is not None
    return spec.deaths_by_age is not None


NEUTRAL: dict[str, NeutralPrior] = {
    "mortality_level_child": NeutralPrior(
        _normal(0, 0.5, "the declared pattern may be off by a factor of 2.7 either way (95 %)"),
        "log of normal death rates under 15 over the pattern, in the pattern's year",
    ),
    "mortality_level_adult": NeutralPrior(
        _normal(0, 0.5, "the declared pattern may be off by a factor of 2.7 either way (95 %)"),
        "log of normal death rates from 15 up over the pattern, in the pattern's year",
    ),
    "mortality_trend_child": NeutralPrior(
        _normal(0, 0.03, "trends over 15 years lay between -3.8 and +1.6 % a year in four registers; falls "
                "after 1945 were faster", "hmd"),
        "yearly change of the log of normal death rates under 15",
        "normal mortality of children neither fell nor rose, give or take 6 % a year", _always,
    ),
    "mortality_trend_adult": NeutralPrior(
        _normal(0, 0.02, "trends over 15 years lay between -2.2 and +2.2 % a year in four registers", "hmd"),
        "yearly change of the log of normal death rates from 15 up",
        "normal mortality of adults neither fell nor rose, give or take 4 % a year", _always,
    ),
    "mortality_decline_later_child": NeutralPrior(
        _normal(0, 0.03, "as wide as mortality_trend_child"),
        "yearly fall of the log of death rates under 15 after the last year",
        "mortality of children neither fell nor rose after the last year, give or take 6 % a year",
        _census_after,
    ),
    "mortality_decline_later_adult": NeutralPrior(
        _normal(0, 0.02, "as wide as mortality_trend_adult"),
        "yearly fall of the log of death rates from 15 up after the last year",
        "mortality of adults neither fell nor rose after the last year, give or take 4 % a year",
        _census_after,
    ),
    "mortality_decline_later_age": NeutralPrior(
        _normal(0, 0.01, "half of the sd of the trend of adults"),
        "departure of that fall, by sex, at four ages between which it is straight",
    ),
    "mortality_age": NeutralPrior(
        _normal(0, 0.3, "a pattern of another place is often off by a third at some age"),
        "log of normal death rates over the pattern and its level, by sex, at nine ages between which it is "
        "straight",
    ),
    "mortality_year": NeutralPrior(
        _normal(0, 0.12, "years differed from the trend of 15 years by 0.11 (children) and 0.08 (adults) in "
                "four registers", "hmd"),
        "log deviation of a normal year, children and adults apart",
    ),
    "start_cohort": NeutralPrior(
        _normal(0, 0.1, "wars, epidemics and bad harvests leave cohorts a tenth smaller than others"),
        "log of a cohort of the start over its given size, both sexes, at every fifth age",
    ),
    "shock_year": NeutralPrior(
        famine_priors()["shock_year"],
        "log of deaths over normal deaths, by crisis year",
    ),
    "shock_age": NeutralPrior(
        famine_priors()["shock_age"],
        "how much more or less than the mean an age group answers to the crisis, over the crisis",
    ),
    "shock_year_age": NeutralPrior(
        _normal(0, 0.3, "years of one crisis differ less than age groups do"),
        "departure of one crisis year from that, by age group",
    ),
    "fertility_level": NeutralPrior(
        _normal(1.3, 0.5, "from 1.5 to 8.2 children per woman in 95 % of the years of twenty countries",
                "un_wpp2024"),
        "log of children per woman (total fertility) in normal years",
        "women had 1.4 to 9.8 children (95 %), 3.7 in the middle", _always,
    ),
    "fertility_trend": NeutralPrior(
        _normal(0, 0.02, "trends over 15 years lay between -4.0 and +1.4 % a year in twenty countries",
                "un_wpp2024"),
        "yearly change of the log of total fertility",
        "normal fertility neither fell nor rose, give or take 4 % a year", _always,
    ),
    "fertility_year": NeutralPrior(
        _normal(0, 0.08, "births differed from the trend of 15 years by 0.01-0.08 in four registers", "hmd"),
        "log deviation of total fertility in a year",
    ),
    "fertility_social": NeutralPrior(
        _normal(0, 0.1, "a fifth fewer or more births (95 %)"),
        "log change of total fertility in the years of social_decline, apart from hunger",
        "fertility of the years of social_decline neither fell nor rose, give or take 20 %", _births_social,
    ),
    "fertility_hunger": NeutralPrior(
        _normal(0, 0.5, "where deaths double, births may halve or double (95 %)"),
        "fall of the log of total fertility per unit of the log shock, conceived nine months before",
        "births neither fall nor rise when deaths do, give or take as much as deaths do", _always,
    ),
    "fertility_crisis": NeutralPrior(
        _normal(0, 0.2, "births may fall or rise by a third for other reasons than the shock (95 %)"),
        "log change of total fertility in a crisis year or the next, apart from its answer to the shock",
        "births of the crisis may differ by a third from what the deaths alone would say", _always,
    ),
    "fertility_rebound": NeutralPrior(
        _normal(0, 0.15, "a quarter fewer or a third more births (95 %)"),
        "log change of total fertility in each of the four years after the crisis",
        "births neither recover nor fail after the crisis, give or take 30 %", _always,
    ),
    "migration_level": NeutralPrior(
        _normal(0, 0.003, "lasting levels over 14 years had an sd of 0.0023 in four registers; wider, for "
                "places unlike them", "hmd"),
        "net migrants a year over people that last through all years, inward positive",
        "between 0.6 % of the people leave and 0.6 % arrive in an average year (95 %)", _migration,
    ),
    "migration": NeutralPrior(
        _normal(0, 0.003, "years differed from the lasting level by 0.0025 in four registers", "hmd"),
        "net migrants of one year over people, apart from the lasting level",
        "a year differs by up to 0.6 % of the people from the lasting level (95 %)", _migration,
    ),
    "migration_crisis": NeutralPrior(
        Prior(dist="heavy_tailed", mean=0, sd=0.004, tail=0.25, source="assumed",
              note="1.3 % of the people a year in 95 of 100 crises, 2.4 % in 99: famines drove out between "
              "nearly nobody and several per cent a year"),
        "net migrants of a crisis year over people, beyond those of a normal year",
        "up to 1.3 % of the people leave or arrive in a crisis year beyond the usual (95 %), rarely far more",
        _migration,
    ),
    "migration_crisis_men": NeutralPrior(
        _normal(0.4, 0.7, "six men in ten, between three and eight and a half (95 %)"),
        "log odds that one who moves because of the crisis is a man",
    ),
    "migration_crisis_age": NeutralPrior(
        _normal(0, 1.0, "between workers and whole families, either alike"),
        "log odds that those who move because of the crisis have the ages of workers, not of everybody",
    ),
    "migration_return": NeutralPrior(
        _normal(-0.85, 1.0, "three in ten come back, between one and eight (95 %)"),
        "log odds that one who left in the crisis comes back within four years",
    ),
    "migration_later": NeutralPrior(
        _normal(0, 0.003, "as wide as migration_level", "hmd"),
        "net migrants a year over people after the last year, apart from the mean of the last five years",
        "migration until the last census went on as in the last years, give or take 0.6 % a year (95 %)",
        _moved_later,
    ),
    "stock_error_step": NeutralPrior(
        _normal(0, 0.01, "registered stocks may drift by 2 % of the people in a year (95 %)"),
        "yearly step of the log error of registered stocks",
        "registered stocks may gain or lose 2 % against the people in every year", _stocks,
    ),
    "stock_error_start": NeutralPrior(
        _normal(0, 0.03, "a first stock may be 6 % off (95 %)"),
        "log error of the first registered stock",
    ),
    "completeness_women": NeutralPrior(
        _normal(0, 0.4, "of 80 % of men's deaths registered, 65-90 % of women's (95 %)"),
        "log odds that a woman's death is registered, over a man's",
        "deaths of women are registered as those of men are, give or take a factor of 2.2 in the odds",
        _deaths_incomplete,
    ),
    "completeness_infant": NeutralPrior(
        _normal(0, 1.0, "of 80 % of deaths at 15-59 registered, 36-97 % of infants' (95 %)"),
        "log odds that an infant's death is registered, over one at 15-59, apart from omitted births",
        "deaths of infants are registered as those at 15-59 are, give or take a factor of 7 in the odds",
        _deaths_incomplete,
    ),
    "completeness_child": NeutralPrior(
        _normal(0, 0.5, "of 80 % of deaths at 15-59 registered, 60-91 % of children's (95 %)"),
        "log odds that a death at 1-14 is registered, over one at 15-59",
        "deaths of children are registered as those at 15-59 are, give or take a factor of 2.7 in the odds",
        _deaths_incomplete,
    ),
    "completeness_old": NeutralPrior(
        _normal(0, 0.5, "of 80 % of deaths at 15-59 registered, 60-91 % of those from 60 up (95 %)"),
        "log odds that a death from 60 up is registered, over one at 15-59",
        "deaths from 60 up are registered as those at 15-59 are, give or take a factor of 2.7 in the odds",
        _deaths_incomplete,
    ),
    "completeness_overload": NeutralPrior(
        _normal(0, 0.3, "in a year with one normal year's deaths above the mean crisis year, of 60 % "
                "registered 45-73 % (95 %)"),
        "fall of the log odds that a death is registered per normal year's deaths above those of the mean "
        "crisis year: overload of the registrars",
        "years with more deaths register as large a share of them as others, give or take a factor "
        "of 1.8 in the odds", _deaths_incomplete,
    ),
    "birth_completeness_crisis": NeutralPrior(
        _normal(0, 0.6, "of 90 % of births registered before, 73-97 % in the crisis (95 %)"),
        "log odds that a birth of the crisis is registered, over one before",
        "births are registered in the crisis as before it, give or take a factor of 3.3 in the odds",
        _births_incomplete,
    ),
    "infant_coupling": NeutralPrior(
        _normal(0.5, 0.5, "both ends lie within one sd"),
        "1 where infants of omitted births are omitted among the dead too, 0 where they are not",
        "half of the infants whose births were omitted are omitted among the dead too, give or take all",
        _births_incomplete,
    ),
    "deaths_noise": NeutralPrior(
        _normal(0.03, 0.015, "between 1 and 8 % of a year's figure (95 %)"),
        "sd of the log of registered deaths about what the model expects",
        "registered deaths of a year are exact to 3 %, between 1 and 8 %", _always,
    ),
    "births_noise": NeutralPrior(
        _normal(0.03, 0.015, "between 1 and 8 % of a year's figure (95 %)"),
        "sd of the log of registered births about what the model expects",
        "registered births of a year are exact to 3 %, between 1 and 8 %", _always,
    ),
    "age_noise": NeutralPrior(
        _normal(0.08, 0.04, "between 3 and 21 % of a group's deaths (95 %)"),
        "sd of the log of registered deaths of a sex and age about their share, beyond chance",
        "registered deaths of a sex and age are exact to 8 %, between 3 and 21 %", _by_age,
    ),
}  # fmt: skip
