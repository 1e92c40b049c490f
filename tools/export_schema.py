"""Write the JSON Schemas of case.yaml and claims.yaml from the models that check them: export_schema.py."""

import json
from pathlib import Path

from dearth.case.schema import CaseFile
from dearth.claims.schema import ClaimsFile

FOLDER = Path(__file__).parents[1] / "src" / "dearth" / "schemas"
FILES = {"case": ("case.yaml", CaseFile), "claims-file": ("claims.yaml", ClaimsFile)}

for stem, (name, model) in FILES.items():
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dearth {name}, version 1",
    }
    made = {**model.model_json_schema(by_alias=True), **head}
    text = json.dumps(made, indent=1, ensure_ascii=False)
    (FOLDER / f"{stem}-v1.json").write_text(f"{text}\n", encoding="utf-8")
