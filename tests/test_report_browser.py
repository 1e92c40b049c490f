"""The report in a real browser: offline, usable, wide and narrow."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dearth

pytestmark = pytest.mark.browser


def browser_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DEARTH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(
        dearth.load("valley").run(quick=True, with_prior_simulation=True).report(), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = browser_path()
    if path is None:
        message = "no Chromium found; install one or set DEARTH_CHROMIUM"
        if os.environ.get("DEARTH_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.told, opened.asked = [], []
    opened.on("console", lambda m: opened.told.append(m.text))
    opened.on("pageerror", lambda e: opened.told.append(str(e)))

    def only_files(route: Any) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            opened.asked.append(route.request.url)
            route.abort()

    opened.route("**/*", only_files)
    opened.goto(report.as_uri())
    yield opened
    told, asked = opened.told, opened.asked
    opened.close()
    assert told == []
    assert asked == []


def show(page: Any, key: str) -> Any:
    figure = page.locator(f"figure#{key}")
    figure.scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{key}[data-live]")
    return figure


def test_every_chart_comes_alive(page: Any) -> None:
    keys = page.eval_on_selector_all("figure[data-key]", "all => all.map(f => f.dataset.key)")
    assert len(keys) == 9 + 12 + 9 + 1  # estimates, reconstruction, simulation, other famines
    for key in keys:
        assert show(page, key).locator(".live svg").count() == 1


@pytest.mark.parametrize("key", ["map", "simulation_map_cdr", "simulation_map_kcal"])
def test_the_slider_changes_the_map(page: Any, key: str) -> None:
    figure = show(page, key)
    texts = figure.locator(".live svg text")
    before = texts.all_text_contents()
    slider = figure.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    texts.filter(has_text="AL").first.wait_for()
    after = texts.all_text_contents()
    assert before != after
    assert "Alder" not in before
    assert "AL" in after


def test_downloads_are_the_chart_and_its_figures(page: Any) -> None:
    figure = page.locator("figure#accounts")
    figure.scroll_into_view_if_needed()
    with page.expect_download() as svg:
        figure.locator("button[data-save=svg]").click()
    with page.expect_download() as table:
        figure.locator("button[data-save=csv]").click()
    assert svg.value.suggested_filename == "valley-accounts.svg"
    assert Path(svg.value.path()).read_text(encoding="utf-8").startswith("<svg")
    with page.expect_download() as picture:
        figure.locator("button[data-save=png]").click()
    assert picture.value.suggested_filename == "valley-accounts.png"
    assert Path(picture.value.path()).read_bytes()[:4] == b"\x89PNG"
    text = Path(table.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith("register,place,year,stock_change")
    assert "citation" in text.splitlines()[0]


def test_tables_open_by_keyboard(page: Any) -> None:
    figure = page.locator("figure#accounts")
    table = figure.locator("details.table table")
    assert not table.is_visible()
    figure.locator("details.table summary").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    rows = table.locator("tbody tr")
    rows.nth(26 * 13 - 1).wait_for()  # the script adds the rows that the page does not hold
    assert rows.count() == 26 * 13
    last = figure.locator("tbody tr").last.locator("td").all_text_contents()
    assert len(last) == figure.locator("thead th").count()


def test_narrow_screens_do_not_scroll_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_shows_the_pictures(page: Any) -> None:
    show(page, "map")
    page.emulate_media(media="print")
    assert page.locator("figure#map .static svg").is_visible()
    assert not page.locator("figure#map .live").is_visible()
    assert not page.locator("nav").is_visible()


def test_every_link_lands_on_its_target(page: Any) -> None:
    targets = page.eval_on_selector_all(
        "a[href^='#']", "all => [...new Set(all.map(a => a.getAttribute('href').slice(1)))]"
    )
    assert len(targets) > 8
    # on a busy machine a smooth scroll pauses and looks as if it had ended
    page.add_style_tag(content="html { scroll-behavior: auto !important; }")
    for target in targets:
        page.evaluate("id => { location.hash = ''; location.hash = id; }", target)
        # charts near the target come alive and must not push it away
        page.wait_for_function(
            """() => [...document.querySelectorAll('figure[data-key]')].every(f => {
                 const box = f.getBoundingClientRect();
                 return box.bottom < -200 || box.top > innerHeight + 200 || f.dataset.live;
               })"""
        )
        place = page.evaluate(
            """async id => {
                 let before = '', same = 0;
                 while (same < 4) {  // until the page stands still
                   await new Promise(done => setTimeout(done, 50));
                   const now = `${scrollY} ${document.documentElement.scrollHeight}`;
                   same = now === before ? same + 1 : 0;
                   before = now;
                 }
                 const top = document.getElementById(id).getBoundingClientRect().top;
                 const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
                 return [top, end];
               }""",
            target,
        )
        assert place[1] or -20 < place[0] < 120, (target, place)  # 80 px are the margin below the menu
