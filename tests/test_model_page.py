"""The page that states the model says what the code does: equations, unknowns, numbers and functions."""

import importlib
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import jax
import numpy as np
import pytest

from dearth.case.read import Case, load
from dearth.case.schema import Completeness, Migration, Prior, Reconstruction, completeness_option
from dearth.population import lexis, migration_ages
from dearth.reconstruction import expected_records, likelihood, migration, population_model, unknowns
from dearth.reconstruction.age_patterns import BOYS
from dearth.reconstruction.coherence import DEFINITION_SD, REST_SD
from dearth.reconstruction.compiled import one
from dearth.reconstruction.conflicts import CONFLICT, CONTRADICTION, EDGE, INFORMED
from dearth.reconstruction.convergence_gates import ESS, RHAT
from dearth.reconstruction.encompassing import CENTRAL
from dearth.reconstruction.fit import scenario_data
from dearth.reconstruction.generated_quantities import YEARS_BEFORE, observe
from dearth.reconstruction.inputs import Inputs, read_inputs
from dearth.reconstruction.judgement import UNTOLD
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.priors import priors
from dearth.reconstruction.subpopulations import MOVED
from model_page import Page
from model_page_people import of_prior

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "model.md").read_text(encoding="utf-8")
SPREAD, SEED = 0.5, 3
CLOSE = 1e-6  # the shares of children and adults by age are held in single precision
ONE_POINT: dict[str, Any] = {"xla_backend_optimization_level": 0}  # one evaluation: compile fast, not well
KNOWN = Migration(kind="known", series="books/net_migrants", error_sd=0.0015)


def given(name: str, moved: Migration | None = None) -> tuple[Case, Inputs]:
    """Return a case and its inputs; with `moved` a known series of migrants takes the place of its own."""
    case = load(name)
    inputs = read_inputs(case)
    if moved is None:
        return case, inputs
    layout, years = inputs.layout, len(inputs.layout.years)
    net = 1e3 * np.random.default_rng(SEED).standard_normal(years)
    layout = replace(layout, spec=layout.spec.model_copy(update={"migration": moved}))
    return case, replace(inputs, layout=layout, figures=replace(inputs.figures, net_migrants=net))


def drawn(model: Model) -> Any:
    """Return one random point of standard unknowns [unknown]."""
    return SPREAD * np.random.default_rng(SEED).standard_normal(model.unknowns.size)


def both(case: Case, inputs: Inputs, scenario: int) -> tuple[Page, float, dict[str, Any]]:
    """Return the page's history, the code's log likelihood and the code's results at one random point."""
    with jax.enable_x64(True):
        model = Model(inputs.layout)
        data = one(scenario_data(case, inputs, model)[1], scenario)
        theta = drawn(model)
        windows = case.settings.birth_windows
        marks = [inputs.layout.mark(years) for years in (windows.deficit, windows.recovered)]
        kept = observe(model, *marks)
        compiled = jax.jit(lambda z: (log_density(model, z, data), model.named(z, data), kept(z, data)),
                           compiler_options=ONE_POINT)  # fmt: skip
        density, u, seen = jax.tree.map(np.asarray, compiled(theta))
    year = inputs.layout.spec.mortality.year
    t0 = int(np.flatnonzero(inputs.layout.crisis)[0]) if year is None else year - inputs.layout.years[0]
    found = float(density + 0.5 * (theta**2).sum())
    return Page(inputs.layout, inputs.figures, u, t0), found, seen | {"deficit": marks[0], "back": marks[1]}


# China: late deaths, removed entries, shares, later censuses, places, unknown migration, also after the last
# year; Valley: deaths by age, a Siler curve, closed migration; Finland: mid-year people, known migration
@pytest.mark.parametrize(
    ("name", "scenario", "moved"), [("china-1958", 2, None), ("valley", 1, None), ("finland-1866", 1, KNOWN)]
)
def test_the_equations_of_the_page_are_those_of_the_code(
    name: str, scenario: int, moved: Migration | None
) -> None:
    page, density, seen = both(*given(name, moved), scenario)
    assert page.log_likelihood() == pytest.approx(density, rel=CLOSE)
    crisis = page.crisis
    assert page.excess[crisis].sum() == pytest.approx(seen["excess"], rel=CLOSE)
    people, births, deaths, migrants = page.twin()
    lost = births - page.births.sum(1)
    assert (lost * seen["deficit"]).sum() == pytest.approx(seen["gross"], rel=CLOSE)
    assert -(lost * seen["back"]).sum() == pytest.approx(seen["recovered"], rel=CLOSE)
    last = crisis[-1] + 1
    apart = (page.deaths.sum((1, 2)) - deaths)[:last].sum()
    assert apart == pytest.approx(seen["counterfactual"], rel=CLOSE)
    k, _ = page.completeness()
    share = (k * page.deaths)[crisis].sum() / page.deaths[crisis].sum()
    assert share == pytest.approx(seen["completeness_crisis"], rel=CLOSE)
    stocks = page.stocks.sum((1, 2))
    more = (migrants - page.migrants)[:last].sum()  # M* - M: the same rates, other people
    assert people[last] - stocks[last] == pytest.approx(lost[:last].sum() + apart + more, rel=CLOSE)
    assert page.migrants[crisis].sum() == pytest.approx(seen["migration"], rel=CLOSE)
    before = slice(max(0, crisis[0] - 3), crisis[0])
    infants = page.deaths[before, :, 0].sum() / page.births[before].sum()
    assert infants == pytest.approx(seen["infant_mortality"], rel=CLOSE)


@pytest.mark.parametrize("scenario", [0, 1, 2])
def test_the_priors_of_the_page_are_those_of_the_code(scenario: int) -> None:
    case, inputs = given("china-1958")
    spec = inputs.layout.spec
    with jax.enable_x64(True):
        model = Model(inputs.layout)
        data = one(scenario_data(case, inputs, model)[1], scenario)
        z = {name: np.asarray(part) for name, part in model.own.split(drawn(model)).items()}
        named = jax.jit(lambda z: model.named(z, data), compiler_options=ONE_POINT)
        u = {name: np.asarray(part) for name, part in named(drawn(model)).items()}
    form = list(spec.scenarios.values())[scenario]
    completeness = completeness_option(case.settings, form)
    assert isinstance(completeness, Completeness)
    declared: dict[str, Any] = priors(spec, "China") | {
        "completeness_normal": completeness.normal, "completeness_crisis": completeness.crisis,
        "birth_completeness": spec.birth_completeness, "late_share": form.late_registration,
        "removals_share": form.removals_registered_as_deaths,
        "start_total": Prior(dist="normal", mean=0, sd=spec.start.total_sd, source="assumed"),
        "start_ages": Prior(dist="normal", mean=0, sd=spec.start.group_sd, source="assumed"),
    }  # fmt: skip
    assert {*declared, "coverage", "coverage_relative"} == {*z, *model.unbuilt}
    for name in declared.keys() & z.keys():
        prior = declared[name]
        log_normal = prior is not None and name in unknowns.NOISES
        wanted = (
            prior.mean * np.exp(z[name] * prior.sd / prior.mean) if log_normal else of_prior(prior, z[name])
        )
        assert u[name] == pytest.approx(wanted, rel=CLOSE), name
    assert u["age_noise"] == declared["age_noise"].mean  # not built: the middle of its prior


def test_every_function_that_the_page_names_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`((?:, `[\w.]+`)+)", PAGE)
    assert len(named) > 15
    for file, functions in named:
        found: ModuleType = importlib.import_module(f"dearth.{file.removesuffix('.py').replace('/', '.')}")
        for function in re.findall(r"`([\w.]+)`", functions):
            held: Any = found
            for part in function.split("."):
                held = getattr(held, part)
            assert callable(held)


def test_the_numbers_in_the_equations_are_those_of_the_code() -> None:
    m, moved = unknowns, migration_ages
    before = population_model.CONCEIVED_BEFORE
    rise = f"exp(−{moved.WORK_RISE:g} · (x + ½ − {moved.WORK_MEAN:g}))"
    listed = {
        f"[{before:g} · S(t−1) + {1 - before:g} · S(t)]",
        f"{lexis.BORN:g} · m(s,0)", f"{1 - lexis.BORN:g} · m(s,0)", f"boys {BOYS:g}/{1 + BOYS:g}",
        f"line(p(s,·); {', '.join(map(str, m.PATTERN_KNOTS))})(x)",
        f"line(δ(s,·); {', '.join(map(str, m.LATER_KNOTS))})(y)",
        f"line(A(s,·); 0, {m.START_STEP}, …, {m.START_STEP * (m.START_KNOTS - 1)})(x)",
        f"line(K; 0, {m.COHORT_STEP}, …, {m.COHORT_STEP * (m.COHORT_KNOTS - 1)})(x)",
        f"young(x) = {moved.YOUNG:g} · exp(−{moved.YOUNG_FALL:g} · (x + ½)) + {moved.CONSTANT:g}",
        f"{moved.WORK:g} · exp( −{moved.WORK_FALL:g} · (x + ½ − {moved.WORK_MEAN:g}) − {rise} )",
        f"a(s,x; {moved.MEN:g})", f"over the last {migration.LAST} years",
        f"n of the {m.REBOUND_YEARS} years after", f"in the {m.REBOUND_YEARS} years after",
        f"{expected_records.SMOOTH:.4f} · N(0)", f"{likelihood.FINEST:g}²",
        f"in the {YEARS_BEFORE} years before", f"exp({REST_SD:g} · z)",
        f"sd = {DEFINITION_SD:g} · mean deaths",
        f"central {CENTRAL:.0%}".replace("%", " %"), f"R-hat exceeds {RHAT:g}", f"below {ESS:g}",
        f"more than {CONTRADICTION:g} prior", f"> {CONFLICT:g}, for", f"of at least {INFORMED:g}",
        f"within {EDGE:g} prior",
        f"explains {UNTOLD:.0%}".replace("%", " %"), f"with tail {dict(MOVED)['migration_crisis']:g}",
    }  # fmt: skip
    assert {text for text in listed if text not in PAGE} == set()


def test_the_tables_of_the_page_hold_every_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DOCS)
    tables = importlib.import_module("model_tables").tables()
    assert {f"_generated/model-{name}.txt" for name in tables} == set(
        re.findall(r"\{include\} (_generated/model-\S+)", PAGE)
    )
    rows = {row.split("`")[3]: row for text in tables.values() for row in text.splitlines()
            if row.startswith("| `") and row.count("`") >= 4}  # fmt: skip
    assert set(NEUTRAL) <= set(rows)
    spec = load("china-1958").settings.reconstruction
    assert spec is not None
    declared, learned = spec.priors, priors(spec, "China")["shock_year"]
    for name in ("shock_year_age", "migration", "fertility_level"):
        for prior in (NEUTRAL[name].prior, declared[name]):
            assert f"normal({prior.mean:g}, {prior.sd:g})" in rows[name]
    for name, prior in (("migration_crisis", declared["migration_crisis"]), ("shock_year", learned)):
        assert f"heavy_tailed({prior.mean:g}, {prior.sd:g}, {prior.tail:g}) |" in rows[name]
    assert "A, registration fell: logit_normal(0.73, 0.3)" in rows["completeness_normal"]
    assert "| 0 |" in rows["age_noise"]
    assert rows["age_noise"].endswith("| not in this model |")


def test_the_case_format_lists_every_field_of_a_reconstruction() -> None:
    text = (
        (DOCS / "case-format.md").read_text(encoding="utf-8").split("### `reconstruction`")[1].split("\n#")[0]
    )
    heads = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `")]
    listed = {name for head in heads for name in re.findall(r"`(\w+)`", head)}
    assert listed == {field.alias or name for name, field in Reconstruction.model_fields.items()}
