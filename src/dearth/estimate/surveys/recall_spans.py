"""A survey's deaths and person-time by parts of the recall: calendar months, or 30 days without a date."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import Flags, Indices
from dearth.numerics.interval import Floats

SPAN = 30  # days of a part where the recall has no date
LEAST = 0.3  # of the mean person-time of a part: a smaller one at an end joins its neighbour (assumed)


@dataclass(frozen=True)
class RecallSpans:
    """Deaths and person-time of M parts of the recall.

    Attributes
    ----------
    edges : first day of each part and the end of the last, days since the start of recall (M + 1,)
    deaths : deaths in each part, without weights (M,)
    rate : weighted deaths over weighted person-days in each part (M,)
    person_days : without weights (M,)
    before : days from the middle of the time at risk to the interview, mean (M,)
    """

    edges: Floats
    deaths: Floats
    rate: Floats
    person_days: Floats
    before: Floats

    def dates(self, start: date | None) -> list[tuple[str, str]] | None:
        """Return first and last day of each part, None where the recall has no date."""
        if start is None:
            return None
        first = [start + timedelta(days=int(edge)) for edge in self.edges]
        return [(a.isoformat(), (b - timedelta(days=1)).isoformat()) for a, b in pairwise(first)]


def recall_spans(persons: Persons, start: date | None) -> RecallSpans | None:
    """Return the parts of the recall; None where the file has no days of events.

    A person who left and came back counts from the first day to the last; the days away are few in a month.

    Parameters
    ----------
    start : first day of recall, for calendar months
    """
    if persons.start is None or persons.end is None or persons.interview is None:
        return None
    known = np.isfinite(persons.start) & np.isfinite(persons.end)
    first, last = persons.start[known], persons.end[known]
    weight, died = persons.weight[known], persons.deaths[known]
    interview = persons.interview[known]
    edges = _edges(float(last.max()), start)
    time = np.stack([
        np.clip(np.minimum(last, b) - np.maximum(first, a), 0, None) for a, b in pairwise(edges)
    ])  # fmt: skip
    edges, time = _joined(edges, time)
    part = _part(edges, last)
    deaths = np.bincount(part, died, len(edges) - 1).astype(float)
    weighted = np.bincount(part, died * weight, len(edges) - 1)
    middle = (edges[1:] + edges[:-1]) / 2
    before = np.array([
        np.average(np.maximum(interview - at, 0), weights=row) if row.sum() > 0 else 0.0
        for at, row in zip(middle, time, strict=True)
    ])  # fmt: skip
    return RecallSpans(edges, deaths, weighted / np.maximum(time @ weight, 1e-9), time.sum(1), before)


def spans_of_group(persons: Persons, inside: Flags, edges: Floats) -> tuple[Floats, Floats, Floats]:
    """Return deaths, weighted rate a day and person-time of a group by part of the recall, (M,) each.

    Parameters
    ----------
    inside : persons of the group (N,)
    edges : of the parts, as `RecallSpans` has them
    """
    assert persons.start is not None
    assert persons.end is not None
    known = inside & np.isfinite(persons.start) & np.isfinite(persons.end)
    first, last = persons.start[known], persons.end[known]
    weight, died = persons.weight[known], persons.deaths[known]
    time = np.stack([
        np.clip(np.minimum(last, b) - np.maximum(first, a), 0, None) for a, b in pairwise(edges)
    ])  # fmt: skip
    part, size = _part(edges, last), len(edges) - 1
    deaths, weighted = np.bincount(part, died, size), np.bincount(part, died * weight, size)
    return deaths.astype(float), weighted / np.maximum(time @ weight, 1e-9), time.sum(1)


def _part(edges: Floats, last: Floats) -> Indices:
    """Return the part in which each last day lies."""
    return np.clip(np.searchsorted(edges, last, side="right") - 1, 0, len(edges) - 2)


def _edges(length: float, start: date | None) -> Floats:
    """Return the first day of each month of the recall, or every 30th day, and its end."""
    if start is None:
        count = max(1, round(length / SPAN))
        return np.append(np.arange(count) * float(SPAN), length)
    edges, day = [0.0], start
    while True:
        day = day.replace(day=1) + timedelta(days=calendar.monthrange(day.year, day.month)[1])
        at = float((day - start).days)
        if at >= length:
            return np.array([*edges, length])
        edges.append(at)


def _joined(edges: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Join short parts at both ends with their neighbours."""
    while len(time) > 1 and time[0].sum() < LEAST * time.sum() / len(time):
        time = np.vstack([time[0] + time[1], time[2:]])
        edges = np.delete(edges, 1)
    while len(time) > 1 and time[-1].sum() < LEAST * time.sum() / len(time):
        time = np.vstack([time[:-2], time[-2] + time[-1]])
        edges = np.delete(edges, -2)
    return edges, time
