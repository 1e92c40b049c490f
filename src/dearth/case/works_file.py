"""``works.json`` of a case: the publications its figures rest on, beside those of the package."""

import json
from pathlib import Path

from dearth.bibliography.works import Work, parse_work
from dearth.case.problems import CaseError, Problem, mistake

FILE = "works.json"


def read_works(path: Path) -> dict[str, Work]:
    """Return the works of a case by key; none where it has no ``works.json``.

    Raises
    ------
    CaseError
        With every mistake at once: text that is no JSON, an entry without a title, a key given twice.
    """
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise mistake(FILE, f"is not JSON: {error.msg}", error.lineno) from None
    except UnicodeDecodeError:
        raise mistake(FILE, "is not UTF-8 text; save it again as UTF-8") from None
    if not isinstance(content, list):
        raise mistake(FILE, f"holds {type(content).__name__}; give a list of works in CSL-JSON")
    found: dict[str, Work] = {}
    problems: list[Problem] = []
    for at, entry in enumerate(content, 1):
        try:
            work = parse_work(entry)
        except ValueError as error:
            problems.append(Problem(FILE, f"work {at}: {error}"))
            continue
        if work.key in found:
            problems.append(Problem(FILE, f"work {at}: the key '{work.key}' is given twice", field="id"))
        found[work.key] = work
    if problems:
        raise CaseError(problems)
    return found
