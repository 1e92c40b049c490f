"""Results are written whole or not at all, and a failed write names its file and the remedy."""

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dearth.case import unfinished
from dearth.case.atomic_files import MARK, new_folder, require_writable, write_cache_file, write_file
from dearth.case.problems import CaseError
from dearth.case.scaffold import new_case

Start = Callable[[str], "subprocess.Popen[str]"]
BLOCKED = """\
import signal, sys
import dearth.show.report as report
from dearth.cli import main
# a background job of a shell ignores Ctrl-C; this process answers it as in a terminal
signal.signal(signal.SIGINT, signal.default_int_handler)
def blocked(*_, **__):
    print("working", flush=True)
    sys.stdin.read()
report.render_report = blocked
sys.argv = ["dearth", "run", {case!r}, "--quick", "--out", {out!r}]
main()
"""


def held(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def blocked_run(start: Start, case: Path, out: Path) -> "subprocess.Popen[str]":
    """Start a run that waits within its report, with everything before already written."""
    child = start(BLOCKED.format(case=str(case), out=str(out)))
    assert child.stdout is not None
    assert child.stdout.readline() == "working\n"
    return child


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_leaves_nothing(tiny: Path, start: Start, sent: signal.Signals) -> None:
    child = blocked_run(start, tiny, tiny.parent / "out")
    child.send_signal(sent)
    _, errors = child.communicate()
    assert child.returncode == 130
    assert "interrupted" in errors
    assert held(tiny.parent) == ["tiny"]


def test_the_next_run_removes_what_a_killed_one_left(tiny: Path, start: Start) -> None:
    child = blocked_run(start, tiny, tiny.parent / "out")
    child.kill()
    child.communicate()
    assert len(held(tiny.parent)) == 2
    write_file(tiny.parent / "note", "later")
    assert held(tiny.parent) == ["note", "tiny"]


def test_a_living_process_and_another_machine_keep_their_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = unfinished.hidden_folder(tmp_path, unfinished.UNFINISHED)
    with monkeypatch.context() as other:
        other.setattr(unfinished, "_machine", lambda: "elsewhere")
        other.setattr(os, "getpid", lambda: 2**22 + 1)  # above the highest number of a process
        theirs = unfinished.hidden_folder(tmp_path, unfinished.UNFINISHED)
    (tmp_path / ".dearth-notes").mkdir()  # a name of the user's
    unfinished.remove_leftovers(tmp_path)
    assert held(tmp_path) == sorted([mine.name, theirs.name, ".dearth-notes"])


def test_a_later_process_of_the_same_number_is_another(tmp_path: Path) -> None:
    mine = unfinished.hidden_folder(tmp_path, unfinished.UNFINISHED)
    started = unfinished._started(os.getpid())
    if started == "0":
        pytest.skip("this system does not say when a process started")
    mine.rename(tmp_path / mine.name.replace(f"-{started}.", "-1."))
    unfinished.remove_leftovers(tmp_path)
    assert held(tmp_path) == []


def test_a_result_returns_where_its_replacement_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 2**22 + 1)
    beside = unfinished.hidden_folder(tmp_path, unfinished.REPLACED)
    (beside / "out").mkdir()
    (beside / "out" / MARK).write_text("old")
    monkeypatch.undo()
    unfinished.remove_leftovers(tmp_path)
    assert (tmp_path / "out" / MARK).read_text() == "old"
    assert held(tmp_path) == ["out"]


def limited(size: int, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line where no file may grow beyond `size` bytes, as on a full disk."""
    code = (
        f"import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        f"sys.argv = ['dearth', *{list(words)!r}]\nfrom dearth.cli import main\nmain()"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("verb", ["run", "report", "estimate"])
def test_a_full_disk_names_the_file_and_keeps_the_older_result(tiny: Path, verb: str) -> None:
    out = tiny.parent / "out"
    words = [verb, str(tiny), "--quick", "--out", str(out)]
    assert limited(resource.RLIM_INFINITY, *words).returncode == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    done = limited(3000, *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"error: {out}" in done.stderr
    assert "cannot be written (File too large)" in done.stderr
    assert "ulimit -f" in done.stderr
    assert "is unchanged" in done.stderr
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert held(tiny.parent) == ["out", "tiny"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["check"], ["estimate", "--quick", "--json"]])
def test_output_to_a_full_disk_is_said(tiny: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dearth.cli", words[0], str(tiny), *words[1:]],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "error: standard output: cannot be written (No space left on device)" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "free space"), (errno.EDQUOT, "quota"), (errno.EROFS, "you may write to"),
     (errno.EACCES, "you may write to"), (errno.EIO, "choose another folder")],
)  # fmt: skip
def test_each_reason_has_its_remedy(tmp_path: Path, number: int, remedy: str) -> None:
    with pytest.raises(CaseError) as caught, new_folder(tmp_path / "out") as work:  # noqa: PT012
        (work / "tables").mkdir()
        (work / "tables" / "half.csv").write_text("half")
        raise OSError(number, os.strerror(number))  # a write reports no name
    message = str(caught.value)
    assert f"{tmp_path}/out/tables/half.csv: cannot be written ({os.strerror(number)})" in message
    assert remedy in message
    assert held(tmp_path) == []


def test_a_file_that_cannot_be_written_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(CaseError, match="free space"):
            write_file(tmp_path / "report" / "report.html", "x")
    assert held(tmp_path) == []
    write_file(tmp_path / "report" / "report.html", "x")
    assert held(tmp_path / "report") == ["report.html"]


def test_a_vanished_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="was removed while"), new_folder(tmp_path / "out") as work:  # noqa: PT012
        work.rmdir()
        (work / "table.csv").write_text("x")


def test_a_file_that_is_read_is_not_blamed_on_the_result(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "out"):
        (tmp_path / "absent.csv").read_text()


def test_a_place_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match=r"file is a file, not a folder"):
        require_writable(tmp_path / "file" / "deep" / "out")
    require_writable(tmp_path / "new" / "deep" / "out")
    assert held(tmp_path) == ["file"]


def test_a_cache_that_cannot_be_written_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    for name in ("one", "two"):
        write_cache_file(tmp_path / "file" / name, "x", "Nothing is kept.")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be written" in caplog.text
    assert "Nothing is kept." in caplog.text


def test_a_folder_named_like_a_bundled_case_is_said(tmp_path: Path) -> None:
    new_case(tmp_path / "valley")
    for name, told in (("valley", True), ("./valley", False)):
        done = subprocess.run(
            [sys.executable, "-m", "dearth.cli", "check", name],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert ("not the bundled case of that name" in done.stderr) is told
