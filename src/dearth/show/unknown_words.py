"""The unknowns of the reconstruction in words, as charts, tables and warnings show them."""

import re

UNKNOWNS = {
    "mortality_level_child": "level of child mortality",
    "mortality_level_adult": "level of adult mortality",
    "mortality_trend_child": "trend of child mortality",
    "mortality_trend_adult": "trend of adult mortality",
    "mortality_age": "age pattern of normal mortality",
    "mortality_year": "normal mortality by year",
    "shock_year": "crisis mortality by year",
    "shock_age": "age pattern of crisis mortality",
    "shock_year_age": "crisis mortality by year and age",
    "fertility_level": "level of fertility",
    "fertility_trend": "trend of fertility",
    "fertility_year": "fertility by year",
    "fertility_hunger": "fall of fertility in hunger",
    "fertility_social": "social change of fertility",
    "fertility_rebound": "fertility after the crisis",
    "start_total": "people at the start",
    "start_ages": "ages at the start",
    "start_cohort": "birth cohorts at the start",
    "migration": "net migration by year",
    "migration_level": "lasting net migration",
    "migration_crisis": "net migration of the crisis by year",
    "migration_crisis_men": "men among those who moved in the crisis",
    "migration_crisis_age": "ages of those who moved in the crisis",
    "migration_return": "return of those who left in the crisis",
    "migration_later": "net migration after the last year",
    "completeness_overload": "completeness of death registration, overload",
    "fertility_crisis": "fertility in the crisis apart from hunger",
    "completeness_normal": "completeness of death registration, normal years",
    "completeness_crisis": "completeness of death registration, crisis",
    "completeness_women": "completeness of death registration, women",
    "completeness_infant": "completeness of death registration, infants",
    "completeness_child": "completeness of death registration, children",
    "completeness_old": "completeness of death registration, old people",
    "birth_completeness": "completeness of birth registration, normal years",
    "birth_completeness_crisis": "completeness of birth registration, crisis",
    "infant_coupling": "link between unregistered births and infant deaths",
    "late_share": "share of deaths registered late",
    "stock_error_start": "error of the first registered stock",
    "stock_error_step": "yearly change in the error of registered stocks",
    "removals_share": "removed entries registered as deaths",
    "mortality_decline_later_child": "later decline of child mortality",
    "mortality_decline_later_adult": "later decline of adult mortality",
    "mortality_decline_later_age": "age pattern of the later decline of mortality",
    "deaths_noise": "error of registered deaths",
    "births_noise": "error of registered births",
    "age_noise": "error of deaths by age",
    "coverage": "coverage of a census",
    "coverage_relative": "coverage of ages in a census",
}
# longest first, so that a name is not taken for the beginning of another
_NAMES = "|".join(sorted((name for name in UNKNOWNS if "_" in name), key=len, reverse=True))
_UNKNOWN = re.compile(rf"\b({_NAMES}|coverage|migration)\[([^\]]*)\]|\b({_NAMES})\b")


def unknown_words(name: str) -> str:
    """Return an unknown in words: ``fertility_year[1959]`` becomes "fertility by year (1959)"."""
    block, _, at = name.partition("[")
    words = UNKNOWNS.get(block, block.replace("_", " "))
    return f"{words} ({at.removesuffix(']').replace('_', ' ')})" if at else words


def unknowns_in_words(text: str) -> str:
    """Return a sentence with every unknown that it names in words."""
    return _UNKNOWN.sub(lambda found: unknown_words(found[0]), text)
