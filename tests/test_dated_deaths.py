"""Deaths by week or month from files: what is read, what is refused, and the case that is made of them."""

import gzip
import json
from pathlib import Path

import pytest

import dearth
from conftest import DATA, write_case
from dearth.case.dated_deaths import Group
from dearth.case.dated_layouts import read_dated
from dearth.case.from_dated_deaths import new_from_deaths
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.show.charts import chart_svg, charts
from dearth.show.report import render_report
from dearth.show.terminal import print_estimates

ROOT = Path(__file__).parents[1]
EXTRACT = DATA / "dated" / "world_mortality_extract.csv"
WINDOW = "2020-03-01/2020-12-31"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def months(first: int, last: int, deaths: str = "100") -> str:
    rows = [f"{y},{m},{deaths}" for y in range(first, last + 1) for m in range(1, 13)]
    return "\n".join(["year,month,deaths", *rows]) + "\n"


def test_the_world_mortality_dataset() -> None:
    read = read_dated(EXTRACT, "Albania")
    assert read.layout == "World Mortality Dataset"
    assert len(read.counts) == 72
    assert read.counts[0].period.text == "2015-01-01/2015-01-31"
    assert read.counts[0].deaths == 2490


def test_a_file_of_many_places_needs_one_of_them() -> None:
    with pytest.raises(CaseError, match=r"has 10 places .* name one with --location"):
        read_dated(EXTRACT)
    with pytest.raises(CaseError, match=r"has no 'Albany'.*'Albania'"):
        read_dated(EXTRACT, "Albany")


def test_the_average_of_earlier_years_is_left_out_and_named(tmp_path: Path) -> None:
    text = "country_name,year,time,time_unit,deaths\nA,0,1,monthly,90\nA,2020,1,monthly,100\n"
    read = read_dated(written(tmp_path, "wmd.csv", text))
    assert len(read.counts) == 1
    assert "the year 0: they are an average of earlier years, no year" in read.notes[0]


def test_quarters_of_another_calendar_are_refused(tmp_path: Path) -> None:
    text = "country_name,year,time,time_unit,deaths\nIran,2020,1,quarterly (Solar Hijri),9\n"
    with pytest.raises(CaseError, match=r"wmd.csv:2.*Solar Hijri.*give start and end of each period"):
        read_dated(written(tmp_path, "wmd.csv", text))


STMF = "CountryCode,Year,Week,Sex,D0_14,D15_64,D65_74,D75_84,D85p,DTotal,RTotal,Split,SplitSex,Forecast\n"


def test_short_term_mortality_fluctuations(tmp_path: Path) -> None:
    notes = "# Note: the file comes with two lines of notes\n# and this is the second\n"
    rows = "SWE,2020,53,m,1,20,30,40,50,141,0.01,0,0,0\nSWE,2020,53,b,2,30,60,90,120.5,302.5,0.01,1,0,0\n"
    packed = tmp_path / "stmf.csv.gz"
    packed.write_bytes(gzip.compress((notes + STMF + rows).encode()))
    read = read_dated(packed)
    groups = read.groups()
    assert next(iter(groups)) == Group()
    assert groups[Group()][0].deaths == 302.5
    assert groups[Group()][0].period.text == "2020-12-28/2021-01-03"
    assert groups[Group("male", 85)][0].deaths == 50
    assert "split from wider groups" in read.notes[0]


def test_week_53_of_a_year_without_one_is_refused(tmp_path: Path) -> None:
    row = "SWE,2019,53,b,2,30,60,90,120,302,0.01,0,0,0\n"
    with pytest.raises(CaseError, match=r"stmf.csv:2: 2019 has no ISO week 53.*start and end"):
        read_dated(written(tmp_path, "stmf.csv", STMF + row))


def test_unknown_ages_are_spread_and_the_total_stays(tmp_path: Path) -> None:
    head = "PopCode,Area,Year,Week,Sex,Age,AgeInterval,Deaths,Type,Access\n"
    ages = [
        ("m", "0", "65", 10),
        ("m", "65", "+", 30),
        ("m", "UNK", ".", 4),
        ("f", "0", "65", 20),
        ("f", "65", "+", 20),
    ]
    rows = "".join(f"X,1,2020,1,{s},{a},{w},{d},O,O\n" for s, a, w, d in ages)
    read = read_dated(written(tmp_path, "in.csv", head + rows))
    found = {(c.group.sex, c.group.ages): c.deaths for c in read.counts}
    assert found["male", "0-64"] == pytest.approx(11)
    assert found["male", "65+"] == pytest.approx(33)
    assert found["male", ""] == pytest.approx(44)
    assert found["both", ""] == pytest.approx(84)
    assert found["both", "65+"] == pytest.approx(53)
    assert "4 deaths of unknown age are spread over the known ages" in read.notes[0]


def test_the_table_of_our_world_in_data(tmp_path: Path) -> None:
    text = (
        "location,date,p_scores_all_ages,deaths_2020_all_ages,deaths_2015_all_ages,deaths_2019_all_ages,time,"
        "time_unit\nA,2020-12-27,1,120,100,110,52,weekly\nA,2021-01-03,1,130,,111,53,weekly\n"
    )
    read = read_dated(written(tmp_path, "owid.csv", text))
    assert [(c.period.start.isoformat(), c.deaths) for c in read.counts] == [
        ("2015-12-21", 100), ("2019-12-23", 110), ("2020-12-21", 120), ("2020-12-28", 130),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_semicolons_decimal_commas_and_encodings(tmp_path: Path, encoding: str) -> None:
    text = "place;start;end;deaths\nÎle;2020-01-01;2020-01-31;1.234,5\nÎle;2020-02-01;2020-02-29;99,25\n"
    path = written(tmp_path, "plain.csv", text, encoding)
    read = read_dated(path)
    assert [c.deaths for c in read.counts] == [1234.5, 99.25]
    assert any("semicolons" in note for note in read.notes)
    assert any("'1.234,5' is 1234.5" in note for note in read.notes)


def test_figures_with_two_interpretations_are_refused(tmp_path: Path) -> None:
    text = "start;end;deaths\n2020-01-01;2020-01-31;1.234\n2020-02-01;2020-02-29;2.345\n"
    with pytest.raises(CaseError, match=r"'1.234' is 1.234 in one language and 1234 in another") as caught:
        read_dated(written(tmp_path, "plain.csv", text))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no layout of dated deaths that is read"),
        ("year,deaths\n2020,1\n", "has no dates; give the columns start and end"),
        ("start,end,deaths\n2020-01-01,2020-01-31,5\n2020-01-31,2020-02-29,5\n", r"\(line 2\) counts too"),
        ("start,end,deaths\n2020-02-01,2020-01-31,5\n", "ends on 2020-01-31, before it starts"),
        ("start,end,deaths\n2020-01-01,2020-01-31,-5\n", "'-5' is no number of deaths"),
        ("start,end,sex,deaths\n2020-01-01,2020-01-31,x,5\n", "'x' is no sex"),
        ("start,end,deaths\n2020-01-01,2020-01-31\n", "has 2 fields where the header has 3"),
        ("year,month,deaths\n2020,13,5\n", "2020 has no month 13"),
        ("start,end,deaths\n2020-01-01,2020-01-31,\n", "has no deaths of"),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        read_dated(written(tmp_path, "plain.csv", text))


def test_a_case_from_monthly_deaths(tmp_path: Path) -> None:
    said: list[str] = []
    made = new_from_deaths(tmp_path / "albania", EXTRACT, "Albania", WINDOW, said.append)
    case = load(made)
    assert check(case) == []
    document = dearth.load(str(made)).estimate().document
    json.dumps(document, allow_nan=False)
    trend, spline = document["dated"]
    assert trend["excess"]["median"] == pytest.approx(6003.7, abs=0.05)
    assert trend["excess"]["level"] == 0.95
    assert trend["sd_independent"] == pytest.approx(670.7, abs=0.05)
    assert trend["p_score"]["median"] == pytest.approx(0.345, abs=5e-4)
    assert trend["share_of_a_year"]["median"] == pytest.approx(0.276, abs=6e-4)
    assert trend["deaths"] - trend["expected"]["high"] == pytest.approx(trend["excess"]["low"])
    assert (trend["start"], trend["end"], trend["fit_years"]) == ("2020-03-01", "2020-12-31", "2015-2019")
    assert trend["sd"] == pytest.approx(722.8, abs=0.05)
    assert "ours is 723" in (ROOT / "docs" / "weekly-deaths.md").read_text(encoding="utf-8")
    assert "standard deviation 723, or 671 if each month were independent" in document["answer"][1]
    assert spline["method"] == "spline"
    answer = "\n".join(document["answer"])
    assert (
        "34.5 % of the normal deaths of the same 306 days; 27.6 % of the normal deaths of the whole" in answer
    )
    assert "How many people died above the normal number?" not in answer


def test_the_chart_and_the_table_show_observed_and_normal_deaths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = load(new_from_deaths(tmp_path / "albania", EXTRACT, "Albania", WINDOW))
    made = estimate(case)
    (chart,) = (one for one in charts(made) if one.key.startswith("dated"))
    assert len(chart.rows) == 2 * 72
    last = chart.rows[71]
    assert (last["deaths"], last["in_window"]) == (3140.0, True)
    assert last["low"] < last["expected"] < last["high"] < last["deaths"]
    assert chart_svg(chart).startswith("<svg")
    print_estimates(made)
    shown = capsys.readouterr().out
    assert "Albania, deaths by month, 2020-03-01 to 2020-12-31 (306 days)" in shown
    assert "4,243 - 7,765" in shown
    assert '<section id="dated">' in render_report(made, interactive=False)


def test_a_war_is_taken_off_only_where_the_case_declares_it(tmp_path: Path) -> None:
    made = new_from_deaths(tmp_path / "armenia", EXTRACT, "Armenia", WINDOW)
    plain, _ = dearth.load(str(made)).estimate().document["dated"]
    assert plain["excess"]["median"] == pytest.approx(9847.4, abs=0.05)
    assert plain["subtractions"] == []
    war = (
        "subtractions:\n  war: {label: battle deaths, deaths: 4000, window: 2020-09-27/2020-11-10, "
        "source: assumed}\n"
    )
    text = (made / "case.yaml").read_text()
    (made / "case.yaml").write_text(text + war)
    document = dearth.load(str(made)).estimate().document
    first, _ = document["dated"]
    assert first["excess"] == plain["excess"]
    assert first["subtractions"][0]["excess_after"]["median"] == pytest.approx(5847.4, abs=0.05)
    assert "without them the 9,847 excess deaths are 5,847" in "\n".join(document["answer"])


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ("2017-01-01/2017-12-31", "2 year"),
        ("2021-01-01/2021-03-31", "outside the deaths"),
        ("x", "is no window"),
    ],
)
def test_windows_that_the_file_does_not_allow_write_nothing(
    tmp_path: Path, window: str, message: str
) -> None:
    with pytest.raises(CaseError, match=message):
        new_from_deaths(tmp_path / "albania", EXTRACT, "Albania", window)
    assert list(tmp_path.iterdir()) == []


def test_sexes_and_ages_have_rows_of_their_own(tmp_path: Path) -> None:
    rows = [
        f"{y},{m},{sex},{age},{deaths}"
        for y in range(2015, 2021)
        for m in range(1, 13)
        for sex, age, deaths in (("both", "", 100), ("female", "", 55 + m % 3), ("male", "65", 20 + m % 2))
    ]
    file = written(tmp_path, "a.csv", "\n".join(["year,month,sex,age_from,deaths", *rows]) + "\n")
    made = new_from_deaths(tmp_path / "place", file, "", "2020-01-01/2020-06-30")
    found = dearth.load(str(made)).estimate().document["dated"]
    assert {(row["sex"], row["age_from"], row["age_to"]) for row in found} == {
        ("both", None, None), ("female", None, None), ("male", 65, None),
    }  # fmt: skip
    assert len(found) == 6


def test_a_file_of_one_sex_alone_is_answered_for_that_sex(tmp_path: Path) -> None:
    rows = [f"{y},{m},female,{50 + m % 4}" for y in range(2015, 2021) for m in range(1, 13)]
    file = written(tmp_path, "a.csv", "\n".join(["year,month,sex,deaths", *rows]) + "\n")
    made = new_from_deaths(tmp_path / "place", file, "", "2020-01-01/2020-06-30")
    answer = dearth.load(str(made)).estimate().document["answer"]
    assert answer[0].startswith("place, deaths by month (female): 309 people died")


def test_weeks_by_sex_and_age_of_a_register(tmp_path: Path) -> None:
    made = new_from_deaths(
        tmp_path / "belgium", DATA / "dated" / "stmf_belgium.csv", "", "2020-03-02/2020-12-31"
    )
    result = estimate(load(made))
    found = {(r["sex"], r["age_from"], r["method"]): r for r in result.document["dated"]}
    assert len(found) == 2 * 3 * 6
    everybody = found["both", None, "year_trend"]
    sexes = [found[sex, None, "year_trend"] for sex in ("female", "male")]
    assert everybody["deaths"] == pytest.approx(sum(one["deaths"] for one in sexes))
    # least squares is linear, so that the sexes add up to both
    assert everybody["excess"]["median"] == pytest.approx(sum(one["excess"]["median"] for one in sexes))
    assert everybody["excess"]["low"] > 10_000
    assert found["both", 85, "spline"]["p_score"]["median"] > found["both", 15, "spline"]["p_score"]["median"]
    (chart,) = (one for one in charts(result) if one.key == "dated_groups")
    assert {row["group"] for row in chart.rows} >= {"everybody", "female", "male, ages 85+"}


def test_rows_of_evidence_with_dates_are_used_too(tmp_path: Path) -> None:
    header = "year,start,end,series,variable,value,unit,source_id,quality,scope"
    read = read_dated(EXTRACT, "Albania")
    rows = [
        f",{c.period.start},{c.period.end},office,deaths,{c.deaths},persons,s1,official," for c in read.counts
    ]
    case = "schema_version: 1\nname: tiny\ntitle: T\nplace: Tiny\nwindow: " + WINDOW + "\n"
    made = write_case(tmp_path / "tiny", case, [header, *rows])
    document = dearth.load(str(made)).estimate().document
    assert document["dated"][0]["excess"]["median"] == pytest.approx(6003.7, abs=0.05)
    assert document["dated"][0]["series"] == "office"


def test_a_broken_file_of_a_case_is_a_mistake_that_check_names(tmp_path: Path) -> None:
    made = new_from_deaths(tmp_path / "albania", EXTRACT, "Albania", WINDOW)
    file = made / "deaths" / "albania.csv"
    file.write_text(file.read_text().replace("2490", "many"))
    (problem,) = (p for p in check(load(made)) if p.severity == "error")
    assert (problem.file, problem.line) == ("deaths/albania.csv", 2)
    assert "'many' is no number of deaths" in problem.message


def test_what_cannot_be_fitted_is_a_warning(tmp_path: Path) -> None:
    made = new_from_deaths(tmp_path / "albania", EXTRACT, "Albania", WINDOW)
    text = (made / "case.yaml").read_text().replace("# fit_years: 2015-2019", "fit_years: 2018-2019")
    (made / "case.yaml").write_text(text)
    document = dearth.load(str(made)).estimate().document
    assert [row["method"] for row in document["dated"]] == ["spline"]
    assert any(
        "year_trend: the years of the fit have figures of 2 year(s)" in w for w in document["warnings"]
    )
