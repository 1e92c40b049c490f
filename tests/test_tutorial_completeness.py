"""The page on completeness works as it is written: its file, its commands, its figures, its Python."""

import contextlib
import io
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dearth.case.read import load
from dearth.cli import app
from dearth.estimate.estimates import estimate
from dearth.trials.census_pairs import Setting, known_pair

PAGE = (Path(__file__).parents[1] / "docs" / "completeness.md").read_text(encoding="utf-8")
FILE = re.search(r"Save this table as `coast.csv`.*?```text\n(.*?)```", PAGE, re.DOTALL)
ROW = re.compile(
    r"^\| ([^|]+) \| (with|without) \| ([\d-]+) \| ([\d.]+) % \| ([\d.]+)-([\d.]+) % \|$", re.MULTILINE
)


@pytest.fixture
def coast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert FILE is not None
    (tmp_path / "coast.csv").write_text(FILE.group(1), encoding="utf-8")
    commands = re.search(r"## 2. Three commands\n\n```bash\n(.*?)```", PAGE, re.DOTALL)
    assert commands is not None
    for line in commands.group(1).splitlines():
        found = CliRunner().invoke(app, line.split()[1:])
        assert found.exit_code == 0, found.output
    return tmp_path / "coast"


def test_the_commands_of_the_page_give_its_figures(coast: Path) -> None:
    document = estimate(load(coast)).document
    assert document["answer"][0] in PAGE
    rows = ROW.findall(PAGE)
    assert len(rows) == len(document["completeness"]) == 8
    for (title, migration, ages, value, low, high), found in zip(rows, document["completeness"], strict=True):
        assert (title, migration == "with") == (found["method_title"], found["migration"])
        assert ages == "-".join(map(str, found["ages"]))
        printed = [float(value), float(low), float(high)]
        made = [100 * found["completeness"][key] for key in ("median", "low", "high")]
        assert printed == pytest.approx(made, abs=0.051)


def test_the_truth_of_the_page_is_that_of_its_population(coast: Path) -> None:
    pair = known_pair(Setting("page", "", undercount=0.05, migration=0.006, exaggerated=0.05), 1, 41)
    assert f"The truth in this simulated country is {100 * pair.completeness:.1f} %." in PAGE
    assert FILE is not None
    first = [float(line.split(",")[2]) for line in FILE.group(1).splitlines()[1:]]
    assert first == pytest.approx(pair.interval.first, abs=0.51)


def test_other_ages_may_be_chosen_as_the_page_says(coast: Path) -> None:
    block = re.search(r"run it again:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    case = coast / "case.yaml"
    text = case.read_text()
    case.write_text(text[: text.index("two_censuses:\n")] + block.group(1))
    found = {row["method"]: row["ages"] for row in estimate(load(coast)).document["completeness"]}
    assert found["growth_balance"] == [5, 75]
    assert found["extinct_generations"] == [30, 65]


def test_the_python_of_the_page_prints_what_it_says() -> None:
    code, printed = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL).groups()  # type: ignore[union-attr]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})  # the page is a file of this project
    assert out.getvalue() == printed
