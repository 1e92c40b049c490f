"""The one-page summary: languages, directions, numbers, what each kind of record puts on the page."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from typer.testing import CliRunner

import dearth
from dearth.case.from_lists import new_from_lists
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.surveys.new_case import new_from_survey
from dearth.cli import app
from dearth.estimate.birth_histories import BirthHistoriesResult, PeriodMortality
from dearth.estimate.estimates import Estimates, estimate
from dearth.estimate.indirect_questions import IndirectEstimate, IndirectResult
from dearth.estimate.small_areas.cells import Cells
from dearth.estimate.small_areas.next_surveys import NextSurvey
from dearth.estimate.small_areas.small_area_result import (
    DistrictMonth,
    GroupDeaths,
    SmallAreaEstimates,
    Total,
)
from dearth.numerics.interval import Interval
from dearth.show.language import END, ISOLATE, SUMMARY, WORDS, Language, languages
from dearth.show.language import language as words_of
from dearth.show.summary.area_parts import births_parts, districts_part, indirect_parts
from dearth.show.summary.content import Number, Part, Phrase, Summary, Table, count
from dearth.show.summary.page import RIGHT_TO_LEFT_MARK, Writer, html_page, plain_text
from dearth.show.summary.parts import MOST_ROWS, summary_of
from record_cases import weekly

pytest.importorskip("polars")
pytest.importorskip("svy")

LISTS = "police,clinic,church,count\n1,0,0,90\n0,1,0,80\n0,0,1,70\n1,1,0,30\n1,0,1,25\n0,1,1,20\n1,1,1,15\n"


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case of 13 districts of five clusters; the first has 13 deaths, the second 12, the last 1."""
    folder = tmp_path_factory.mktemp("survey")
    lines = ["household,cluster,district,sex,age,died,person_days"]
    for cluster in range(65):
        deaths = (13 - cluster // 5 + cluster % 5) // 5
        for person in range(20):
            who = f"{person // 5},{cluster},d{cluster // 5:02},{1 + person % 2},{3 * person}"
            lines.append(f"{who},{int(person < deaths)},90")
    (folder / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    case = new_from_survey(folder / "north", folder / "p.csv", None, "2017-02-01/2017-05-01")
    path = case / "case.yaml"
    more = (
        "    population: 180000\n    population_source: assumed\n    baselines:\n"
        "      before: {title: 'Before <the> crisis', rate_per_10000_day: 0.4, source: assumed}\n"
    )
    file = "    file: surveys/persons.csv\n"
    path.write_text(path.read_text(encoding="utf-8").replace(file, file + more), encoding="utf-8")
    return case


@pytest.fixture(scope="module")
def made(survey: Path) -> Estimates:
    return estimate(load(survey), quick=True)


def plain(text: str) -> str:
    """Return text without the letters that set directions."""
    return re.sub("[\u200f\u2066-\u2069]", "", text)


def language(code: str) -> Language:
    return words_of(code, SUMMARY)


def test_every_language_has_the_words_of_the_english_one() -> None:
    assert set(languages(SUMMARY)) >= {"ar", "en", "fr"}
    for code in languages(SUMMARY):
        assert language(code).words.keys() == language("en").words.keys()
    assert language("ar").direction == "rtl"


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert language("en").number(1234.5, 1) == "1,234.5"
    assert language("fr").number(1234.5, 1) == "1\u202f234,5"
    assert language("ar").number(1234.5, 1) == f"{ISOLATE}1,234.5{END}"
    assert language("en").number(-0.001, 2) == "0.00"
    write = Writer(language("en"))
    assert write.cell(Number("estimate", Interval(264_735.2, 214_754.0, 314_717.0, 0.95))) == (
        "265,000 (95 % interval 215,000 to 315,000)"
    )
    assert write.cell(Number("percent", Interval(3, 1, 5), only_ends=True)) == "1 to 5"


def test_the_page_has_the_figures_of_the_answer(made: Estimates) -> None:
    row = next(r for r in made.document["surveys"] if (r["outcome"], r["domain"]) == ("crude", None))
    rate = row["rate_per_10000_day"]
    text = plain_text(summary_of(made), language("en"))
    assert f"Deaths recorded: {row['deaths']}\n" in text
    wanted = f"{rate['median']:.2f} (95 % interval {rate['low']:.2f} to {rate['high']:.2f})"
    assert f"Crude death rate, per 10,000 people a day: {wanted}" in text
    assert f"Design effect of the crude rate: {row['design_effect']:.2f}" in text
    written = re.search(r"the crude rate is 2 or more \(model of clusters\): ([\d.]+) %", text)
    assert written is not None
    assert float(written[1]) == pytest.approx(100 * row["model"]["p_above"], abs=0.05)
    assert "Not an IPC classification." in text
    french = plain_text(summary_of(made), language("fr"))
    assert f"par jour\u00a0: {rate['median']:.2f}".replace(".", ",") in french


def test_the_page_shows_the_highest_groups_and_counts_the_others(made: Estimates) -> None:
    (part,) = summary_of(made).parts
    table = part.tables[0]
    assert (len(table.rows), table.left_out) == (MOST_ROWS, 3)  # 13 districts and two sexes
    assert table.rows[0][0] == "d00"
    text = plain_text(summary_of(made), language("en"))
    assert "Not shown here: 3." in text


def test_arabic_runs_from_right_to_left_and_its_numbers_do_not_turn(made: Estimates) -> None:
    summary, words = summary_of(made), language("ar")
    page = html_page(summary, words)
    assert '<html lang="ar" dir="rtl">' in page
    assert '<bdi dir="ltr">2017-02-01/2017-05-01</bdi>' in page
    assert "&lt;the&gt;" in page
    assert "<the>" not in page
    assert ISOLATE not in page
    lines = plain_text(summary, words).splitlines()
    assert all(line.startswith(RIGHT_TO_LEFT_MARK) for line in lines if line)
    assert "معدل الوفيات الخام" in plain("\n".join(lines))
    english = html_page(summary, language("en"))
    assert '<html lang="en" dir="ltr">' in english
    assert "<bdi" not in english


def test_lists_and_dated_deaths_have_their_parts(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text(LISTS, encoding="utf-8")
    folder = new_from_lists(tmp_path / "v", tmp_path / "lists.csv", "Valley", "1999-03-20/1999-06-22")
    lists = estimate(load(folder), quick=True)
    text = plain_text(summary_of(lists), language("en"))
    found = lists.document["lists"][0]["range"]
    assert "People on at least one list: 330\n" in text
    low, high = (float(f"{found[end]:.3g}") for end in ("low", "high"))
    assert f"sampling error): {low:,.0f} to {high:,.0f}\n" in text
    dated = estimate(load(weekly(tmp_path / "w", "2020-03-01/2020-05-31", extra=5)), quick=True)
    text = plain_text(summary_of(dated), language("en"))
    assert "Period of the deaths: 2020-03-01 / 2020-05-31" in text
    row = dated.document["dated"][0]
    assert f"Deaths recorded in the period: {row['deaths']:,.0f}\n" in text
    assert text.count("P-score") == 2


def test_a_case_without_such_records_is_refused() -> None:
    with pytest.raises(CaseError, match="use dearth report"):
        summary_of(dearth.load("valley").estimate(quick=True))


def test_the_verb_writes_page_and_text_and_prints_json(survey: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["summary", str(survey), "--quick", "--language", "fr"]
    done = CliRunner().invoke(app, [*words, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == {"summary.fr.html", "summary.fr.txt"}
    assert (out / "summary.fr.txt").read_text(encoding="utf-8") in done.stdout
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert (told["schema"], told["language"], told["direction"]) == ("dearth/summary/v1", "fr", "ltr")
    figures = {one["key"]: one for one in told["parts"][0]["figures"]}
    assert figures["survey.clusters"]["figure"]["median"] == 65
    assert dearth.load(str(survey)).estimate(quick=True).one_page("fr") == (
        (out / "summary.fr.html").read_text(encoding="utf-8")
    )


def test_a_file_of_words_adds_a_language(made: Estimates, tmp_path: Path) -> None:
    path = tmp_path / "so.toml"
    path.write_text((WORDS / "en.toml").read_text(encoding="utf-8").replace("Clusters", "Kooxaha"), "utf-8")
    assert "Kooxaha: 65" in plain_text(summary_of(made), language(str(path)))


def test_words_that_are_missing_or_differ_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    text = (WORDS / "en.toml").read_text(encoding="utf-8").replace('direction = "ltr"', 'direction = "up"')
    text = text.replace('clusters = "Clusters"\n', 'clusterz = "Clusters"\n').replace("{baseline}", "{base}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        language(str(path))
    assert {one.field for one in raised.value.problems} == {
        "direction", "survey.clusters", "survey.clusterz", "survey.excess",
    }  # fmt: skip
    with pytest.raises(CaseError, match="there is: en, ar, fr"):
        language("so")
    tomllib.loads((WORDS / "ar.toml").read_text(encoding="utf-8"))


@pytest.mark.browser
def test_a_full_page_prints_on_one_sheet(made: Estimates, tmp_path: Path) -> None:
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        pytest.skip("no Chromium found")
    from playwright.sync_api import sync_playwright

    full = summary_of(made)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for code in languages(SUMMARY):
            path = tmp_path / f"{code}.html"
            path.write_text(html_page(full, language(code)), encoding="utf-8")
            page = started.new_page()
            page.goto(path.as_uri())
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, code
        started.close()


def test_a_table_says_what_it_leaves_out_in_each_language() -> None:
    rows = ((Phrase("survey.male"), count(3)),)
    part = Part(
        "survey.heading", "A", (), (Table("survey.groups", ("survey.group", "survey.deaths"), rows, 4),)
    )
    summary = Summary("T", "P", "1903", (part,), 0, (), "0", 1)
    for code in languages(SUMMARY):
        assert "4" in plain(plain_text(summary, language(code))).replace("10,000", "")


def test_districts_and_births_have_their_parts() -> None:
    rate = Interval(1.5, 1.0, 2.2, 0.95)
    found = [("infant", 54.0), ("under_five", 72.0)]
    births = BirthHistoriesResult(tuple(
        PeriodMortality("b", "Births", measure, 2010.8, 2015.8, 0, Interval(q, q - 9, q + 9, 0.95), 4.6, 800)
        for measure, q in found
    ), ())  # fmt: skip
    (part,) = births_parts(births)
    summary = Summary("T", "P", "1903", (part,), 0, (), "0", 1)
    wanted = "2010.8 - 2015.8 – Before age five: 72 (95 % interval 63 to 81); Before age one: 54 ("
    assert wanted in plain_text(summary, language("en"))
    months = Cells(("Bay", "Gedo"), (2017, 1), 1)
    inputs = SimpleNamespace(cells=months, rows=(1, 2, 3))
    block = SimpleNamespace(
        title="Areas", inputs=inputs,
        totals=(Total("census", 1e5, Interval(460.0, 340.0, 605.0, 0.95), (("n", "2015", rate),)),),
        districts=tuple(DistrictMonth(at, None, 1e4, rate, rate, p) for at, p in enumerate((0.1, 0.6))),
        next_surveys=(NextSurvey("Gedo", 10.0, 8.0),),
        groups=(GroupDeaths(None, "displaced", 2e3, Interval(30.0, 12.0, 61.0, 0.95), rate, 0.2),
                GroupDeaths(0, "displaced", 2e3, rate, rate, 0.2)),
    )  # fmt: skip
    made = districts_part(cast("SmallAreaEstimates", block))
    text = plain_text(Summary("T", "P", "1903", (made,), 0, (), "0", 1), language("en"))
    assert "Surveys used: 3" in text
    assert "Deaths of the group: displaced: 30 (95 % interval 12 to 61)" in text
    assert "Districts to survey next, in this order: Gedo" in text
    assert (
        "Gedo – Rate, per 10,000 a day: 1.50 (95 % interval 1.00 to 2.20); Probability of 2 or more: 60 %"
        in text
    )
    for code in languages(SUMMARY):
        assert "Gedo" in plain_text(Summary("T", "P", "1903", (made,), 0, (), "0", 1), language(code))


def test_indirect_questions_have_a_page_in_every_language() -> None:
    found = IndirectResult((
        IndirectEstimate("c", "Boys", "children", 30, "q(5)", 0.0757, 1969.8),
        IndirectEstimate("m", "Mothers alive", "mothers", 30, "l(60)/l(25)", 0.812, float("nan")),
        IndirectEstimate("h", "Deaths at home", "household_deaths", None, "completeness", 0.643, 1976.5),
    ), ())  # fmt: skip
    parts = indirect_parts(found)
    assert [one.title for one in parts] == ["Boys", "Mothers alive", "Deaths at home"]
    summary = Summary("T", "P", "1976", tuple(parts), 0, (), "0", 1)
    text = plain_text(summary, language("en"))
    assert "Deaths before age 5, of 1000 children born – Figure: 76; Refers to about: 1969.8" in text
    assert "Share who survive from age 25 to 60 – Figure: 81.2 %; Refers to about: not available" in text
    assert "Share of the deaths that households reported – Figure: 64.3 %" in text
    for code in languages(SUMMARY):
        assert "1969.8" in plain_text(summary, language(code))
