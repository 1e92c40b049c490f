"""What a survey says by month: rates as reported and with recall that fades, a forecast, and its score."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from dearth.estimate.surveys.cluster_model import summary
from dearth.estimate.surveys.monthly_model import (
    DECAYS,
    FEWEST_EFFECTIVE,
    PER_DAY,
    MonthlyDraws,
    Parts,
    monthly_draws,
)
from dearth.estimate.surveys.persons import Persons
from dearth.estimate.surveys.rates import DeathRate
from dearth.estimate.surveys.recall_spans import SPAN, RecallSpans, recall_spans
from dearth.numerics.interval import Floats, Interval
from dearth.numerics.random_streams import stream

FEWEST_PARTS, FEWEST_DEATHS = 3, 20  # without which months say hardly more than the prior (assumed)
AHEAD = 3  # parts of 30 days that are forecast


@dataclass(frozen=True)
class MonthRate:
    """One part of the recall.

    Attributes
    ----------
    start, end : first and last day as dates, or days since the start of recall as text
    rate : per 10,000 a day, as reported
    rate_recall : the same if reports fade
    """

    start: str
    end: str
    deaths: int
    person_days: float
    rate: Interval
    rate_recall: Interval


@dataclass(frozen=True)
class HeldOutMonth:
    """A part of the recall that was forecast from those before it.

    Attributes
    ----------
    forecast : of the rate that the survey then reported, sampling error with it
    found : what it reported
    """

    start: str
    forecast: Interval
    found: float
    inside: bool


@dataclass(frozen=True)
class MonthlyRates:
    """The rates of a survey by month.

    Attributes
    ----------
    forecast : rates of the next parts of 30 days, as reported
    decay : of recall, a day: its posterior
    whole_recall : rate of the whole recall if reports fade
    held_out : parts forecast from those before
    """

    months: tuple[MonthRate, ...]
    forecast: tuple[Interval, ...]
    decay: Interval
    whole_recall: Interval
    held_out: tuple[HeldOutMonth, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The months as they stand in the JSON document."""
        return {
            "months": [
                {**vars(one), "rate": one.rate.document(), "rate_recall": one.rate_recall.document()}
                for one in self.months
            ],
            "forecast": [one.document() for one in self.forecast],
            "recall_decay": self.decay.document(), "rate_recall": self.whole_recall.document(),
            "held_out": [{**vars(one), "forecast": one.forecast.document()} for one in self.held_out],
        }  # fmt: skip


def monthly_rates(
    name: str, persons: Persons, start: date | None, crude: DeathRate, seed: int
) -> MonthlyRates | str:
    """Return the rates by month, or why there are none.

    Parameters
    ----------
    crude : the rate of the whole recall, whose design effect is taken for every month
    """
    spans = recall_spans(persons, start)
    if spans is None:
        return "the file has no days of deaths and interviews"
    if len(spans.deaths) < FEWEST_PARTS:
        return f"the recall has fewer than {FEWEST_PARTS} months"
    if spans.deaths.sum() < FEWEST_DEATHS:
        return f"fewer than {FEWEST_DEATHS} deaths have a day"
    effect = max(1.0, crude.design_effect or 1.0)
    parts = _parts(spans, effect)
    later = parts.middle[-1] + np.arange(1, AHEAD + 1)
    plain = monthly_draws(parts, later, (0.0,), stream(seed, "survey months", name))
    faded = monthly_draws(parts, later[:0], DECAYS, stream(seed, "survey recall", name))
    worth = min(plain.effective, faded.effective)
    if worth < FEWEST_EFFECTIVE:
        return f"the posterior is not known well enough ({worth:.0f} effective draws)"
    days = spans.dates(start) or [(f"{a:g}", f"{b:g}") for a, b in pairwise(spans.edges)]
    months = tuple(
        MonthRate(first, last, int(spans.deaths[at]), float(spans.person_days[at]), _rate(plain, at),
                  _rate(faded, at))
        for at, (first, last) in enumerate(days)
    )  # fmt: skip
    share = spans.person_days / spans.person_days.sum()
    return MonthlyRates(
        months, tuple(summary(np.exp(plain.later[:, at])) for at in range(AHEAD)), summary(faded.decay),
        summary(np.exp(faded.log_rates) @ share),
        tuple(_held_out(spans, parts, at, days[at][0], seed) for at in range(FEWEST_PARTS, len(days))),
    )  # fmt: skip


def _parts(spans: RecallSpans, effect: float) -> Parts:
    time = spans.person_days / effect
    middle = (spans.edges[1:] + spans.edges[:-1]) / 2 / SPAN
    return Parts(spans.rate * time, time, middle, spans.before)


def _rate(draws: MonthlyDraws, at: int) -> Interval:
    return summary(np.exp(draws.log_rates[:, at]))


def _held_out(spans: RecallSpans, parts: Parts, at: int, first: str, seed: int) -> HeldOutMonth:
    """Forecast one part from those before it; the forecast has the sampling error of the part."""
    before = Parts(*(getattr(parts, one)[:at] for one in ("deaths", "person_days", "middle", "before")))
    rng = stream(seed, "survey held out", str(at))
    drawn = monthly_draws(before, parts.middle[at : at + 1], (0.0,), rng)
    mean = np.exp(drawn.later[:, 0]) * parts.person_days[at] / PER_DAY
    forecast = summary(_reported(mean, parts.person_days[at], rng))
    found = PER_DAY * float(spans.rate[at])
    low, high = forecast.ends
    return HeldOutMonth(first, forecast, found, bool(low <= found <= high))


def _reported(mean: Floats, person_days: float, rng: np.random.Generator) -> Floats:
    """Return rates that a survey with the expected effective deaths `mean` would report."""
    return np.asarray(PER_DAY * rng.poisson(mean) / person_days)
