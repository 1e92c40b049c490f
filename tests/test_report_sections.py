"""Sections of the report: each says what the verb of its question says, and fits into the page."""

import html
import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import dearth
from conftest import CASE, write_case
from dearth.case.problems import CaseError
from dearth.case.read import bundled, load
from dearth.facade import Result, compare
from dearth.numerics.interval import Interval
from dearth.numerics.number_words import persons
from dearth.reconstruction.shipped_posteriors import shipped
from dearth.show.beside import FAMINES
from dearth.show.charts import charts
from dearth.show.charts.base import NOTE_WIDTH
from dearth.show.charts.food_records import places_chart
from dearth.show.charts.places_map import places_map_chart
from dearth.show.claims_section import KINDS, claim_groups
from dearth.show.comparison_words import measured
from dearth.show.findings import findings
from dearth.show.first_screen import first_screen
from dearth.show.food_records import (
    PlaceOutput,
    food_figures,
    food_finding,
    outputs_of_places,
    relation_of,
)
from dearth.show.language import REPORT, SUMMARY, WORDS, languages, said
from dearth.show.language import language as wording
from dearth.show.language_file import braces, read_language_file
from dearth.show.largest_share import largest_share
from dearth.show.published_lines import published_lines
from dearth.show.report import render_report
from dearth.show.report_environment import ROWS_IN_PAGE
from dearth.show.report_figures import TABLE_ROWS, figure_of, rest_of_table
from dearth.show.report_sections import FILES
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
    figure = figure_of(Drawn(chart, "<svg></svg>", ""))
    rest = rest_of_table(figure)
    assert len(chart.read) > ROWS_IN_PAGE
    assert len(rest["rows"]) + ROWS_IN_PAGE == min(len(chart.read), TABLE_ROWS)
    assert [figure.columns[i] for i in rest["numeric"]] == [
        key for key in figure.columns if isinstance(chart.read[0].get(key), int | float)
    ]


def section(page: str, name: str) -> str:
    start = page.index(f'<section id="{name}">')
    return page[start : page.index("</h2>", start)]


def test_the_sections_stand_in_order_with_a_finding_as_title(result: Result, page: str) -> None:
    shown = re.findall(r"<nav .*?</nav>", page, re.S)[0]
    names = re.findall(r'href="#(\w+)"', shown)
    assert names == [name for name in FILES if name not in ("food",)]
    places = [page.index(f'<section id="{name}">') for name in names]
    assert places == sorted(places)
    for name in names:
        title = text_of(section(page, name))
        assert len(title.split()) >= 5, title


def test_the_first_sentence_has_the_middle_values_of_the_scenarios(result: Result) -> None:
    first = first_screen(result, wording())
    assert result.posterior is not None
    middle = [one.excess_deaths.median for one in result.posterior.printed if one.excess_deaths]
    assert f"between {persons(min(middle))} and {persons(max(middle))}" in first.sentence
    outer = [one.excess_deaths.ends for one in result.posterior.printed if one.excess_deaths]
    assert persons(min(low for low, _ in outer)) in first.more[0]
    one = replace(result, posterior=replace(result.posterior, scenarios=result.posterior.scenarios[:1]))
    assert f"about {persons(middle[0])} more people" in first_screen(one, wording()).sentence
    none = first_screen(replace(result, posterior=None), wording())
    assert persons(min(e.excess_deaths.median for e in result.estimates if e.in_range)) in none.sentence
    assert "no probability" in none.cards[1].lines[0] or "not a probability" in none.cards[1].lines[0]


def test_a_card_moves_one_assumption_at_a_time(result: Result) -> None:
    assert result.default is not None
    default = result.default.choice
    own = [e for e in result.estimates if e.in_range and e.choice.window.label == default.window.label]
    for key, held in (("Registration", "baseline_name"), ("Normal mortality", "completeness")):
        mine = [
            e.excess_deaths.median for e in own
            if e.choice.series == default.series and getattr(e.choice, held) == getattr(default, held)
        ]  # fmt: skip
        line = next(text for text in first_screen(result, wording()).cards[0].lines if text.startswith(key))
        assert f"over {len(mine)} " in line
        assert persons(min(mine)) in line
        assert persons(max(mine)) in line


def test_the_trial_record_stands_on_the_first_screen(result: Result) -> None:
    assert result.posterior is not None
    scenario = result.posterior.printed[0]
    record = scenario.trial_record
    assert record is not None
    changed = replace(scenario, trial_record=replace(record, held=record.held - 3))
    posterior = replace(result.posterior, scenarios=[changed])
    lines = first_screen(replace(result, posterior=posterior), wording()).cards[1].lines
    assert f"contained the truth in {record.held - 3} of {record.windows}" in lines[1]


def test_a_report_is_cited_with_version_date_and_inputs(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    made = first_screen(result, wording()).citation
    for text in (made.text, made.bibtex):
        assert dearth.__version__ in text
        assert "1970-01-02" in text
        assert result.case.sha256[:12] in text
    assert "Apache-2.0" in made.licence


def test_the_readme_begins_with_the_sentence_of_the_first_screen() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    made = dearth.load("china-1958").estimate(quick=True)
    assert f"> {first_screen(made, wording()).sentence}" in text[: text.index("You need git")]


FOOD = """\
year,series,variable,value,unit,source_id,quality,basis
1902,f,grain_output,200,thousand tonnes,s1,official,original
1903,f,grain_output,100,thousand tonnes,s1,official,original
1904,f,grain_output,150,thousand tonnes,s1,official,original
1902,f,grain_exports,10,thousand tonnes,s1,official,original
1903,f,grain_exports,12,thousand tonnes,s1,official,original
1904,f,grain_exports,5,thousand tonnes,s1,official,original
1904,g,grain_output,1,thousand tonnes,s1,recalled,original
"""


def test_the_finding_on_food_is_arithmetic_on_the_recorded_figures(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "a", CASE)
    (folder / "evidence" / "food.csv").write_text(FOOD, encoding="utf-8")
    case = load(folder)
    assert food_finding(case) == (
        "Grain output fell by 50 % from 1902 to 1903 and grain exports rose by 20 % from 1902 to 1903"
    )
    figures = food_figures(case)
    assert {one.quality for one in figures} == {"official"}
    assert [one.value for one in figures if one.variable == "grain_output"] == [200, 100, 150]
    page = render_report(dearth.load(str(folder)).estimate(quick=True), interactive=False)
    assert 'id="food_records"' in page
    assert "Grain output fell by 50 %" in text_of(section(page, "food"))


def test_output_against_deaths_among_places_is_arithmetic_on_the_evidence() -> None:
    case = load("china-1958")
    found = {one.place: one for one in outputs_of_places(case)}
    values = {
        (r.variable, r.year): r.base for r in case.evidence
        if r.place == "Anhui" and r.series == "provincial_registered"
    }  # fmt: skip
    spans = range(1955, 1958), range(1958, 1962)
    means = {
        what: [sum(values[what, year] for year in span) / len(span) for span in spans]
        for what in ("grain_output", "crude_death_rate")
    }
    before, after = means["grain_output"]
    assert found["Anhui"].output_change == pytest.approx(math.log(after / before))
    rise = means["crude_death_rate"][1] - means["crude_death_rate"][0]
    assert found["Anhui"].rate_change == pytest.approx(rise)
    assert "Sichuan" not in found  # its output is suspect and has a name of its own
    line = tuple(PlaceOutput(str(i), -i, i**3) for i in range(9))
    assert relation_of(line) == pytest.approx(-1)
    chart = next(c for c in [places_chart(dearth.load("china-1958").estimate(quick=True))] if c)
    assert f"{relation_of(tuple(found.values())):.2f} over {len(found)} places" in chart.title


def test_every_language_has_the_words_of_the_english_one() -> None:
    assert languages(REPORT)[0] == "en"
    assert "zh" in languages(REPORT)
    files = {path.name.removesuffix(".toml") for path in WORDS.iterdir()}
    assert files == {*languages(REPORT), *languages(SUMMARY)}
    for part in (REPORT, SUMMARY):
        english = read_language_file(WORDS / "en.toml", "en.toml").parts[part]
        for code in languages(part):
            words = wording(code, part).words
            assert {key for key in english if braces(words[key]) != braces(english[key])} == set()
            assert all(words[key].strip() for key in english)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.4, "0"), (9876, "9,876"), (12345, "1.23万"), (135_482, "13.5万"), (25_940_000, "2,590万"),
     (-1_450_000, "-140万"), (123_000_000, "1.23亿")],
)  # fmt: skip
def test_numbers_are_written_in_ten_thousands_in_chinese(value: float, text: str) -> None:
    assert wording("zh").persons(value) == text


def test_the_first_screen_and_the_labels_are_in_the_language_asked_for(result: Result) -> None:
    page = render_report(result, interactive=False, beside=result.beside, language="zh")
    assert '<html lang="zh">' in page
    assert "芬兰" in text_of(section(page, "answer"))
    assert "教区登记完整" in page[page.index('id="deaths_a_year"') : page.index('class="cards"')]
    for key in ("nav.claims", "card.differ", "card.cite", "assume.lead"):
        assert wording("zh")(key) in page
        assert wording()(key) not in page


def test_a_file_of_words_is_a_language_and_its_mistakes_are_named(tmp_path: Path) -> None:
    text = (WORDS / "en.toml").read_text(encoding="utf-8")
    path = tmp_path / "fi.toml"
    path.write_text(text.rstrip() + '\n"Finland" = "Suomi"\n', encoding="utf-8")
    assert wording(str(path)).name("Finland") == "Suomi"
    wrong = re.sub(r'^"nav.food" = .*$', '"nav.fod" = "?"', text, flags=re.M)
    wrong = re.sub(r'^"answer.births" = .*$', '"answer.births" = "no values"', wrong, flags=re.M)
    bad = tmp_path / "bad.toml"
    bad.write_text(wrong.replace('numbers = "millions"', 'numbers = "dozens"'), encoding="utf-8")
    with pytest.raises(CaseError) as error:
        wording(str(bad))
    said = "\n".join(map(str, error.value.problems))
    for part in (
        "nav.food: has no words; in English: 'Food'", "nav.fod: is no key of the report",
        "answer.births: fills other braces than the English text, which has {births}",
        "numbers: is one of: millions, ten thousands",
    ):  # fmt: skip
        assert part in said
    with pytest.raises(CaseError, match="there is: en, zh"):
        wording("xx")


def test_an_unknown_language_is_refused_before_the_work(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from dearth.cli import app

    for verb in ("run", "report"):
        done = CliRunner().invoke(
            app, [verb, "finland-1866", "--language", "xx", "--out", str(tmp_path / "o")]
        )
        assert isinstance(done.exception, CaseError)
        assert not (tmp_path / "o").exists()


def test_uncertain_places_are_hatched_and_every_place_has_a_tile() -> None:
    made = dearth.load("china-1958").estimate(quick=True)
    chart = places_map_chart(made)
    assert chart is not None
    assert made.posterior is not None
    expected = {
        (scenario.name, one.place): one.excess_per_1000 for scenario in made.posterior.printed
        for one in scenario.places if one.excess_per_1000 is not None and one.place != "rest"
    }  # fmt: skip
    assert {(row["scenario"], row["place"]) for row in chart.rows} == set(expected)
    for row in chart.rows:
        low, high = expected[row["scenario"], row["place"]].ends
        assert row["uncertain"] is (high - low > abs(row["median"]) or low <= 0 <= high)
    spec = json.dumps(chart.spec)
    hatches = sum(row["uncertain"] for row in chart.rows)
    assert 0 < hatches < len(chart.rows)
    assert spec.count('"x2": ') - spec.count('"x2": {') == 2 * hatches
    page = render_report(made, interactive=False, drawn=[])
    table = page[page.index('id="places-table"') :]
    line = text_of(table[table.index("<td>Anhui</td>") :].split("</tr>")[0])
    for scenario in made.posterior.printed:
        anhui = next((one for one in scenario.places if one.place == "Anhui"), None)
        if anhui is not None and anhui.excess_per_1000 is not None and anhui.excess_deaths is not None:
            low, high = anhui.excess_per_1000.ends
            assert f"{anhui.excess_per_1000.median:.0f} ({low:.0f} to {high:.0f})" in line
            assert persons(anhui.excess_deaths.median) in line


def test_published_estimates_stand_by_size_and_each_has_its_own_name() -> None:
    made = dearth.load("china-1958").estimate(quick=True)
    lines = published_lines(made.published)
    assert len({line.name for line in lines}) == len(lines) == len(made.published)
    assert [line.middle for line in lines] == sorted(line.middle for line in lines)
    assert "Coale 1984, before correction" in {line.name for line in lines}
    page = render_report(made, interactive=False, drawn=[])
    shown = [text_of(one) for one in re.findall(r'<span class="who">(.*?)</span>', page)]
    assert shown == [line.name for line in lines]


def test_the_gallery_shows_charts_of_the_report() -> None:
    text = (Path(__file__).parents[1] / "docs" / "gallery.md").read_text(encoding="utf-8")
    keys = re.findall(r"_generated/china-1958-(\w+)\.svg", text)
    assert len(keys) == len(set(keys)) >= 6
    assert set(keys) <= {chart.key for chart in dearth.load("china-1958").estimate(quick=True).charts()}


def test_the_largest_part_is_named_only_where_the_scenarios_agree() -> None:
    one = {"1902": Interval(10.0), "1903": Interval(30.0)}
    two = {"1902": Interval(10.0), "1903": Interval(90.0)}
    assert largest_share([one, two]) == ("1903", "75-90 %")
    assert largest_share([one]) == ("1903", "75 %")
    assert largest_share([one, {"1902": Interval(2.0), "1903": Interval(1.0)}]) is None
    assert largest_share([{"1903": Interval(1.0)}]) is None
    assert largest_share([{"1902": Interval(-3.0), "1903": Interval(1.0)}]) is None
    assert largest_share([]) is None


def test_warnings_of_the_posterior_stand_beside_the_answer(result: Result) -> None:
    made = replace(result, reconstruction_warnings=("the posterior leans on one figure",))
    page = render_report(made, interactive=False, drawn=[])
    answer = page[page.index('<section id="answer">') : page.index('<section id="assume">')]
    assert "the posterior leans on one figure" in answer
    assert f"Warnings ({len(made.warnings) + 1})" in answer


@pytest.mark.parametrize("name", ["china-1958", "finland-1866", "valley"])
def test_the_title_of_every_chart_is_a_finding_with_a_number(name: str) -> None:
    made = dearth.load(name).estimate(quick=True)
    for code in languages(REPORT):
        drawn = charts(made, None, made.beside if name == "finland-1866" else None, code)
        assert [one.key for one in drawn if not re.search(r"\d", one.title)] == []
        for one in drawn:  # the title goes with the picture, in lines that fit it
            lines = one.spec["title"]["text"]
            assert "".join("".join(lines).split()).startswith("".join(one.title.split()))
            assert max(map(len, lines)) <= NOTE_WIDTH


def test_titles_say_what_the_rows_of_their_charts_say() -> None:
    made = dearth.load("china-1958").estimate(quick=True)
    by_key = {one.key: one for one in charts(made)}
    places = by_key["map"]
    most = max(places.rows, key=lambda row: row["cdr"])
    assert f"{most['cdr']:.1f} per 1000" in places.title
    assert str(most["year"]) in places.title
    outside = by_key["reconstruction_cohorts"]
    inside = sum(row["low"] <= row["counted over predicted"] <= row["high"] for row in outside.rows)
    assert outside.title.startswith(f"{inside} of {len(outside.rows)} ")
    surface = by_key["surface"]
    ends = [end(row["excess_deaths"] for row in surface.rows) for end in (min, max)]
    assert f"from {persons(ends[0])} to {persons(ends[1])}" in surface.title


@pytest.mark.parametrize("name", ["china-1958", "finland-1866"])
def test_the_finding_of_every_section_is_said_in_every_language(name: str) -> None:
    made = dearth.load(name).estimate(quick=True)
    found = findings(made, made.beside, food_finding(made.case))
    for code in languages(REPORT)[1:]:
        again = {key: wording(code).again(text) for key, text in found.items() if text}
        assert [key for key, text in again.items() if text == found[key]] == []
        for key, text in again.items():  # the same figures, whatever the order of the sentence
            english = found[key].replace("per 1000 people", "")
            if not re.search("[万亿]", text):
                assert sorted(re.findall(r"\d+", text)) == sorted(re.findall(r"\d+", english)), key


def test_a_text_of_the_case_is_no_text_of_a_language() -> None:
    assert wording("zh").again("Deaths") == "Deaths"
    text = said("finding.sources", figures="12", sources=3)
    assert text == "12 figures from 3 sources"
    assert wording("zh").again(text) == "12个数字，来自3个来源"
    assert wording("zh").again(said("finding.food_1", a=text).capitalised) == "12个数字，来自3个来源"


def test_captions_are_said_in_the_language_of_the_report(result: Result) -> None:
    english = {one.key: one for one in charts(result, None, result.beside)}
    for one in charts(result, None, result.beside, "zh"):
        if f"caption.{one.key}" in wording().words:
            assert one.caption != english[one.key].caption
            assert re.search("[\u4e00-\u9fff]", one.caption), one.key
    assert english["surface"].caption.startswith(
        "Excess deaths 1866-1868 by the deaths of 'Parish registers'"
    )
