"""Parts of a one-page summary from small areas, birth histories and indirect questions."""

import re
from math import isfinite

from dearth.estimate.birth_histories import BirthHistoriesResult, PeriodMortality
from dearth.estimate.indirect_questions import IndirectEstimate, IndirectResult
from dearth.estimate.small_areas.small_area_result import SmallAreaEstimates
from dearth.numerics.interval import Interval
from dearth.show.summary.content import Cell, Number, Part, Phrase, Table, count

MOST_DISTRICTS, MOST_AGES = 10, 12


def districts_part(block: SmallAreaEstimates) -> Part:
    """Return deaths, excess deaths, the districts with the highest rates, and those to survey next."""
    first, places = block.totals[0], block.inputs.cells.places
    figures: list[tuple[Phrase, Cell]] = [
        (Phrase("districts.surveys"), count(len(block.inputs.rows))),
        (Phrase("districts.deaths"), Number("estimate", first.deaths)),
    ]
    figures += [
        (Phrase("districts.excess", {"normal": title}), Number("estimate", excess))
        for _, title, excess in first.excess
    ]
    for one in (one for one in block.groups if one.place is None):
        figures.append((Phrase("districts.group", {"group": one.group}), Number("estimate", one.deaths)))
        figures.append((Phrase("districts.group_rate", {"group": one.group}), Number("rate", one.rate)))
    if block.next_surveys:
        names = ", ".join(one.place for one in block.next_surveys)
        figures.append((Phrase("districts.next"), names))
    ordered = sorted(block.districts, key=lambda one: -one.rate.median)
    rows = tuple(
        (places[one.place], Number("rate", one.rate), Number("percent", Interval(100 * one.p_above_2)))
        for one in ordered
    )
    columns = ("districts.district", "districts.rate", "districts.above")
    table = Table("districts.table", columns, rows[:MOST_DISTRICTS], max(0, len(rows) - MOST_DISTRICTS))
    notes = (Phrase("districts.limits"), Phrase("survey.not_ipc"))
    return Part("districts.heading", block.title, tuple(figures), (table,), notes)


def births_parts(result: BirthHistoriesResult) -> list[Part]:
    """Return a part for each file of births: under-five and infant mortality of each period."""
    found = []
    for name in dict.fromkeys(one.name for one in result.rates):
        mine = {(one.months_before, one.measure): one for one in result.rates if one.name == name}
        rows = tuple(
            (f"{young.start:.1f} - {young.end:.1f}", _rate(young), _rate(mine[before, "infant"]))
            for (before, measure), young in mine.items() if measure == "under_five"
        )  # fmt: skip
        columns = ("births.period", "births.under_five", "births.infant")
        title = next(iter(mine.values())).title
        found.append(Part("births.heading", title, (), (Table("births.table", columns, rows),),
                          (Phrase("births.limits"),)))  # fmt: skip
    return found


def _rate(one: PeriodMortality) -> Number:
    return Number("estimate", one.deaths_per_1000)


def indirect_parts(result: IndirectResult) -> list[Part]:
    """Return a part for each question: its figures by age, with the years to which they refer."""
    found = []
    for name in dict.fromkeys(one.name for one in result.estimates):
        mine = [one for one in result.estimates if one.name == name]
        rows = tuple((_measure(one), _figure(one), _year(one)) for one in mine)
        columns = ("indirect.measure", "indirect.figure", "indirect.year")
        table = Table("indirect.table", columns, rows[:MOST_AGES], max(0, len(rows) - MOST_AGES))
        found.append(Part("indirect.heading", mine[0].title, (), (table,), (Phrase("indirect.limits"),)))
    return found


def _measure(one: IndirectEstimate) -> Phrase:
    """Return what an estimate is: of ``q(5)`` deaths before age 5, of ``l(60)/l(25)`` survival."""
    if one.kind == "household_deaths":
        return Phrase("indirect.completeness")
    ages = re.findall(r"\d+", one.measure)
    if one.kind == "children":
        return Phrase("indirect.children", {"age": ages[0]})
    return Phrase("indirect.adults", {"start": ages[1], "end": ages[0]})


def _figure(one: IndirectEstimate) -> Number:
    if one.kind == "children":
        return Number("estimate", Interval(1000 * one.value))
    return Number("percent", Interval(100 * one.value))


def _year(one: IndirectEstimate) -> Cell:
    return f"{one.year:.1f}" if isfinite(one.year) else Phrase("page.not_shown")
