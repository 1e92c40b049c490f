"""The first screen of the report: one sentence, three cards and how to cite; all computed from the result."""

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass

from dearth._version import __version__
from dearth.case import labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.choices import Choice
from dearth.estimate.estimates import Estimates
from dearth.estimate.one_estimate import Estimate
from dearth.numerics import number_words
from dearth.numerics.interval import Interval
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.show.language import Language
from dearth.show.ranges import ranges


@dataclass(frozen=True)
class Card:
    """A card of the first screen: a title and its sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Citation:
    """How a report is cited: as text and as BibTeX, with its date."""

    text: str
    bibtex: str
    licence: str


@dataclass(frozen=True)
class FirstScreen:
    """The answer in one sentence, what stands right below it, the cards and the citation."""

    sentence: str
    more: tuple[str, ...]
    cards: tuple[Card, ...]
    citation: Citation


def first_screen(made: Estimates, say: Language) -> FirstScreen:
    """Return the first screen in the language of `say`."""
    sentence, more = _answer(made, say)
    return FirstScreen(sentence, more, (_differ(made, say), _covers(made, say)), cite(made, say))


def printed(made: Estimates) -> list[ScenarioPosterior]:
    """Return the scenarios with a posterior that is printed."""
    return [] if made.posterior is None else made.posterior.printed


def _answer(made: Estimates, say: Language) -> tuple[str, tuple[str, ...]]:
    settings = made.case.settings
    of = {"place": say.name(settings.place), "window": settings.window}
    scenarios = printed(made)
    figures = [one.excess_deaths for one in scenarios if one.excess_deaths is not None]
    births = [one.birth_deficit.gross for one in scenarios if one.birth_deficit is not None]
    if len(figures) == 1:
        ends = dict(zip(("low", "high"), map(say.persons, figures[0].ends), strict=True))
        text = say("answer.scenario", median=say.persons(figures[0].median), **ends, **of)
        return text, _births(births, say)
    if figures:
        middle = [one.median for one in figures]
        text = say("answer.scenarios", **_pair(min(middle), max(middle), say), **of)
        outer = _pair(min(f.ends[0] for f in figures), max(f.ends[1] for f in figures), say)
        return text, (say("answer.intervals", many=len(figures), **outer), *_births(births, say))
    found = ranges(made)
    if not found:
        return made.answer[0] if made.answer else settings.title, made.answer[1:]
    low = min(one.low.excess_deaths.median for one in found)
    high = max(one.high.excess_deaths.median for one in found)
    gross = None if made.default is None else made.default.births.figures.gross
    return say("answer.registers", **_pair(low, high, say), **of), _births(
        [gross] if gross else [], say, "answer.deficit"
    )


def _pair(low: float, high: float, say: Language) -> dict[str, str]:
    return {"low": say.persons(low), "high": say.persons(high)}


def _births(figures: list[Interval], say: Language, key: str = "answer.births") -> tuple[str, ...]:
    if not figures:
        return ()
    middle = [one.median for one in figures]
    return (say(key, births=say.span(min(middle), max(middle))),)


def _differ(made: Estimates, say: Language) -> Card:
    lines = []
    for key, moved in (("registration", _registration), ("normal", _normal), ("method", _method)):
        found = span_of(made, moved)
        if len(found) > 1:
            ends = min(found), max(found)
            lines.append(say(f"card.differ.{key}", span=say.span(*ends), many=len(found)))
    if lines and made.default is not None:
        value = say.persons(made.default.excess_deaths.median)
        lines.append(say("card.differ.one", value=value))
    return Card(say("card.differ"), tuple(lines))


Same = Callable[[Choice, Choice], bool]


def span_of(made: Estimates, moved: Same) -> list[float]:
    """Return the excess deaths of the estimates that differ from the default in one assumption, or in none.

    Parameters
    ----------
    moved : whether a choice agrees with the default in all but the assumption that moves
    """
    if made.default is None:
        return []
    default = made.default.choice
    return [
        one.excess_deaths.median
        for one in made.estimates
        if one.in_range and _fixed(one, default) and moved(one.choice, default)
    ]


def _fixed(one: Estimate, default: Choice) -> bool:
    choice = one.choice
    return (
        choice.window.label == default.window.label
        and choice.transfer == default.transfer
        and choice.basis == default.basis
    )


def _registration(choice: Choice, default: Choice) -> bool:
    same = choice.method == default.method and choice.series == default.series
    return same and choice.baseline_name == default.baseline_name


def _normal(choice: Choice, default: Choice) -> bool:
    same = choice.method == default.method and choice.series == default.series
    return same and choice.completeness.label == default.completeness.label


def _method(choice: Choice, default: Choice) -> bool:
    as_default = choice.completeness.label == default.completeness.label
    full = choice.series != default.series and choice.completeness.full
    return (as_default or full) and choice.baseline_name == default.baseline_name


def _covers(made: Estimates, say: Language) -> Card:
    scenarios = printed(made)
    if not scenarios:
        return Card(say("card.interval"), (say("card.interval.registers"),))
    lines = [say("card.interval.scenario")]
    record = scenarios[0].trial_record
    if record is None:
        lines.append(say("card.interval.untried"))
    else:
        lines.append(say("card.interval.trials", held=record.held, windows=record.windows,
                         warned=record.held_or_warned))  # fmt: skip
        if record.displaced_windows:
            lines.append(say("card.interval.displaced", held=record.displaced_held,
                             windows=record.displaced_windows,
                             warned=record.displaced_held_or_warned))  # fmt: skip
        lines.append(say("card.interval.not_covered", what=say.name(record.not_covered)))
    return Card(say("card.interval"), tuple(lines))


def cite(made: Estimates, say: Language) -> Citation:
    """Return how the report is cited: version, date, case and the hash of its inputs."""
    settings, day = made.case.settings, report_date()
    sha = made.case.sha256[:12]
    text = say("cite.text", version=__version__, date=day.isoformat(), title=settings.title,
               window=settings.window, sha=sha)  # fmt: skip
    bibtex = (
        f"@misc{{dearth-{made.case.name},\n  title = {{{settings.title}: excess deaths {settings.window}}},\n"
        f"  author = {{{{dearth {__version__}}}}},\n  year = {{{day.year}}},\n"
        f"  note = {{report of {day.isoformat()}, inputs {sha}, seed {made.seed}}}\n}}"
    )
    licence = settings.licence or "not stated"
    return Citation(text, bibtex, say("card.cite.licence", licence=licence))


def report_date() -> datetime.date:
    """Return the day of the report: of SOURCE_DATE_EPOCH where it is set, else today."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    if stamp.isdigit():
        return datetime.datetime.fromtimestamp(int(stamp), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()


def default_in_words(made: Estimates) -> str:
    """Return what the default estimate assumes and what it gives; empty without one."""
    if made.default is None:
        return ""
    words = assumption_text(made.default.choice, labels.of(made.case))
    return f"{words}: {number_words.persons(made.default.excess_deaths.median)}"
