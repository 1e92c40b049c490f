"""Claims: a declared test, a verdict that follows the records, and every mistake of a claim named."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from conftest import write_case
from dearth.case.problems import CaseError
from dearth.case.read import bundled, load
from dearth.checks import problems
from dearth.claims.check import POSTERIOR
from dearth.claims.evaluate import run_claims
from dearth.claims.formula import evaluate, parse
from dearth.claims.read import claims_problems, read_claims
from dearth.claims.results import Claims
from dearth.claims.verdict import Verdict, judge, together
from dearth.cli import app
from dearth.estimate.estimates import estimate
from dearth.explain.counterfactuals import Counterfactual
from dearth.explain.shares import CauseShare
from dearth.explain.stored_explanation import stored_explanation
from dearth.numerics.interval import Interval
from dearth.reconstruction.shipped_posteriors import shipped
from test_cli import SCHEMAS

HEAD = "schema_version: 1\ndate: 2026-11-30\nclaims:\n"
DOUBLED = """\
  - id: deaths-doubled
    statement: Deaths more than doubled.
    by: [{who: A reader, source: s1}]
    kind: comparison
    test:
      quantities:
        before: {evidence: books/deaths, years: 1901-1902, over: mean}
        after: {evidence: books/deaths, years: 1903-1904, over: mean}
      value: after / before
      unit: times
      is: above
      threshold: 2
      tolerance: 0.1
    undecided_if: they rose 1.9 to 2.1 times
    date: 2026-11-30
"""
PUBLISHED = """\
key,author,year,window,method,method_published,quality,source_id,central,births_lost,counts_unborn
one,First,1950,1903-1904,counted,yes,secondary,s2,600,300,no
two,Second,1960,1903-1904,counted,yes,secondary,s2,900,,yes
three,Third,1970,1903-1904,counted,yes,recalled,s2,700,,unclear
"""


def with_claims(folder: Path, claims: str = DOUBLED, evidence: list[str] | None = None) -> Path:
    write_case(folder, evidence=evidence)
    (folder / "sources.csv").write_text("source_id,title\ns1,The parish books\ns2,A book\n", encoding="utf-8")
    (folder / "published.csv").write_text(PUBLISHED, encoding="utf-8")
    (folder / "claims.yaml").write_text(HEAD + claims, encoding="utf-8")
    return folder


def claim(value: str, quantities: str, more: str = "", kind: str = "comparison", source: str = "s2") -> str:
    return (
        f"  - id: one\n    statement: A statement.\n    by: [{{who: A reader, source: {source}}}]\n"
        f"    kind: {kind}\n    test:\n      quantities: {{{quantities}}}\n      value: '{value}'\n"
        "      unit: persons\n      is: above\n      threshold: 0\n"
        f"    undecided_if: never\n    date: 2026-11-30\n{more}"
    )


def run_on(folder: Path) -> Claims:
    return run_claims(load(folder), quick=True)


def test_a_user_adds_a_claim_and_a_changed_row_changes_its_verdict(tmp_path: Path) -> None:
    said = DOUBLED.replace("source: s1", "source: s2")
    one = run_on(with_claims(tmp_path / "a", said))["deaths-doubled"]
    assert one.verdict is Verdict.SUPPORTED
    assert one.value is not None
    assert one.value.median == pytest.approx(450 / 110)
    assert [(row.year, row.value) for row in one.rows] == [(1901, 100), (1902, 120), (1903, 500), (1904, 400)]
    from conftest import rows

    fewer = [r.replace("books,deaths,500", "books,deaths,230").replace("books,deaths,400", "books,deaths,120")
             for r in rows()]  # fmt: skip
    other = run_on(with_claims(tmp_path / "b", said, fewer))["deaths-doubled"]
    assert other.verdict is Verdict.CONTRADICTED
    near = [r.replace("books,deaths,500", "books,deaths,330").replace("books,deaths,400", "books,deaths,116")
            for r in rows()]  # fmt: skip
    assert run_on(with_claims(tmp_path / "c", said, near))["deaths-doubled"].verdict is Verdict.UNDECIDED


def test_a_claim_is_not_supported_by_its_own_source_alone(tmp_path: Path) -> None:
    one = run_on(with_claims(tmp_path / "a"))["deaths-doubled"]  # said by the parish books, tested with them
    assert one.verdict is Verdict.UNTESTABLE
    assert "no source but the one" in one.reason


def test_recalled_figures_decide_nothing(tmp_path: Path) -> None:
    from conftest import rows

    weak = [r.replace(",official,", ",recalled,") if r.startswith("1904,books,deaths") else r for r in rows()]
    weak = [r.replace("books,deaths", "others,deaths") for r in weak]
    weak += [r for r in rows() if ",books,deaths" in r]
    said = DOUBLED.replace("source: s1", "source: s2").replace("books/deaths", "others/deaths")
    one = run_on(with_claims(tmp_path / "a", said, weak))["deaths-doubled"]
    assert one.recalled
    assert one.verdict is Verdict.UNTESTABLE
    assert one.value is not None  # it is shown all the same


def test_a_verdict_depends_on_the_choices_that_are_left_open(tmp_path: Path) -> None:
    """900 deaths are registered, 218.2 are normal by the rates of 1901 and 1902; a share is registered."""
    fixed = "series: books, method: rate, window: 1903-1904, baseline: 'mean:1901-1902'"
    normal = 20.25 * (100 / 10.1 + 120 / 10.3) / 2
    said = claim(
        "deaths - 800", f"deaths: {{estimate: excess_deaths, {fixed}}}", "    counts_unborn: no\n", "quantity"
    )
    one = run_on(with_claims(tmp_path / "a", said))["one"]
    found = {a.assumption: (a.verdict, a.value.median, a.probability) for a in one.alternatives}
    half = found["deaths registered: Half"]
    assert half == (Verdict.SUPPORTED, pytest.approx(2 * (900 - normal) - 800), None)
    apart = found["deaths registered: Apart"]
    assert apart[1] == pytest.approx(1800 - normal / 0.8 - 800)
    drawn = found["deaths registered: Prior"]  # 50-100 % registered: 800 are exceeded below 85 %
    assert drawn[0] is Verdict.UNDECIDED
    assert drawn[2] == pytest.approx(((900 - normal) / 800 - 0.5) / 0.5, abs=0.1)
    assert one.verdict is Verdict.UNDECIDED
    assert not one.flips
    full = said.replace("1901-1902'}", "1901-1902', completeness: '1'}")
    flat = run_on(with_claims(tmp_path / "b", full))["one"]
    assert flat.verdict is Verdict.CONTRADICTED
    assert (flat.value, flat.probability) == (Interval(pytest.approx(100 - normal)), None)
    mixed = run_on(with_claims(tmp_path / "c", said.replace("mean:1901-1902", "constant:12")))["one"]
    assert mixed.verdict is Verdict.UNTESTABLE
    assert "a constant normal rate is not corrected" in mixed.reason


def test_the_first_way_decides_and_the_others_are_shown(tmp_path: Path) -> None:
    ways = "deaths: [{evidence: books/deaths, years: 1903}, {stated: -5, source: s2}]"
    one = run_on(with_claims(tmp_path / "a", claim("deaths", ways)))["one"]
    assert one.verdict is Verdict.SUPPORTED
    assert one.flips
    assert [(a.decides, a.verdict) for a in one.alternatives] == [
        (True, Verdict.SUPPORTED), (False, Verdict.CONTRADICTED)
    ]  # fmt: skip
    other = "deaths: [{posterior: excess_deaths}, {evidence: books/deaths, years: 1903}]"
    with pytest.raises(CaseError, match="declares no 'reconstruction'"):
        run_on(with_claims(tmp_path / "b", claim("deaths", other)))


def test_adding_the_unborn_to_deaths_is_marked(tmp_path: Path) -> None:
    quantities = (
        "deaths: {published: one, figure: central}, unborn: {published: one, figure: births_lost}, "
        "more: {evidence: books/deaths, years: 1903}"
    )
    folder = with_claims(tmp_path / "a", claim("more + (deaths + unborn) / 2", quantities))
    assert run_on(folder)["one"].mixes
    apart = run_on(with_claims(tmp_path / "b", claim("deaths / more - unborn", quantities)))["one"]
    assert not apart.mixes
    assert apart.published[0]["key"] == "one"
    q = "deaths: {estimate: excess_deaths, series: books}"
    said = claim("deaths", q, "    counts_unborn: yes\n", kind="quantity")
    assert run_on(with_claims(tmp_path / "c", said))["one"].mixes


def test_how_many_published_estimates_count_the_unborn(tmp_path: Path) -> None:
    folder = with_claims(tmp_path / "a", claim("many", "many: {counts_unborn: all}"))
    made = run_on(folder)
    assert made.unborn.startswith(
        "Of 3 published estimates of excess deaths, 1 adds births lost to the deaths"
    )
    assert "(Second) and 1 do not; for 1 it is not known (Third)" in made.unborn
    assert [a.value.median for a in made["one"].alternatives] == [1, 2]
    told = estimate(load(folder), quick=True).answer
    assert "Of 3 published estimates of excess deaths, 1 adds births lost" in " ".join(told)
    assert "Third" not in " ".join(told)


SCENARIO = bundled()["valley"] / "scenario.yaml"


def explained(low: float, high: float) -> Any:
    """Return what a claim reads of an explanation: the share of a cause, the deaths that a regime averts."""
    figure = Interval((low + high) / 2, low, high, 0.9)
    cause = CauseShare("weather", "Weather", figure, figure, figure, figure, figure, assumption=False)
    regime = Counterfactual("no_exports", "", figure, figure, {}, {})
    return SimpleNamespace(
        fit=SimpleNamespace(registration="all"), shares=SimpleNamespace(causes=(cause,)),
        counterfactuals=(regime,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("what", "name", "kind"),
    [("share", "weather", "cause_share"), ("averted", "no_exports", "counterfactual")],
)
def test_a_cause_is_tested_with_a_fitted_simulation_and_untestable_without(
    what: str, name: str, kind: str, tmp_path: Path
) -> None:
    folder = with_claims(tmp_path / "a", claim("part - 0.2", f"part: {{{what}: {name}}}", kind=kind))
    shutil.copy(SCENARIO, folder / "scenario.yaml")
    case = load(folder)
    alone = run_claims(case)["one"]
    assert (alone.verdict, alone.value) == (Verdict.UNTESTABLE, None)
    assert "fitted to the records" in alone.reason
    assert run_claims(case, unexplained="no fit is stored")["one"].reason == "no fit is stored"
    ends = ((0.3, 0.5), (0.1, 0.3), (0.05, 0.15))
    found = [run_claims(case, explanation=explained(*both))["one"] for both in ends]
    assert [one.verdict for one in found] == [Verdict.SUPPORTED, Verdict.UNDECIDED, Verdict.CONTRADICTED]
    value = found[1].value
    assert value is not None
    assert (value.median, *value.ends) == pytest.approx((0, -0.1, 0.1))
    assert found[1].probability is None


def test_a_cause_that_the_scenario_lacks_makes_a_claim_untestable_and_not_false(tmp_path: Path) -> None:
    folder = with_claims(tmp_path / "a", claim("part", "part: {share: wether}", kind="cause_share"))
    shutil.copy(SCENARIO, folder / "scenario.yaml")
    case = load(folder)
    one = run_claims(case, explanation=explained(0.1, 0.2))["one"]
    assert one.verdict is Verdict.UNTESTABLE
    assert one.reason == "the scenario of the case has no cause 'wether'"
    warned = claims_problems(case)
    assert [p.severity for p in warned] == ["warning"]
    assert "spelt alike: 'weather'" in warned[0].message
    assert claims_problems(load("china-1958")) == []


def test_a_claim_without_a_test_says_why(tmp_path: Path) -> None:
    said = (
        "  - {id: one, statement: A., by: [{who: B, source: s1}], kind: direction, "
        "no_test: no record speaks of it, date: 2026-11-30}\n"
    )
    one = run_on(with_claims(tmp_path / "a", said))["one"]
    assert one.verdict is Verdict.UNTESTABLE
    assert one.reason == "no test can be stated: no record speaks of it"


WRONG = [
    ("source: s1", "source: s9", ":6: claims.0.by.0.source: source 's9' is neither in sources.csv"),
    ("books/deaths, years: 1901", "boks/deaths, years: 1901",
     ":10: claims.0.test.quantities.before.0.evidence: no"),
    ("years: 1901-1902", "years: 1899-1902",
     ":10: claims.0.test.quantities.before.0.years: books/"),
    ("over: mean}\n        after", "ovr: mean}\n        after", "unknown field 'ovr' — did you mean 'over'?"),
    (", over: mean}\n        after", "}\n        after", "several years need over"),
    ("value: after / before", "value: after / befor",
     ":12: claims.0.test.value: 'befor' is none of the quantities"),
    ("value: after / before", "value: after ** before", "operators are + - * / only"),
    ("value: after / before", "value: open('x')", "calls are min(a, b), max(a, b) and abs(a) only"),
    ("value: after / before", "value: after", "'before' does not stand in value"),
    ("is: above", "is: over", ":14: claims.0.test.is"),
    ("threshold: 2", "threshold: [2, 3]", "give two numbers with 'between'"),
    ("kind: comparison", "kind: comparsion", ":7: claims.0.kind"),
    ("    undecided_if: they rose 1.9 to 2.1 times\n", "", "undecided_if is missing"),
    ("{evidence: books/deaths, years: 1901-1902, over: mean}", "{stated: 3}", "stated needs source"),
    ("{evidence: books/deaths, years: 1901-1902, over: mean}", "{stated: 3, source: s1, years: 1901}",
     "years does not go with stated"),
    ("{evidence: books/deaths, years: 1901-1902, over: mean}", "{estimate: p_score, series: bokks}",
     "'bokks' is no register of the whole (spelt alike: 'books'"),
    ("{evidence: books/deaths, years: 1901-1902, over: mean}", "{published: four, figure: low}",
     "published.csv has no key 'four'"),
    ("years: 1901-1902, over: mean}", "years: 1901, place: No}",
     "no place of the case is called 'No'"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "told"), WRONG)
def test_check_names_each_mistake_of_a_claim(good: str, bad: str, told: str, tmp_path: Path) -> None:
    assert good in DOUBLED
    folder = with_claims(tmp_path / "a", DOUBLED.replace(good, bad, 1))
    found = [str(p) for p in problems(str(folder))[1] if p.severity == "error"]
    assert any(told in text and text.startswith("claims.yaml:") for text in found), found


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    twice = DOUBLED + DOUBLED.replace("source: s1", "source: s9").replace("threshold: 2", "threshold: two")
    with pytest.raises(CaseError) as caught:
        read_claims(
            load(
                with_claims(
                    tmp_path / "a", twice + DOUBLED.replace("deaths-doubled", "x").replace("s1", "s8")
                )
            )
        )
    told = [str(problem) for problem in caught.value.problems]
    assert any("claims.1.test.threshold" in text for text in told)
    assert any("'s8'" in text and "claims.2.by" in text for text in told)
    assert any("'deaths-doubled' is the id of the claim in line 4 too" in text for text in told)


def test_arithmetic_is_arithmetic() -> None:
    names = {"a": 1, "b": 1}
    tree = parse("-a + 2 * max(a, b) / (b - 1)", names)
    values = {"a": np.array([1.0, 4.0]), "b": np.array([3.0])}
    assert evaluate(tree, values).tolist() == [2.0, 0.0]
    assert np.isnan(evaluate(parse("a / (b - 3)", names), values)).all()
    for text in ("__import__('os')", "a.real", "a if b else 1", "'x'", "a < b", "a +", "lambda: 1", "c"):
        with pytest.raises(ValueError, match=r"\S"):
            parse(text, names)


def test_the_rules_of_a_verdict() -> None:
    draws = np.arange(100.0)
    assert judge(draws, "above", 3, 0) == (Verdict.SUPPORTED, 0.96)
    assert judge(draws, "above", 3, 3) == (Verdict.UNDECIDED, 0.96)
    assert judge(draws, "below", 3, 0) == (Verdict.CONTRADICTED, 0.03)
    assert judge(draws, "between", (-1, 200), 0)[0] is Verdict.SUPPORTED
    assert judge(draws, "between", (50, 200), 0)[0] is Verdict.UNDECIDED
    assert judge(np.array([1.0]), "above", 0.5, 0) == (Verdict.SUPPORTED, None)
    assert judge(np.array([np.nan, 1.0]), "above", 0.5, 0) == (Verdict.UNDECIDED, None)
    assert together([Verdict.SUPPORTED, Verdict.CONTRADICTED]) is Verdict.UNDECIDED


def test_the_claims_of_china_keep_the_schema() -> None:
    done = CliRunner().invoke(app, ["claims", "china-1958", "--quick", "--json"], prog_name="dearth")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "claims-v1.json").read_text()))
    found = {one["id"]: one for one in document["claims"]}
    assert len(found) == len(document["claims"]) >= 45
    assert sum(one["position"] != "essay" for one in found.values()) >= len(found) / 3
    assert found["soviet-exports-in-roubles"]["recalled"]
    assert [len(one["evidence"]) for one in found.values() if one["verdict"] == "supported"].count(0) < 10
    assert len(found["weather-was-bad"]["alternatives"]) == 2  # a record with itself, not with the other
    mixing = [name for name, one in found.items() if one["mixes_births_and_deaths"]]
    assert mixing == ["losses-of-60-million"]
    assert found["mou-in-acres"]["verdict"] == "contradicted"
    assert found["mou-in-acres"]["value"]["median"] == pytest.approx(3.5 * 0.165)
    explained = stored_explanation(load("china-1958"))
    assert explained is not None
    weather = next(one for one in explained.shares.causes if one.cause == "weather")
    assert found["weather-a-third"]["value"]["median"] == pytest.approx(weather.share.median)


def test_names_of_the_posterior_are_those_of_its_draws() -> None:
    found, _ = shipped(load("china-1958"), draws=True)
    if found is None or found.draws is None:
        pytest.skip("no posterior of China ships with this version")
    assert set(POSTERIOR) == set(found.draws.variables) - {"unknowns"}


def test_an_unknown_claim_is_named_and_ids_complete() -> None:
    done = CliRunner().invoke(app, ["claims", "china-1958", "mou-in-acrs"], prog_name="dearth")
    assert isinstance(done.exception, CaseError)
    assert "did you mean 'mou-in-acres'?" in str(done.exception)
    words = "dearth claims china-1958 mou"
    asked = {"_DEARTH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    assert "mou-in-acres" in CliRunner().invoke(app, [], env=asked, prog_name="dearth").stdout.split()


def test_the_terminal_shows_numbers_and_what_they_rest_on(tmp_path: Path) -> None:
    folder = with_claims(tmp_path / "a", DOUBLED.replace("source: s1", "source: s2"))
    done = CliRunner().invoke(app, ["claims", str(folder), "deaths-doubled"], env={"COLUMNS": "200"})
    assert "deaths-doubled  supported" in done.stdout
    assert "Said by A reader (A book)." in done.stdout
    assert "4.09" in done.stdout
    assert "evidence/books.csv" in done.stdout
    table = CliRunner().invoke(app, ["claims", str(folder)], env={"COLUMNS": "200"}).stdout
    assert "1 supported, 0 contradicted, 0 undecided, 0 untestable here, of 1 claims." in table


def test_a_case_without_claims_says_so(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a")
    assert claims_problems(load(folder)) == []
    with pytest.raises(CaseError, match=r"the case has no claims\.yaml"):
        run_claims(load(folder))
