"""The controls of the report in a real browser: the page computes what Python computes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dearth
from dearth.case.read import Case
from dearth.estimate.choices import Asked, choices
from dearth.estimate.identification import identification
from dearth.estimate.multiverse import Engine
from dearth.numerics.number_words import persons
from dearth.population.vital_registration import read_register
from dearth.show.report import render_report
from test_report_browser import browser as browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def case() -> Case:
    return dearth.load("valley").case


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("controls") / "report.html"
    path.write_text(dearth.load("valley").estimate(quick=True).report(), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(report.as_uri())
    opened.wait_for_function("window.dearth")
    yield opened
    opened.close()


def by_python(case: Case, normal: str, before: float, famine: float, births: float) -> tuple[float, float]:
    asked = Asked(
        "rate", case.settings.default_scenario.register_name, normal,
        f"normal={before},crisis={famine}", case.settings.window, birth_completeness=str(births),
    )  # fmt: skip
    choice = next(one for one in choices(case, asked) if one.window.kind == "calendar" and not one.adjusted)
    made = Engine(case).estimate(choice)
    assert made.births.figures.gross is not None
    return made.excess_deaths.median, made.births.figures.gross.median


def test_the_page_computes_the_rate_method_as_python_does(page: Any, case: Case) -> None:
    presets = page.evaluate("dearth.live.rates.presets.map(one => one.name)")
    assert len(presets) >= 3
    for normal in [*presets, "constant:21.5"]:
        for before, famine, births in ((1.0, 1.0, 1.0), (0.7, 0.85, 0.9), (0.93, 0.615, 0.72)):
            found = page.evaluate(
                "set => { const r = dearth.assumed(dearth.live.rates, set); return [r.excess, r.births]; }",
                {"before": before, "famine": famine, "births": births, "window": case.settings.window,
                 "normal": normal.removeprefix("constant:")},
            )  # fmt: skip
            assert found == pytest.approx(by_python(case, normal, before, famine, births), rel=1e-9)


def test_every_kind_of_normal_rate_is_computed_as_in_python(page: Any) -> None:
    from dearth.estimate.baselines import normal_rate, parse_baseline

    register = read_register(dearth.load("finland-1866").case, "finland_registered")
    at = [i for i, rate in enumerate(register.death_rate) if rate == rate]
    years, rates = tuple(register.years[i] for i in at), register.death_rate[at]
    for text in ("level:1865", "mean:1862-1865", "mean2:1865,1869", "line:1865-1869", "ols:1862-1865",
                 "loglinear:1862-1865", "constant:20"):  # fmt: skip
        one = parse_baseline(text)
        expected = normal_rate(one, years, rates[None, :])[0]
        data = {
            "years": list(years), "crisis": [], "deaths": [1.0] * len(years), "births": [None] * len(years),
            "people": [1000.0] * len(years), "death_rate": rates.tolist(), "birth_rate": [], "deficit": None,
            "presets": [{"name": text, "kind": one.kind, "years": list(one.years), "rate": one.rate}],
        }  # fmt: skip
        made = page.evaluate(
            """([data, normal]) => dearth.assumed(
                 data, {before: 1, famine: 1, births: 1, window: '1866', normal}
               ).rows.map(row => row.normal)""",
            [data, text],
        )
        assert made == pytest.approx(expected, rel=1e-9)


def test_a_moved_control_changes_words_and_address_and_the_address_brings_it_back(page: Any) -> None:
    words = page.locator("#assume-result")
    before = words.text_content()
    slider = page.locator("#assume-controls input[data-set=famine]")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    after = words.text_content()
    assert after != before
    assert "90 % in it" in after
    assert "famine=0.9" in page.evaluate("location.hash")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("window.dearth")
    assert page.locator("#assume-result").text_content() == after
    assert page.locator("#assume-controls input[data-set=famine]").input_value() == "0.9"
    page.locator("[data-reset]").click()
    assert page.locator("#assume-result").text_content() == before


def test_an_address_with_nonsense_changes_nothing(page: Any, report: Path) -> None:
    before = page.locator("#assume-result").text_content()
    page.goto("about:blank")
    page.goto(report.as_uri() + "#assume&famine=7&normal=level:1&window=nothing&births=-1")
    page.wait_for_function("window.dearth")
    assert page.locator("#assume-result").text_content() == before


def test_a_rate_set_by_hand_takes_the_place_of_the_named_one(page: Any) -> None:
    page.locator("#assume-controls input[data-set=rate]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#assume-controls select[data-set=preset]").input_value() == ""
    named = page.locator("#assume-controls select[data-set=preset] option").all_text_contents()
    assert "set by hand" in named


@pytest.fixture
def china(browser: Any, tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "report.html"
    made = dearth.load("china-1958").estimate(quick=True)
    path.write_text(render_report(made, interactive=False, drawn=[]), encoding="utf-8")
    opened = browser.new_page()
    opened.goto(path.as_uri())
    opened.wait_for_function("window.dearth")
    yield opened
    opened.close()


def test_the_page_says_what_a_number_requires_as_python_does(china: Any) -> None:
    case, tolls = dearth.load("china-1958").case, (1234567.0, 6789012.0)
    asked = replace(case, settings=case.settings.model_copy(update={"tolls": tolls}))
    register = read_register(asked, case.settings.default_scenario.register_name)
    rows = identification(asked, register).rows
    assert rows
    data = china.evaluate("dearth.live.requirements")
    assert len(rows) == len(tolls) * len(data["combinations"])
    for row in rows:
        births = next(
            one["births"] for one in data["combinations"]
            if one["path"] == row.normal_path and one["birth_completeness"] == row.birth_completeness
        )  # fmt: skip
        found = china.evaluate(
            "set => dearth.required(dearth.live.requirements, set)",
            {"toll": row.toll, "births": births, "path": row.normal_path},
        )
        expected = (row.normal_rate, row.completeness_normal, row.completeness_crisis)
        assert [found["rate"], found["outside"], found["inside"]] == pytest.approx(expected, rel=1e-9)


def test_a_number_that_needs_more_registered_deaths_than_deaths_is_called_impossible(china: Any) -> None:
    slider = china.locator("#required-controls input[data-set=toll]")
    slider.focus()
    china.keyboard.press("Home")
    low = china.locator("#required-result").text_content()
    china.keyboard.press("End")
    high = china.locator("#required-result").text_content()
    assert low != high
    china.evaluate(
        """() => { const one = dearth.live.requirements.combinations[0];
             one.inside = [0.5, 0]; document.querySelector('#required-controls select').dispatchEvent(
               new Event('input', {bubbles: true})); }"""
    )
    assert "more registered deaths than deaths" in china.locator("#required-result").text_content()


WRITTEN = [0, -0.4, 412, 9999.6, 12345, 99_960, 135_482, 999_600, 1_450_000, -25_940_000]


@pytest.mark.parametrize("value", WRITTEN)
def test_numbers_are_written_alike_in_page_and_python(page: Any, value: float) -> None:
    assert page.evaluate("value => dearth.persons(value)", value) == persons(value)


def test_the_answer_its_chart_and_the_cards_stand_first(page: Any) -> None:
    places = page.evaluate(
        """() => ['#answer h2', '#deaths_a_year .drawing', '.cards'].map(
             s => document.querySelector(s).getBoundingClientRect().top)"""
    )
    assert places == sorted(places)
    assert places[1] < 900 - 300  # the chart is on the first screen
    assert page.locator(".card").count() == 3
    assert page.locator(".card h3").all_text_contents() == [
        "Why estimates differ", "What the interval covers", "Cite this",
    ]  # fmt: skip


def test_on_a_phone_every_chart_fits_its_box(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    page.wait_for_function("window.dearth")
    for key in page.eval_on_selector_all("figure[data-key]", "all => all.map(f => f.dataset.key)"):
        page.locator(f"figure#{key}").scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{key}[data-live]")
        width = page.evaluate(
            "key => document.querySelector(`#${key} .live svg`).getBoundingClientRect().width", key
        )
        assert width <= 350, key
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_printed_report_has_less_than_25_pages(page: Any) -> None:
    page.emulate_media(media="print")
    paper = page.pdf(format="A4")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") < 25


def test_the_controls_answer_before_the_charts_come_alive(browser: Any, report: Path) -> None:
    """The page waits for no chart library: here its unpacking never ends, and the controls work."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.add_init_script(
        "window.DecompressionStream = class "
        "{ readable = new ReadableStream(); writable = new WritableStream(); }"
    )
    opened.goto(report.as_uri())
    opened.wait_for_function("window.dearth")
    words = opened.locator("#assume-result")
    before = words.text_content()
    opened.locator("#assume-controls input[data-set=famine]").focus()
    opened.keyboard.press("ArrowLeft")
    assert words.text_content() != before
    assert opened.evaluate("typeof window.vegaEmbed") == "undefined"
    opened.close()


def test_little_script_runs_before_the_page_can_be_used(report: Path) -> None:
    """Scripts that a browser runs while it reads the page; data and the chart library are packed apart."""
    page = report.read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert len(scripts) == 2
    assert sum(map(len, scripts)) < 40_000
    others = re.findall(r'<script type="([^"]*)"', page)
    assert sorted(others) == ["application/json", "application/json", "application/octet-stream"]
    assert "src=" not in "".join(re.findall(r"<script[^>]*>", page))


@pytest.mark.slow
def test_the_report_of_china_has_at_most_three_megabytes() -> None:
    page = dearth.load("china-1958").estimate(quick=True).report()
    assert len(page.encode("utf-8")) <= 3_000_000
