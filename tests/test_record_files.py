"""Record files of a case: read inside its folder, hashed with its inputs, refused where they are wrong."""

from pathlib import Path

import pytest
from pydantic import Field, ValidationError

from dearth.case.problems import Problem
from dearth.case.read import _hash, _record_files
from dearth.case.schema_base import Strict
from dearth.case.schema_records import RecordFile, record_files


class Settings(Strict):
    """A stand-in for the case file with one block of record files."""

    title: str = "a case"
    surveys: dict[str, RecordFile] = Field(default_factory=dict)


def settings(file: str, source: str = "assumed") -> Settings:
    return Settings(surveys={"north": RecordFile(file=file, title="North", source=source)})


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside.csv", "a/../../b.csv", "a\\b.csv", ""])
def test_a_path_that_leads_outside_the_case_is_refused(path):
    with pytest.raises(ValidationError, match="is not a path inside the case folder"):
        RecordFile(file=path, title="North", source="assumed")


def test_every_record_file_is_found_with_its_field():
    ((field, found),) = record_files(settings("surveys/north.csv"))
    assert field == "surveys.north"
    assert found.file == "surveys/north.csv"


def test_a_missing_file_and_an_unknown_source_are_both_named(tmp_path):
    problems: list[Problem] = []
    assert (
        _record_files(tmp_path, settings("surveys/north.csv", "nobody"), {"office"}, "case.yaml", problems)
        == []
    )
    assert [p.field for p in problems] == ["surveys.north.source", "surveys.north.file"]
    assert "put it there or correct the path" in problems[1].message


def test_a_record_file_is_an_input_of_the_case(tmp_path):
    path = tmp_path / "surveys" / "north.csv"
    path.parent.mkdir()
    path.write_text("household,died\n1,0\n")
    found = _record_files(tmp_path, settings("surveys/north.csv"), set(), "case.yaml", [])
    assert found == ["surveys/north.csv"]
    before = _hash(tmp_path, found)
    path.write_text("household,died\n1,1\n")
    assert _hash(tmp_path, found) != before


def test_a_link_out_of_the_case_is_refused(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n")
    folder = tmp_path / "case"
    folder.mkdir()
    Path(folder / "north.csv").symlink_to(outside)
    with pytest.raises(ValueError, match="leads outside the case folder"):
        _record_files(folder, settings("north.csv"), set(), "case.yaml", [])
