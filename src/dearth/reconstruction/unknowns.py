"""Which unknowns a layout has: a block that no record of the layout can move is not built."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dearth.reconstruction.age_patterns import groups_of
from dearth.reconstruction.layout import Layout

Places = NDArray[np.int64]
Shape = tuple[int, ...]
SHOCK_AGES = (0, 1, 5, 15, 40, 60)  # first ages of the age groups of a shock
SHOCK_GROUPS = groups_of(SHOCK_AGES)
PATTERN_KNOTS = (0, 1, 5, 15, 30, 45, 60, 75, 90)  # ages between which the pattern bends
START_KNOTS, START_STEP = 11, 10  # one every ten years of age, by sex
COHORT_KNOTS, COHORT_STEP = 21, 5  # one every five, women and men alike
LATER_KNOTS = (0, 20, 50, 80)  # ages between which the later decline of mortality bends, by sex
REBOUND_YEARS = 4
NOISES = ("deaths_noise", "births_noise", "age_noise")
SHARES = ("completeness_normal", "completeness_crisis", "birth_completeness", "late_share", "removals_share")


@dataclass(frozen=True)
class Periods:
    """Positions of years along the years of a layout.

    Attributes
    ----------
    crisis : years of the window
    quiet : the other years
    answering : the years of the window and the one after, in which births answer
    rebound : up to four years after the window
    """

    crisis: Places
    quiet: Places
    answering: Places
    rebound: Places


def periods(layout: Layout) -> Periods:
    """Return the crisis, quiet and rebound years of a layout."""
    crisis = np.flatnonzero(layout.crisis)
    after = range(int(crisis[-1]) + 1, min(int(crisis[-1]) + 1 + REBOUND_YEARS, len(layout.years)))
    answering = np.union1d(crisis, np.minimum(crisis + 1, len(layout.years) - 1))
    return Periods(crisis, np.flatnonzero(layout.crisis == 0), answering, np.array(after, int))


def all_shapes(layout: Layout) -> dict[str, Shape]:
    """Return the shape of every block of unknowns a model of the layout may have."""
    years, found = len(layout.years), periods(layout)
    crisis, groups = len(found.crisis), len(SHOCK_AGES)
    return {
        "start_total": (), "start_ages": (2, START_KNOTS), "start_cohort": (COHORT_KNOTS,),
        "completeness_normal": (), "completeness_crisis": (), "completeness_women": (),
        "completeness_infant": (), "completeness_child": (), "completeness_old": (),
        "completeness_overload": (),
        "birth_completeness": (), "birth_completeness_crisis": (), "late_share": (), "removals_share": (),
        "infant_coupling": (), "mortality_level_child": (), "mortality_level_adult": (),
        "mortality_trend_child": (), "mortality_trend_adult": (), "mortality_decline_later_child": (),
        "mortality_decline_later_adult": (), "mortality_decline_later_age": (2, len(LATER_KNOTS)),
        "mortality_age": (2, len(PATTERN_KNOTS)), "mortality_year": (len(found.quiet), 2),
        "shock_year": (crisis,), "shock_age": (groups,), "shock_year_age": (crisis, groups),
        "fertility_level": (), "fertility_trend": (), "fertility_year": (years,), "fertility_social": (),
        "fertility_hunger": (), "fertility_crisis": (len(found.answering),),
        "fertility_rebound": (len(found.rebound),), "migration": (years,),
        "migration_level": (), "migration_crisis": (crisis,), "migration_crisis_men": (),
        "migration_crisis_age": (), "migration_return": (), "migration_later": (),
        "stock_error_start": (), "stock_error_step": (years,), "deaths_noise": (), "births_noise": (),
        "age_noise": (), "coverage": (len(layout.counts),), "coverage_relative": (len(layout.relative),),
    }  # fmt: skip


def built_shapes(layout: Layout) -> dict[str, Shape]:
    """Return the shapes of the blocks that a record of the layout can move."""
    absent = {name for name in SHARES if name not in layout.free}
    if not layout.incomplete:
        absent |= {f"completeness_{who}" for who in ("women", "infant", "child", "old", "overload")}
    # of rates alone, a great shock registered in small part looks like a small one registered well: with
    # overload every year has two answers, which counts of a whole tell apart and the rates of a place do not
    if len(periods(layout).crisis) == 1 or layout.rates:
        absent.add("completeness_overload")
    if "birth_completeness" not in layout.free:
        absent |= {"birth_completeness_crisis", "infant_coupling"}
    if not layout.horizon:
        absent |= {f"mortality_decline_later_{who}" for who in ("child", "adult", "age")}
        absent.add("migration_later")
    if layout.spec.social_decline is None:
        absent.add("fertility_social")
    if not (
        layout.held & {"stocks", "midyear", "placebo"} or layout.rates or "removals_share" in layout.free
    ):
        absent |= {"stock_error_start", "stock_error_step"}
    absent |= {
        noise
        for noise, series in zip(NOISES, ("deaths", "births", "deaths_by_age"), strict=True)
        if series not in layout.held
    }
    absent |= _no_migration(layout)
    return {name: shape for name, shape in all_shapes(layout).items() if name not in absent}


def _no_migration(layout: Layout) -> set[str]:
    moved = layout.spec.migration
    own = {"migration_level", "migration_crisis", "migration_crisis_men", "migration_crisis_age",
           "migration_return", "migration_later"}  # fmt: skip
    if moved.kind == "known":
        return own
    return {*own, "migration"} if moved.kind == "closed" else set()
