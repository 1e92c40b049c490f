"""``dearth new --from-births``: a case of the births that women of a survey reported."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from dearth.case.atomic_files import new_folder
from dearth.case.birth_file import BirthTable, read_births
from dearth.case.scaffold import Cells, add_schemas, case_name, filled, template, write_csv, write_sources

FIELDS = ("cluster", "stratum", "weight", "interview", "born", "age_died")


def new_from_births(
    target: Path, file: Path, place: str = "", verify: Callable[[Path], None] = lambda folder: None
) -> Path:
    """Write a case with the block ``birth_histories``; return the folder.

    Clusters are renumbered, and no other column is copied.

    Raises
    ------
    CaseError
        Every mistake of the file, or `target` is there already.
    """
    name = case_name(target)
    table = read_births(file, file.name)
    title = f"Births of women, {place or name}".replace("\\", "/").replace('"', "'")
    values = {
        "NAME": name, "TITLE": title, "PLACE": (place or name).replace('"', "'"), "FILE": "births/births.csv",
    }  # fmt: skip
    with new_folder(target) as work:
        write_csv(work / "births" / "births.csv", FIELDS, _rows(table))
        (work / "case.yaml").write_text(filled(template("birth_histories.yaml"), values), encoding="utf-8")
        write_sources(work, [("survey", f"Births recode, file {file.name}")], "name the survey", "")
        (work / "README.md").write_text(
            f"# {name}\n\n{title}: {len(table.born):,} births, made from {file.name}. Clusters are "
            "renumbered, and no other column was copied.\n",
            encoding="utf-8",
        )
        add_schemas(work, name, title)
        verify(work)
    return target


def _rows(table: BirthTable) -> list[Cells]:
    clusters = np.unique(table.cluster, return_inverse=True)[1] + 1
    columns = {**{one: getattr(table, one) for one in FIELDS}, "cluster": clusters.astype(float)}
    return [
        {one: "" if np.isnan(value[at]) else f"{value[at]:.10g}" for one, value in columns.items()}
        for at in range(len(clusters))
    ]
