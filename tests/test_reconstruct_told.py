"""What a reconstruction says beside its figures: names, warnings, refusals, ages and years together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from conftest import write_case
from dearth.case.problems import CaseError
from dearth.case.read import Case, load
from dearth.case.schema import Prior
from dearth.estimate.case_checks import check
from dearth.population.vital_registration import read_register
from dearth.reconstruction.census_tables import census
from dearth.reconstruction.convergence_gates import where_diverged
from dearth.reconstruction.generated_quantities import GROUPS
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.prior_predictive_check import outside
from dearth.reconstruction.shipped_posteriors import shipped
from dearth.reconstruction.unknown_labels import labels

CHINA = load("china-1958")


# the shares of one scenario, in place of which it may name an entry of completeness
FELL = """\
      completeness:
        normal: {dist: logit_normal, mean: 0.73, sd: 0.3, source: banister1984}
        crisis: {dist: logit_normal, mean: 0.59, sd: 0.3, source: banister1984}
"""


def copied(tmp_path: Path, old: str, new: str) -> Case:
    """Return the case of China with one text of case.yaml replaced."""
    folder = tmp_path / "china-1958"
    for name in CHINA.inputs:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((CHINA.folder / name).read_bytes())
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(str(folder))


def test_every_unknown_has_a_name_of_its_own() -> None:
    model = Model(read_inputs(CHINA).layout)
    found = labels(model)
    assert len(found) == len(set(found)) == model.unknowns.size
    for name in ("shock_year_age[1960, 15-39]", "stock_error_step[1961]", "mortality_age[female, age 15]",
                 "coverage[census_of_1964]", "fertility_rebound[1962]", "deaths_noise"):  # fmt: skip
        assert name in found


def test_the_place_of_divergences_is_told() -> None:
    theta = np.random.default_rng(1).normal(size=(2, 100, 3))
    diverged = np.zeros((2, 100), bool)
    assert where_diverged(diverged, theta, ["a", "b", "c"]) == []
    diverged[0, :3] = True
    theta[0, :3, 1] = -6
    told = where_diverged(diverged, theta, ["a", "b", "c"])[0]
    assert "3 of 200 paths" in told
    assert "where b is -" in told


def test_records_outside_the_prior_are_named() -> None:
    given = read_inputs(CHINA)
    rng = np.random.default_rng(1)
    stocks = given.figures.stocks[None, None] * np.exp(0.01 * rng.normal(size=(2, 400, 1)))
    assert outside(given, {"stocks": stocks}, 0) == []
    stocks[..., 5] *= 2
    assert "registered people of 1956" in outside(given, {"stocks": stocks}, 1)[0]
    last = given.figures.counted[-1]
    drawn = last * np.exp(0.01 * rng.normal(size=(1, 400, 1)))
    name = f"census {len(given.layout.censuses) - 1}"
    assert outside(given, {name: drawn}, 0) == []
    drawn[..., 0] *= 3
    told = outside(given, {name: drawn}, 0)
    assert len(told) == 1
    assert "female 50-54 in census_2000 of 2000.83" in told[0]
    drawn[..., 1:6] *= 3
    told = outside(given, {name: drawn}, 0)
    assert len(told) == 1
    assert "6 of 10 figures of census_2000" in told[0]


def test_years_and_ages_add_to_both_margins() -> None:
    held, why = shipped(CHINA)
    assert why == ""
    assert held is not None
    for scenario in held.scenarios:
        cells = scenario.by_year_and_age
        assert len(cells) == 16 * len(GROUPS)
        excess = [cell for cell in cells if cell.excess_deaths is not None]
        assert {cell.year for cell in excess} == {1958, 1959, 1960, 1961}
        for year, figure in scenario.by_year.items():
            total = sum(c.excess_deaths.median for c in excess if c.excess_deaths and c.year == int(year))
            assert total == pytest.approx(figure.median, abs=0.15 * abs(figure.median) + 3e5)
        for cell in cells:
            assert 0 < cell.registered_in_their_year.median < cell.deaths.median


def test_a_census_needs_a_coverage_and_shares_have_none() -> None:
    spec = CHINA.settings.reconstruction
    assert spec is not None
    persons, shares = spec.censuses[0], spec.censuses[1]
    with pytest.raises(CaseError, match="give a prior of coverage"):
        census(CHINA, persons.model_copy(update={"coverage": None}))
    prior = Prior(dist="normal", mean=1, sd=0.01, source="assumed")
    with pytest.raises(CaseError, match="gives shares, which coverage does not move"):
        census(CHINA, shares.model_copy(update={"coverage": prior}))


def test_remembered_figures_enter_no_register(tmp_path: Path) -> None:
    rows = ["year,series,variable,value,unit,source_id,quality,scope"]
    rows += [f"{y},books,population_yearend_total,1000,persons,s1,official,all" for y in range(1900, 1907)]
    rows += [f"{y},books,deaths,20,persons,s1,official," for y in range(1901, 1906)]
    rows += ["1906,books,deaths,20,persons,s1,recalled,"]
    rows += [f"{y},books,births,30,persons,s1,official," for y in range(1901, 1907)]
    case = load(str(write_case(tmp_path / "tiny", evidence=rows)))
    with pytest.raises(CaseError, match="of 1906 is recalled"):
        read_register(case, "books")


def test_check_names_the_line_of_what_a_fit_would_refuse(tmp_path: Path) -> None:
    case = copied(tmp_path / "a", "    fertility_social: {dist", "    fertility_socal: {dist")
    wrong = [p for p in check(case) if p.severity == "error"]
    assert "did you mean 'fertility_social'" in wrong[0].message
    text = (case.folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    assert wrong[0].line is not None
    assert "fertility_socal" in text[wrong[0].line - 1]

    unknown = copied(
        tmp_path / "b",
        "mean: 0.88, sd: 0.6, source: banister1984}",
        "mean: 0.88, sd: 0.6, source: banister1985}",
    )
    assert any("banister1985" in p.message and p.line for p in check(unknown) if p.severity == "error")

    beyond = copied(tmp_path / "c", "late_from: 1953-1957", "late_from: 1948-1957")
    assert any("1948" in p.message and p.line for p in check(beyond) if p.severity == "error")


def test_check_tells_a_census_of_another_scope() -> None:
    told = [p for p in check(CHINA) if " counts '" in p.message and p.field.startswith("reconstruction")]
    assert next(p.field for p in told) == "reconstruction.censuses.1"
    assert all(p.line for p in told)


def test_late_bookings_may_land_in_named_years() -> None:
    import jax

    from dearth.reconstruction.compiled import one
    from dearth.reconstruction.expected_records import expected_registration
    from dearth.reconstruction.fit import scenario_data

    spec = CHINA.settings.reconstruction
    assert spec is not None
    later = spec.model_copy(update={"late_in": "1962-1963"})
    with jax.enable_x64(True):
        found = {}
        for name, block in (("window", spec), ("named", later)):
            case = replace(CHINA, settings=CHINA.settings.model_copy(update={"reconstruction": block}))
            given = read_inputs(case)
            model = Model(given.layout)
            names, problems = scenario_data(case, given, model)
            data = one(problems, names.index("completeness_rising"))
            u = model.named(np.zeros(model.unknowns.size), data)
            found[name] = np.asarray(expected_registration(model, u, model.histories(u, data))["late"])
    years = np.array(read_inputs(CHINA).layout.years)
    assert set(years[found["window"] > 0]) == {1958, 1959, 1960, 1961}
    assert set(years[found["named"] > 0]) == {1962, 1963}
    assert found["named"].sum() == pytest.approx(found["window"].sum())


def test_the_page_of_priors_is_that_of_the_code() -> None:
    page = (Path(__file__).parents[1] / "docs" / "priors.md").read_text(encoding="utf-8")
    told = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert list(told) == list(NEUTRAL)
    for name, neutral in NEUTRAL.items():
        prior = neutral.prior
        form = {"normal": "normal", "heavy_tailed": f"heavy-tailed, tail {prior.tail or 0:g}"}[prior.dist]
        cells = (form, f"{prior.mean:g}", f"{prior.sd:g}", neutral.what, prior.note, prior.source,
                 neutral.says or "no")  # fmt: skip
        assert f"| {' | '.join(cells)} |" in told[name]


def test_check_tells_every_mistake_of_the_block_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path, "    fertility_social: {dist", "    fertility_socal: {dist").folder
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("series: census_1982, variable", "series: census_1928, variable"),
        ("series: census_1964, variable", "series: census_1946, variable"),
        (FELL, "      completeness: faling\n"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    told = [p for p in check(load(str(folder))) if p.severity == "error"]
    for word in ("fertility_socal", "census_1928", "census_1946", "faling"):
        assert any(word in p.message for p in told), word
    lines = text.splitlines()
    for problem in told:
        if "census_19" in problem.message:
            assert problem.line is not None
            assert problem.message.split("/")[0].split()[-1] in lines[problem.line - 1]
