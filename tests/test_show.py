"""Charts, their CSV and the report: the same figures everywhere, nothing asked of the network."""

import base64
import csv
import html
import io
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template

import dearth
from conftest import CASE, write_case
from dearth.facade import Result
from dearth.show.charts import chart_csv, chart_png, chart_svg, charts
from dearth.show.report import render_report
from dearth.show.svg_size import as_one_image, compact


@pytest.fixture(scope="module")
def result() -> Result:
    return dearth.load("valley").estimate(quick=True)


@pytest.fixture(scope="module")
def document(result: Result) -> dict[str, Any]:
    return result.document


def test_the_page_is_rendered_once_and_lists_what_it_cites(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered, render = [], Template.render
    monkeypatch.setattr(
        Template, "render", lambda self, *a, **k: rendered.append(self.name) or render(self, *a, **k)
    )
    page = render_report(result, drawn=[])
    assert rendered == ["report.html.j2", "works.html.j2"]
    assert "\ue000" not in page
    assert '<a href="#works">Works</a>' in page
    assert "(Helleringer et al. 2014)" in page[: page.index('<section id="works">')]
    assert '<li id="work-helleringer2014">' in page[page.index('<section id="works">') :]


def test_every_chart_is_there_and_draws(result: Result) -> None:
    made = charts(result)
    assert [c.key for c in made] == [
        "deaths_a_year",
        "accounts", "specification", "surface", "births_deaths", "rival_series", "july_june", "map",
        "growth", "reconstruction_prior_toll", "reconstruction_years", "reconstruction_ages",
        "reconstruction_year_ages",
        "reconstruction_registered", "reconstruction_deaths_ages", "reconstruction_pyramid",
        "reconstruction_cohorts",
        "reconstruction_leave_one_source_out", "reconstruction_variance",
        "reconstruction_measure", "reconstruction_prior",
    ]  # fmt: skip
    for chart in made:
        svg = chart_svg(chart)
        assert svg.startswith("<svg")
        assert f"Assumes: {chart.label}"[:60] in html.unescape(svg)
        assert "Source: " in svg
        assert "dearth 0." in chart.citation
        assert chart.label
        assert chart.citation
    assert chart_png(made[0])[:4] == b"\x89PNG"


def test_a_disc_is_written_as_a_circle_and_an_undrawn_line_has_no_width() -> None:
    disc = 'd="M1.5,0A1.5,1.5,0,1,1,-1.5,0A1.5,1.5,0,1,1,1.5,0"'
    ring = f'<path transform="translate(3,4)" {disc} stroke="#000" stroke-width="2"/>'
    full = f'<path transform="translate(1,2)" {disc} fill="#111" stroke-width="2"/>'
    line = '<path d="M0,0L2,2" stroke="#000" stroke-width="2"/>'
    assert compact(f"<svg>{ring}{full}{line}</svg>") == (
        '<svg><circle transform="translate(3,4)" r="1.5" stroke="#000" stroke-width="2"/>'
        f'<circle transform="translate(1,2)" r="1.5" fill="#111"/>{line}</svg>'
    )


def test_a_compact_drawing_has_the_same_texts_and_places() -> None:
    text = '<text font-family="Arial" x="-0.001" transform="translate(46.666666666666664,16)">0.123456</text>'
    mark = '<path aria-label="year: 1960" role="graphics-symbol" d="M1.239,-2e-7L3,4.5" opacity="1"/>'
    short = compact(f"<svg>{text}{mark}</svg>")
    assert short == (
        '<svg font-family="Arial"><text x="0" transform="translate(46.67,16)">0.123456</text>'
        '<path aria-label="year: 1960" role="graphics-symbol" d="M1.24,-2e-7L3,4.5"/></svg>'
    )
    assert as_one_image(short).endswith('<path d="M1.24,-2e-7L3,4.5"/></svg>')


def test_a_case_without_stocks_leaves_out_what_it_cannot_draw() -> None:
    found = dearth.load("finland-1866").estimate(quick=True)
    keys = [c.key for c in charts(found)]
    assert "accounts" not in keys
    assert "map" not in keys
    page = render_report(found, interactive=False)
    assert 'id="books"' not in page
    assert 'href="#books"' not in page


def test_csv_holds_the_figures_of_the_document_with_their_labels(
    result: Result, document: dict[str, Any]
) -> None:
    chart = next(c for c in charts(result) if c.key == "specification")
    rows = list(csv.DictReader(io.StringIO(chart_csv(chart))))
    expected = [row for row in document["estimates"] if row["in_range"]]
    assert len(rows) == len(expected)
    assert float(rows[3]["excess_deaths"]) == expected[3]["excess_deaths"]["median"]
    assert rows[3]["assumption_label"] == expected[3]["assumption_label"]
    assert rows[0]["citation"] == chart.citation


def test_surface_is_the_rate_method(document: dict[str, Any]) -> None:
    found = document["surface"]
    years = {row["year"]: row for row in document["default"]["by_year_rates"]}
    people = sum(years[y]["person_years"] for y in (1911, 1912)) / 1000
    deaths = sum(years[y]["cdr_registered"] * years[y]["person_years"] for y in (1911, 1912)) / 1000
    i, j = 10, 20
    k, b = found["completeness"][i], found["normal_rate"][j]
    assert found["excess_deaths"][i][j] == pytest.approx(deaths / k - b * people)
    for point in found["break_even"]:
        assert deaths / point["completeness"] == pytest.approx(point["normal_rate"] * people)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.works: list[str] = []  # addresses of publications, which a reader may follow

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "action", "data") and value and tag != "svg":
                work = tag == "a" and value.startswith("https://doi.org/")
                (self.works if work else self.found).append(value)


def test_the_report_asks_nothing_of_the_network(result: Result) -> None:
    page = render_report(result)
    links = Links()
    links.feed(page)
    assert [link for link in links.found if not link.startswith(("#", "data:"))] == []
    assert "@import" not in page.split("</style>")[0]


def test_titles_cannot_become_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    case = CASE.replace("title: A place reckoned by hand", f'title: "{evil}"')
    case = case.replace("title: The books", f'title: "{evil}"').replace("place: Tiny", f'place: "{evil}"')
    folder = write_case(tmp_path / "c", case)
    page = render_report(dearth.load(str(folder)).estimate(quick=True), interactive=False)
    assert "<script>alert" not in page
    payload = re.search(r'id="payload">(.*?)</script>', page, re.S)
    assert payload is not None
    assert "accounts" in json.loads(zlib.decompress(base64.b64decode(payload[1])))


def test_the_answer_is_computed(document: dict[str, Any]) -> None:
    rows = [r for r in document["estimates"] if r["method"] == "rate" and r["completeness"] ==
            "as_registered" and r["window"] == "1911-1912" and r["window_kind"] == "calendar"
                and r["in_range"]]  # fmt: skip
    low, high = (end(rows, key=lambda r: r["excess_deaths"]["median"]) for end in (min, max))
    least, most = (f"{r['excess_deaths']['median']:,.0f}" for r in (low, high))
    first, _, third, *others = document["answer"]
    assert f"excess deaths are {least} to {most}:" in first
    assert f"(normal rates {low['normal_rate']:.1f} and {high['normal_rate']:.1f} per 1000" in third
    assert any(text.startswith("The accounts close") for text in others)


@pytest.mark.parametrize("name", ["china-1958", "finland-1866", "valley"])
def test_a_sentence_of_the_answer_is_short(name: str) -> None:
    result = dearth.load(name).estimate(quick=True)
    said = [*result.answer, *result.reconstruction_answer]
    assert {text for text in said if len(text.split()) > 32} == set()
    assert {text for text in said if text.count(". ")} == set()


def test_a_result_shows_itself_in_a_notebook() -> None:
    result = dearth.load("valley").estimate(quick=True)
    assert "<svg" in result._repr_html_()
    assert "excess deaths are" in repr(result)
