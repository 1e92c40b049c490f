"""The notebook of the examples, executed as a reader would."""

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "examples" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what each cell shows last, by its first line."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(NOTEBOOK, folder)
    notebook = nbformat.read(folder / NOTEBOOK.name, as_version=4)
    place = {"metadata": {"path": folder}}
    client = NotebookClient(notebook, kernel_name="python3", timeout=300, resources=place)
    done = client.execute()
    shown = {c.source.splitlines()[0]: c.outputs for c in done.cells if c.cell_type == "code"}
    assert (folder / "finland-1866.html").stat().st_size > 100_000
    return shown


def text(output: Any) -> str:
    return str(output.data["text/plain"])


def test_the_tutorial_shows_estimates_a_posterior_and_a_chart(outputs: dict[str, Any]) -> None:
    answer = outputs["result = case.estimate(quick=True)"][-1].data["text/html"]
    assert "excess deaths" in answer
    assert "<svg" in answer
    one = outputs['fixed = {"baseline": "mean:1862-1865", "completeness": "as_registered"}'][-1]
    assert 130_000 < float(text(one)) < 140_000
    assert "excess_deaths[full]" in text(outputs["import arviz_stats"][-1])
    probability = float(text(outputs['excess = draws["posterior"]["excess_deaths"]'][-1]))
    assert 0 < probability < 1
    (chart,) = [o.data for o in outputs["import altair"] if o.output_type == "execute_result"]
    assert "vega" in str(chart)
    assert "excess deaths, 1866-1868" in str(chart)


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code")
