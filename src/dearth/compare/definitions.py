"""The measures by which cases are compared, each defined once."""

from dearth.compare.results import Definition

AROUND = 5  # years before and after the crisis over which people and lives are compared; assumed

DEFINITIONS = (
    Definition("excess_per_1000", "Excess deaths", "per 1000 people",
               "excess deaths of the window over the people of its first year"),
    Definition("p_score", "P-score", "of normal deaths",
               "excess deaths over the normal deaths of the same period: the crisis beside the chronic toll"),
    Definition("normal_death_rate", "Normal death rate", "per 1000 a year",
               "normal deaths of the window over its person-years: the chronic toll"),
    Definition("worst_year_rate", "Death rate of the worst year", "per 1000 a year",
               "highest yearly death rate of the window"),
    Definition("births_fall", "Fall of births", "of normal births",
               "births lost in the years of the deficit over the births that were normal in them"),
    Definition("births_recovered", "Births recovered", "of the births lost",
               "births above normal in the years of the rebound over the births lost"),
    Definition("person_years_lost", "Years of life lost", "years per 1000 people",
               "excess deaths by age times the years of life that were normal at that age, over the people "
               "of the first year; within an age group deaths are spread as normal ones"),
    Definition("growth_before", "Growth before", "percent a year",
               f"mean growth of the population in up to {AROUND} years before the crisis"),
    Definition("growth_after", "Growth after", "percent a year",
               f"mean growth of the population in up to {AROUND} years after the crisis"),
    Definition("life_expectancy_before", "Life expectancy before", "years",
               f"mean of up to {AROUND} years before the crisis"),
    Definition("life_expectancy_lowest", "Life expectancy in the worst year", "years",
               "lowest of the window"),
    Definition("life_expectancy_after", "Life expectancy after", "years",
               f"mean of up to {AROUND} years after the crisis"),
)  # fmt: skip
