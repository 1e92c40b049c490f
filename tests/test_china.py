"""The flagship case against arithmetic made outside this program from the same official figures."""

import json

import pytest

import dearth
from dearth.estimate.case_checks import check
from dearth.estimate.places import place_registers, remainder
from dearth.population.vital_registration import read_register


@pytest.fixture(scope="module")
def document() -> dict:
    return dearth.load("china-1958").estimate(quick=True).document


def test_the_case_is_sound() -> None:
    problems = check(dearth.load("china-1958").case)
    assert [p for p in problems if p.severity == "error"] == []
    told = " ".join(p.message for p in problems)
    assert "the accounts do not close" in told
    assert "counts 'Mainland and overseas'" in told


@pytest.mark.parametrize(
    ("year", "millions"),
    [(1954, -0.06), (1955, -0.38), (1956, 0.89), (1957, 3.44), (1958, 2.15), (1959, 5.34),
     (1960, -6.95), (1961, -5.98), (1962, -3.61), (1963, -3.97), (1964, -6.03), (1965, 0.09)],
)  # fmt: skip
def test_residuals_of_the_official_accounts(document: dict, year: int, millions: float) -> None:
    (row,) = [r for r in document["accounts"] if r["register"] == "nbs_registered"
              and not r["place"] and r["year"] == year]  # fmt: skip
    assert row["residual"] / 1e6 == pytest.approx(millions, abs=0.006)


def test_level_1957_by_hand(document: dict) -> None:
    stock = {1957: 646.53, 1958: 659.94, 1959: 672.07, 1960: 662.07, 1961: 658.59}
    cdr = {1958: 11.98, 1959: 14.59, 1960: 25.43, 1961: 14.24}
    by_hand = sum((cdr[y] - 10.80) * (stock[y] + stock[y - 1]) / 2000 for y in cdr)
    assert document["default"]["excess_deaths"]["median"] / 1e6 == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    ("toll", "rate"), [(4e6, 21.5), (15e6, 19.9), (30e6, 17.8)]
)  # fmt: skip
def test_what_a_toll_requires_of_normal_mortality(document: dict, toll: float, rate: float) -> None:
    """Corrected births, flat path: the normal rates reckoned apart from this program."""
    (row,) = [r for r in document["identification"] if r["toll"] == toll and
              r["normal_path"] == "flat" and "banister" in r["births_reading"]]  # fmt: skip
    assert row["normal_rate"] == pytest.approx(rate, abs=0.06)
    assert row["births"] / 1e6 == pytest.approx(268, abs=1)
    assert row["deaths"] / 1e6 == pytest.approx(156, abs=1)


def test_banister_is_recomputed_from_her_rates(document: dict) -> None:
    (row,) = [p for p in document["published"] if p["key"] == "banister1987"]
    cdr = {1957: 18.1, 1958: 20.7, 1959: 22.1, 1960: 44.6, 1961: 23.0, 1964: 12.5}
    stock = {1957: 646.53, 1958: 659.94, 1959: 672.07, 1960: 662.07, 1961: 658.59}
    line = {y: cdr[1957] + (cdr[1964] - cdr[1957]) * (y - 1957) / 7 for y in range(1958, 1962)}
    by_hand = sum((cdr[y] - line[y]) * (stock[y] + stock[y - 1]) / 2000 for y in line)
    assert row["recomputed"]["excess_deaths"]["median"] / 1e6 == pytest.approx(by_hand, abs=0.3)


def test_recalled_figures_enter_nothing(document: dict) -> None:
    recalled = [p for p in document["published"] if p["quality"] == "recalled"]
    assert recalled
    span = document["spread"]["published"]
    seen = [v for p in document["published"] if p["quality"] != "recalled"
            for v in (p["low"], p["central"], p["high"]) if v]  # fmt: skip
    assert (span["low"], span["high"]) == (min(seen), max(seen))
    assert set(document["surface"]["published_lines"][0]) == {"author", "excess_deaths", "points"}
    names = " ".join(line["author"] for line in document["surface"]["published_lines"])
    assert not any(p["author"] in names for p in recalled)


def test_registers_of_the_whole_and_defaults_rest_on_no_recalled_row() -> None:
    case = dearth.load("china-1958").case
    for name, spec in case.settings.registers.items():
        for place in [p.name for p in case.settings.places] if spec.places else [""]:
            for reference in (spec.population, spec.deaths, spec.death_rate, spec.births, spec.birth_rate):
                if reference and case.evidence.has(reference, place):
                    assert "recalled" not in case.evidence.series(reference, place).qualities, name


def test_places_and_the_rest_sum_to_the_nation(document: dict) -> None:
    case = dearth.load("china-1958").case
    parts, warnings = place_registers(case)
    whole = read_register(case, "nbs_registered")
    rest = remainder(whole, list(parts.values()))
    assert warnings == []
    assert set(rest) == set(range(1956, 1967))
    for year, (deaths, people) in rest.items():
        named = [p.deaths[p.index[year]] for p in parts.values()]
        assert sum(named) + deaths == pytest.approx(whole.deaths[whole.index[year]])
        assert people > 0
    (row,) = [r for r in document["places"] if r["place"] == "rest" and r["year"] == 1959]
    assert row["cdr"] < 0
    assert any("fewer than no deaths" in text for text in document["warnings"])
    assert len({r["place"] for r in document["places"]}) == 25


def test_holdouts_enter_no_baseline() -> None:
    case = dearth.load("china-1958")
    anhui = read_register(case.case, "provincial_registered", "Anhui")
    assert set(range(1963, 1967)) <= set(anhui.held_out)


def test_finland_shows_what_the_normal_years_explain() -> None:
    found = dearth.load("finland-1866").estimate(quick=True).document
    by = {r["baseline"]: r["excess_deaths"]["median"] for r in found["estimates"]
          if r["completeness"] == "as_registered"}  # fmt: skip
    expected = {"mean:1862-1865": 135292, "mean:1864-1865": 145966, "mean:1869-1870": 160237}
    for name, toll in expected.items():
        assert by[name] == pytest.approx(toll, rel=0.004)
    spread = found["spread"]
    assert 0.5 < spread["share_explained"] < 1
    assert json.dumps(spread)
