"""``dearth new``: a case folder that works at once, and the parts every new case is made of."""

import csv
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.frictionless import write_descriptor
from dearth.case.problems import mistake
from dearth.case.years import format_years, parse_years

COLUMNS = (
    "year", "series", "variable", "value", "unit", "source_id", "quality", "scope", "sex",
    "age_from", "age_to", "note",
)  # fmt: skip
Cells = dict[str, object]


def template(name: str) -> str:
    """Return a template of this package by its file name."""
    return (files("dearth.case") / "templates" / name).read_text(encoding="utf-8")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a template with every ``@KEY@`` replaced by its value."""
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Cells]) -> None:
    """Write rows as CSV, columns in the order given, nothing where a row has no value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def case_name(target: Path) -> str:
    """Return the name a folder gives its case.

    Raises
    ------
    CaseError
        When the folder's name cannot be a case's name.
    """
    name = target.absolute().name
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,79}", name):
        raise mistake("name", f"'{name}' is no name for a case; use up to 80 letters, digits, '-' and "
                      "'_', first a plain letter or digit")  # fmt: skip
    return name


def new_case(target: Path) -> Path:
    """Write the commented template with made-up figures; return the folder.

    Raises
    ------
    CaseError
        When `target` is there already; nothing is written then.
    """
    name = case_name(target)
    with new_folder(target) as work:
        (work / "evidence").mkdir()
        texts = {
            "case.yaml": template("case.yaml").replace("@NAME@", name),
            "evidence/totals.csv": template("totals.csv"),
            "sources.csv": template("sources.csv"),
            "README.md": template("README.md").replace("@NAME@", name),
        }
        for file, text in texts.items():
            (work / file).write_text(text, encoding="utf-8")
        add_schemas(work, name, "A made-up place, to be replaced")
    return target


def add_schemas(work: Path, name: str, title: str) -> None:
    """Add what editors and other tools read: the JSON Schema and the Frictionless descriptor."""
    schema = (files("dearth") / "schemas" / "case-v1.json").read_text(encoding="utf-8")
    (work / "case-v1.json").write_text(schema, encoding="utf-8")
    case = (work / "case.yaml").read_text(encoding="utf-8")
    hint = "# yaml-language-server: $schema=./case-v1.json\n"
    (work / "case.yaml").write_text(hint + case, encoding="utf-8")
    write_descriptor(work, name, title)


def crisis_years(text: str, held: set[int]) -> tuple[int, int]:
    """Return first and last year of the window; refuse years the files do not hold."""
    try:
        years = sorted(parse_years(text))
    except ValueError as error:
        raise mistake("--window", str(error)) from None
    absent = sorted(set(range(years[0], years[-1] + 1)) - held)
    if absent:
        raise mistake("--window", f"{text} needs {format_years(absent)}; the files hold "
                      f"{format_years(held)}")  # fmt: skip
    if years[0] - 1 not in held:
        raise mistake("--window", f"the files begin in {min(held)}: no year before the window")
    return years[0], years[-1]


def baselines(first: int, last: int, held: set[int]) -> list[str]:
    """Return the baselines that the years around a window allow, in plain order."""
    back = 0
    while first - back - 1 in held and back < 10:
        back += 1
    found = [f"level:{first - 1}"]
    spans = sorted({min(5, back), back} - {0, 1})
    found += [f"mean:{first - n}-{first - 1}" for n in spans]
    if back >= 4:
        found += [f"{kind}:{first - back}-{first - 1}" for kind in ("ols", "loglinear")]
    after = [year for year in range(last + 2, last + 4) if year in held]
    if after:
        found += [f"mean2:{first - 1},{after[-1]}", f"line:{first - 1}-{after[-1]}"]
    return found


def case_yaml(
    name: str, title: str, place: str, window: tuple[int, int], dead: set[int], born: set[int],
    register: str, scopes: str, reconstruction: str = "",
) -> str:  # fmt: skip
    """Return ``case.yaml`` for a place whose deaths and births are available in the years given.

    The birth deficit runs a year longer than the window, births being conceived before.
    """
    first, last = window
    deficit_end = last + 1 if last + 1 in born else last
    after = [year for year in range(deficit_end + 1, deficit_end + 5) if year in born]
    bases = baselines(first, last, dead)
    if first - 1 not in born:
        raise mistake("--window", f"the files hold no births of {first - 1}, the year before")
    births = [b for b in baselines(first, deficit_end, born) if b.startswith(("mean:", "level"))]
    middle = next((b for b in bases if b.startswith("mean:")), bases[0])
    normal = next((b for b in births if b.startswith("mean:")), births[0])
    regained = f", regained: {format_years(after)}" if after else ""
    values = {
        "NAME": name, "TITLE": quotable(title), "PLACE": quotable(place),
        "WINDOW": format_years(range(first, last + 1)),
        "BIRTHS": f"{{deficit: {format_years(range(first, deficit_end + 1))}{regained}}}",
        "BASELINES": "\n".join(f"  - {b}" for b in bases),
        "BIRTH_BASELINES": "\n".join(f"  - {b}" for b in births),
        "BASELINE": middle, "BIRTH_BASELINE": normal, "REGISTER": register, "SCOPES": scopes,
        "RECONSTRUCTION": reconstruction, "REGISTER_NAME": register.strip().split(":")[0],
    }  # fmt: skip
    return filled(template("downloaded.yaml"), values)


def quotable(text: str) -> str:
    """Return `text` fit to stand between double quotes in YAML."""
    return text.replace("\\", "/").replace('"', "'")


def run_around(first: int, held: set[int]) -> set[int]:
    """Return the years available without a gap around `first`; registers have no gaps."""
    run = {first} & held
    for step in (-1, 1):
        year = first + step
        while year in held:
            run.add(year)
            year += step
    return run


def write_sources(work: Path, rows: list[tuple[str, str]], author: str, where: str) -> None:
    """Write ``sources.csv`` for sources of one author: (source_id, title) each."""
    write_csv(
        work / "sources.csv",
        ("source_id", "author", "year", "title", "where", "reliability_note"),
        [{"source_id": s, "author": author, "title": t, "where": where} for s, t in rows],
    )
