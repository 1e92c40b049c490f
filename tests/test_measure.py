"""What to measure next: against Gaussians in closed form and by hand, and as the report shows it."""

import io
import json
from dataclasses import asdict, replace
from importlib.resources import files
from typing import Any

import jsonschema
import numpy as np
import pytest
from rich.console import Console

import dearth
from dearth.case.labels import KINDS, Labels, readable
from dearth.reconstruction.candidate_measurements import BROAD, CANDIDATES, Candidate, When
from dearth.reconstruction.value_of_measurements import (
    Result,
    log_bayes_factor,
    misled,
    narrowing,
    result,
    settling,
    share_removed,
    what_to_measure_next,
    width_reweighted,
)
from dearth.show.charts import chart_svg, charts
from dearth.show.report import render_report
from dearth.show.terminal import print_scenarios

DRAWS = 20_000
WHEN = When(tuple(range(1951, 1961)), np.array([0, 0, 0, 1, 1, 1, 0, 0, 0, 0], float))
rng = np.random.default_rng(5)
PAIR = rng.multivariate_normal([10, 1], [[4, 1.2], [1.2, 1]], DRAWS)  # toll, and what is measured
TRIPLE = rng.multivariate_normal([0, 0, 0], [[2, 0.8, 0.5], [0.8, 1, 0.3], [0.5, 0.3, 1]], DRAWS)


def scalar(error: float = 0.5, name: str = "scalar", key: str = "y") -> Candidate:
    return Candidate(name, "y, measured", (key,), lambda seen, when: seen[key], "1", error, "assumed")


def found(shown: Any, noise: Any) -> Result:
    shown = np.asarray(shown, float)
    return Result(shown.reshape(len(shown), -1), np.atleast_2d(noise))


def test_a_gaussian_is_narrowed_by_the_exact_share() -> None:
    exact = 1.2**2 / (4 * (1 + 0.25))
    assert share_removed(PAIR[:, 0], found(PAIR[:, 1], 0.25)) == pytest.approx(exact, abs=0.01)
    covariance, both = np.array([0.8, 0.5]), np.array([[1.1, 0.32], [0.32, 1.1]])
    exact = covariance @ np.linalg.inv(both) @ covariance / 2
    noise = [[0.1, 0.02], [0.02, 0.1]]
    assert share_removed(TRIPLE[:, 0], found(TRIPLE[:, 1:], noise)) == pytest.approx(exact, abs=0.01)


def test_the_width_after_agrees_with_reweighting() -> None:
    row = narrowing({"excess": PAIR[:, 0], "y": PAIR[:, 1]}, WHEN, [scalar()])[0]
    assert row.width_now == pytest.approx(2 * 1.645 * 2, rel=0.02)
    assert row.width_after == pytest.approx(row.width_now * np.sqrt(1 - row.share_removed))
    assert row.width_reweighted == pytest.approx(row.width_after, rel=0.03)
    few = found(PAIR[:100, 1], 0.01)
    assert width_reweighted(PAIR[:100, 0], few) is None  # a handful of effective draws says nothing


def test_reweighting_sees_what_a_straight_line_does_not() -> None:
    y = rng.standard_normal(DRAWS)
    toll = y**2
    shown = found(y, 0.01)
    assert share_removed(toll, shown) < 0.02
    full = np.diff(np.quantile(toll, [0.05, 0.95]))[0]
    narrowed = width_reweighted(toll, shown)
    assert narrowed is not None
    assert narrowed < 0.3 * full


def test_a_larger_error_never_narrows_more() -> None:
    shares = [share_removed(PAIR[:, 0], found(PAIR[:, 1], sd**2)) for sd in (0.01, 0.1, 0.5, 1, 3, 10)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.01
    factors = [
        log_bayes_factor(found(PAIR[:, 1], 0.04), found(PAIR[:, 1] + 3, 0.04), times)
        for times in (1, 2, 4, 8)
    ]
    assert factors == sorted(factors, reverse=True)


def test_what_is_unrelated_narrows_nothing() -> None:
    noise = rng.standard_normal((DRAWS, 6))
    assert share_removed(PAIR[:, 0], found(noise, 0.01 * np.eye(6))) == pytest.approx(0, abs=0.002)
    assert share_removed(np.full(50, 3.0), found(noise[:50], 0.01 * np.eye(6))) == 0  # a toll that is known


def test_chance_fits_are_taken_off() -> None:
    by_chance = [
        share_removed(rng.standard_normal(200), found(rng.standard_normal((200, 20)), 1e-6 * np.eye(20)))
        for _ in range(50)
    ]
    assert np.mean(by_chance) < 0.03  # uncorrected 20 / 199


def test_by_hand() -> None:
    toll, shown = np.array([0.0, 1, 2, 3]), np.array([0.0, 0, 2, 2])
    # variances 5/3 and 4/3, covariance 4/3; error variance 2/3: raw share (16/9)/(2)/(5/3) = 8/15
    raw, free = 8 / 15, 2 / 3
    by_hand = 1 - (1 - raw) * 3 / (3 - free)
    assert share_removed(toll, found(shown, 2 / 3)) == pytest.approx(by_hand)
    # means 0 and 2, variances 1 with 1 of error and 2 with 1: under the first (2/3 - 1 + 4/3 + log(3/2)) / 2,
    # under the second (3/2 - 1 + 4/2 - log(3/2)) / 2; the smaller stands
    one, two = np.array([-1.0, 0, 1]), np.array([2 - np.sqrt(2), 2, 2 + np.sqrt(2)])
    under = (2 / 3 - 1 + 4 / 3 + np.log(1.5)) / 2, (1.5 - 1 + 2 - np.log(1.5)) / 2
    assert log_bayes_factor(found(one, 1), found(two, 1)) == pytest.approx(min(under))


def test_readings_alike_are_not_told_apart_and_order_does_not_matter() -> None:
    here, there = found(PAIR[:, 1], 0.25), found(PAIR[:, 1] + 1.5, 0.25)
    assert log_bayes_factor(here, here) == pytest.approx(0, abs=1e-12)
    assert misled(here, here) == pytest.approx(0.5)
    assert log_bayes_factor(here, there) == pytest.approx(log_bayes_factor(there, here))
    assert misled(here, there) == misled(there, here)
    # equal variances 1.25: half the squared distance; misled beyond half the way
    assert log_bayes_factor(here, there) == pytest.approx(1.5**2 / 1.25 / 2, rel=0.03)
    assert misled(here, there) == pytest.approx(0.251, abs=0.01)


def test_the_error_allowed_is_where_very_strong_ends() -> None:
    first, second = {"y": PAIR[:, 1]}, {"y": PAIR[:, 1] + 8}
    row = settling(first, second, ("a", "b"), WHEN, [scalar(0.5)])[0]
    # 64 / (1 + 0.25 t^2) / 2 = 5 at t = 4.65
    assert row.error_allowed == pytest.approx(4.65, rel=0.03)
    assert row.expected["b"].mean[0] - row.expected["a"].mean[0] == pytest.approx(8)
    assert settling(first, first, ("a", "b"), WHEN, [scalar()])[0].error_allowed is None


def test_what_is_not_kept_is_listed_with_the_reason() -> None:
    seen = {"excess": PAIR[:, 0], "y": PAIR[:, 1]}
    candidates = [scalar(name="lacking", key="z"), scalar(5.0, "poor"), scalar(0.1, "good")]
    rows = narrowing(seen, WHEN, candidates)
    assert [row.name for row in rows] == ["good", "poor", "lacking"]
    assert rows[-1].not_computed == "the reconstruction does not keep z"
    between = settling(seen, {**seen, "y": PAIR[:, 1] + 1}, ("a", "b"), WHEN, candidates)
    assert [row.name for row in between] == ["good", "poor", "lacking"]
    infinite = {"excess": PAIR[:, 0], "y": np.where(PAIR[:, 1] > 3, np.inf, PAIR[:, 1])}
    assert "not a number" in narrowing(infinite, WHEN, [scalar()])[0].not_computed
    at_once = When((1951,), np.array([1.0]))
    assert result(scalar(), seen, at_once) == "no year before the crisis is reconstructed"
    with pytest.raises(ValueError, match="errors must be positive"):
        scalar(0.0)


def kept(shift: float, draws: int = 400) -> dict[str, Any]:
    """Every quantity a candidate may need, of the shapes `observe` keeps."""
    years, some = len(WHEN.years), np.random.default_rng(7)

    def around(mean: float, *shape: int) -> Any:
        return mean * np.exp(0.05 * some.standard_normal((draws, *shape)))

    return {
        "excess": around(2e6 * (1 + shift)), "completeness_crisis": around(0.6 + 0.2 * shift),
        "completeness_normal": around(0.7), "birth_completeness": around(0.9),
        "crisis_deaths_by_age": around(1e5, 19), "before_deaths_by_age": around(5e4, 19),
        "prompt": around(1e6, years), "late": around(1e4, years), "struck": around(1e4, years),
        "normal_deaths": around(9e5, years), "people": around(5e7, years), "births": around(2e6, years),
        "alive_at_five": np.minimum(around(0.8, years - 4), 0.99),
        "adults_surviving": np.minimum(around(0.9), 0.99), "counted_ages": around(5e5, 101),
        "false_entries_removed": around(1e5, years), "migration": around(1e4),
    }  # fmt: skip


def test_every_declared_candidate_is_computed_from_what_it_needs() -> None:
    seen = kept(0.0)
    rows = narrowing(seen, WHEN)
    assert len(rows) == len(CANDIDATES) == len({candidate.name for candidate in CANDIDATES})
    assert [row for row in rows if row.not_computed is not None] == []
    for candidate in CANDIDATES:
        assert candidate.why.startswith("assumed")
        needs = {key: seen[key] for key in candidate.needs}
        assert not isinstance(result(candidate, needs, WHEN), str)  # it asks for nothing it does not name
    by_name = {row.name: row for row in settling(seen, kept(1.0), ("a", "b"), WHEN)}
    assert by_name["crisis_deaths_matched"].log_bayes_factor > by_name["births_matched"].log_bayes_factor
    rise = by_name["checked_area"].expected["a"].mean
    assert rise == pytest.approx([np.log(2)] * 6, abs=0.01)
    json.dumps([asdict(row) for row in (*rows, *by_name.values())], allow_nan=False)


def test_broad_ages_begin_where_they_say() -> None:
    first_ages = (0, 1, *range(5, 90, 5))  # of deaths by age as kept
    assert [first_ages[at] for at in BROAD] == [0, 5, 10, 15, 40, 60]


def test_shown_where_computed_and_absent_where_not() -> None:
    result = dearth.load("china-1958").estimate(quick=True)
    assert result.posterior is not None
    plain = Labels({kind: {} for kind in KINDS})
    names = tuple(scenario.name for scenario in result.posterior.scenarios)
    bare = [replace(scenario, measurements=[]) for scenario in result.posterior.scenarios]
    without = replace(result, posterior=replace(result.posterior, scenarios=bare, settling=[]))
    assert without.posterior is not None
    assert what_to_measure_next(without.posterior, plain) == []
    assert "reconstruction_measure" not in {chart.key for chart in charts(without)}
    assert "looked for in the register" not in render_report(without, interactive=False, drawn=[])

    measured = [
        replace(scenario, measurements=narrowing(kept(shift), WHEN)) for shift, scenario in enumerate(bare)
    ]
    settled = settling(kept(0), kept(1), (names[0], names[1]), WHEN, CANDIDATES[:2])
    posterior = replace(result.posterior, scenarios=measured, settling=settled)
    result = replace(result, posterior=posterior)
    lines = what_to_measure_next(posterior, plain)
    starts = [f"'{readable(name)}': the measurement" for name in names]
    between = f"Between '{readable(names[0])}' and '{readable(names[1])}' "
    assert [line[: len(start)] for line, start in zip(lines, [*starts, between], strict=True)] == [
        *starts, between,
    ]  # fmt: skip
    chart = {chart.key: chart for chart in charts(result)}["reconstruction_measure"]
    assert {row["scenario"] for row in chart.rows} == {*names, " and ".join(names[:2])}
    assert chart_svg(chart).startswith("<svg")
    page = render_report(result, interactive=False, drawn=[])
    assert "What to measure next" in page
    assert "4,000 births looked for in the register" in page
    schema = json.loads(files("dearth").joinpath("schemas", "estimate-v1.json").read_text())
    jsonschema.validate(json.loads(json.dumps(result.document)), schema)
    console = Console(file=io.StringIO(), record=True, width=200)
    print_scenarios(console, result)
    assert "the measurement that narrows excess deaths most is" in console.export_text()
