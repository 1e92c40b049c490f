"""Reconstruction of places whose records are full: the declared block, and what the fit gives back."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import dearth
from dearth.case.from_downloads import new_from_hmd, new_from_wpp
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.estimate.case_checks import check
from dearth.reconstruction.census_tables import DEATH_GROUPS
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import SETTINGS, Fit, fit, scenario_data
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.summary import summarise
from hmd_extracts import hmd_files
from test_downloads import hmd_folder, wpp_file

TRUTH = Path(__file__).parents[1] / "src" / "dearth" / "cases" / "valley" / "evidence" / "_truth.csv"
BROAD = (0, 5, 15, 40, 60)  # single and five-year ages of old records heap at round numbers


def valley_as_hmd(folder: Path) -> Path:
    """Write the records of valley as files of the database."""
    folder.mkdir()
    evidence = dearth.load("valley").case.evidence
    for stem, variable in (("Deaths_1x1", "deaths_by_age"), ("Population", "population_jan1_by_age")):
        cells: dict[tuple[int, int], dict[str, float]] = {}
        for row in evidence:
            if row.variable == variable:
                cells.setdefault((row.year, int(row.age_from)), {})[row.sex] = row.base
        lines = [
            f"{year} {age}{'+' * (age == 90)} {of['female']} {of['male']} {of['female'] + of['male']}"
            for (year, age), of in sorted(cells.items())
        ]
        _write(folder / f"{stem}.txt", "Year Age Female Male Total", lines)
    births = evidence.series("valley/births").by_year
    lines = [f"{year} {n / 2.06} {n * 1.06 / 2.06} {n}" for year, n in births.items()]
    _write(folder / "Births.txt", "Year Female Male Total", lines)
    return folder


def _write(path: Path, head: str, lines: list[str]) -> None:
    path.write_text("\n".join(["Valley, x", "", head, *lines]) + "\n", encoding="utf-8")


def density(folder: Path) -> tuple[float, Any]:
    """Return the log density of a case's first scenario near the prior's middle, and its gradient."""
    with jax.enable_x64(True):
        case = load(str(folder))
        given = read_inputs(case)
        model = Model(given.layout)
        _, data = scenario_data(case, given, model)
        theta = 0.1 * jax.random.normal(jax.random.key(1), (model.unknowns.size,))
        both = jax.jit(jax.value_and_grad(lambda x: log_density(model, x, one(data, 0))))
        value, slope = both(theta)
        return float(value), np.asarray(slope)


def test_full_records_declare_a_reconstruction(tmp_path: Path) -> None:
    told: list[str] = []
    made = new_from_hmd(tmp_path / "dale", valley_as_hmd(tmp_path / "in"), "1911-1912", told.append)
    case = load(str(made))
    assert told == []
    assert [p for p in check(case) if p.severity == "error"] == []
    spec = case.settings.reconstruction
    assert spec is not None
    assert spec.years == "1900-1922"
    assert spec.start.year == 1900
    assert [c.date for c in spec.censuses] == [1911.0, 1923.0]
    given = read_inputs(case)
    assert np.isfinite(given.figures.deaths_by_age).all()
    assert given.figures.start.sum() == pytest.approx(given.figures.stocks[0], rel=0.05)
    value, slope = density(made)
    assert np.isfinite(value)
    assert np.isfinite(slope).all()


def test_totals_alone_declare_a_reconstruction(tmp_path: Path) -> None:
    file = wpp_file(tmp_path / "wpp.csv.gz")
    for made in (new_case(tmp_path / "mine"), new_from_wpp(tmp_path / "un", file, "China", "1960")):
        value, slope = density(made)
        assert np.isfinite(value)
        assert np.isfinite(slope).all()


def test_files_that_do_not_allow_one_say_why(tmp_path: Path) -> None:
    told: list[str] = []
    made = new_from_hmd(tmp_path / "some", hmd_folder(tmp_path / "in"), "1910", told.append)
    assert load(str(made)).settings.reconstruction is None
    assert "deaths by sex and single age of 1909-1910 are not available" in told[0]


def test_a_reconstruction_stays_inside_one_territory(tmp_path: Path) -> None:
    folder = valley_as_hmd(tmp_path / "in")
    path = folder / "Population.txt"
    lines = path.read_text().splitlines()
    both = [
        line.replace("1915 ", f"1915{flag} ", 1) for flag in "-+" for line in lines if line[:5] == "1915 "
    ]
    rest = [line for line in lines if line[:5] != "1915 "]
    at = next(i for i, line in enumerate(rest) if line.startswith("1916 "))
    path.write_text("\n".join([*rest[:at], *both, *rest[at:]]) + "\n")
    spec = load(str(new_from_hmd(tmp_path / "dale", folder, "1911-1912"))).settings.reconstruction
    assert spec is not None
    assert spec.years == "1900-1914"
    assert [c.date for c in spec.censuses] == [1911.0]
    with pytest.raises(CaseError, match=r"Exposures_1x1.txt: is needed: the people of 1915 lived in another"):
        new_from_hmd(tmp_path / "moved", folder, "1914-1915")
    (folder / "Exposures_1x1.txt").write_text("\n".join(lines) + "\n")
    told: list[str] = []
    new_from_hmd(tmp_path / "moved", folder, "1914-1915", told.append)
    assert "the territory of 1915 is not that of 1914" in told[0]


def flat(fitted: Fit, name: str) -> Any:
    values = np.asarray(fitted.draws.seen[name][0], float)
    return values.reshape(-1, *values.shape[2:])


def test_full_records_give_back_the_script_s_excess(tmp_path: Path) -> None:
    made = new_from_hmd(tmp_path / "dale", valley_as_hmd(tmp_path / "in"), "1911-1912")
    fitted = fit(
        load(str(made)), settings=replace(SETTINGS, chains=4, warmup=150, draws=150), leave_one_out=False
    )
    with TRUTH.open() as file:
        truth = {row["year"]: float(row["expected_excess_deaths"]) for row in csv.DictReader(file)}
    low, high = np.quantile(flat(fitted, "excess"), [0.05, 0.95])
    assert low < truth["1911"] + truth["1912"] < high
    assert np.median(flat(fitted, "deaths"), axis=0) == pytest.approx(fitted.inputs.figures.deaths, rel=0.03)


# Sweden: crops failed in 1771 and 1772. Denmark: cholera, the highest death rate held. Norway: the years that
# stand furthest above the five before.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "window"), [("sweden", "1772-1773"), ("denmark", "1853"), ("norway", "1861-1862")]
)
def test_a_full_register_is_given_back(tmp_path: Path, place: str, window: str) -> None:
    made = new_from_hmd(tmp_path / place, hmd_files(place, tmp_path / "in"), window)
    fitted = fit(load(str(made)), settings=replace(SETTINGS, draws=1500), leave_one_out=False)
    (scenario,) = summarise(fitted).scenarios
    assert scenario.refused == []
    assert scenario.identity_max_persons < 1
    registered, deaths = fitted.inputs.figures.deaths, flat(fitted, "deaths")
    low, middle, high = np.quantile(deaths, [0.05, 0.5, 0.95], axis=0)
    assert middle == pytest.approx(registered, rel=0.01)
    assert ((low <= registered) & (registered <= high)).mean() >= 0.85
    assert np.median(flat(fitted, "births"), axis=0) == pytest.approx(fitted.inputs.figures.births, rel=0.015)
    inside = fitted.model.layout.crisis > 0
    assert np.median(deaths[:, inside].sum(1)) == pytest.approx(registered[inside].sum(), rel=0.01)
    group = np.searchsorted(BROAD, DEATH_GROUPS, "right") - 1
    seen = fitted.inputs.figures.deaths_by_age[inside].sum((0, 1))
    found = np.median(flat(fitted, "crisis_deaths_by_age"), axis=0)
    for at in range(len(BROAD)):
        assert found[group == at].sum() == pytest.approx(seen[group == at].sum(), rel=0.06)
