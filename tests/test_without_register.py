"""Cases without a register: two censuses, a survey, prices; what they answer and leave open."""

import json
from pathlib import Path

import pytest

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.show.charts import charts
from dearth.show.report import render_report
from record_cases import (
    BIRTHS,
    COUNTS,
    EMIGRATION,
    NORMAL,
    bare,
    made,
    warnings,
)


def test_two_counts_with_births_and_emigration(tmp_path: Path) -> None:
    folder = bare(tmp_path / "c", [*COUNTS, *NORMAL, *EMIGRATION, *BIRTHS])
    assert warnings(folder) == ""
    document = made(folder).document
    (found,) = document["intercensal"]
    days = 3654  # 1 April 1901 to 2 April 1911
    assert found["period"] == {"start": "1901-04-01", "end": "1911-04-02"}
    shared = 275 / 365 + 9 + 92 / 365  # of the years 1901 and 1911 the days between the counts
    assert found["births"] == pytest.approx(3000 * shared)
    assert found["net_migration"] == pytest.approx(-1000 * shared)
    assert found["deaths"] == pytest.approx(100_000 - 88_000 + 2000 * shared)
    assert found["normal_deaths"] == pytest.approx(20 * 94 * days / 365.25)
    assert found["excess_deaths"] == pytest.approx(found["deaths"] - found["normal_deaths"])
    assert any("arrivals are taken as zero" in text for text in document["assumptions"])
    questions = [row["question"] for row in document["unanswered"]]
    assert questions == [
        "How many of the excess deaths fall in the window 1903-1905?",
        "What were the death rates of each year?", "Do the accounts of each year close?",
    ]  # fmt: skip


def test_records_with_a_gap_are_named_with_the_missing_days(tmp_path: Path) -> None:
    with_gap = [row for row in EMIGRATION if not row.startswith("1905,")]
    document = made(bare(tmp_path / "c", [*COUNTS, *NORMAL, *with_gap, *BIRTHS])).document
    told = " ".join(document["assumptions"])
    assert "ports/emigration is not used: it has no figures from 1905-01-01 to 1905-12-31" in told
    assert "parish/births is not used" not in told


def test_two_counts_and_emigration_without_births(tmp_path: Path) -> None:
    folder = bare(tmp_path / "c", [*COUNTS, *NORMAL, *EMIGRATION])
    document = made(folder).document
    (found,) = document["intercensal"]
    assert found["deaths"] is None
    assert found["people_missing"] > 0
    told = " ".join(document["answer"])
    assert "people are missing against normal births and deaths" in told
    assert "Not answered: How many people died above the normal number?" in told
    assert "Births between the censuses would answer it." in told
    assert "How many of the excess deaths fall" not in told


def test_a_census_without_a_date_is_assumed_at_mid_year_and_says_so(tmp_path: Path) -> None:
    counts = [row.replace(",1901-03-31,,", "1901,,,").replace(",1911-04-02,,", "1911,,,") for row in COUNTS]
    document = made(bare(tmp_path / "c", [*counts, *NORMAL])).document
    assert any(
        "not given for 'Census' (1901,1911); it is taken as 1 July" in t for t in document["assumptions"]
    )
    assert document["intercensal"][0]["period"]["start"] == "1901-07-02"
    assert any("net migration is taken as zero" in text for text in document["assumptions"])
    assert any("How many people left" in row["question"] for row in document["unanswered"])


def test_a_survey_is_a_case(tmp_path: Path) -> None:
    evidence = [
        ',,,survey,crude_death_rate,2.0,1.7,2.3,"per 10,000 per day",s1,estimate,',
        ',,,survey,normal_death_rate,0.411,,,"per 10,000 per day",s1,estimate,',
        ",2011-01-01,,survey,population_total,4564521,,,persons,s1,estimate,all",
    ]
    evidence = [
        row.replace(",,,", ",2010-10-01,2011-09-30,", 1) if row.startswith(",,,") else row for row in evidence
    ]
    document = made(bare(tmp_path / "c", evidence, "2010-10-01/2011-09-30")).document
    (found,) = document["survey_deaths"]
    assert round(found["excess_deaths"]) == 264_735
    assert (round(found["low"]), round(found["high"])) == (214_754, 314_717)
    assert found["days"] == 365
    assert any("365 days from 2010-10-01 to 2011-09-30" in text for text in document["assumptions"])
    assert not any("fall in the window" in text for text in document["answer"])
    assert any("are normal (15.0 per 1000 a year)" in text for text in document["answer"])


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        ([COUNTS[0], COUNTS[1].replace("1911-04-02", "1904-06-01")], "1904-06-01, but no two"),
        ([COUNTS[0], COUNTS[1].replace("official", "recalled")], "of 1901-03-31, but no two censuses"),
        ([",1904-01-01,1904-03-31,s,crude_death_rate,40,,,per 1000,s1,estimate,"], "not a population"),
        ([",1908-01-01,1908-03-31,s,crude_death_rate,40,,,per 1000,s1,estimate,"], "of no day of the window"),
        (["1904,,,b,deaths,40,,,persons,s1,estimate,"], "deaths, but no register that names them"),
        ([*COUNTS, *BIRTHS[:-3], *NORMAL], "births that cover every day between the censuses"),
    ],
)  # fmt: skip
def test_what_lacks_is_named(tmp_path: Path, evidence: list[str], why: str) -> None:
    document = made(bare(tmp_path / "c", evidence)).document
    assert document["unanswered"][0]["question"] == "How many people died above the normal number?"
    assert why in document["unanswered"][0]["why"]


def test_prices_alone_are_a_case_that_gives_no_number(tmp_path: Path) -> None:
    evidence = [f"{y},,,market,rice_price,{100 + y},,,ratio,s1,official," for y in range(1900, 1906)]
    folder = bare(tmp_path / "c", evidence)
    assert warnings(folder) == ""
    document = made(folder).document
    assert (
        document["answer"][0]
        == "The records of A place without a register give no number of deaths or births."
    )
    assert len(document["unanswered"]) == 4
    assert document["intercensal"] == document["survey_deaths"] == document["estimates"] == []


def test_a_unit_of_the_case_is_needed_once_and_the_message_shows_how(tmp_path: Path) -> None:
    evidence = [f"{y},,,market,rice_price,{y},,,rupees,s1,official," for y in range(1900, 1906)]
    folder = bare(tmp_path / "c", evidence)
    with pytest.raises(CaseError) as error:
        load(folder)
    (problem,) = error.value.problems
    assert problem.line == 2
    assert problem.message.endswith("The same in 5 more rows: lines 3-7")
    unit = problem.message.split("in case.yaml: ")[1].split(". The same")[0]
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text + unit + "\n", encoding="utf-8")
    assert warnings(folder) == ""


def test_the_report_leaves_out_sections_that_nothing_fills(tmp_path: Path, deaths_only: Path) -> None:
    prices = bare(tmp_path / "b", ["1901,,,m,p,1,,,ratio,s1,official,"])
    pages = [render_report(made(folder), interactive=False) for folder in (prices, deaths_only)]
    for page, absent in zip(pages, (("books", "curve", "toll", "rivals"), ("books", "toll")), strict=True):
        for name in absent:
            assert f'id="{name}"' not in page
            assert f'href="#{name}"' not in page
    assert 'id="ranges"' not in pages[0]
    assert 'id="ranges"' in pages[1]
    assert '<section id="curve">' in pages[1]
    assert 'href="#curve"' in pages[1]


@pytest.mark.parametrize("kind", ["counts", "prices", "deaths"])
def test_the_report_of_such_a_case_is_whole(tmp_path: Path, deaths_only: Path, kind: str) -> None:
    evidence = [*COUNTS, *NORMAL, *BIRTHS] if kind == "counts" else ["1901,,,m,p,1,,,ratio,s1,official,"]
    folder = deaths_only if kind == "deaths" else bare(tmp_path / "b", evidence)
    result = made(folder)
    for chart in charts(result):
        assert chart.rows
    page = render_report(result, interactive=False)
    assert result.answer[-1].split(".")[0] in page


def test_a_published_recipe_needs_a_register(tmp_path: Path) -> None:
    folder = bare(tmp_path / "c", COUNTS)
    (folder / "published.csv").write_text(
        "key,author,year,central,window,method,counts_unborn,method_published,quality,source_id,recompute_register\n"
        "one,Somebody,1990,1000,1903-1905,guess,no,no,secondary,s1,books\n", encoding="utf-8"
    )  # fmt: skip
    document = made(folder).document
    assert document["published"][0]["recomputed"] is None
    assert any("the case has no register" in text for text in document["warnings"])


def test_choices_need_a_register(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="--baseline: the case has no register"):
        made(bare(tmp_path / "c", COUNTS), baseline="level:1900")


def test_documents_of_such_cases_follow_the_schema(tmp_path: Path, deaths_only: Path) -> None:
    import jsonschema

    path = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    for folder in (deaths_only, bare(tmp_path / "b", [*COUNTS, *NORMAL, *BIRTHS])):
        jsonschema.validate(json.loads(json.dumps(made(folder).document)), schema)
