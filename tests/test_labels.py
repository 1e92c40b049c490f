"""What people read in place of identifiers: declared labels, made labels, and one resolver for all."""

import html
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from dearth.case import labels
from dearth.case.labels import missing_labels, readable
from dearth.case.old_names import with_present_names
from dearth.case.problems import CaseError
from dearth.case.read import Case, load
from dearth.case.scaffold import new_case
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import Estimates, estimate
from dearth.facade import Laboratory, Result
from dearth.reconstruction.identity import identify
from dearth.show.charts import Drawn, charts
from dearth.show.report import render_report
from dearth.show.terminal import print_estimates
from dearth.show.unknown_words import UNKNOWNS, unknown_words, unknowns_in_words

CHINA, BUNDLED = load("china-1958"), ("china-1958", "finland-1866", "valley")


def changed(folder: Path, old: str, new: str) -> Case:
    path = new_case(folder) / "case.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(str(folder))


@pytest.mark.parametrize(
    ("identifier", "label"),
    [
        ("nbs_registered", "NBS registered"), ("un_wpp2024", "UN WPP 2024"), ("hmd", "HMD"),
        ("banister_1984", "Banister 1984"), ("my_first_series", "My first series"), ("x10051", "X10051"),
    ],
)  # fmt: skip
def test_an_identifier_without_a_label_is_made_readable(identifier: str, label: str) -> None:
    assert readable(identifier) == label
    assert labels.of(CHINA).series(f"{identifier}") == (
        "Official registers (NBS)" if identifier == "nbs_registered"
        else {"un_wpp2024": "World Population Prospects 2024",
              "banister_1984": "Banister's reconstruction (1984)"}.get(identifier, label)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("baseline", "label"),
    [
        ("level:1957", "rate of 1957"), ("mean:1955-1957", "mean rate of 1955-1957"),
        ("mean2:1957,1964", "mean rate of 1957 and 1964"), ("constant:10", "10 per 1000, constant"),
        ("line:1957-1964", "straight line through 1957 and 1964"),
        ("ols:1953-1957", "straight trend of 1953-1957, extended"),
        ("level:1957+births_adjusted", "rate of 1957, infant deaths following births"),
    ],
)  # fmt: skip
def test_a_baseline_is_read_in_words(baseline: str, label: str) -> None:
    assert labels.of(CHINA).baseline(baseline) == label


def test_completeness_that_was_typed_is_read_in_words() -> None:
    names = labels.of(CHINA)
    assert names.completeness(0.85) == "85 % registered"
    assert names.completeness(1.0) == "all registered"
    assert names.completeness("normal=0.6,crisis=0.9") == (
        "60 % registered in normal years, 90 % in the crisis"
    )
    assert names.short("completeness", "rising") == "nearly complete"


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_cases_have_every_label(name: str) -> None:
    case = load(name)
    assert missing_labels(case) == []
    names = labels.of(case)
    for place in case.settings.places:
        assert len(names.short("places", place.name)) <= 6
        assert names.place(place.name) == place.name


def test_labels_do_not_change_what_a_posterior_is_of(tmp_path: Path) -> None:
    plain = load(str(new_case(tmp_path / "a")))
    other = changed(tmp_path / "b", "label: Registration complete, short: complete", "label: Full, short: F")
    assert labels.of(other).scenario("full") == "Full"
    assert identify(plain) == identify(other)


def test_check_names_the_labels_that_are_missing(tmp_path: Path) -> None:
    case = changed(
        tmp_path / "a", "    guess: {label: 80-100 % of the deaths registered, short: 80-100 %}\n", ""
    )
    found = [p for p in check(case) if "label" in p.message]
    assert [p.field for p in found] == ["labels.completeness"]
    assert "guess is read as 'Guess'" in found[0].message
    assert found[0].audience == "maker"
    assert found[0].line is not None
    assert not any("label" in text for text in estimate(case, quick=True).document["warnings"])
    long = changed(tmp_path / "b", "title: Registers of births and deaths", f"title: {'Registers ' * 5}")
    assert any("longer than" in p.message for p in missing_labels(long))


def test_a_label_of_an_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="labels"):
        changed(tmp_path / "a", "    guess: {label: 80", "    guess: {lable: 80")


def test_the_label_of_a_place_was_its_short_form() -> None:
    old = {"places": [{"name": "Anhui", "label": "AH"}, {"name": "Henan", "label": "Henan", "short": "HA"}]}
    assert with_present_names(old)["places"] == [
        {"name": "Anhui", "short": "AH"}, {"name": "Henan", "label": "Henan", "short": "HA"},
    ]  # fmt: skip


def read_in_terminal(result: Estimates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    with (tmp_path / "shown").open("w+", encoding="utf-8") as file:
        console = Console(file=file, width=400)
        monkeypatch.setattr("dearth.show.terminal.Console", lambda: console)
        print_estimates(result)
        file.seek(0)
        # warnings name files and rows, which have identifiers
        return file.read().partition("warning:")[0]


def test_people_read_labels_and_programs_identifiers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for asked in (Asked(), Asked(method="rate", baseline="level:1957", completeness="rising")):
        result = estimate(CHINA, asked, quick=True)
        document = json.loads(json.dumps(result.document))
        assert document["labels"]["series"]["nbs_registered"]["label"] == "Official registers (NBS)"
        shown = read_in_terminal(result, monkeypatch, tmp_path)
        assert "nbs_registered" in document["estimates"][0]["assumption_label"]
        assert "Official registers (NBS)" in shown
        assert "Registration fell in the famine" in shown
        for identifier in ("nbs_registered", "completeness_falling", "completeness_rising"):
            assert identifier not in shown, identifier


def identifiers(case: Case) -> set[str]:
    """Return what no reader should meet: identifiers of the case, and unknowns of its reconstruction."""
    settings = case.settings
    named = {*settings.registers, *settings.completeness, *settings.birth_completeness, *settings.transfers}
    named |= {row.series for row in case.evidence}
    named |= set(settings.reconstruction.scenarios) if settings.reconstruction else set()
    return {name for name in {*named, *UNKNOWNS} if "_" in name} | set(settings.baselines)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_report_shows_no_identifier(name: str) -> None:
    result = Result.of(estimate(load(name), quick=True))
    made = charts(result)
    page = render_report(result, interactive=False, drawn=[Drawn(chart, "", "") for chart in made])
    page = re.sub(r"<(style|script|code)\b.*?</\1>", "", page, flags=re.S)
    read = html.unescape(re.sub(r"<[^>]*>", " ", page))
    for chart in made:
        read += json.dumps([chart.title, chart.caption, chart.label, chart.read])
        read += json.dumps(drawn_texts(chart.spec))
    words = set(re.findall(r"[\w:+,.-]*\w", read))
    assert identifiers(result.case) & words == set()


def drawn_texts(spec: object) -> list[str]:
    """Return every text among the data of a specification."""
    if isinstance(spec, dict):
        rows = spec.get("values") if isinstance(spec.get("values"), list) else None
        if rows is not None:
            return [value for row in rows for value in row.values() if isinstance(value, str)]
        return [text for part in spec.values() for text in drawn_texts(part)]
    return [text for part in spec for text in drawn_texts(part)] if isinstance(spec, list) else []


def test_unknowns_are_read_in_words() -> None:
    assert unknown_words("fertility_year[1959]") == "fertility by year (1959)"
    assert unknown_words("coverage[census_of_1964]") == "coverage of a census (census of 1964)"
    assert unknowns_in_words("They began where shock_year[1868] is +3.5, not shock_year_age[1868, 0-4]") == (
        "They began where crisis mortality by year (1868) is +3.5, not crisis mortality by year and age "
        "(1868, 0-4)"
    )


@pytest.mark.parametrize("name", BUNDLED)
def test_every_unknown_has_words(name: str) -> None:
    """A new unknown of the reconstruction needs its words in show/unknown_words.py."""
    scenarios = Laboratory.of(name).posterior().printed
    named = {row.unknown.partition("[")[0] for one in scenarios for row in one.prior_posterior}
    assert named - set(UNKNOWNS) == set()


def test_readers_and_makers_have_warnings_of_their_own(tmp_path: Path) -> None:
    case = changed(
        tmp_path / "a", "    guess: {label: 80-100 % of the deaths registered, short: 80-100 %}\n", ""
    )
    result = estimate(case, quick=True)
    makers = [p.message for p in check(case) if p.audience == "maker"]
    readers = [p.for_readers for p in check(case) if p.audience == "reader"]
    assert makers
    assert not set(makers) & set(result.warnings)
    assert set(readers) <= set(result.warnings)
    page = html.unescape(render_report(result, interactive=False, drawn=[]))
    answer = page[page.index('<section id="answer">') :].partition("</section>")[0]
    assert all(text in answer for text in result.warnings)
    assert not any(text in page for text in makers)
