"""Folders and files written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dearth.case.problems import mistake

MARK = "manifest.json"  # a folder that holds it was written by dearth and may be replaced


@contextmanager
def new_folder(target: Path, replace: bool = False) -> Iterator[Path]:
    """Give a temporary folder beside `target` that takes its name when the block ends well.

    Raises
    ------
    CaseError
        When `target` is there and may not be replaced, or cannot be made; nothing is written then.
    """
    target = target.absolute()
    if target.exists() and not (replace and _replaceable(target)):
        raise mistake(str(target), "is already there; choose another name or move it away")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise mistake(str(target), f"cannot be made ({reason}); choose another folder") from None
    try:
        yield work
        work.chmod(0o755)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
            target.rename(old / "old")
            work.rename(target)
            shutil.rmtree(old)
        else:
            work.rename(target)
    finally:
        # also on Ctrl-C: what was not finished leaves no trace
        shutil.rmtree(work, ignore_errors=True)


def _replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MARK).is_file() or not any(target.iterdir()))


def write_file(target: Path, text: str) -> None:
    """Write `text` to `target` in one step: readers see the old file or the new one."""
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
