"""Faults of record files have file, line and field; the answer of record files asks nothing of registers."""

from pathlib import Path

import pytest

from dearth.case.from_lists import new_from_lists
from dearth.case.problems import CaseError, Problem
from dearth.case.read import load
from dearth.case.surveys.new_case import new_from_survey
from dearth.checks import problems
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.estimate.record_estimators import RECORD_ESTIMATORS
from record_cases import COUNTS, bare

pytest.importorskip("polars")
pytest.importorskip("svy")

PERSONS = """\
household,cluster,sex,age,died,person_days
1,1,1,30,0,90
1,1,2,3,1,40
2,2,2,4,0,90
3,3,1,20,0,90
"""
LISTS = "police,clinic,church,count\n1,0,0,90\n0,1,0,80\n0,0,1,70\n1,1,0,30\n1,0,1,25\n0,1,1,20\n1,1,1,15\n"
REGISTER_QUESTIONS = ("How many births were lost?", "What were the death rates", "Do the accounts")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    (tmp_path / "p.csv").write_text(PERSONS, encoding="utf-8")
    return new_from_survey(tmp_path / "north", tmp_path / "p.csv", None, None)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "lists.csv").write_text(LISTS, encoding="utf-8")
    return new_from_lists(tmp_path / "victims", tmp_path / "lists.csv", "Valley", "1999-03-20/1999-06-22")


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def errors(folder: Path) -> list[Problem]:
    return [one for one in problems(str(folder))[1] if one.severity == "error"]


def test_every_estimator_of_records_names_its_faults(survey: Path) -> None:
    for one in RECORD_ESTIMATORS:
        assert not [p for p in one.problems(load(survey)) if p.severity == "error"]


def test_a_survey_asks_for_its_baseline_and_nothing_of_registers(survey: Path) -> None:
    said = " ".join(estimate(load(survey), quick=True).answer)
    assert "1 death in 310 person-days:" in said
    assert "1 death of children under five in 130 person-days:" in said
    assert said.count("Not answered:") == 1
    assert "The fields population and baselines of the survey would answer it." in said


def test_lists_alone_leave_no_question_of_registers(lists: Path) -> None:
    made = estimate(load(lists), quick=True)
    assert made.unanswered == ()
    assert "Not answered" not in " ".join(made.answer)


def test_with_counts_of_people_the_questions_of_registers_are_asked(lists: Path, tmp_path: Path) -> None:
    folder = bare(tmp_path / "counts", COUNTS)
    (folder / "lists").mkdir()
    (folder / "lists" / "all.csv").write_text(LISTS, encoding="utf-8")
    path = folder / "case.yaml"
    block = "lists:\n  all: {file: lists/all.csv, title: All, source: assumed}\n"
    path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")
    said = " ".join(estimate(load(folder), quick=True).answer)
    for question in REGISTER_QUESTIONS:
        assert f"Not answered: {question}" in said


def test_a_row_of_a_survey_gone_wrong_is_named_with_its_line(survey: Path) -> None:
    changed(survey / "surveys" / "persons.csv", "1,1,2,3,1,40", "1,1,2,3,maybe,-40")
    found = errors(survey)
    assert {(one.file, one.line, one.field) for one in found if one.line} == {
        ("surveys/persons.csv", 3, "died"), ("surveys/persons.csv", 3, "person_days"),
    }  # fmt: skip
    with pytest.raises(CaseError) as raised:
        estimate(load(survey), quick=True)
    assert [str(one) for one in raised.value.problems] == [str(one) for one in found]


def test_a_survey_of_one_cluster_is_refused_by_check_with_its_file(survey: Path) -> None:
    path = survey / "surveys" / "persons.csv"
    changed(path, "\n2,2,", "\n2,1,")
    changed(path, "\n3,3,", "\n3,1,")
    (found,) = errors(survey)
    assert (found.file, found.field) == ("surveys/persons.csv", "cluster")
    assert "one cluster, so no variance" in found.message


def test_an_unknown_source_of_a_baseline_has_the_line_of_case_yaml(survey: Path) -> None:
    path = survey / "case.yaml"
    old = "    file: surveys/persons.csv\n"
    changed(path, old, old + "    population: 1000\n    population_source: nobody\n")
    (found,) = errors(survey)
    assert found.field == "surveys.persons.population_source"
    assert "population_source" in path.read_text(encoding="utf-8").splitlines()[(found.line or 0) - 1]


def test_a_pair_that_the_lists_do_not_have_is_named_by_check(lists: Path) -> None:
    path = lists / "case.yaml"
    changed(path, "    source: lists_file\n", "    source: lists_file\n    dependent: [[police, choir]]\n")
    (found,) = errors(lists)
    assert found.file == "case.yaml"
    assert found.field.endswith(".dependent")
    assert "dependent" in path.read_text(encoding="utf-8").splitlines()[(found.line or 0) - 1]
    assert "no list of" in found.message


def test_mistakes_of_two_kinds_of_records_are_raised_together(survey: Path) -> None:
    changed(survey / "surveys" / "persons.csv", "1,1,2,3,1,40", "1,1,2,3,maybe,40")
    (survey / "lists.csv").write_text(LISTS.replace("1,1,1,15", "1,1,1,many"), encoding="utf-8")
    with (survey / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("lists:\n  all: {file: lists.csv, title: All, source: assumed}\n")
    case = load(survey)
    assert len([one for one in check(case) if one.severity == "error"]) >= 2
    with pytest.raises(CaseError) as raised:
        estimate(case, quick=True)
    assert {one.file for one in raised.value.problems} >= {"surveys/persons.csv", "lists.csv"}
