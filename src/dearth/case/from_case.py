"""``dearth new --from-case``: a copy of a bundled case in the user's folder, to be changed there."""

import re
import shutil
from pathlib import Path

from dearth.case.atomic_files import new_folder
from dearth.case.frictionless import NAME as DESCRIPTOR
from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import bundled
from dearth.case.scaffold import add_schemas, case_name
from dearth.case.yamlfile import read_yaml

NAME_LINE = re.compile(r"^name:.*$", re.MULTILINE)


def new_from_case(target: Path, source: str) -> Path:
    """Copy every file of a bundled case, under the name of the new folder; return the folder.

    The figures, settings, claims and scenario are those of the bundled case. Files that describe the case
    to other tools are written anew.

    Raises
    ------
    CaseError
        `source` is no bundled case, `target` is there already, or its name is that of a bundled case;
        nothing is written then.
    """
    cases = bundled()
    if source not in cases:
        hint = did_you_mean(source, cases)
        raise mistake("--from-case", f"'{source}' is none of the cases that 'dearth cases' lists{hint}")
    name = case_name(target)
    if name in cases:
        raise mistake("name", f"'{name}' is a bundled case, and two cases of one name are easily mixed up; "
                      f"give the copy a name of its own, e.g. my-{name}")  # fmt: skip
    with new_folder(target) as work:
        for path in sorted(cases[source].rglob("*")):
            if path.is_file() and path.name != DESCRIPTOR:
                copy = work / path.relative_to(cases[source])
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        _rename(work, name, source)
    return target


def _rename(work: Path, name: str, source: str) -> None:
    """Give the copy its name, say in its README what it is a copy of, and describe it to other tools."""
    settings = work / "case.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(NAME_LINE.sub(f"name: {name}", text, count=1), encoding="utf-8")
    content, _ = read_yaml(settings, "case.yaml")
    readme = work / "README.md"
    old = readme.read_text(encoding="utf-8").partition("\n")[2]
    note = f"A copy of the bundled case `{source}`, made by `dearth new {name} --from-case {source}`.\n"
    readme.write_text(f"# {name}\n\n{note}{old}", encoding="utf-8")
    add_schemas(work, name, str(content["title"]))
