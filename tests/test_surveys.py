"""Surveys from file to answer: columns, maps, contradictions, identifiers, rates and excess deaths."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate
from typer.testing import CliRunner

from conftest import SHARED

pytest.importorskip("polars")
pytest.importorskip("svy")

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema_surveys import SurveyBaseline, SurveyFile
from dearth.case.surveys.column_map import ColumnMap, read_map
from dearth.case.surveys.columns import identifiers
from dearth.case.surveys.read import read_survey
from dearth.cli import app
from dearth.estimate.estimates import estimate
from dearth.estimate.surveys.excess import excess_deaths
from dearth.numerics.interval import Interval

HAITI = SHARED / "evidence" / "live" / "haiti_2010" / "persons.csv"
SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "estimate-v1.json"
SHORT = """\
household,cluster,stratum,sex,age_years,start_day,end_day,died,person_days,weight
1,1,a,1,30,0,100,0,100,1
1,1,a,2,3,0,40,1,40,1
2,2,a,2,50,0,100,0,100,1
3,3,b,1,20,0,100,0,100,3
3,3,b,2,4,0,100,0,100,3
4,4,b,1,70,0,60,1,60,3
"""
LONG = "household,cluster,sex,age,born,born_day,joined,joined_day,left,left_day,died,died_day,interview_day\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def dearth(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(app, list(words))


def said_of(result: Any) -> str:
    """Return what a command printed and what it refused, in one line."""
    return f"{result.output} {result.exception or ''}".replace("\n", " ")


def document(case: Path) -> dict[str, Any]:
    made = estimate(load(case), quick=True).document
    validate(json.loads(json.dumps(made)), json.loads(SCHEMA.read_text(encoding="utf-8")))
    return made


def rows(made: dict[str, Any], outcome: str, domain: str | None = None) -> list[dict[str, Any]]:
    return [row for row in made["surveys"] if (row["outcome"], row["domain"]) == (outcome, domain)]


def test_the_short_form_needs_no_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "p.csv", SHORT)
    result = dearth(tmp_path, monkeypatch, "new", "north", "--from-survey", "p.csv")
    assert result.exit_code == 0, result.output
    made = document(tmp_path / "north")
    (crude,) = rows(made, "crude")
    assert (crude["deaths"], crude["person_days"], crude["clusters"], crude["df"]) == (2, 500, 4, 2)
    assert crude["rate_per_10000_day"]["median"] == pytest.approx(10_000 * (1 + 3) / (240 + 3 * 260))
    assert crude["rate_per_10000_day"]["level"] == 0.95
    (young,) = rows(made, "under_five")
    assert (young["deaths"], young["person_days"]) == (1, 140)
    (men,) = rows(made, "crude", "sex:male")
    assert (men["deaths"], men["person_days"]) == (1, 260)
    assert {row["domain"] for row in made["surveys"]} >= {"stratum:a", "stratum:b"}
    assert rows(made, "under_five", "stratum:b") == []  # its only child gives no variance
    assert any(
        "children under five (stratum:b): the people are in one cluster" in w for w in made["warnings"]
    )
    assert made["window"] == "undated"


def test_a_table_of_deaths_and_person_days_is_enough(tmp_path: Path) -> None:
    text = " household , cluster,died,person_days\n1,1,1,30\n1,2,0,90\n"
    table = read_survey(written(tmp_path / "p.csv", text), "p.csv")
    assert table.columns == ["household", "cluster", "died", "person_days"]
    assert table.notices == ()


def test_dates_stand_in_place_of_days(tmp_path: Path) -> None:
    text = "household,cluster,sex,age,start_date,end_date,died\n1,1,1,30,2017-02-01,2017-04-02,0\n"
    table = read_survey(written(tmp_path / "p.csv", text), "p.csv")
    assert table.frame["end_day"].to_list() == [60]
    assert str(table.recall_start) == "2017-02-01"


def test_dates_of_events_need_the_start_of_recall_alone(tmp_path: Path) -> None:
    text = "household,cluster,sex,age,died,died_date,interview_date\n1,1,1,30,1,2017-03-01,2017-05-01\n"
    path = written(tmp_path / "p.csv", text)
    with pytest.raises(CaseError, match="nothing says when recall began; give recall_start"):
        read_survey(path, "p.csv")
    table = read_survey(path, "p.csv", read_map(written(tmp_path / "m.yaml", "recall_start: 2017-02-01\n")))
    assert table.frame["died_day"].to_list() == [28]


def test_every_contradiction_is_named_at_once_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [
        "1,1,1,1,1,50,0,,0,,1,40,90",  # line 2: death before birth
        "1,1,2,30,0,,1,60,0,,1,40,90",  # line 3: joined after dying
        "1,1,2,30,0,,0,,0,,1,95,90",  # line 4: interview before the death
        "1,1,2,30,0,,0,,1,-5,0,,90",  # line 5: left before recall
        "1,1,2,30,0,,0,,0,,,,90",  # line 6: died is empty
        "2,1,2,30,0,,0,,0,,0,,soon",  # line 7: no number
        "2,1,3,30,0,,0,,0,,0,,90",  # line 8: no sex
        "2,1,2,30,0,,0,,0,,0,,90",  # sound
    ]
    written(tmp_path / "p.csv", LONG + "\n".join(bad) + "\n")
    result = dearth(tmp_path, monkeypatch, "new", "north", "--from-survey", "p.csv")
    assert result.exit_code == 1
    said = said_of(result)
    for line, words in [
        (2, "the death lies before the birth"), (3, "the person joined after dying"),
        (4, "the interview lies before the event 'died'"), (5, "the person left before the start of recall"),
        (6, "says nothing of yes, no or unknown"), (7, "'soon' is no number"), (8, "'3' says nothing of sex"),
    ]:  # fmt: skip
        assert f"p.csv:{line}: " in said
        assert words in said
    assert "leave_out" in said
    assert not (tmp_path / "north").exists()


def test_two_heads_and_negative_person_time_are_contradictions(tmp_path: Path) -> None:
    text = (
        "household,cluster,sex,age,head,died,person_days\n"
        "1,1,1,40,1,0,90\n1,1,2,38,1,0,90\n2,1,2,38,1,0,-3\n2,1,2,8,0,0,90\n1,2,1,40,1,0,90\n"
    )
    with pytest.raises(CaseError) as found:
        read_survey(written(tmp_path / "p.csv", text), "p.csv")
    said = {(p.line, p.field): p.message for p in found.value.problems}
    assert "two living heads (lines 2-3)" in said[(2, "head")]
    assert "negative" in said[(4, "person_days")]


def test_lines_that_the_map_leaves_out_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = "".join(f"{n},{n % 3},2,30,0,,0,,0,,{int(n == 5)},{40 if n == 5 else ''},90\n" for n in range(9))
    written(tmp_path / "p.csv", LONG + sound + "1,1,1,1,1,50,0,,0,,1,40,90\n")
    written(tmp_path / "map.yaml", "leave_out: [11]\n")
    result = dearth(tmp_path, monkeypatch, "new", "n", "--from-survey", "p.csv", "--map", "map.yaml")
    assert result.exit_code == 0, result.output
    made = document(tmp_path / "n")
    assert rows(made, "crude")[0]["deaths"] == 1
    assert any("contradict themselves were left out, 1 in all" in text for text in made["warnings"])


def test_identifiers_are_refused_and_never_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = SHORT.splitlines()
    text = "\n".join([f"{lines[0]},head_name,phone", *(f"{line},Ada Kim,+12025550{i}" for i, line
                                                       in enumerate(lines[1:]))]) + "\n"  # fmt: skip
    written(tmp_path / "p.csv", text)
    refused = dearth(tmp_path, monkeypatch, "new", "n", "--from-survey", "p.csv")
    assert refused.exit_code == 1
    assert "'head_name', 'phone' may identify persons" in said_of(refused)
    columns = "".join(f"  {name.replace('age_years', 'age')}: {name}\n" for name in lines[0].split(","))
    written(tmp_path / "map.yaml", f"columns:\n{columns}")
    made = dearth(tmp_path, monkeypatch, "new", "n", "--from-survey", "p.csv", "--map", "map.yaml",
                  "--allow-identifiers")  # fmt: skip
    assert made.exit_code == 0, made.output
    assert not [path for path in (tmp_path / "n").rglob("*") if path.is_file() and "Ada" in path.read_text()]


def test_names_of_places_are_no_identifiers() -> None:
    names = [
        "village_name",
        "Name",
        "gps_latitude",
        "district_name",
        "camp name",
        "hh_phone",
        "deviceid",
        "age",
    ]
    assert identifiers(names) == ["Name", "gps_latitude", "hh_phone", "deviceid"]


KOBO = """\
_index,cluster_number,household_number,member/sex,member/age_years,member/died,member/date_death,today
1,1,1,male,30,no,,2017-05-02T08:00:00.000+03:00
2,1,1,female,2,yes,2017-03-10,2017-05-02T08:00:00.000+03:00
3,2,1,female,40,no,,2017-05-04T08:00:00.000+03:00
"""


def test_a_map_is_proposed_and_nothing_is_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "kobo.csv", KOBO)
    result = dearth(tmp_path, monkeypatch, "new", "north", "--from-survey", "kobo.csv")
    assert result.exit_code == 1
    assert "A map is proposed in north-map.yaml" in said_of(result)
    assert not (tmp_path / "north").exists()
    path = tmp_path / "north-map.yaml"
    proposed = read_map(path).columns
    assert proposed == {
        "household": "household_number", "cluster": "cluster_number", "sex": "member/sex",
        "age": "member/age_years", "died": "member/died", "died_date": "member/date_death",
        "interview_date": "today",
    }  # fmt: skip
    words = ("new", "north", "--from-survey", "kobo.csv", "--map", str(path))
    unconfirmed = dearth(tmp_path, monkeypatch, *words)
    assert unconfirmed.exit_code == 1
    assert "nothing says when recall began" in said_of(unconfirmed)
    written(path, path.read_text() + "recall_start: 2017-02-01\n")
    made = dearth(tmp_path, monkeypatch, *words)
    assert made.exit_code == 0, made.output
    with (tmp_path / "north" / "surveys" / "persons.csv").open() as file:
        found = list(csv.DictReader(file))
    assert [row["died_day"] for row in found] == ["", "37", ""]
    assert [row["interview_day"] for row in found] == ["90", "90", "92"]
    assert [row["household"] for row in found] == ["1", "1", "2"]  # numbered within the case, not as given
    assert "window: 2017-02-01/2017-05-04" in (tmp_path / "north" / "case.yaml").read_text()


ENA = """\
Date,Cluster,Team,HH,P1_sex,P1_age,P1_join,P1_left,P1_born,P1_died,P1_cause,P2_sex,P2_age,P2_join,P2_left,P2_born,P2_died,P2_cause
01/05/2017,1,1,1,m,30,,,,,,f,28,y,,,,
01/05/2017,1,1,2,f,60,,,,y,2,,,,,,,
02/05/2017,2,1,1,m,0,,,y,,,f,20,,y,,,
02/05/2017,2,1,2,f,33,,,,,,,,,,,,
"""


def test_the_person_sheet_of_ena_counts_half_the_recall_for_an_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Person-time = (present + (left + died - joined - born) / 2) x recall days."""
    written(tmp_path / "ena.csv", ENA)
    proposed = dearth(tmp_path, monkeypatch, "new", "n", "--from-ena", "ena.csv")
    assert proposed.exit_code == 1
    path = tmp_path / "n-map.yaml"
    text = path.read_text()
    assert "layout: people_in_columns" in text
    assert 'sex: "P#_sex"' in text
    assert "dates: dd/mm/yyyy" in text
    written(path, text + "recall_days: 90\n")
    made = dearth(tmp_path, monkeypatch, "new", "n", "--from-ena", "ena.csv", "--map", str(path))
    assert made.exit_code == 0, made.output
    (crude,) = rows(document(tmp_path / "n"), "crude")
    present, left, died, joined, born = 4, 1, 1, 1, 1
    assert crude["deaths"] == 1
    assert crude["person_days"] == (present + (left + died - joined - born) / 2) * 90
    assert rows(document(tmp_path / "n"), "cause:2")[0]["deaths"] == 1


def test_a_map_with_an_unknown_column_says_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"'hosehold' is no column .* did you mean 'household'"):
        ColumnMap(columns={"hosehold": "a"})


def test_excess_is_the_published_arithmetic() -> None:
    """Somalia: a rate of 2.0 (1.7-2.3) over 0.411 per 10,000 a day, 4,564,521 people, a year."""
    found = excess_deaths(Interval(2.0, 1.7, 2.3, 0.95), Interval(0.411), 4_564_521, 365)
    assert [round(x) for x in (found.median, *found.ends)] == [264_735, 214_754, 314_717]
    wider = excess_deaths(Interval(2.0, 1.7, 2.3, 0.95), Interval(0.411, 0.011, 0.811, 0.95), 1e4, 1)
    assert wider.ends == (pytest.approx(1.589 - 0.5), pytest.approx(1.589 + 0.5))


def test_a_case_counts_excess_over_each_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "p.csv", SHORT)
    dearth(tmp_path, monkeypatch, "new", "north", "--from-survey", "p.csv")
    path = tmp_path / "north" / "case.yaml"
    block = (
        "    population: 1000\n    population_source: assumed\n    days: 100\n    baselines:\n"
        "      before: {title: Before, rate_per_10000_day: 4, low: 3, high: 5, source: assumed}\n"
    )
    written(path, path.read_text().replace("    # what the codes", f"{block}    # what the codes"))
    sound = path.read_text()
    written(path, sound.replace("high: 5, source: assumed", "high: 5, source: nobody"))
    with pytest.raises(CaseError, match=r"persons\.baselines\.before\.source: source 'nobody' is neither"):
        document(tmp_path / "north")
    assert "source 'nobody' is neither" in dearth(tmp_path, monkeypatch, "check", "north").output
    written(path, sound)
    made = document(tmp_path / "north")
    (crude,) = rows(made, "crude")
    (excess,) = crude["excess"]
    rate = crude["rate_per_10000_day"]["median"]
    assert excess["excess_deaths"]["median"] == pytest.approx((rate - 4) * 1000 * 100 / 10_000)
    assert any("excess deaths" in text for text in made["answer"])
    assert not any("How many people died above" in text for text in made["answer"])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"low": 0.1}, "give both low and high"),
        ({"low": 0.5, "high": 0.6}, "must lie between low and high"),
    ],
)
def test_a_baseline_with_wrong_ends_is_refused(fields: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SurveyBaseline(title="Before", rate_per_10000_day=0.4, source="assumed", **fields)


def test_a_baseline_needs_people() -> None:
    before = SurveyBaseline(title="Before", rate_per_10000_day=0.4, source="assumed")
    with pytest.raises(ValueError, match="baselines need population"):
        SurveyFile(file="a.csv", title="a", source="assumed", baselines={"before": before})


@pytest.fixture(scope="module")
def haiti(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not HAITI.exists():
        pytest.skip("the survey of Haiti 2010 is not beside the project")
    folder = tmp_path_factory.mktemp("haiti")
    result = CliRunner().invoke(app, ["new", str(folder / "haiti"), "--from-survey", str(HAITI)])
    assert result.exit_code == 0, result.output
    return document(folder / "haiti")


def test_the_survey_of_haiti_is_read_without_a_map(haiti: dict[str, Any]) -> None:
    crude, with_time = rows(haiti, "crude")
    assert (crude["deaths"], crude["person_days"]) == (164, 3_033_828)
    assert round(crude["rate_per_10000_day"]["median"], 7) == 0.5405712
    assert with_time["deaths"] == 161
    assert round(with_time["rate_per_10000_day"]["median"], 4) == 0.5307
    assert round(with_time["design_effect"], 2) == 2.28
    checks = crude["plausibility"]
    assert {check["name"] for check in checks} >= {"sex_ratio", "under_five", "deaths_by_cluster", "joined"}
    assert all(0 <= check["score"] <= check["worst"] and check["reason"] for check in checks)


def test_the_bootstrap_agrees_with_the_design(haiti: dict[str, Any]) -> None:
    crude = rows(haiti, "crude")[0]
    linear, drawn = crude["rate_per_10000_day"], crude["bootstrap"]
    width = linear["high"] - linear["low"]
    assert math.isclose(drawn["high"] - drawn["low"], width, rel_tol=0.15)


def test_the_weighted_survey_of_haiti(tmp_path: Path) -> None:
    if not HAITI.exists():
        pytest.skip("the survey of Haiti 2010 is not beside the project")
    with HAITI.open(encoding="utf-8") as file:
        persons = list(csv.DictReader(file))
    houses: dict[str, set[str]] = {}
    for row in persons:
        houses.setdefault(row["cluster"], set()).add(row["household"])
    path = tmp_path / "weighted.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [*persons[0], "weight"])
        out.writeheader()
        for row in persons:
            out.writerow({**row, "weight": 228_425 / len(persons) * 32 / len(houses[row["cluster"]])})
    result = CliRunner().invoke(app, ["new", str(tmp_path / "haiti"), "--from-survey", str(path)])
    assert result.exit_code == 0, result.output
    made = document(tmp_path / "haiti")
    crude, cholera = rows(made, "crude")[0], rows(made, "cause:1")[-1]
    rate = crude["rate_per_10000_day"]
    assert [round(rate["median"], 4), round(rate["low"], 3), round(rate["high"], 3)] == [0.5175, 0.394, 0.641]
    assert (round(crude["standard_error"], 4), round(crude["design_effect"], 2), crude["df"]) == (
        0.0623,
        2.27,
        104,
    )
    assert cholera["deaths_counted"] == "every row with the cause and person-time"
    rate = cholera["rate_per_10000_day"]
    assert [round(rate[key], 4) for key in ("median", "low", "high")] == [0.3533, 0.2439, 0.4626]
    assert round(cholera["design_effect"], 2) == 2.60
    young = rows(made, "under_five")[0]
    rate = young["rate_per_10000_day"]
    assert [round(rate[key], 4) for key in ("median", "low", "high")] == [0.6532, 0.3490, 0.9575]
    assert round(young["design_effect"], 2) == 1.11
