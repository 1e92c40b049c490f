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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
