"""Populations with known registration, and how the methods for two censuses do on them."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.cli import app
from dearth.population.death_distribution import METHODS
from dearth.trials.census_pairs import AGES, SETTINGS, _year, known_pair
from dearth.trials.census_trials import all_census_trials, census_trials, markdown
from test_two_censuses import new, table, written

PAGE = Path(__file__).parents[1] / "docs" / "completeness.md"
EXACT = SETTINGS[0]


def test_a_population_has_its_own_stream_and_a_known_truth() -> None:
    one, again, other = known_pair(EXACT, 1, 4), known_pair(EXACT, 1, 4), known_pair(EXACT, 1, 5)
    assert one.completeness == again.completeness != other.completeness
    assert np.array_equal(one.interval.deaths, again.interval.deaths)
    assert 0.3 <= one.completeness <= 1


def test_people_and_deaths_of_a_year_balance() -> None:
    people = np.linspace(1000.0, 1.0, AGES)
    after, dying = _year(people, np.full(AGES, 0.05), births=900.0)
    assert after.sum() == pytest.approx(people.sum() + 900.0 - dying.sum())
    assert dying.sum() == pytest.approx((1 - np.exp(-0.05)) * people.sum())


def test_methods_are_nearly_exact_where_nothing_is_wrong() -> None:
    found = census_trials(EXACT, populations=40, seed=2)
    assert all(abs(error) < 0.04 for error in found.error.values())
    assert set(found.within.values()) == {1.0}
    assert found.wide_holds == 1.0
    assert found.spread_holds < 0.9  # the methods share an error: their spread is no interval
    assert found.refused == 0


def test_wrong_records_make_larger_errors() -> None:
    settings = {setting.name: setting for setting in SETTINGS}
    exact = census_trials(EXACT, populations=40, seed=2)
    bad = census_trials(settings["all"], populations=40, seed=2)
    assert bad.spread_width > 2 * exact.spread_width
    assert min(bad.within.values()) < min(exact.within.values())
    assert bad.wide_holds >= bad.spread_holds


@pytest.mark.slow
def test_the_table_of_the_page_is_what_the_trials_give() -> None:
    table = markdown(all_census_trials(1000, seed=1))
    assert table in PAGE.read_text(encoding="utf-8")


def test_recover_tries_a_case_of_two_censuses(tmp_path: Path) -> None:
    file = written(tmp_path, table(("male",)))
    assert new(tmp_path, file)[0] == 0
    case, out = str(tmp_path / "made"), tmp_path / "trials"
    found = CliRunner().invoke(
        app, ["recover", case, "--replicates", "5", "--json", "--out", str(out)], catch_exceptions=False
    )
    document = json.loads(found.stdout)
    assert document["schema"] == "dearth/recover-two-censuses/v1"
    assert (document["years"], document["open_age"]) == (5, 85)
    assert [one["name"] for one in document["settings"]] == [setting.name for setting in SETTINGS]
    assert set(document["settings"][0]["error"]) == {method.name for method in METHODS}
    assert json.loads((out / "recover.json").read_text()) == [document]
    assert "censuses 5 years apart" in (out / "recover.md").read_text()
    refused = CliRunner().invoke(app, ["recover", case, "--calibrate"])
    assert refused.exit_code == 2
    assert "not with two censuses" in " ".join(refused.output.replace("│", " ").split())
