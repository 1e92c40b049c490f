"""Draw surveys from populations whose death rate is known and count how often the interval holds it.

Run: survey_coverage.py [SURVEYS]. It prints the table of docs/survey.md. The interval is that of the product:
the same function is called that `dearth estimate` calls.
"""

import sys

import numpy as np

from dearth.estimate.surveys.rates import DeathRate, Sample, death_rate
from dearth.numerics.random_streams import stream

CLUSTERS, HOUSEHOLDS, SIZE, RECALL = 30, 30, 5, 90
RATES = (0.5, 1.0, 2.0)  # deaths per 10,000 a day
LOSSY_RATE = 2.0  # mean risk per 10,000 a day where households dissolve or deaths are forgotten
SPREADS = (0.0, 0.5, 1.0)  # coefficient of variation of the clusters' rates; 0 = chance alone


def survey(rate: float, spread: float, rng: np.random.Generator) -> DeathRate:
    """Return the rate found in a survey of a population with the death rate `rate`, per 10,000 a day."""
    people = CLUSTERS * HOUSEHOLDS * SIZE
    cluster = np.repeat(np.arange(CLUSTERS), HOUSEHOLDS * SIZE)
    shape = 1 / spread**2 if spread else np.inf
    own = rate * rng.gamma(shape, 1 / shape, CLUSTERS) if spread else np.full(CLUSTERS, rate)
    day = rng.exponential(1e4 / np.maximum(own, 1e-9)[cluster])
    died = day < RECALL
    return death_rate(
        Sample(
            died.astype(float), np.where(died, day, RECALL), np.ones(people), cluster, np.zeros(people, int)
        )
    )


def lossy(loss: str, rng: np.random.Generator) -> DeathRate:
    """Return the rate found where households dissolve or deaths are forgotten; `true_rate` is the truth.

    Households have rates of their own (coefficient of variation 2). ``dissolved``: a household with two
    deaths or more is gone. ``forgotten``: a death is reported with the probability
    ``exp(-0.003 days)``, counted back from the interview.
    """
    people = CLUSTERS * HOUSEHOLDS * SIZE
    household = np.repeat(np.arange(CLUSTERS * HOUSEHOLDS), SIZE)
    own = LOSSY_RATE * rng.gamma(0.25, 4.0, CLUSTERS * HOUSEHOLDS)
    day = rng.exponential(1e4 / np.maximum(own, 1e-9)[household])
    died = day < RECALL
    kept = np.ones(people, bool)
    if loss == "dissolved":
        kept = (np.bincount(household, died) < 2)[household]
    if loss == "forgotten":
        died &= rng.random(people) < np.exp(-0.003 * (RECALL - np.minimum(day, RECALL)))
    time = np.where(died, day, RECALL)[kept]
    cluster = (household // HOUSEHOLDS)[kept]
    return death_rate(
        Sample(died[kept].astype(float), time, np.ones(len(time)), cluster, np.zeros(len(time), int))
    )


def true_rate() -> float:
    """Return deaths over person-time of the population of `lossy`: the most at risk die first."""
    shape, scale = 0.25, LOSSY_RATE * 4.0 / 1e4
    deaths = 1 - (1 + scale * RECALL) ** -shape
    time = ((1 + scale * RECALL) ** (1 - shape) - 1) / (scale * (1 - shape))
    return 1e4 * deaths / time


def losses(surveys: int) -> None:
    """Print how far the classic losses move the rate."""
    print("\n| loss | rate found / true rate | intervals that contain the rate |\n|---|---|---|")
    truth = true_rate()
    for loss in ("none", "dissolved", "forgotten"):
        rng = stream(1, "survey losses", loss)
        found = [lossy(loss, rng) for _ in range(surveys)]
        held = np.mean([one.rate.ends[0] <= truth <= one.rate.ends[1] for one in found])
        print(f"| {loss} | {np.mean([one.rate.median for one in found]) / truth:.2f} | {held:.1%} |")


def main(surveys: int) -> None:
    """Print a row for each rate and spread."""
    titles = (
        "deaths per 10,000 a day", "variation between clusters", "design effect, mean",
        "intervals that contain the rate", "width / rate",
    )  # fmt: skip
    print(f"| {' | '.join(titles)} |")
    print("|---|---|---|---|---|")
    for rate in RATES:
        for spread in SPREADS:
            rng = stream(1, "survey coverage", str(rate), str(spread))
            found = [survey(rate, spread, rng) for _ in range(surveys)]
            held = np.mean([one.rate.ends[0] <= rate <= one.rate.ends[1] for one in found])
            effect = np.mean([one.design_effect or np.nan for one in found])
            width = np.mean([one.rate.ends[1] - one.rate.ends[0] for one in found]) / rate
            print(f"| {rate} | {spread:.0%} | {effect:.1f} | {held:.1%} | {width:.2f} |")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    main(count)
    losses(count)
