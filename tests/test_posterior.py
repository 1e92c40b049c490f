"""A posterior as an object: to JSON and back, as a table, as arrays that ArviZ reads."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dearth
from dearth.case.read import bundled, load
from dearth.reconstruction.convergence_gates import where_diverged
from dearth.reconstruction.joint_draws import DrawnVariable, JointDraws, from_bytes, thinned
from dearth.reconstruction.posterior import Posterior
from dearth.reconstruction.posterior_document import from_document, to_document
from dearth.reconstruction.shipped_posteriors import shipped


@pytest.fixture(
    scope="module", params=[name for name in bundled() if load(name).settings.reconstruction is not None]
)
def posterior(request: pytest.FixtureRequest) -> Posterior:
    found, why = shipped(load(request.param), draws=True)
    assert why == ""
    assert found is not None
    return found


def test_json_and_back_is_the_same_posterior(posterior: Posterior) -> None:
    document = json.loads(json.dumps(to_document(posterior), allow_nan=False))
    assert from_document(document) == dataclasses.replace(posterior, draws=None)
    assert "draws" not in document


def test_the_draws_that_ship_give_the_summary(posterior: Posterior) -> None:
    draws = posterior.draws
    assert draws is not None
    assert draws.coordinates["scenario"] == tuple(one.name for one in posterior.printed)
    for at, scenario in enumerate(posterior.printed):
        assert scenario.excess_deaths is not None
        found = draws["excess_deaths"][at].ravel()
        # some 500 draws: a quantile is off by a tenth of the interval at most
        width = scenario.excess_deaths.ends[1] - scenario.excess_deaths.ends[0]
        assert np.median(found) == pytest.approx(scenario.excess_deaths.median, abs=0.1 * width)
        assert np.quantile(found, (0.05, 0.95)) == pytest.approx(
            scenario.excess_deaths.ends, abs=0.15 * width
        )


def test_quantities_of_one_draw_belong_together(posterior: Posterior) -> None:
    draws = posterior.draws
    assert draws is not None
    inside = [draws.coordinates["year"].index(year) for year in draws.coordinates["crisis_year"]]
    by_year, by_age = draws["excess_deaths_by_year"][..., inside], draws["excess_deaths_by_age"]
    scale = float(np.abs(draws["excess_deaths"]).max())
    assert by_year.sum(-1) == pytest.approx(draws["excess_deaths"], abs=1e-5 * scale)
    assert by_age.sum((-2, -1)) == pytest.approx(draws["excess_deaths"], abs=1e-5 * scale)


def test_xarray_has_labels_and_units(posterior: Posterior) -> None:
    pytest.importorskip("xarray")
    tree = posterior.to_xarray()
    data = tree["posterior"]
    assert data["excess_deaths"].dims == ("scenario", "chain", "draw")
    assert data["deaths"].attrs["units"] == "persons"
    first = posterior.printed[0].name
    year = posterior.years[0]
    assert data["deaths"].sel(scenario=first, year=year).shape == data["excess_deaths"].shape[1:]


def test_the_page_on_python_shows_how_to_get_draws() -> None:
    """Its lines on the shipped posterior are carried out, with a case that loads faster."""
    pytest.importorskip("xarray")
    page = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith(("shipped ", "drawn"))]
    assert len(lines) == 3
    names: dict[str, Any] = {"dearth": dearth}
    exec(
        "\n".join(["result = None", *lines[:2], f"result = {lines[2]}"]).replace("china-1958", "valley"),
        names,
    )
    assert names["drawn"]["excess_deaths"].dims == ("scenario", "chain", "draw")
    assert (names["result"] > 0).all()


def test_arviz_reads_the_draws() -> None:
    pytest.importorskip("xarray")
    stats = pytest.importorskip("arviz_stats")
    found, _ = shipped(load("valley"), draws=True)
    assert found is not None
    tree = found.to_xarray()
    table = stats.summary(tree, var_names=["excess_deaths", "births_lost_gross"])
    assert len(table) == 2 * len(found.printed)
    assert (table["r_hat"].astype(float) < 1.1).all()


def test_the_table_has_every_figure_with_its_unit(posterior: Posterior) -> None:
    pytest.importorskip("pandas")
    table = posterior.to_frame()
    assert list(table.columns) == ["scenario", "quantity", "year", "part", "median", "low", "high", "unit"]
    assert set(table["scenario"]) == {one.name for one in posterior.printed}
    row = table[(table.quantity == "excess_deaths") & (table.year == "") & (table.part == "")].iloc[0]
    assert posterior.printed[0].excess_deaths is not None
    assert row["median"] == posterior.printed[0].excess_deaths.median
    assert (table["low"] <= table["high"]).all()


def test_a_repr_fits_a_screen(posterior: Posterior) -> None:
    lines = repr(posterior).splitlines()
    assert len(lines) < 25
    assert max(map(len, lines)) < 160


def test_a_scenario_is_found_by_name(posterior: Posterior) -> None:
    assert posterior[posterior.scenarios[0].name] is posterior.scenarios[0]
    with pytest.raises(KeyError, match="no scenario is called 'nobody'; there are:"):
        posterior["nobody"]


def test_the_laboratory_has_the_posterior() -> None:
    found = dearth.load("valley").posterior()
    assert found.draws is not None
    assert found.printed


def test_without_draws_there_are_no_arrays() -> None:
    found, _ = shipped(load("valley"))
    assert found is not None
    with pytest.raises(ValueError, match="no draws are kept"):
        found.to_xarray()


def test_draws_are_thinned_evenly_and_whole() -> None:
    at = thinned(4, 1000, 100)
    assert at.shape == (4, 25)
    assert at[2, 0] == 2000
    assert at[2, -1] == 2999
    assert thinned(2, 3, 100).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_draws_come_back_from_bytes() -> None:
    values = np.arange(12, dtype=np.float32).reshape(1, 2, 3, 2)
    made = JointDraws(
        {"scenario": ("full",), "year": ("1866", "1867")},
        {"deaths": DrawnVariable(("year",), values, "persons", "deaths of a year")},
    )
    found = from_bytes(made.to_bytes("abc"))
    assert found.identity == "abc"
    assert found.coordinates == made.coordinates
    assert np.array_equal(found["deaths"], values)


def test_a_fixed_unknown_is_not_where_paths_diverged() -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(size=(2, 50, 3))
    own[..., 0] = 1.0 + 1e-13 * rng.normal(size=(2, 50))  # fixed; it varies by rounding alone
    diverged = np.zeros((2, 50))
    diverged[0, 0] = 1
    own[0, 0] = (1.0 + 1e-12, 4.0, 0.0)
    assert "where b is" in where_diverged(diverged, own, ["a", "b", "c"])[0]
