"""What each unknown is called in a warning or a chart: by year, age group, sex or census, never by number."""

import math
from itertools import product

from dearth.reconstruction.age_patterns import SEXES, names_of
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.unknowns import (
    COHORT_KNOTS,
    COHORT_STEP,
    LATER_KNOTS,
    PATTERN_KNOTS,
    SHOCK_AGES,
    START_KNOTS,
    START_STEP,
)

SHOCKED = names_of(SHOCK_AGES)


def labels(model: Model) -> list[str]:
    """Return one name for each place of theta: ``shock_year_age[1960, 15-39]``."""
    axes = _axes(model)
    found = []
    for name, shape in model.unknowns.shapes.items():
        if not shape:
            found.append(name)
            continue
        marks = axes.get(name, tuple(tuple(map(str, range(n))) for n in shape))
        found += [f"{name}[{', '.join(at)}]" for at in product(*marks)]
        assert math.prod(shape) == math.prod(len(axis) for axis in marks), name
    return found


def _axes(model: Model) -> dict[str, tuple[tuple[str, ...], ...]]:
    layout = model.layout
    years = tuple(str(year) for year in layout.years)
    crisis = tuple(years[i] for i in model.crisis)
    knots = tuple(f"age {age}" for age in PATTERN_KNOTS)
    return {
        "start_ages": (SEXES, tuple(f"age {START_STEP * i}" for i in range(START_KNOTS))),
        "start_cohort": (tuple(f"age {COHORT_STEP * i}" for i in range(COHORT_KNOTS)),),
        "mortality_decline_later_age": (SEXES, tuple(f"age {age}" for age in LATER_KNOTS)),
        "mortality_age": (SEXES, knots),
        "mortality_year": (tuple(years[i] for i in model.quiet), ("child", "adult")),
        "shock_year": (crisis,),
        "shock_age": (SHOCKED,),
        "shock_year_age": (crisis, SHOCKED),
        "fertility_year": (years,),
        "fertility_crisis": (tuple(years[i] for i in model.answering),),
        "fertility_rebound": (tuple(years[i] for i in model.rebound),),
        "migration": (years,),
        "migration_crisis": (crisis,),
        "stock_error_step": (years,),
        "coverage": (layout.counts,),
        "coverage_relative": (tuple(_entry(c.spec.series, c.spec.date, c.spec.ages_from)
                                    for c in (layout.censuses[i] for i in layout.relative)),),
    }  # fmt: skip


def _entry(series: str, date: float, first: int) -> str:
    return f"{series} {date:g} from {first}"
