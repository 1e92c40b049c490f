"""The descriptors of the bundled cases are those of their files."""

import csv
import json

import pytest

from dearth.case.frictionless import NAME, descriptor
from dearth.case.read import bundled, load


@pytest.mark.parametrize("name", ["china-1958", "finland-1866", "valley"])
def test_descriptor_is_current_and_names_every_column(name: str) -> None:
    folder = bundled()[name]
    held = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert held == descriptor(folder, name, load(name).settings.title), "run tools/describe_cases.py"
    assert {"sources"} < {r["name"] for r in held["resources"]}
    for resource in held["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert [f["name"] for f in resource["schema"]["fields"]] == header
