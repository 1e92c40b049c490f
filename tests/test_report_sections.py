"""Sections of the report: each says what the verb of its question says, and fits into the page."""

import html
import re
import subprocess
import sys

import pytest

import dearth
from dearth.case.read import bundled, load
from dearth.facade import Result, compare
from dearth.reconstruction.shipped_posteriors import shipped
from dearth.show.beside import FAMINES
from dearth.show.charts import charts
from dearth.show.claims_section import KINDS, claim_groups
from dearth.show.comparison_words import measured
from dearth.show.report import ROWS_IN_PAGE, TABLE_ROWS, _figure, _rest_of_table, render_report
from dearth.show.svg_size import as_one_image


@pytest.fixture(scope="module")
def result() -> Result:
    return dearth.load("finland-1866").estimate(quick=True)


@pytest.fixture(scope="module")
def page(result: Result) -> str:
    return render_report(result, interactive=False, drawn=[], beside=result.beside)


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_every_claim_stands_with_the_verdict_of_the_verb(result: Result, page: str) -> None:
    made = dearth.load("finland-1866").claims(quick=True)
    shown = dict(
        re.findall(r'<details class="claim" id="claim-([^"]*)"><summary>(.*?)</summary>', page, re.S)
    )
    assert list(shown) == [one.claim.id for _, lines in claim_groups(made) for one in (x.made for x in lines)]
    assert sorted(shown) == sorted(one.claim.id for one in made.results)
    for one in made.results:
        said = text_of(shown[one.claim.id])
        assert said.startswith(str(one.verdict)), said
        assert one.claim.statement in said
        assert ("changes with an assumption" in said) is one.flips


def test_a_claim_that_flips_shows_both_verdicts_and_under_which_assumptions(page: str) -> None:
    made = dearth.load("finland-1866").claims(quick=True)
    flipping = [one for one in made.results if one.flips]
    assert flipping
    for one in flipping:
        start = page.index(f'id="claim-{one.claim.id}"')
        said = text_of(page[start : page.index("</summary>", start)])
        for verdict in ("supported", "contradicted"):
            many = sum(str(a.verdict) == verdict for a in one.alternatives)
            assert f"{verdict} in {many} of {len(one.alternatives)}:" in said


def test_every_kind_of_claim_has_a_heading() -> None:
    found = {one.claim.kind for one in dearth.load("china-1958").claims(quick=True).results}
    assert found <= set(KINDS)


def test_other_famines_have_the_figures_of_the_verb(result: Result, page: str) -> None:
    names = ["finland-1866", *(name for name in FAMINES if name != "finland-1866")]
    made = compare(*names, quick=True)
    table = text_of(page[page.index('<table id="comparison"') :])
    for case in made.cases:
        assert f"{case.place}, {case.window}" in table
        for definition in made.definitions:
            for number, by in measured(case, definition):
                assert f"{number} {by}" in table
    for row in made.chronic:
        assert f"{row.place} {row.first_year}-{row.last_year} {row.death_rate:.1f} deaths per 1000" in page


def test_chronic_mortality_is_the_mean_of_the_series_that_it_names() -> None:
    rows = [row for row in load("china-1958").evidence if row.variable == "crude_death_rate_india"]
    for one in compare("finland-1866", quick=True).chronic:
        years = range(one.first_year, one.last_year + 1)
        rates = [row.value for row in rows if row.year in years]
        assert len(rates) == len(years)
        assert one.death_rate == pytest.approx(sum(rates) / len(rates), abs=0.01)


def test_every_bundled_famine_is_compared_and_its_posterior_ships() -> None:
    assert set(FAMINES) == set(bundled()) - {"valley"}  # a place that never was
    for name in FAMINES:
        case = load(name)
        assert case.settings.reconstruction is None or shipped(case) is not None


def test_claims_and_other_famines_fit_nothing() -> None:
    code = (
        "import sys, dearth; made = dearth.load('finland-1866').estimate(quick=True); made.beside; "
        "sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_claims_the_section_is_left_out() -> None:
    made = dearth.load("ireland-1845").estimate(quick=True)
    assert made.beside.claims is None
    page = render_report(made, interactive=False, drawn=[], beside=made.beside)
    assert 'id="claims"' not in page
    assert 'href="#claims"' not in page
    assert 'id="famines"' in page


def test_many_points_are_one_path_for_each_look() -> None:
    look = 'r="1.5" fill="{}" opacity="0.7"/>'
    points = "".join(
        f'<circle transform="translate({i},{i}.04)" {look.format("#111" if i % 2 else "#222")}'
        for i in range(30)
    )
    short = as_one_image(f"<svg><g>{points}</g></svg>")
    assert short.count("<path") == 2
    assert short.count("h0") == 30
    assert "M3,3h0" in short
    assert 'stroke="#111" opacity="0.7" stroke-width="3" stroke-linecap="round"' in short
    few = points[: points.index("/>", points.index("translate(4,")) + 2]
    assert as_one_image(few) == few


def test_lines_of_no_length_are_left_out_and_the_others_keep_their_place() -> None:
    lines = "".join(
        f'<line transform="translate({i},{2 * i})" x2="{12.34 if i % 3 else 0}" y2="0" stroke="#111"/>'
        for i in range(30)
    )  # fmt: skip
    short = as_one_image(lines)
    assert short.count("<path") == 1
    assert len(re.findall(r"M\d+,\d+h12\.3", short)) == 20
    assert "h0" not in short


def test_a_table_is_whole_in_page_and_payload_together(result: Result) -> None:
    from dearth.show.charts import Drawn

    chart = max(charts(result), key=lambda c: len(c.read))
    figure = _figure(Drawn(chart, "<svg></svg>", ""))
    rest = _rest_of_table(figure)
    assert len(chart.read) > ROWS_IN_PAGE
    assert len(rest["rows"]) + ROWS_IN_PAGE == min(len(chart.read), TABLE_ROWS)
    assert [figure.columns[i] for i in rest["numeric"]] == [
        key for key in figure.columns if isinstance(chart.read[0].get(key), int | float)
    ]
