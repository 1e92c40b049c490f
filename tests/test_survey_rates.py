"""Rates of a cluster survey: published values, hand-made designs, and person-time by the published rules."""

import math
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED

pl = pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.problems import CaseError  # noqa: E402
from dearth.estimate.surveys.rates import DeathRate, Sample, death_rate  # noqa: E402
from dearth.population.person_time import UNKNOWN_DAY, Events, person_time  # noqa: E402

HAITI = SHARED / "evidence" / "live" / "haiti_2010" / "persons.csv"
haiti = pytest.mark.skipif(not HAITI.exists(), reason="the survey of Haiti 2010 is not beside the project")


def events(**given: float) -> Events:
    days = {"interview": 100.0, "born": math.nan, "joined": math.nan, "left": math.nan, "died": math.nan}
    return Events(**{name: np.array([value]) for name, value in (days | given).items()})


@pytest.mark.parametrize(
    ("given", "days", "deaths"),
    [
        ({}, 100, 0),
        ({"born": 40}, 60, 0),
        ({"joined": 30}, 70, 0),
        ({"born": -400}, 100, 0),
        ({"died": 61}, 61, 1),
        ({"left": 20}, 20, 0),
        ({"joined": 10, "left": 25}, 15, 0),
        ({"left": 20, "joined": 50}, 70, 0),  # both spells: 20 and 50
        ({"left": 20, "joined": 50, "died": 60}, 30, 1),
        ({"left": 20, "died": 60}, 20, 0),  # died outside: alive for the survey
        ({"born": 70, "died": 60}, 60, 1),  # a birth after death is void
        ({"joined": 70, "died": 60}, 60, 1),
        ({"born": 30, "died": 30}, 0, 1),
        ({"joined": UNKNOWN_DAY}, math.nan, 0),
        ({"joined": UNKNOWN_DAY, "died": 20}, math.nan, 1),
        ({"died": UNKNOWN_DAY}, math.nan, 1),
    ],
)
def test_person_time_is_exact_to_the_day(given: dict[str, float], days: float, deaths: int) -> None:
    found = person_time(events(**given))
    np.testing.assert_equal(found.days, np.array([float(days)]))
    assert found.deaths.tolist() == [deaths]


def column(data: "pl.DataFrame", name: str) -> np.ndarray:
    return data[name].cast(pl.Float64).fill_null(math.nan).to_numpy()


def haiti_events(data: "pl.DataFrame") -> Events:
    def day(event: str) -> np.ndarray:
        happened, when = column(data, event) == 1, column(data, f"{event}_day")
        return np.where(happened, np.where(np.isnan(when), UNKNOWN_DAY, when), math.nan)

    interview = column(data, "interview_day")
    return Events(interview, day("born"), day("joined"), day("left"), day("died"))


@pytest.fixture(scope="module")
def persons() -> "pl.DataFrame":
    if not HAITI.exists():
        pytest.skip("the survey of Haiti 2010 is not beside the project")
    data = pl.read_csv(HAITI, infer_schema_length=None)
    households = data.group_by("cluster").agg(pl.col("household").n_unique().alias("interviewed"))
    joined = data.join(households, on="cluster", maintain_order="left")
    return joined.with_columns(weight=228_425 / len(data) * 32 / pl.col("interviewed"))


def sample(data: "pl.DataFrame", outcome: np.ndarray, weighted: bool) -> Sample:
    weight = column(data, "weight") if weighted else np.ones(len(data))
    days = np.nan_to_num(column(data, "person_days"))
    return Sample(outcome, days, weight, data["cluster"].to_numpy(), np.zeros(len(data), int))


def test_person_time_of_haiti_is_that_of_its_authors_but_for_two_who_came_back_and_died(
    persons: "pl.DataFrame",
) -> None:
    """The authors' script follows two dead people to the interview; by the rules they end on their death."""
    mine, given = person_time(haiti_events(persons)), column(persons, "person_days")
    assert int(mine.deaths.sum()) == 164
    assert int(np.isnan(mine.days).sum()) == 37
    differ = np.flatnonzero(~((mine.days == given) | (np.isnan(mine.days) & np.isnan(given))))
    assert persons["household"].to_numpy()[differ].tolist() == [236, 2861]
    assert (given - mine.days)[differ].tolist() == [1, 18]
    assert np.nansum(given) == 3_033_828


def rounded(found: DeathRate, digits: int) -> tuple[float, float | None, float | None]:
    ends = [round(end, digits) for end in (found.rate.low or 0, found.rate.high or 0)]
    return round(found.rate.median, digits), ends[0], ends[1]


def test_haiti_without_weights(persons: "pl.DataFrame") -> None:
    crude = death_rate(sample(persons, column(persons, "died"), weighted=False))
    assert (crude.deaths, crude.person_days) == (164, 3_033_828)
    assert round(crude.rate.median, 7) == 0.5405712
    followed = persons.filter(pl.col("person_days").is_not_null())
    found = death_rate(sample(followed, column(followed, "died"), weighted=False))
    assert found.deaths == 161
    assert round(found.rate.median, 4) == 0.5307
    assert found.standard_error == pytest.approx(0.0633, abs=5e-5)
    assert found.design_effect == pytest.approx(2.28, abs=5e-3)


def test_haiti_with_weights(persons: "pl.DataFrame") -> None:
    followed = persons.filter(pl.col("person_days").is_not_null())
    found = death_rate(sample(followed, column(followed, "died"), weighted=True))
    assert rounded(found, 4)[0] == 0.5175
    assert rounded(found, 3)[1:] == (0.394, 0.641)
    assert found.standard_error == pytest.approx(0.0623, abs=5e-5)
    assert (round(found.design_effect or 0, 2), found.df, found.clusters) == (2.27, 104, 105)

    caused = (column(followed, "died_cause") == 1).astype(float)
    cholera = death_rate(sample(followed, caused, weighted=True))
    assert rounded(cholera, 4) == (0.3533, 0.2439, 0.4626)
    assert round(cholera.design_effect or 0, 2) == 2.60

    everyone = sample(followed, column(followed, "died"), weighted=True)
    under_five = death_rate(everyone, column(followed, "age") < 5)
    assert rounded(under_five, 4) == (0.6532, 0.3490, 0.9575)
    assert round(under_five.design_effect or 0, 2) == 1.11


def small(**changes: object) -> Sample:
    """Return 8 people in 4 clusters of 2 strata, one death in each stratum."""
    given: dict[str, object] = {
        "deaths": np.array([1.0, 0, 0, 0, 0, 1, 0, 0]), "person_days": np.full(8, 50.0),
        "weight": np.array([1.0, 1, 1, 1, 3, 3, 3, 3]), "cluster": np.repeat([0, 1, 2, 3], 2),
        "stratum": np.repeat([0, 1], 4),
    }  # fmt: skip
    return Sample(**(given | changes))  # type: ignore[arg-type]


def test_strata_and_weights_by_hand() -> None:
    """Of each stratum a rate of 1 in 200 days; between its clusters z = w (d - R t) / sum(w t)."""
    found = death_rate(small())
    total = 200 * 1 + 200 * 3
    assert found.rate.median == pytest.approx(10_000 * (1 + 3) / total)
    z = [w * (d - 100 / 200) / total for w, d in ((1, 1), (1, 0), (3, 1), (3, 0))]
    variance = 2 * sum((one - 0) ** 2 for one in z)  # n / (n - 1) = 2 clusters; means of z are 0
    assert found.standard_error == pytest.approx(10_000 * math.sqrt(variance))
    assert (found.clusters, found.df) == (4, 2)


def test_a_rate_per_10_000_a_day_is_3652_5_per_1000_a_year_over_100() -> None:
    found = death_rate(small())
    assert found.per_1000_year.median == pytest.approx(found.rate.median * 36.525)


def test_post_stratification_follows_the_known_population() -> None:
    """Two groups of known size: their weights no longer count, their sizes do."""
    groups = np.tile([0, 1], 4)
    found = death_rate(small(post_stratum=groups, post_totals=np.array([900.0, 100.0])))
    first, second = (1 * 1) / (50 * (2 + 6)), (3 * 1) / (50 * (2 + 6))
    assert found.rate.median == pytest.approx(10_000 * (0.9 * first + 0.1 * second))


def test_a_group_without_deaths_has_an_upper_limit() -> None:
    """Exact Poisson: 3.689 deaths are the upper limit of none."""
    found = death_rate(small(deaths=np.zeros(8)))
    assert (found.rate.median, found.rate.low, found.standard_error) == (0, 0, None)
    assert found.rate.high == pytest.approx(10_000 * 3.689 / 400, rel=1e-3)


def test_one_cluster_in_a_stratum_is_refused() -> None:
    with pytest.raises(CaseError, match=r"1 of 2 strata have one cluster.*join strata"):
        death_rate(small(stratum=np.array([0] * 6 + [1] * 2)))
    with pytest.raises(CaseError, match="the survey has one cluster"):
        death_rate(small(stratum=np.zeros(8, int), cluster=np.zeros(8, int)))
    with pytest.raises(CaseError, match="one cluster alone"):
        death_rate(small(), np.array([True] + [False] * 7))
    with pytest.raises(CaseError, match="no person-time"):
        death_rate(small(), np.zeros(8, bool))


def test_the_survey_of_haiti_is_read_from_beside_the_project_only() -> None:
    package = Path(__file__).parents[1]
    assert not [path for path in package.rglob("persons.csv") if "haiti" in str(path)]
