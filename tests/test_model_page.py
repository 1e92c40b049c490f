"""The page that states the model says what the code does: equations, unknowns, numbers and functions."""

import importlib
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import jax
import numpy as np
import pytest

from dearth.case.read import load
from dearth.case.schema import Reconstruction
from dearth.population import lexis
from dearth.reconstruction import likelihood as terms
from dearth.reconstruction import population_model
from dearth.reconstruction.age_patterns import BOYS
from dearth.reconstruction.convergence_gates import ESS, RHAT
from dearth.reconstruction.fit import one, scenario_data
from dearth.reconstruction.generated_quantities import YEARS_BEFORE, observe
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.likelihood import log_density
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.sensitivity import TORN
from model_page import Page

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "model.md").read_text(encoding="utf-8")
SPREAD, SEED = 0.5, 3
CLOSE = 1e-6  # the shares of children and adults by age are held in single precision


def both(name: str, scenario: int) -> tuple[Page, float, dict[str, Any]]:
    """Return the page's history, the code's log likelihood and the code's results at one random point."""
    case = load(name)
    with jax.enable_x64(True):
        model = Model(read_inputs(case))
        data = one(scenario_data(case, model)[1], scenario)
        theta = SPREAD * np.random.default_rng(SEED).standard_normal(model.unknowns.size)
        windows = case.settings.birth_windows
        marks = [model.given.mark(years) for years in (windows.deficit, windows.recovered)]
        kept = observe(model, *marks)
        compiled = jax.jit(lambda z: (log_density(model, z, data), model.named(z, data), kept(z, data)))
        density, u, seen = jax.tree.map(np.asarray, compiled(theta))
    year = model.given.spec.mortality.year
    t0 = int(np.flatnonzero(model.given.crisis)[0]) if year is None else year - model.given.years[0]
    likelihood = float(density + 0.5 * (theta**2).sum())
    return Page(model.given, u, t0), likelihood, seen | {"deficit": marks[0], "back": marks[1]}


# China: late deaths, removed entries, shares, later censuses, places; Valley: deaths by age, a Siler curve
@pytest.mark.parametrize(("name", "scenario"), [("china-1958", 1), ("valley", 1)])
def test_the_equations_of_the_page_are_those_of_the_code(name: str, scenario: int) -> None:
    page, density, seen = both(name, scenario)
    assert page.log_likelihood() == pytest.approx(density, rel=CLOSE)
    crisis = page.crisis
    assert page.excess[crisis].sum() == pytest.approx(seen["excess"], rel=CLOSE)
    people, births, deaths = page.twin()
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
    mu = page.u["migration"][:, None]
    moved = ((people - stocks)[:-1, None] * mu)[:last].sum()  # M* - M: the same rates, other people
    assert people[last] - stocks[last] == pytest.approx(lost[:last].sum() + apart + moved, rel=CLOSE)
    assert (mu[crisis, 0] * stocks[crisis]).sum() == pytest.approx(seen["migration"], rel=CLOSE)
    before = slice(max(0, crisis[0] - 3), crisis[0])
    infants = page.deaths[before, :, 0].sum() / page.births[before].sum()
    assert infants == pytest.approx(seen["infant_mortality"], rel=CLOSE)


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
    m = population_model
    listed = {
        f"[{m.CONCEIVED_BEFORE:g} · S(t−1) + {1 - m.CONCEIVED_BEFORE:g} · S(t)]",
        f"{lexis.BORN:g} · m(s,0)", f"{1 - lexis.BORN:g} · m(s,0)", f"boys {BOYS:g}/{1 + BOYS:g}",
        f"line(p(s,·); {', '.join(map(str, m.PATTERN_KNOTS))})(x)",
        f"line(δ(s,·); {', '.join(map(str, m.LATER_KNOTS))})(y)",
        f"line(A(s,·); 0, {m.START_STEP}, …, {m.START_STEP * (m.START_KNOTS - 1)})(x)",
        f"line(K; 0, {m.COHORT_STEP}, …, {m.COHORT_STEP * (m.COHORT_KNOTS - 1)})(x)",
        f"{terms.SMOOTH:.4f} · N(0)", f"{terms.FINEST:g}²", f"in the {YEARS_BEFORE} years before",
        f"in the {m.REBOUND_YEARS} years after", f"R-hat exceeds {RHAT:g}", f"below {ESS:g}",
        f"more than {TORN:g} prior",
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
    priors = load("china-1958").settings.reconstruction.priors
    for name in ("shock_year", "migration", "fertility_level"):
        for prior in (NEUTRAL[name].prior, priors[name]):
            assert f"normal({prior.mean:g}, {prior.sd:g})" in rows[name]
    assert "A, registration fell: triangular(0.6, 0.7, 0.9)" in rows["completeness_normal"]


def test_the_case_format_lists_every_field_of_a_reconstruction() -> None:
    text = (
        (DOCS / "case-format.md").read_text(encoding="utf-8").split("### `reconstruction`")[1].split("\n#")[0]
    )
    heads = [row.split(" | ")[0] for row in text.splitlines() if row.startswith("| `")]
    listed = {name for head in heads for name in re.findall(r"`(\w+)`", head)}
    assert listed == {field.alias or name for name, field in Reconstruction.model_fields.items()}
