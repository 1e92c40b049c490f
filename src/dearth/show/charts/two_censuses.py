"""Completeness from two censuses: all methods, the line of the growth balance, the ratios by age."""

from collections.abc import Callable, Iterator

import altair as alt

from dearth._version import __version__
from dearth.case.schema_two_censuses import TwoCensuses
from dearth.estimate.estimates import Estimates
from dearth.estimate.two_censuses import CensusPair, TwoCensusResult
from dearth.population.census_interval import CensusInterval
from dearth.population.extinct_generations import (
    ExtinctGenerations,
    balance_then_generations,
    extinct_generations,
    extinct_generations_with_delta,
)
from dearth.population.growth_balance import growth_balance
from dearth.show.charts.base import COLOURS, WIDTH, Chart, Rows, cited, data, finish
from dearth.show.language import said

TREATMENTS = {True: "with net migration", False: "without net migration"}


def pairs_of(made: Estimates) -> tuple[CensusPair, ...]:
    """Return the pairs of censuses of a result."""
    return tuple(
        pair for one in made.record_results if isinstance(one, TwoCensusResult) for pair in one.pairs
    )


def completeness_chart(made: Estimates) -> Chart | None:
    """Every method with and without migration: its result, and its range over the ages fitted."""
    rows: Rows = [
        {"population": _named(pair), "method": one.title, "migration": TREATMENTS[one.migration],
         "completeness": one.completeness, "low": one.low, "high": one.high,
         "ages": f"{one.ages[0]}-{one.ages[1]}"}
        for pair in pairs_of(made) for one in pair.results if not one.refused
    ]  # fmt: skip
    if not rows:
        return None
    x = alt.X("low:Q", title="share of the deaths from age 5 that were registered",
              axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=False))  # fmt: skip
    y = alt.Y("method:N", title=None, sort=None)
    colour = alt.Color("migration:N", title=None, scale=alt.Scale(range=list(COLOURS)))
    shift = alt.YOffset("migration:N")
    base = alt.Chart(data(rows))
    bars = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=x, x2="high:Q", y=y, yOffset=shift, color=colour
    )
    points = base.mark_point(filled=True, size=70).encode(
        x=alt.X("completeness:Q"), y=y, yOffset=shift, color=colour,
        tooltip=["method:N", "migration:N", "ages:N",
                 *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("completeness", "low", "high"))],
    )  # fmt: skip
    chart = alt.layer(bars, points).properties(width=WIDTH - 200, height=170).facet(
        row=alt.Row("population:N", title=None, sort=None)
    )  # fmt: skip
    return Chart(
        "two_censuses",
        "Completeness of death registration by every method for two censuses",
        said("caption.two_censuses"),
        finish(chart), rows,
        "the same completeness at all ages from 5; censuses that cover all ages alike",
        _cited(made),
    )  # fmt: skip


def growth_balance_chart(made: Estimates) -> Chart | None:
    """Entry less growth against the registered death rate above each age, with the fitted line."""
    points, lines = _balance_rows(made)
    if not points:
        return None
    x = alt.X("death_rate:Q", title="registered deaths above the age, over persons above it, a year")
    y = alt.Y(
        "entry_rate:Q", title="entry less growth plus net migration, a year", scale=alt.Scale(zero=False)
    )
    colour = alt.Color("migration:N", title=None, scale=alt.Scale(range=list(COLOURS)))
    first = points[0]["migration"]  # ages are written at the points of one treatment
    base = alt.Chart(data([
        *({**row, "kind": "point", "label": str(row["age"]) if row["migration"] == first else ""}
          for row in points),
        *({**row, "kind": "line"} for row in lines),
    ]))  # fmt: skip
    line = base.transform_filter("datum.kind == 'line'").mark_line(strokeWidth=1.5)
    dots = base.transform_filter("datum.kind == 'point'").mark_point(filled=True, size=45)
    text = base.transform_filter("datum.kind == 'point'").mark_text(align="left", dx=5, dy=5, fontSize=12)
    layers = alt.layer(
        line.encode(x=x, y=y, color=colour),
        dots.encode(
            x=x, y=y, color=colour,
            opacity=alt.condition("datum.fitted == 'fitted'", alt.value(1), alt.value(0.3)),
            tooltip=["age:Q", "migration:N", "fitted:N", alt.Tooltip("death_rate:Q", format=".4f"),
                     alt.Tooltip("entry_rate:Q", format=".4f")],
        ),
        text.encode(x=x, y=y, color=colour, text="label:N"),
    )  # fmt: skip
    chart = layers.properties(width=WIDTH - 60, height=300).facet(
        row=alt.Row("population:N", title=None, sort=None)
    )
    return Chart(
        "growth_balance",
        "Growth balance: the points of all ages should lie on one straight line",
        said("caption.growth_balance"),
        finish(chart), points,
        "orthogonal line through the fitted ages; the intercept stands for unequal coverage of the censuses",
        _cited(made),
    )  # fmt: skip


def _balance_rows(made: Estimates) -> tuple[Rows, Rows]:
    """Return the points of each age, and the ends of each fitted line."""
    points, lines = Rows(), Rows()
    for pair in pairs_of(made):
        block = made.case.settings.two_censuses[pair.name]
        for migration, interval in _treatments(pair):
            try:
                found = growth_balance(interval, block.ages.growth_balance)
            except ValueError:  # the reason stands among the warnings of the result
                continue
            about = {"population": _named(pair), "migration": TREATMENTS[migration]}
            for age, x, y, used in list(
                zip(found.ages, found.death_rate, found.entry_rate, found.used, strict=True)
            )[1:-1]:
                points.append({**about, "age": int(age), "death_rate": float(x), "entry_rate": float(y),
                               "fitted": _fitted(used)})  # fmt: skip
            for x in (0.0, float(found.death_rate[1:-1].max())):
                lines.append({**about, "death_rate": x, "entry_rate": found.intercept + found.slope * x})
    return points, lines


def _fitted(used: bool) -> str:
    return "fitted" if used else "not fitted"


def extinct_generations_chart(made: Estimates) -> Chart | None:
    """Ratios of persons by deaths to persons by the censuses, by age."""
    rows = Rows()
    for pair in pairs_of(made):
        block = made.case.settings.two_censuses[pair.name]
        for migration, interval in _treatments(pair):
            for method, ratios in _ratios(pair, interval, block):
                found = list(zip(ratios.ages, ratios.ratio, ratios.used, strict=True))[1:-1]
                rows += [
                    {"population": _named(pair), "method": method, "migration": TREATMENTS[migration],
                     "age": int(age), "ratio": float(ratio), "fitted": _fitted(used)}
                    for age, ratio, used in found
                ]  # fmt: skip
    if not rows:
        return None
    chart = (
        alt.Chart(data(rows))
        .mark_line(point=True, strokeWidth=1.5)
        .encode(
            x=alt.X("age:Q", title="age", scale=alt.Scale(nice=False)),
            y=alt.Y(
                "ratio:Q", title="persons by deaths / persons by the censuses", scale=alt.Scale(zero=False)
            ),
            color=alt.Color("method:N", title=None, sort=None, scale=alt.Scale(range=list(COLOURS))),
            strokeDash=alt.StrokeDash("migration:N", title=None, legend=alt.Legend(symbolType="stroke")),
            tooltip=["age:Q", "method:N", "migration:N", "fitted:N", alt.Tooltip("ratio:Q", format=".3f")],
        )
        .properties(width=WIDTH - 60, height=280)
        .facet(row=alt.Row("population:N", title=None, sort=None))
    )
    return Chart(
        "extinct_generations",
        "Extinct generations: the ratios of the ages fitted should be level",
        said("caption.extinct_generations"),
        finish(chart), rows,
        "one completeness at all ages; the open age group by a Coale-Demeny model life table",
        _cited(made),
    )  # fmt: skip


def _ratios(
    pair: CensusPair, interval: CensusInterval, block: TwoCensuses
) -> Iterator[tuple[str, ExtinctGenerations]]:
    """Yield the ratios of each form of the method that can be applied; the others are warned of."""
    span, sex, family = block.ages.extinct_generations, pair.table.sex, block.family
    forms: dict[str, Callable[[], ExtinctGenerations]] = {
        "extinct generations": lambda: extinct_generations(interval, sex, span, family),
        "with delta": lambda: extinct_generations_with_delta(interval, sex, span, family),
        "after the growth balance": lambda: balance_then_generations(
            interval, sex, block.ages.growth_balance, span, family
        ),
    }
    for name, make in forms.items():
        try:
            yield name, make()
        except ValueError:  # the reason stands among the warnings of the result
            continue


def _treatments(pair: CensusPair) -> Iterator[tuple[bool, CensusInterval]]:
    if pair.interval.has_migration:
        yield True, pair.interval
    yield False, pair.interval.closed()


def _named(pair: CensusPair) -> str:
    place = f"{pair.table.place}, " if pair.table.place else ""
    return f"{place}{pair.table.sex}s, {pair.table.dates[0].year}-{pair.table.dates[1].year}"


def _cited(made: Estimates) -> str:
    ids = {block.source for block in made.case.settings.two_censuses.values()}
    return cited(made.case, ids, f"computed by dearth {__version__}")
