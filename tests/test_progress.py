"""Progress of the verbs: in a terminal, in a file, in a notebook; shown, hidden or left to the place."""

import io
import sys
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import dearth
from dearth.case.keywords import ArgumentError
from dearth.show.notebook_progress import bar
from dearth.show.progress import working


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, wanted: bool | None, terminal: bool) -> str:
    file = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    monkeypatch.setenv("TERM", "xterm")
    with working("a case", wanted) as tell:
        tell("counting", 0.5)
    return file.getvalue()


def test_a_script_says_nothing_unless_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, None, terminal=False) == ""
    assert shown(monkeypatch, False, terminal=False) == ""
    assert "a case: counting 50 %" in shown(monkeypatch, True, terminal=False)


def test_a_terminal_has_a_bar_unless_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, False, terminal=True) == ""
    assert "a case: counting" in shown(monkeypatch, None, terminal=True)


@pytest.mark.parametrize("verb", ["estimate", "run", "simulate", "recover", "posterior"])
def test_every_long_verb_takes_progress(verb: str) -> None:
    with pytest.raises(ArgumentError, match="progress: 'yes' is a text; give True or False or None"):
        getattr(dearth.load("valley"), verb)(progress="yes")


def test_a_verb_tells_its_steps(capsys: pytest.CaptureFixture[str]) -> None:
    valley = dearth.load("valley")
    valley.estimate(quick=True, progress=True)
    told = capsys.readouterr()
    assert "valley: estimates" in told.err
    assert told.out == ""
    valley.estimate(quick=True)
    assert capsys.readouterr().err == ""


def test_a_step_of_unknown_length_has_no_share() -> None:
    assert "value" not in bar("one run", None, 3.0)["text/html"]
    assert bar("a < b", 0.25, 63.0) == {
        "text/plain": "a < b 25 % (1:03)",
        "text/html": "<div><progress max='1' value='0.250'></progress> a &lt; b 25 % (1:03)</div>",
    }


CELL = """
from concurrent.futures import ThreadPoolExecutor
from dearth.show.progress import working
try:
    with working("a case", None) as tell, ThreadPoolExecutor(1) as pool:
        pool.submit(tell, "drawing", 0.5).result()  # samplers tell from their threads
        raise KeyError("stopped")
except KeyError:
    pass
"""


class Watched(NotebookClient):
    """A notebook that keeps every picture a cell has shown, not the last one alone."""

    shown: list[dict[str, str]]

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] in ("display_data", "update_display_data"):
            self.shown.append(msg["content"]["data"])
        return super().process_message(msg, cell, cell_index)


def test_a_notebook_has_a_bar_that_goes_even_when_the_work_fails() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = Watched(notebook, kernel_name="python3", timeout=600)
    client.shown = []
    (left,) = client.execute().cells[0].outputs
    texts = [one["text/plain"].rpartition(" (")[0] for one in client.shown]
    assert texts == ["a case", "a case: drawing 50 %", ""]
    assert "<progress max='1' value='0.500'>" in client.shown[1]["text/html"]
    assert left["data"] == {"text/plain": "", "text/html": ""}
