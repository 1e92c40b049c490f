"""Parts of a one-page summary from small areas and from birth histories."""

from dearth.estimate.birth_histories import BirthHistoriesResult, PeriodMortality
from dearth.estimate.small_areas.small_area_result import SmallAreaEstimates
from dearth.numerics.interval import Interval
from dearth.show.summary.content import Cell, Number, Part, Phrase, Table, count

MOST_DISTRICTS = 10


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
