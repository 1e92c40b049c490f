"""A relation across places as the quantity of a claim: arithmetic on paper, refusals and mistakes."""

from pathlib import Path

import pytest

from conftest import CASE, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.claims.evaluate import run_claims
from dearth.claims.results import Verdicts
from dearth.claims.verdict import Verdict
from dearth.numerics.rank_correlation import rank_correlation

CLAIM = """\
schema_version: 1
date: 2026-01-01
claims:
  - id: one
    statement: Places whose output fell more lost more people.
    by: [{{who: Somebody, source: s1}}]
    kind: comparison
    test:
      quantities:
        relation: {{{quantity}}}
      value: relation
      unit: rank correlation
      is: below
      threshold: 0
      tolerance: 0.2
    undecided_if: the correlation is near zero
    date: 2026-01-01
"""
ACROSS = "across_places: r/crude_death_rate, years: 1903, against: r/grain_output, level: 1902"
# output before and in the crisis, death rate before and in it: the more output fell, the more deaths rose
PLACES = {f"P{i}": (100 + i, (100 + i) * (1 - 0.05 * i), 20, 20 + 2 * i) for i in range(9)}


def made(folder: Path, quantity: str, places: dict[str, tuple[float, float, float, float]]) -> Verdicts:
    names = "".join(f"\n  - {{name: {name}}}" for name in places)
    write_case(folder, f"{CASE.rstrip()}\nplaces:{names}\n")
    lines = ["year,place,series,variable,value,unit,source_id,quality,basis"]
    for name, (before, after, usual, crisis) in places.items():
        for year, output, rate in ((1902, before, usual), (1903, after, crisis)):
            lines.append(f"{year},{name},r,grain_output,{output},tonnes,s1,official,original")
            lines.append(f"{year},{name},r,crude_death_rate,{rate},per 1000,s1,official,")
    (folder / "evidence" / "places.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "claims.yaml").write_text(CLAIM.format(quantity=quantity), encoding="utf-8")
    return run_claims(load(folder), quick=True)["one"]


def test_the_rank_correlation_is_that_of_the_changes(tmp_path: Path) -> None:
    found = made(tmp_path / "a", ACROSS, PLACES)
    assert found.value is not None
    assert found.value.median == pytest.approx(-1)
    assert len(found.rows) == 4 * len(PLACES)
    assert (
        "rank correlation over places of crude death rate 1903 with grain output 1903, both from 1902"
        in found.test
    )


def test_one_other_place_changes_the_number(tmp_path: Path) -> None:
    other = {**PLACES, "P8": (108, 108, 20, 60)}
    found = made(tmp_path / "a", ACROSS, other)
    changes = [after / before for before, after, _, _ in other.values()]
    rises = [crisis - usual for _, _, usual, crisis in other.values()]
    assert found.value is not None
    assert found.value.median == pytest.approx(rank_correlation(changes, rises))
    assert found.value.median > -1


def test_places_left_out_are_an_assumption_that_can_change_the_verdict(tmp_path: Path) -> None:
    other = {**PLACES, **{f"Q{i}": (100.0, 200.0 + i, 20.0, 90.0 + i) for i in range(9)}}
    names = ", ".join(f"Q{i}" for i in range(9))
    found = made(tmp_path / "a", f"{ACROSS}, without: [{names}]", other)
    verdicts = {one.assumption: one.verdict for one in found.alternatives}
    assert verdicts["places: all"] is Verdict.CONTRADICTED
    assert verdicts[f"places: without {names}"] is Verdict.SUPPORTED
    assert found.flips
    assert found.verdict is Verdict.UNDECIDED


def test_too_few_places_decide_nothing(tmp_path: Path) -> None:
    found = made(tmp_path / "a", ACROSS, dict(list(PLACES.items())[:7]))
    assert found.verdict is Verdict.UNTESTABLE
    assert found.reason == "7 places have both figures; a relation over places needs 8"


def test_per_divides_the_other_figure(tmp_path: Path) -> None:
    quantity = (
        "across_places: r/crude_death_rate, years: 1903, against: r/grain_output, per: r/crude_death_rate"
    )
    found = made(tmp_path / "a", quantity, PLACES)
    shares = [after / crisis for _, after, _, crisis in PLACES.values()]
    assert found.value is not None
    assert found.value.median == pytest.approx(rank_correlation(shares, [row[3] for row in PLACES.values()]))


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("across_places: r/crude_death_rate, years: 1903", "across_places needs against"),
        ("across_places: r/crude_death_rate, against: r/grain_output", "across_places needs years"),
        (
            "across_places: r/crude_death_rat, years: 1903, against: r/grain_output",
            "no place has a figure of",
        ),
        (f"{ACROSS}, without: [P99]", "no place of the case is called 'P99'"),
        ("evidence: books/deaths, years: 1903, against: r/grain_output", "against does not go with evidence"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, quantity: str, said: str) -> None:
    with pytest.raises(CaseError) as error:
        made(tmp_path / "a", quantity, PLACES)
    assert said in "\n".join(map(str, error.value.problems))


def test_equal_values_share_a_rank_and_a_series_that_does_not_vary_has_none() -> None:
    assert rank_correlation([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 1, 2]) == pytest.approx(-0.5)
    assert rank_correlation([1, 1, 1], [1, 2, 3]) != rank_correlation([1, 1, 1], [1, 2, 3])
