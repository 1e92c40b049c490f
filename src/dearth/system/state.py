"""What is carried to the next month. Long axis last: ages before places.

Ages are those reached within the calendar year: row 0 was born in it, and everybody moves up a row at its
end (cohorts, as `dearth.population.projection` carries them). Women stand first. Definitions and units
are in `dearth.system.variables`.
"""

from dataclasses import dataclass, fields

import jax
from jax import Array

from dearth.numerics.weighted_sums import summed
from dearth.system.age_structure import AGES as AGES

SEXES = 2
CENTRE = -1  # the last level, to which all others report
HIGHEST = -2  # the highest level below the centre
TERM = 9  # months from conception to birth


@dataclass(frozen=True)
class State:
    """One month's opening; see `variables.STATE` for unit and definition of each."""

    # people and bodies
    people: Array  # [sex, age, place] persons
    pregnancies: Array  # [month to term, place] births to come
    postponed: Array  # [place] births put off
    body_mass: Array  # [node, place] kg per square metre
    body_share: Array  # [node, place] share of the living
    energy_past: Array  # [place] kcal per head per day, over the last months
    # grain
    store: Array  # [place] t original, in the hands of villagers and towns
    concealed: Array  # [place] t original, kept by villagers and in no book
    granary: Array  # [granary_area] t original, the state's
    on_order: Array  # [granary_area] t original, bought abroad and not arrived
    # land, animals, capital
    sown: Array  # [place] area sown over normal
    seeded: Array  # [place] share of the seed needed that was sown
    animals: Array  # [place] large animals over normal
    tools: Array  # [place] tools and pumps over normal
    irrigated: Array  # [place] share of the land newly irrigated
    terraced: Array  # [place] share of the land newly terraced
    works: Array  # [place] ha under construction
    skill: Array  # [place] trained months per worker
    clustered: Array  # [place] share of a town's workers who live beside their work
    plots: Array  # [place] share of the land in private plots
    halls: Array  # [place] share of people eating in common
    undiscovered: Array  # [place] t coal equivalent
    reserves: Array  # [place] t coal equivalent, found and left
    machinery: Array  # [] imported and domestic plant over normal
    debt: Array  # [] t of grain it would take to pay it
    # the growing season
    weather: Array  # [place] log of the season's yield over normal
    damage: Array  # [place] share of the standing crop lost to dated events
    season_work: Array  # [place] months of normal farm labour since the last harvest
    window_work: Array  # [place] farm labour of the last two months over normal
    effort: Array  # [place] effort of a worker over normal
    padded: Array  # [place] how far self-assessed points have crept up to one high grade
    technique: Array  # [place] yield multiplier of the technique campaigns
    # what offices know
    reaped: Array  # [place] t harvested this year
    past_harvests: Array  # [3, place] t a year, latest first
    bias: Array  # [level - 1, place] log inflation added by each level below the centre
    deterred: Array  # [level - 1, place] effect of audits on what each level adds, -1 to 1
    urged: Array  # [level - 1, place] log ratio that partial auditors make them add
    targets: Array  # [level - 1, place] t a year asked of each level below the centre
    claims: Array  # [level, place] t a year, what each level last reported
    beliefs: Array  # [level, place] t a year, what each level believes
    quota: Array  # [place] t a year
    arrears: Array  # [place] t due and not delivered
    export_plan: Array  # [] t a year
    delivered: Array  # [place] t collected since the quota was set
    counted: Array  # [place] persons, mean of the last years, on whom quotas rest
    alarm: Array  # [place] registered deaths over normal, less 1, as the centre knows them
    # registers
    register: Array  # [place] persons on the population register
    unregistered: Array  # [place] deaths not registered that may still be


STATE_FIELDS = tuple(f.name for f in fields(State))
jax.tree_util.register_dataclass(State, data_fields=list(STATE_FIELDS), meta_fields=[])


def headcount(state: State) -> Array:
    """Return persons by place [place]."""
    return summed(state.people)


def per_head(amount: Array, people: Array) -> Array:
    """Return `amount` over `people`, 0 where nobody lives (width a thousandth of a person)."""
    return amount * people / (people * people + 1e-6)
