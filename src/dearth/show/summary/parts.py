"""The parts of a one-page summary, each from the typed result of an estimator of records."""

from collections.abc import Iterator

from dearth._version import __version__
from dearth.case.problems import mistake
from dearth.case.schema_records import record_files
from dearth.estimate.birth_histories import BirthHistoriesResult
from dearth.estimate.dated_estimate import DatedEstimate
from dearth.estimate.dated_estimator import DatedResult
from dearth.estimate.estimates import Estimates
from dearth.estimate.indirect_questions import IndirectResult
from dearth.estimate.lists.lists_result import ListsResult, NamedLists
from dearth.estimate.record_estimators import RecordResult
from dearth.estimate.small_areas.small_area_result import SmallAreasResult
from dearth.estimate.surveys.estimates import CRUDE, UNDER_FIVE, SurveyEstimates, SurveyRate
from dearth.estimate.surveys.estimator import SurveysResult
from dearth.estimate.two_censuses import CensusPair, TwoCensusResult
from dearth.numerics.interval import Interval
from dearth.population.death_distribution import range_with_published_error, spread
from dearth.show.summary.area_parts import births_parts, districts_part, indirect_parts
from dearth.show.summary.content import Cell, Kind, Number, Part, Phrase, Summary, Table, count

MOST_ROWS = 12  # of a table, so that the page stays one page


def summary_of(made: Estimates) -> Summary:
    """Return the one-page summary of the records of a case.

    Raises
    ------
    CaseError
        When the case has no records that the summary speaks of.
    """
    parts = tuple(part for result in made.record_results for part in _parts(result))
    if not parts:
        raise mistake(
            made.case.name, "has no survey, lists, dated deaths, censuses, births, districts or "
            "indirect questions, and the one-page summary is of those; use dearth report",
        )  # fmt: skip
    settings, sources = made.case.settings, made.case.sources
    rows = [sources[one.source] for _, one in record_files(settings) if one.source in sources]
    who = [", ".join(filter(None, (row.get("author"), row.get("year"), row.get("title")))) for row in rows]
    return Summary(
        settings.title, settings.place, settings.window, parts, len(made.warnings), tuple(dict.fromkeys(who)),
        __version__, made.seed,
    )  # fmt: skip


def _parts(result: RecordResult) -> Iterator[Part]:
    if isinstance(result, SurveysResult):
        yield from map(_survey, result.surveys)
    if isinstance(result, DatedResult):
        for series in dict.fromkeys(one.series for one in result.estimates):
            yield _dated([one for one in result.estimates if one.series == series])
    if isinstance(result, ListsResult):
        yield from map(_lists, result.lists)
    if isinstance(result, TwoCensusResult):
        yield from map(_pair, result.pairs)
    if isinstance(result, SmallAreasResult):
        yield from map(districts_part, result.blocks)
    if isinstance(result, BirthHistoriesResult):
        yield from births_parts(result)
    if isinstance(result, IndirectResult):
        yield from indirect_parts(result)


def _survey(survey: SurveyEstimates) -> Part:
    crude, young = survey.whole(CRUDE), survey.whole(UNDER_FIVE)
    figures: list[tuple[Phrase, Cell]] = []
    if crude is not None:
        one = crude.estimate
        figures += [
            (Phrase("survey.deaths"), count(one.deaths)),
            (Phrase("survey.person_days"), count(one.person_days)),
            (Phrase("survey.clusters"), count(one.clusters)),
            (Phrase("survey.crude"), Number("rate", one.rate)),
        ]
    lost = None if crude is None or crude.model is None else crude.model.with_losses
    if lost is not None:
        figures.append((Phrase("survey.with_losses"), Number("rate", lost.rate)))
    if young is not None:
        figures.append((Phrase("survey.under_five"), Number("rate", young.estimate.rate)))
    if crude is not None and crude.estimate.design_effect is not None:
        figures.append(
            (Phrase("survey.design_effect"), Number("rate", Interval(crude.estimate.design_effect)))
        )
    figures += [*_probabilities(survey), *_excess(crude)]
    groups = [one for one in survey.rates if one.outcome == CRUDE and one.domain is not None]
    return Part("survey.heading", survey.title, tuple(figures), (*_groups(groups), _checks(survey)), (
        Phrase("survey.limits"), Phrase("survey.no_verdict"), Phrase("survey.not_ipc"),
    ))  # fmt: skip


def _probabilities(survey: SurveyEstimates) -> Iterator[tuple[Phrase, Cell]]:
    for outcome, key in ((CRUDE, "survey.p_crude"), (UNDER_FIVE, "survey.p_under_five")):
        found = next((one.model for one in survey.rates
                      if one.outcome == outcome and one.domain is None and one.model), None)  # fmt: skip
        if found is not None:
            chance = Number("percent", Interval(100 * found.p_above))
            yield Phrase(key, {"threshold": count(found.threshold)}), chance


def _excess(crude: SurveyRate | None) -> Iterator[tuple[Phrase, Cell]]:
    for one in () if crude is None else crude.excess:
        yield Phrase("survey.excess", {"baseline": one.title}), Number("estimate", one.excess_deaths)


def _groups(rates: list[SurveyRate]) -> Iterator[Table]:
    """Yield the table of groups: each once, the highest rate first."""
    once = list({one.domain: one for one in reversed(rates)}.values())
    once.sort(key=lambda one: -one.estimate.rate.median)
    if once:
        rows = tuple(
            (_group(one.domain or ""), count(one.estimate.deaths), Number("rate", one.estimate.rate))
            for one in once
        )
        yield Table("survey.groups", ("survey.group", "survey.deaths", "survey.rate"), rows[:MOST_ROWS],
                    max(0, len(rows) - MOST_ROWS))  # fmt: skip


def _group(domain: str) -> Cell:
    column, _, name = domain.partition(":")
    return Phrase(f"survey.{name}") if column == "sex" else name


def _checks(survey: SurveyEstimates) -> Table:
    rows = tuple(
        (Phrase(f"check.{one.name}"),
         Phrase("survey.points_of", {"score": count(one.score), "worst": count(one.worst)}))
        for one in survey.plausibility
    )  # fmt: skip
    return Table("survey.checks", ("survey.check", "survey.points"), rows)


def _dated(estimates: list[DatedEstimate]) -> Part:
    whole = [one for one in estimates if one.group.everybody] or estimates
    first = whole[0].excess
    rows = tuple(
        (Phrase(f"dated.{one.excess.method}") if one.group.everybody else f"{one.title}{one.group.words}",
         Number("estimate", one.excess.expected), Number("estimate", one.excess.excess),
         Number("percent", _hundredfold(one.excess.p_score)))
        for one in whole
    )  # fmt: skip
    columns = ("dated.baseline", "dated.expected", "dated.excess", "dated.p_score")
    dates = f"{first.window.start} / {first.window.end}"
    figures: tuple[tuple[Phrase, Cell], ...] = ((Phrase("dated.window"), dates),)
    if whole[0].group.everybody:
        figures = (*figures, (Phrase("dated.deaths"), count(first.deaths)))
    table = Table("dated.by_baseline", columns, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))
    return Part("dated.heading", whole[0].title, figures, (table,), (Phrase("dated.limits"),))


def _hundredfold(one: Interval) -> Interval:
    low, high = (None if end is None else 100 * end for end in (one.low, one.high))
    return Interval(100 * one.median, low, high, one.level)


def _ends(kind: Kind, low: float, high: float) -> Number:
    return Number(kind, Interval((low + high) / 2, low, high), only_ends=True)


def _lists(one: NamedLists) -> Part:
    made, block = one.estimates, one.block
    figures: list[tuple[Phrase, Cell]] = [
        (Phrase("lists.lists"), count(len(made.table.lists))), (Phrase("lists.seen"), count(made.table.seen)),
    ]  # fmt: skip
    notes = [Phrase("lists.limits")]
    found = made.range
    if found.low is None or found.high is None:
        notes.insert(0, Phrase("lists.no_range"))
    else:
        level = Phrase("lists.range", {"level": count(100 * found.level)})
        figures.append((level, _ends("estimate", found.low, found.high)))
    totals = [model.total.median for model in made.models]
    if len(totals) > 1:
        figures.append((Phrase("lists.models"), _ends("estimate", min(totals), max(totals))))
    shares = (("lists.false_matches", block.false_matches), ("lists.missed_matches", block.missed_matches))
    figures.append((Phrase("lists.odds_ratio"), _ends("rate", *block.odds_ratio)))
    figures += [(Phrase(key), _ends("percent", *(100 * end for end in ends))) for key, ends in shares]
    return Part("lists.heading", one.title, tuple(figures), (), tuple(notes))


def _pair(pair: CensusPair) -> Part:
    ends, wide = spread(pair.results), range_with_published_error(pair.results)
    dates = " / ".join(day.isoformat() for day in pair.table.dates)
    figures: list[tuple[Phrase, Cell]] = [(Phrase("censuses.dates"), dates)]
    notes = [Phrase("censuses.limits")]
    for key, found in (("censuses.spread", ends), ("censuses.with_error", wide)):
        if found is not None:
            figures.append((Phrase(key), _ends("percent", *(100 * end for end in found))))
    if ends is None:
        notes.insert(0, Phrase("censuses.no_method"))
    place = f", {pair.table.place}" if pair.table.place else ""
    sex = Phrase(f"survey.{pair.table.sex}")
    return Part("censuses.heading", f"{pair.title}{place}", ((Phrase("survey.group"), sex), *figures), (),
                tuple(notes))  # fmt: skip
