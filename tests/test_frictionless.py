"""The data packages of the bundled cases and of a new one, read by the Frictionless validator itself."""

import csv
import json
import shutil
import warnings
from pathlib import Path

import pytest

from dearth.case.frictionless import NAME, descriptor, write_descriptor
from dearth.case.read import bundled, load
from dearth.case.scaffold import new_case

BUNDLED = ["bengal-1943", "china-1958", "finland-1866", "ireland-1845", "sweden-1772", "valley"]


def mistakes(folder: Path) -> list[list[object]]:
    """Return row, field and kind of every mistake that the validator finds in a case and its tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the packages that the validator imports
        from frictionless import validate

        report = validate(str(folder / NAME))
    found: list[list[object]] = report.flatten(["rowNumber", "fieldName", "type"])
    assert report.valid == (found == [])
    if report.valid:  # every table was read
        resources = json.loads((folder / NAME).read_text(encoding="utf-8"))["resources"]
        assert len(report.tasks) == len(resources)
    return found


@pytest.mark.parametrize("name", BUNDLED)
def test_the_validator_accepts_the_bundled_cases(name: str) -> None:
    assert mistakes(bundled()[name]) == []


def test_the_validator_accepts_a_new_case(tmp_path: Path) -> None:
    assert mistakes(new_case(tmp_path / "my-case")) == []


def test_a_file_with_a_space_in_its_name_is_accepted(tmp_path: Path) -> None:
    made = new_case(tmp_path / "my-case")
    (made / "evidence" / "totals.csv").rename(made / "evidence" / "Parish totals (1900).csv")
    write_descriptor(made, "my-case", "A place")
    assert mistakes(made) == []


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("value", "many", "type-error"),
        ("source_id", "nowhere", "foreign-key"),
        ("quality", "good", "constraint-error"),
    ],
)
def test_the_descriptor_makes_the_validator_see_mistakes(
    tmp_path: Path, column: str, text: str, kind: str
) -> None:
    folder = shutil.copytree(bundled()["finland-1866"], tmp_path / "case")
    path = folder / "evidence" / "totals.csv"
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    rows[3][header.index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    ((row, _, seen),) = mistakes(folder)
    assert row == 5  # the header is row 1
    assert seen == kind


@pytest.mark.parametrize("name", BUNDLED)
def test_descriptor_is_current_and_names_every_column(name: str) -> None:
    folder = bundled()[name]
    shipped = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert shipped == descriptor(folder, name, load(name).settings.title), "run tools/describe_cases.py"
    assert {"sources"} < {r["name"] for r in shipped["resources"]}
    for resource in shipped["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert [f["name"] for f in resource["schema"]["fields"]] == header
