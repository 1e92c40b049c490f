"""The reconstruction: its parts by hand, its gates, its posterior as shipped."""

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema import Prior, Selection
from dearth.estimate.estimates import estimate
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.compiled import one
from dearth.reconstruction.convergence_gates import refusals, worst
from dearth.reconstruction.fit import SETTINGS, fit, scenario_data
from dearth.reconstruction.generated_quantities import observe
from dearth.reconstruction.identity import identify
from dearth.reconstruction.inputs import Inputs, read_inputs
from dearth.reconstruction.likelihood import EVIDENCE_SOURCES, log_density
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.posterior_document import to_document
from dearth.reconstruction.posterior_tables import Diagnostics
from dearth.reconstruction.priors import prior_form, priors, shares
from dearth.reconstruction.shipped_posteriors import shipped
from dearth.reconstruction.summary import summarise
from dearth.reconstruction.transforms import real, share
from dearth.reconstruction.unknown_labels import labels

CHINA = load("china-1958")


@pytest.fixture(autouse=True)
def _double() -> object:
    with jax.enable_x64(True):
        yield


@cache
def given() -> Inputs:
    return read_inputs(CHINA)


def problem(scenario: str) -> tuple[Model, dict[str, Any]]:
    """Return the model of China and the data of one scenario."""
    model = Model(given().layout)
    names, data = scenario_data(CHINA, given(), model)
    return model, one(data, names.index(scenario))


def test_inputs_are_what_the_case_holds() -> None:
    layout, figures = given().layout, given().figures
    assert layout.years == tuple(range(1951, 1967))
    # the 554.4 million of the UN in mid-1950, carried for half a year at the growth of those years
    assert figures.start.sum() == pytest.approx(554.4e6 * 1.0105, rel=0.002)
    assert figures.fertility.sum() == pytest.approx(1)
    assert figures.fertility[20:25].sum() == pytest.approx(0.22797, abs=1e-4)
    at, by_age = next(
        (at, c)
        for at, c in enumerate(layout.censuses)
        if c.spec.series == "census_1964" and c.spec.ages_to == 10
    )
    assert figures.counted[at].tolist() == [51461891.0, 49283349.0, 48680065.0, 44894085.0]
    assert by_age.groups.shape == (4, 2, AGES)
    assert by_age.groups[2, 0, :5].all()
    assert by_age.groups[2].sum() == 5


def test_shares_follow_their_declared_prior() -> None:
    z = jax.random.normal(jax.random.key(1), (200_000,))
    triangular = Prior(dist="triangular", low=0.6, mode=0.7, high=0.9, source="assumed")
    drawn = np.asarray(share(z, jnp.array(shares(triangular))))
    assert drawn.mean() == pytest.approx((0.6 + 0.7 + 0.9) / 3, abs=1e-3)
    assert np.mean(drawn < 0.7) == pytest.approx(1 / 3, abs=5e-3)
    uniform = Prior(dist="uniform", low=0.2, high=0.4, source="assumed")
    drawn = np.asarray(share(z, jnp.array(shares(uniform))))
    assert np.quantile(drawn, [0, 0.25, 1]) == pytest.approx([0.2, 0.25, 0.4], abs=2e-3)
    assert np.ptp(np.asarray(share(z, jnp.array(shares(0.8))))) == 0
    at = jnp.array([-1.96, 0.0, 1.0, 1.96])
    logit = Prior(dist="logit_normal", mean=0.75, sd=1.5, source="assumed")
    odds = 3 * np.exp(1.5 * np.array([-1.96, 0.0, 1.0, 1.96]))  # odds of 3 in the middle
    assert np.asarray(share(at, jnp.array(shares(logit)))) == pytest.approx(odds / (1 + odds))
    drawn = np.asarray(share(z, jnp.array(shares(logit))))
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([0.137, 0.75, 0.983], abs=5e-3)
    with pytest.raises(CaseError, match="a normal prior of a share; use logit_normal"):
        shares(Prior(dist="normal", mean=1, sd=1, source="assumed"))


def test_a_heavy_tail_leaves_the_middle_and_stretches_the_ends() -> None:
    prior = Prior(dist="heavy_tailed", mean=1, sd=0.004, tail=0.25, source="assumed")
    normal = Prior(dist="normal", mean=1, sd=0.004, source="assumed")
    z = jax.random.normal(jax.random.key(2), (200_000,))
    drawn, plain = (np.asarray(real(z, jnp.array(prior_form(one)))) for one in (prior, normal))
    ends = norm.ppf([0.025, 0.25, 0.5, 0.75, 0.995])
    stretched = 1 + 0.004 * ends * np.exp(0.25 * ends**2 / 2)
    assert np.quantile(drawn, norm.cdf(ends)) == pytest.approx(stretched, abs=3e-4)
    assert np.quantile(plain, norm.cdf(ends)) == pytest.approx(1 + 0.004 * ends, abs=1e-4)
    assert np.asarray(real(jnp.array([0.0]), jnp.array(prior_form(prior)))) == pytest.approx(1)
    with pytest.raises(ValueError, match="tail"):
        Prior(dist="heavy_tailed", mean=0, sd=1, source="assumed")


def test_gradient_against_differences() -> None:
    made, mine = problem("no_opinion")
    density = jax.jit(lambda x: log_density(made, x, mine))
    at = 0.3 * jax.random.normal(jax.random.key(3), (made.unknowns.size,))
    gradient = np.asarray(jax.grad(density)(at))
    assert np.isfinite(gradient).all()
    told = gradient + np.asarray(at)  # of the records alone: the prior of each is a standard normal
    # an unknown that no record moves is not built: under no opinion every one is moved
    assert [name for name, slope in zip(labels(made), told, strict=True) if abs(slope) < 1e-9] == []
    assert set(made.unbuilt) == {"age_noise"}  # no deaths by age are held
    for i in range(0, made.unknowns.size, 7):
        step = jnp.zeros_like(at).at[i].set(1e-5)
        slope = (density(at + step) - density(at - step)) / 2e-5
        assert gradient[i] == pytest.approx(float(slope), rel=1e-4, abs=1e-4)


def test_books_and_the_identity_close() -> None:
    made, mine = problem("completeness_falling")
    seen = jax.jit(observe(made, made.layout.mark("1958-1961"), made.layout.mark("1962-1965")))
    for seed in range(3):
        theta = jax.random.normal(jax.random.key(seed), (made.unknowns.size,))
        found = seen(theta, mine)
        assert abs(float(found["identity"])) < 1e-6 * float(found["people"][0]) * 1e-3
        assert float(found["by_age"].sum()) == pytest.approx(float(found["excess"]), rel=1e-9)
        joint = np.asarray(found["by_year_age"])  # [crisis year, group]: both margins, in every draw
        assert joint.sum(0) == pytest.approx(np.asarray(found["by_age"]), rel=1e-9, abs=1e-3)
        assert joint.sum(1) == pytest.approx(np.asarray(found["by_year"])[made.crisis], rel=1e-9, abs=1e-3)
    calm = jnp.zeros(made.unknowns.size)
    assert float(seen(calm, mine)["excess"]) == pytest.approx(0, abs=1e-6)  # no shock, no excess


def test_a_rung_dropped_is_a_rung_absent() -> None:
    made, mine = problem("completeness_falling")
    theta = 0.2 * jax.random.normal(jax.random.key(5), (made.unknowns.size,))
    off = {
        **mine,
        "sources_used": mine["sources_used"].at[EVIDENCE_SOURCES.index("later_mortality")].set(0.0),
    }
    layout, figures = made.layout, given().figures
    fewer_given = Inputs(
        replace(layout, censuses=layout.censuses[:5]), replace(figures, counted=figures.counted[:5])
    )
    without = Model(fewer_given.layout)
    names, problems = scenario_data(CHINA, fewer_given, without)
    fewer = one(problems, names.index("completeness_falling"))
    blocks = made.unknowns.split(theta)
    kept = {**blocks, "coverage": blocks["coverage"][:2]}  # the shares of 1953 have none
    # what only later censuses move is not built without them
    shorter = jnp.concatenate([jnp.ravel(kept[name]) for name in without.unknowns.shapes])
    absent = log_density(without, shorter, fewer) - 0.5 * ((theta**2).sum() - (shorter**2).sum())
    assert float(log_density(made, theta, off)) == pytest.approx(float(absent), rel=1e-10)


def test_gates_refuse() -> None:
    good = Diagnostics(1.005, 500.0, 450.0, 3, 1000)
    assert refusals(good) == []
    assert "R-hat 1.020" in refusals(replace(good, rhat_max=1.02))[0]
    assert "R-hat nan" in refusals(replace(good, rhat_max=np.nan))[0]
    assert "(tail) 399" in refusals(replace(good, ess_tail_min=399.0))[0]
    assert "diverged" in refusals(replace(good, divergences=11))[0]


def test_a_short_run_is_refused_and_carries_no_toll() -> None:
    short = replace(SETTINGS, warmup=25, draws=50, chains=2, rounds=1)
    made = summarise(fit(load("finland-1866"), settings=short, leave_one_out=False))
    for scenario in made.scenarios:
        assert scenario.refused
        assert scenario.excess_deaths is None
    assert "excess_deaths" not in to_document(made)["scenarios"][0]
    json.dumps(to_document(made), allow_nan=False)


def test_the_shipped_posterior_is_of_these_inputs_and_gated() -> None:
    held, why = shipped(CHINA)
    assert why == ""
    assert held is not None
    names = [scenario.name for scenario in held.scenarios]
    assert names == ["no_opinion", "completeness_falling", "completeness_rising"]
    for scenario in held.scenarios:
        assert scenario.refused == []
        assert refusals(scenario.diagnostics) == []
        toll, births = scenario.excess_deaths, scenario.birth_deficit
        assert toll is not None
        assert births is not None
        assert toll.ends[0] < toll.median < toll.ends[1]
        assert births.gross.median - births.recovered.median == pytest.approx(births.net.median, abs=2e6)
        assert scenario.identity_max_persons < 1
        left = {source.without: source.refused for source in scenario.leave_one_source_out}
        assert len(left) == 7
        assert sum(map(bool, left.values())) <= 2  # refused with the reason
        assert {one.source for one in scenario.predictive} == set(left)
        assert all((one.elpd is None) == bool(left[one.source]) for one in scenario.predictive)


def test_a_shipped_posterior_has_every_source_left_out_once() -> None:
    held, _ = shipped(load("valley"))
    assert held is not None
    sources = {"intercensal_closure", "cohort_survival", "registered_stocks"}
    for scenario in held.scenarios:
        assert {source.without for source in scenario.leave_one_source_out} == sources
        assert {prediction.source for prediction in scenario.predictive} == sources
        assert all(prediction.elpd is not None for prediction in scenario.predictive)


def test_a_changed_case_gets_no_posterior(tmp_path: Path) -> None:
    copy = tmp_path / "china-1958"
    for name in CHINA.inputs:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((CHINA.folder / name).read_bytes())
    same = load(str(copy))
    assert identify(same).sha256 == identify(CHINA).sha256
    other = copy / "evidence" / "economy.csv"  # read by no reconstruction
    other.write_text(other.read_text().replace(",43.47,", ",43.48,"))
    assert identify(load(str(copy))).sha256 == identify(CHINA).sha256
    path = copy / "evidence" / "ages.csv"
    path.write_text(path.read_text().replace("51461.891", "51461.892"))
    held, why = shipped(load(str(copy)))
    assert held is None
    assert "changed" in why
    assert any("changed" in w for w in estimate(load(str(copy)), quick=True).document["warnings"])
    assert files("dearth").joinpath("posteriors", "china-1958.json").is_file()


def test_unknown_priors_are_refused() -> None:
    spec = CHINA.settings.reconstruction
    assert spec is not None
    wrong = spec.model_copy(update={"priors": {"shock_yaer": priors(spec)["shock_year"]}})
    with pytest.raises(CaseError, match="did you mean 'shock_year'"):
        priors(wrong)


@pytest.mark.slow
def test_a_refit_gives_the_shipped_posterior() -> None:
    held, _ = shipped(CHINA)
    assert held is not None
    again = summarise(fit(CHINA, settings=replace(SETTINGS, seed=11), leave_one_out=False))
    for before, after in zip(held.scenarios, again.scenarios, strict=True):
        width = before.excess_deaths.high - before.excess_deaths.low
        for end in ("low", "median", "high"):
            apart = abs(getattr(before.excess_deaths, end) - getattr(after.excess_deaths, end))
            assert apart < 0.12 * width


def test_what_is_held_out_enters_no_fit() -> None:
    spec = CHINA.settings.reconstruction
    assert spec is not None

    def without(**named: str) -> Any:
        held = CHINA.settings.model_copy(update={"holdouts": (Selection(**named),)})
        return read_inputs(replace(CHINA, settings=held)).figures

    stocks = without(series="nbs_registered", variable="population_yearend_total", years="1953-1964")
    assert np.isfinite(stocks.stocks).sum() == 4
    assert np.isfinite(stocks.deaths).all()
    births = without(series="nbs_registered", variable="crude_birth_rate", years="1958-1961")
    assert np.isfinite(births.births).sum() == 12
    with pytest.raises(CaseError, match="held out"):
        without(series="census_1964", variable="population_census_by_age")


def test_a_draw_that_is_no_number_is_refused() -> None:
    draws = np.random.default_rng(1).normal(size=(4, 500))
    assert refusals(worst([draws], 0, 2000)) == []
    draws[2, 7] = np.nan
    assert "R-hat nan" in refusals(worst([draws], 0, 2000))[0]
