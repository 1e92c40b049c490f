"""The JSON Schema that editors use is the one the code checks by."""

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from conftest import CASE
from dearth.case.schema import CaseFile
from dearth.case.years import format_years, parse_years
from dearth.claims.schema import ClaimsFile

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "case-v1.json"


def test_exported_schema_is_the_models() -> None:
    exported = json.loads(SCHEMA.read_text())
    made = CaseFile.model_json_schema(by_alias=True)
    for head in ("$schema", "title"):
        exported.pop(head, None)
        made.pop(head, None)
    assert exported == made


def test_exported_schema_of_claims_is_the_models() -> None:
    exported = json.loads(SCHEMA.with_name("claims-file-v1.json").read_text())
    made = ClaimsFile.model_json_schema(by_alias=True)
    for head in ("$schema", "title"):
        exported.pop(head, None)
        made.pop(head, None)
    assert exported == made


def test_schema_takes_a_good_case_and_refuses_an_unknown_field() -> None:
    schema = json.loads(SCHEMA.read_text())
    case = YAML(typ="safe").load(CASE)
    jsonschema.validate(case, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**case, "windw": "1903"}, schema)


@pytest.mark.parametrize("text", ["1957", "1955-1957", "1954-1957,1962-1964", "1955,1957"])
def test_years_come_back(text: str) -> None:
    assert format_years(parse_years(text)) == text
