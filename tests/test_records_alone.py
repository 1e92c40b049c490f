"""Cases with dates, without a population or without a register: what they answer and leave open."""

import json
from pathlib import Path

import pytest

from conftest import BOOKS, CASE, SHARED, rows, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.case.schema import Census, Prior
from dearth.case.wpp import first_projected
from dearth.estimate.accounts import Account, accounts_sentences, runs_of_one_sign
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import Estimates, estimate
from dearth.reconstruction.census_tables import census
from dearth.show.charts import charts
from dearth.show.report import render_report

BARE = """\
schema_version: 1
name: bare
title: A place without a register
place: Bare
window: {window}
scopes: {{all: everybody}}
"""
HEADER = "year,start,end,series,variable,value,low,high,unit,source_id,quality,scope"


def bare(folder: Path, evidence: list[str], window: str = "1903-1905") -> Path:
    return write_case(folder, BARE.format(window=window), [HEADER, *evidence])


def made(folder: Path, **fixed: str) -> Estimates:
    return estimate(load(folder), Asked(**fixed), quick=True)


def only(result: Estimates) -> dict[str, object]:
    (row,) = result.document["estimates"]
    return row


def median(row: dict[str, object], name: str = "excess_deaths") -> float:
    return row[name]["median"]  # type: ignore[index, no-any-return]


def warnings(folder: Path) -> str:
    problems = check(load(folder))
    assert not [p for p in problems if p.severity == "error"]
    return "\n".join(str(p) for p in problems if p.audience == "reader")


# --- deaths alone ----------


@pytest.fixture
def deaths_only(tmp_path: Path) -> Path:
    return write_case(tmp_path / "c", CASE, [rows()[0], *(row for row in rows() if ",deaths," in row)])


def test_deaths_alone_are_a_case(deaths_only: Path) -> None:
    told = warnings(deaths_only)
    assert "did you mean" not in told
    assert "'books/births': births lost and the accounts need it" in told
    row = only(made(deaths_only, baseline="mean:1901-1902", completeness="1"))
    assert row["method"] == "count"
    # 500 + 400 deaths less twice the mean of 100 and 120
    assert median(row) == pytest.approx(900 - 220)
    assert median(row, "p_score") == pytest.approx(680 / 220)


def test_deaths_alone_say_what_needs_more(deaths_only: Path) -> None:
    document = made(deaths_only).document
    told = "\n".join(document["answer"])
    for question in ("How many births were lost?", "death rates of each year?", "Do the accounts"):
        assert f"Not answered: {question}" in told or question in told
    assert document["default"]["by_year_rates"] == []
    assert document["surface"] == {}
    assert any("growth of the population" in text for text in document["assumptions"])
    (births,) = [row for row in document["unanswered"] if "births were lost" in row["question"]]
    assert births["why"] == "No register of the case has births."
    json.dumps(document, allow_nan=False)


def test_a_reconstruction_that_cannot_be_fitted_is_not_advised(tmp_path: Path) -> None:
    path = new_case(tmp_path / "c") / "evidence" / "totals.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([head, *(line for line in lines if ",deaths," in line)]) + "\n", encoding="utf-8"
    )
    made = estimate(load(tmp_path / "c"), Asked(completeness="1", baseline="level:1902"), quick=True)
    assert any("the reconstruction cannot be fitted" in text for text in made.warnings)
    assert not any("--reconstruct" in text for text in made.reconstruction_warnings)


def test_only_years_that_do_not_close_are_named() -> None:
    residuals = {1902: 0.0, 1903: -4096.0, 1904: 1e-9, 1905: -20.0, 1906: -30.0}
    books = [Account("b", "", year, left, 0.0, 0.0, 0.0, 0.0, left) for year, left in residuals.items()]
    assert runs_of_one_sign(books) == [(1903, 1903, -4096.0), (1905, 1906, -50.0)]
    assert "leaves -4,096 in 1903 and -50 over 1905-1906" in accounts_sentences(books, "")[0]


def test_a_rate_is_no_baseline_for_counts(deaths_only: Path) -> None:
    with pytest.raises(CaseError, match="is a rate per 1000 people; books has no population"):
        made(deaths_only, baseline="constant:12")
    with pytest.raises(CaseError, match="the method 'rate' is for registers with deaths and people"):
        made(deaths_only, method="rate")


def test_a_misspelt_series_stays_an_error(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c", CASE.replace("books/births", "boks/births"))
    (problem,) = [p for p in check(load(folder)) if p.severity == "error"]
    assert "did you mean 'books/births'?" in problem.message


# --- migration in the accounts ----------


def emigration(folder: Path, declared: bool) -> Path:
    """Return the tiny case after 1,000 people left in 1904; the accounts of 1905 stay 50 short."""
    found = [rows()[0]]
    for year, (stock, deaths, births) in BOOKS.items():
        left = 1000 if year >= 1904 else 0
        found.append(f"{year},books,population_yearend_total,{stock - left},persons,s1,official,all")
        if deaths is not None:
            found.append(f"{year},books,deaths,{deaths},persons,s1,official,")
            found.append(f"{year},books,births,{births},persons,s1,official,")
    found.append("1904,books,net_migration,-1000,persons,s1,official,")
    found.append("1905,books,net_migration,-50,persons,s1,official,")
    case = CASE
    if declared:
        case = case.replace(
            "births: books/births\n", "births: books/births\n    net_migration: books/net_migration\n"
        )
    return write_case(folder, case, found)


def test_emigration_alone_enters_the_accounts(tmp_path: Path) -> None:
    folder = emigration(tmp_path / "c", declared=False)
    path = folder / "evidence" / "books.csv"
    path.write_text(path.read_text().replace("net_migration,-", "emigration,"), encoding="utf-8")
    document = made(folder).document
    assert max(abs(row["residual"]) for row in document["accounts"]) < 0.5
    assert "(emigration of 'The books': -1,050 in 1904-1905)" in " ".join(document["answer"])
    assert "net migration of 'The books' is taken as zero in 1901-1903,1906" in document["assumptions"]


@pytest.mark.parametrize("declared", [True, False])
def test_accounts_close_with_migration_and_name_it(tmp_path: Path, declared: bool) -> None:
    document = made(emigration(tmp_path / "c", declared)).document
    assert max(abs(row["residual"]) for row in document["accounts"]) < 0.5
    told = " ".join(document["answer"])
    assert "The accounts close: stock change equals births less deaths plus net migration" in told
    assert "(net migration of 'The books': -1,050 in 1904-1905)" in told
    assert (
        any("net migration of 'The books' is taken for it" in t for t in document["assumptions"]) != declared
    )


# --- windows of dates ----------


def test_a_window_of_dates_takes_its_days_of_yearly_figures(tmp_path: Path) -> None:
    text = CASE.replace("window: 1903-1904", "window: 1903-07-01/1904-06-30")
    folder = write_case(tmp_path / "c", text)
    warnings(folder)
    result = made(folder, method="rate", baseline="mean:1901-1902", completeness="1")
    row = only(result)
    whole = only(made(folder, method="rate", baseline="mean:1901-1902", completeness="1", window="1903-1904"))
    yearly = [figure["median"] for figure in whole["by_year"].values()]  # type: ignore[attr-defined]
    assert median(row) == pytest.approx(yearly[0] * 184 / 365 + yearly[1] * 182 / 366)
    assert row["days"] == 366
    assert "1903-07-01/1904-06-30 (366 days)" in str(row["assumption_label"])
    assert any("1903: the window has 184 of 365 days" in text for text in row["window_split"])  # type: ignore[attr-defined]
    expected = median(whole, "expected_deaths") / 2
    assert median(row, "expected_deaths") == pytest.approx(expected, rel=0.03)
    assert median(row, "p_score") == pytest.approx(median(row) / median(row, "expected_deaths"))


def test_dates_that_make_whole_years_are_those_years(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c")
    fixed = {"method": "rate", "baseline": "mean:1901-1902", "completeness": "1"}
    dated, years = (only(made(folder, **fixed, window=w)) for w in ("1903-01-01/1904-12-31", "1903-1904"))
    assert dated["excess_deaths"] == years["excess_deaths"]


def weekly(folder: Path, window: str, extra: float = 0.0, winter: int = 20) -> Path:
    """Return weeks of seven years: 10 deaths a day, `winter` from December to February, and `extra`."""
    from datetime import date, timedelta

    first, last = (date.fromisoformat(day) for day in window.split("/"))
    evidence, day = [], date(2014, 12, 29)
    while day < date(2022, 1, 3):
        days = [day + timedelta(days=i) for i in range(7)]
        deaths = sum(
            (winter if d.month in (1, 2, 12) else 10) + (extra if first <= d <= last else 0) for d in days
        )
        evidence.append(f",{days[0]},{days[-1]},books,deaths,{deaths},,,persons,s1,official,")
        day += timedelta(days=7)
    evidence += [
        f"{y},,,books,population_midyear,100000,,,persons,s1,official,all" for y in range(2015, 2022)
    ]
    text = f"""\
schema_version: 1
name: weekly
title: Weeks
place: Weeks
window: {window}
scopes: {{all: everybody}}
registers:
  books: {{title: Weeks, kind: registered, population_midyear: books/population_midyear,
          deaths: books/deaths}}
baselines: [mean:2015-2019]
default: {{register: books, baseline: 'mean:2015-2019'}}
"""
    return write_case(folder, text, [HEADER, *evidence])


@pytest.mark.parametrize(
    "window",
    ["2020-12-28/2021-01-03", "2020-02-28/2020-03-01", "2020-02-29/2020-02-29", "2020-06-01/2021-11-30"],
)
def test_a_window_of_weeks_is_compared_with_the_same_dates(tmp_path: Path, window: str) -> None:
    """Week 53, 29 February and eighteen months: no excess where nothing happened, by days."""
    # where winter ends inside a week, its days cannot be told apart: those windows have one season
    winter = 10 if "-02-" in window else 20
    row = only(made(weekly(tmp_path / "quiet", window, 0.0, winter), completeness="1"))
    days = row["days"]
    assert isinstance(days, int)
    assert abs(median(row)) < 0.005 * median(row, "expected_deaths")
    found = only(made(weekly(tmp_path / "crisis", window, 7.0, winter), completeness="1"))
    # the short windows lie in one week, which spreads 7 deaths a day of the window over its 7 days
    deaths = 7 * days if days > 7 else days**2
    assert median(found) - median(row) == pytest.approx(deaths, rel=0.01)
    assert median(found, "p_score") == pytest.approx(median(found) / median(found, "expected_deaths"))


def test_windows_that_weeks_cannot_answer_are_refused(tmp_path: Path) -> None:
    folder = weekly(tmp_path / "c", "2020-07-01/2020-09-30")
    with pytest.raises(
        CaseError, match="does not have deaths or people for every day of 2022-01-01/2022-02-28"
    ):
        made(folder, window="2021-12-01/2022-02-28")
    with pytest.raises(CaseError, match="give the harvest years as dates, 2020-07-01/2021-06-30"):
        made(folder, window="2020", window_kind="july_june")


def test_harvest_years_keep_their_deaths(tmp_path: Path) -> None:
    """Deaths by harvest year: a window of the same dates has exactly the deaths of the row."""
    deaths = {1900: 100, 1901: 110, 1902: 120, 1903: 500, 1904: 120}
    found = ["start,end,series,variable,value,unit,source_id,quality"]
    found += [f"{y}-07-01,{y + 1}-06-30,books,deaths,{n},persons,s1,official" for y, n in deaths.items()]
    text = CASE.replace("window: 1903-1904", "window: 1903-07-01/1904-06-30")
    text = text.replace(
        "baselines: [level:1902, mean:1901-1902, line:1901-1906, constant:12]", "baselines: [level:1901]"
    )
    text = text.replace("baseline: 'mean:1901-1902'", "baseline: level:1901")
    row = only(made(write_case(tmp_path / "c", text, found), completeness="1"))
    assert median(row) + median(row, "expected_deaths") == pytest.approx(500)
    # July to December 1901 belong to the row of 110, January to June to that of 100
    assert median(row, "expected_deaths") == pytest.approx(110 * 184 / 365 + 100 * 182 / 365, rel=0.01)


@pytest.mark.parametrize("window", ["2020-07-01/2020-09-30", "2020-12-28/2021-01-03"])
def test_the_report_of_a_window_of_dates_is_whole(tmp_path: Path, window: str) -> None:
    result = made(weekly(tmp_path / "c", window, 7.0))
    assert {chart.key for chart in charts(result)} >= {"specification", "surface", "births_deaths"}
    assert window in render_report(result, interactive=False)
    json.dumps(result.document, allow_nan=False)


def test_deaths_of_a_war_stand_beside_the_unadjusted_figure(tmp_path: Path) -> None:
    war = "  war: {label: battle deaths, deaths: 200, window: 1904-09-27/1904-11-10, source: s1}\n"
    war = f"subtractions:\n{war}"
    later = war.replace("war:", "later:").replace("1904", "1906").split("\n", 1)[1]
    document = made(write_case(tmp_path / "c", CASE + war + later)).document
    first, other = document["subtractions"]
    plain = document["default"]["excess_deaths"]["median"]
    assert first["excess_deaths"]["median"] == plain
    assert first["excess_deaths_after"]["median"] == pytest.approx(plain - 200)
    assert other["excess_deaths_after"] is None
    assert "outside" in other["note"]
    assert any("200 deaths in 1904-09-27/1904-11-10 are battle deaths (s1)" in t
               for t in document["answer"])  # fmt: skip
    wrong = write_case(tmp_path / "w", CASE + war.replace("source: s1", "source: nobody"))
    assert any("'nobody' is neither in sources.csv" in p.message for p in check(load(wrong)))


def test_a_constant_number_of_deaths_a_day_has_no_excess_in_a_leap_year(tmp_path: Path) -> None:
    folder = weekly(tmp_path / "c", "2020-07-01/2020-09-30")
    row = only(made(folder, completeness="1"))
    assert median(row, "expected_deaths") == pytest.approx(920, abs=0.5)
    assert median(row) == pytest.approx(0, abs=0.5)


# --- without a register ----------

COUNTS = [
    ",1901-03-31,,census,population_census_total,100000,,,persons,s1,official,all",
    ",1911-04-02,,census,population_census_total,88000,,,persons,s1,official,all",
]
NORMAL = [
    "1900,,,guess,normal_death_rate,20,,,per 1000,s1,estimate,",
    "1900,,,guess,normal_birth_rate,35,,,per 1000,s1,estimate,",
]
EMIGRATION = [f"{y},,,ports,emigration,{1000},,,persons,s1,official," for y in range(1901, 1912)]
BIRTHS = [f"{y},,,parish,births,3000,,,persons,s1,official," for y in range(1901, 1912)]


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
    assert "Births between the counts would answer it." in told
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
        ([COUNTS[0], COUNTS[1].replace("official", "recalled")], "counts of 1901-03-31, but no two counts"),
        ([",1904-01-01,1904-03-31,s,crude_death_rate,40,,,per 1000,s1,estimate,"], "not a population"),
        ([",1908-01-01,1908-03-31,s,crude_death_rate,40,,,per 1000,s1,estimate,"], "of no day of the window"),
        (["1904,,,b,deaths,40,,,persons,s1,estimate,"], "deaths, but no register that names them"),
        ([*COUNTS, *BIRTHS[:-3], *NORMAL], "births that cover every day between the counts"),
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


def test_a_census_of_another_date_is_not_put_at_mid_year(tmp_path: Path) -> None:
    """Between 31 March 1902 and 1905 lie 275 days of 1902, two whole years and 90 days of 1905."""
    counts = [
        ",1902-03-31,,census,population_census_total,10300,,,persons,s1,official,all",
        ",1905-03-31,,census,population_census_total,9950,,,persons,s1,official,all",
    ]
    text = CASE.replace("window: 1903-1904", "window: 1903-1904\ntolls: [600]")
    found = [row.split(",", 1) for row in rows()[1:]]
    old = [
        f"{year},,,{','.join(c[:3])},,,{','.join(c[3:])}" for year, rest in found for c in [rest.split(",")]
    ]
    document = made(write_case(tmp_path / "c", text, [HEADER, *old, *counts])).document
    assert document["identification_closed_between"] == "censuses of 1902-03-31 and 1905-03-31, scope all"
    births = 320 * 275 / 365 + 200 + 200 + 300 * 90 / 365
    assert document["identification"][0]["births"] == pytest.approx(births)
    assert document["identification"][0]["deaths"] == pytest.approx(10300 - 9950 + births)
    assert document["assumptions"] == []


# --- a baseline of rates alone ----------


@pytest.mark.parametrize(("baseline", "millions"), [("loglinear:1949-1957", 20.91), ("ols:1949-1957", 24.87)])
def test_a_normal_rate_needs_rates_only(baseline: str, millions: float) -> None:
    """Registered rates of China, 1958-61, completeness 1: 1949 has a rate and no person-years."""
    asked = Asked("rate", "nbs_registered", baseline, "1", "1958-1961")
    found = [row for row in estimate(load("china-1958"), asked, quick=True).document["estimates"]
             if not row["births_adjusted"]]  # fmt: skip
    assert [round(row["excess_deaths"]["median"] / 1e6, 2) for row in found] == [millions]


# --- other records ----------


def test_stocks_of_any_date_give_person_years(tmp_path: Path) -> None:
    """Two stocks on other days than 31 December: the population between them is a straight line."""
    text = CASE.replace("books/population_yearend_total", "counts/population_total")
    found = ["year,start,end,series,variable,value,unit,source_id,quality,scope"]
    for year, (_, deaths, births) in BOOKS.items():
        if deaths is not None:
            found.append(f"{year},,,books,deaths,{deaths},persons,s1,official,")
            found.append(f"{year},,,books,births,{births},persons,s1,official,")
    found += [
        ",1900-07-01,,counts,population_total,10000,persons,s1,official,all",
        ",1908-07-01,,counts,population_total,18000,persons,s1,official,all",
    ]
    document = made(write_case(tmp_path / "c", text, found), method="rate", completeness="1").document
    assert document["accounts"] == []
    rates = {row["year"]: row for row in document["default"]["by_year_rates"]}
    # the middle of 1904 is four of eight years after the first stock
    assert rates[1904]["person_years"] == pytest.approx(14000, rel=1e-3)


def test_figures_that_reach_over_the_year_are_named(tmp_path: Path) -> None:
    document = made(weekly(tmp_path / "c", "2020-06-01/2021-11-30"), completeness="1").document
    assert any(
        "7 figures of deaths of 'Weeks' reach over the end" in text for text in document["assumptions"]
    )
    assert any("2020: the window has 214 of 366 days" in text for text in document["assumptions"])


def test_projections_are_named(tmp_path: Path) -> None:
    found = [row.replace(",official,", ",projection,") if row.startswith("1906,books,deaths") else row
             for row in rows()]  # fmt: skip
    document = made(write_case(tmp_path / "c", CASE, found)).document
    assert "deaths of 'The books': 1906 is projected, not recorded" in document["assumptions"]
    assert [first_projected(name) for name in ("WPP2024_Medium.csv.gz", "wpp2022.csv", "a.csv")] == [
        2024,
        2022,
        2022,
    ]


def test_a_harvest_window_has_no_dates(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "c")
    with pytest.raises(CaseError, match="a July-June window needs years"):
        made(folder, window="1903-07-01/1904-06-30", window_kind="july_june")


def test_a_reconstruction_takes_the_date_of_the_census(tmp_path: Path) -> None:
    found = [
        "start,series,variable,value,unit,source_id,quality,scope,sex,age_from,age_to",
        "1904-03-31,count,population_census_by_age,900,persons,s1,official,all,male,0,9",
        "1904-03-31,count,population_census_by_age,900,persons,s1,official,all,female,0,9",
    ]
    folder = write_case(tmp_path / "c")
    (folder / "evidence" / "ages.csv").write_text("\n".join(found) + "\n", encoding="utf-8")
    coverage = Prior(dist="normal", mean=1, sd=0.01, source="assumed")
    spec = Census(series="count", variable="population_census_by_age", date=1904.25, coverage=coverage,
                  group_sd=0.02, evidence_source="intercensal_closure", source="assumed")  # fmt: skip
    assert census(load(folder), spec)[1].sum() == 1800
    with pytest.raises(CaseError, match=r"was counted on 1904-03-31; write date: 1904\.246"):
        census(load(folder), spec.model_copy(update={"date": 1904.5}))


# --- the inputs that failed ----------

FAILING = SHARED / "failing_cases"
ANSWERED = {
    "deaths-only": "excess deaths are 2,984",
    "emigration": "The accounts close: stock change equals births less deaths plus net migration",
    "part-year-window": "1903-07-01/1904-06-30",
}
REFUSED = {
    "two-sources-one-year": "To keep both, give this row a series of its own",
    "unit-per-10000": "its units are: persons; thousand persons; million persons",
    "weekly-rows": "start 1903-01-26 and end 1903-02-01",
}


@pytest.mark.skipif(not FAILING.is_dir(), reason=f"the inputs that failed are not in {FAILING}")
@pytest.mark.parametrize("name", [*ANSWERED, *REFUSED])
def test_inputs_that_failed(name: str) -> None:
    if name in REFUSED:
        with pytest.raises(CaseError) as caught:
            load(FAILING / name)
        assert REFUSED[name] in str(caught.value)
        assert "did you mean" not in str(caught.value)
    else:
        warnings(FAILING / name)
        assert ANSWERED[name] in " ".join(made(FAILING / name).document["answer"])
