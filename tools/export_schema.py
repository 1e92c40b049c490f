"""Write the JSON Schema of case.yaml from the models that check it: export_schema.py."""

import json
from pathlib import Path

from dearth.case.schema import CaseFile

PATH = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "case-v1.json"
HEAD = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "dearth case.yaml, version 1"}

made = CaseFile.model_json_schema(by_alias=True)
PATH.write_text(json.dumps({**made, **HEAD}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
