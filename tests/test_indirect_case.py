"""Indirect questions as a case: files, mistakes, JSON, sentences."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.show.charts.indirect import indirect_chart
from dearth.show.report import render_report

PAGE = Path(__file__).parents[1] / "docs" / "completeness.md"
FILES = re.compile(r"`(panama/[\w./]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)


def panama(folder: Path, more: str = "", **files: str) -> Path:
    """Write the case of the page, with `more` at the end of its case.yaml and other files."""
    found = dict(FILES.findall(PAGE.read_text(encoding="utf-8")))
    found["panama/case.yaml"] += more
    for name, text in {**found, **{f"panama/{name}.csv": text for name, text in files.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "panama"


def block(name: str, kind: str, *more: str) -> str:
    parts = [f"file: {name}.csv", "title: T", "source: assumed", f"kind: {kind}", "day: 1997-10-16", *more]
    return f"  {name}: {{{', '.join(parts)}}}\n"


def table(columns: str, rows: list[tuple[float, ...]]) -> str:
    return "\n".join([columns, *(",".join(f"{value:.6g}" for value in row) for row in rows)]) + "\n"


def test_the_case_of_the_page_gives_manual_x(tmp_path: Path) -> None:
    case = load(panama(tmp_path))
    assert [p for p in check(case) if p.severity == "error"] == []
    document = estimate(case).document
    found = document["indirect"]
    assert [row["measure"] for row in found] == [f"q({x})" for x in (1, 2, 3, 5, 10, 15, 20)]
    q = [round(row["estimate"]["median"], 4) for row in found]
    assert q == [0.0952, 0.0580, 0.0707, 0.0757, 0.1021, 0.1201, 0.1308]  # table 53, males
    assert found[3]["year"] == pytest.approx(1976.7 - 6.86, abs=0.02)
    assert document["answer"][0] in PAGE.read_text(encoding="utf-8")
    assert any("hides a crisis" in text for text in document["assumptions"])


def test_parents_siblings_and_households(tmp_path: Path) -> None:
    alive = [0.9918, 0.9819, 0.9665, 0.9415, 0.9005, 0.8374, 0.7678, 0.6380, 0.4941]
    brothers = [0.943374, 0.941222, 0.935335, 0.928475, 0.882786, 0.832533]
    people = [214089, 190234, 149538, 125040, 113490, 91663, 77711, 72936, 56942, 46205, 38616, 26154,
              29273, 14964, 11205, 16193]  # fmt: skip
    deaths = [6909, 610, 214, 266, 291, 271, 315, 349, 338, 357, 385, 387, 647, 449, 504, 1360]
    standard = "standard: {15: 0.8868, 25: 0.8621, 35: 0.8296, 60: 0.6515}"
    case = load(panama(
        tmp_path,
        block("mothers", "mothers", "mean_age: 28.2807464", standard) + block("siblings", "brothers")
        + block("homes", "household_deaths"),
        mothers=table("age_start,asked,alive", [(5 * (i + 1), 1000, 1000 * s) for i, s in enumerate(alive)]),
        siblings=table("age_start,reached_15,alive",
                       [(20 + 5 * i, 1e4, 1e4 * s) for i, s in enumerate(brothers)]),
        homes=table("age_start,persons,deaths",
                    [(5 * i, n, d) for i, (n, d) in enumerate(zip(people, deaths, strict=True))]),
    ))  # fmt: skip
    with pytest.raises(CaseError, match=r"no survivors to age"):
        estimate(case)
    path = case.folder / "case.yaml"
    ages = "40: 0.8094, 45: 0.7845, 50: 0.7527, 55: 0.7096, 65: 0.5724, 70: 0.47, 75: 0.3443, "
    path.write_text(path.read_text().replace("60: 0.6515", ages + "60: 0.6515"))
    found = estimate(load(case.folder)).document
    rows = {(row["name"], row["age"]): row for row in found["indirect"]}
    assert rows["mothers", 5]["adult_mortality"] == pytest.approx(0.072, abs=0.001)
    assert rows["mothers", 5]["year"] == pytest.approx(1994.2, abs=0.05)
    assert rows["mothers", 45]["year"] is None
    assert rows["siblings", 20]["measure"] == "l(25)/l(15)"
    assert rows["homes", None]["estimate"]["median"] == pytest.approx(0.82, abs=0.001)
    assert any("households reported 82 % of the deaths" in text for text in found["answer"])


@pytest.mark.parametrize(
    ("more", "files", "told"),
    [
        (block("m", "mothers"), {"m": "age_start,asked,alive\n5,10,9\n10,10,9\n"}, "need mean_age"),
        (block("m", "mothers", "mean_age: 28"), {"m": "age_start,asked,alive\n5,10,19\n10,10,9\n"},
         "19 are alive of 10"),
        (block("m", "mothers", "mean_age: 28"), {"m": "age_start,asked,alive\n5,10,9\n20,10,9\n"},
         "each five-year group"),
        (block("c", "children"), {"c": "age_start,women,children_born,children_dead\n15,9,9,1\n20,9,9,1\n"},
         "seven groups"),
        (block("c", "children"), {"c": "age_start,women\n15,9\n"}, "missing columns"),
        (block("c", "cousins"), {"c": "age_start\n"}, "kind"),
    ],
)  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, more: str, files: dict[str, str], told: str) -> None:
    with pytest.raises(CaseError, match=told):
        estimate(load(panama(tmp_path, more, **files)))


def test_a_mistake_of_a_file_is_named_by_check(tmp_path: Path) -> None:
    folder = panama(tmp_path)
    path = folder / "surveys" / "boys.csv"
    path.write_text(path.read_text().replace("2695", "many"))
    (found,) = (p for p in check(load(folder)) if p.severity == "error")
    assert (found.file, found.line, found.field) == ("surveys/boys.csv", 2, "women")
    assert not np.isnan(found.line or np.nan)


def dearth(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(app, ["new", str(folder / "panama"), *words])


def test_new_makes_the_case_of_the_page(tmp_path: Path) -> None:
    boys = dict(FILES.findall(PAGE.read_text(encoding="utf-8")))["panama/surveys/boys.csv"]
    file = tmp_path / "boys.csv"
    file.write_text(boys, encoding="utf-8")
    made = dearth(tmp_path, "--from-indirect", str(file), "--kind", "children", "--day", "1976-09-15",
                  "--location", "Panama")  # fmt: skip
    assert made.exit_code == 0, f"{made.output} {made.exception}"
    result = estimate(load(tmp_path / "panama"))
    q = [round(row["estimate"]["median"], 4) for row in result.document["indirect"]]
    assert q == [0.0952, 0.0580, 0.0707, 0.0757, 0.1021, 0.1201, 0.1308]  # manual_x1983, table 53, males
    assert "Children ever born and dead, Panama, 1976" in result.answer[0]
    chart = indirect_chart(result)
    assert chart is not None
    assert [row["measure"] for row in chart.rows] == [f"q({x})" for x in (1, 2, 3, 5, 10, 15, 20)]
    assert chart.rows[3]["year"] == pytest.approx(1976.7 - 6.86, abs=0.02)
    assert "Questions about relatives" in render_report(result, interactive=False)


def test_parents_need_a_mean_age_and_wrong_options_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "age_start,asked,alive\n" + "".join(f"{5 * k},1000,{990 - 40 * k}\n" for k in range(1, 10))
    )
    words = ["--from-indirect", str(file), "--day", "1997-10-16"]
    assert dearth(tmp_path, *words).exit_code == 2
    for more, said in (
        (["--kind", "mother"], "did you mean"), (["--kind", "mothers"], "mothers need mean age"),
        (["--kind", "brothers", "--mean-age", "28"], "brothers take no mean age"),
    ):  # fmt: skip
        assert said in str(dearth(tmp_path, *words, *more).exception)
    wrong_day = ["--from-indirect", str(file), "--kind", "mothers", "--mean-age", "28", "--day", "1997"]
    assert "--day" in str(dearth(tmp_path, *wrong_day).exception)
    assert not (tmp_path / "panama").exists()
    made = dearth(tmp_path, *words, "--kind", "mothers", "--mean-age", "28.3")
    assert made.exit_code == 0, f"{made.output} {made.exception}"
    assert estimate(load(tmp_path / "panama")).document["indirect"][0]["kind"] == "mothers"
