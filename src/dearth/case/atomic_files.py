"""Folders and files written whole or not at all; the one place that reports a failed write."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dearth.case.problems import CaseError, mistake
from dearth.case.unfinished import REPLACED, UNFINISHED, hidden_folder, remove_leftovers
from dearth.case.write_errors import named, write_error

MARK = "manifest.json"  # a folder that has it was written by dearth and may be replaced
log = logging.getLogger(__name__)
_warned: set[Path] = set()  # folders that a warning of this process has named


def require_writable(target: Path, replace: bool = True, overwrite: bool = False) -> None:
    """Refuse a place that a result could not be written to, before the work that makes the result.

    Parameters
    ----------
    replace
        A folder that dearth wrote, or an empty one, may be replaced.
    overwrite
        A file that is there may be replaced.

    Raises
    ------
    CaseError
        When `target` is there and may not be replaced, or its folder cannot be written to.
    """
    target = target.absolute()
    try:
        if target.exists() and not (overwrite or (replace and _replaceable(target))):
            raise mistake(str(target), "is already there; choose another name or move it away")
        above = next(folder for folder in target.parents if folder.exists())
        if not above.is_dir():
            raise NotADirectoryError(None, "Not a directory")
        if not os.access(above, os.W_OK | os.X_OK):
            raise PermissionError(None, f"no right to write in {above}")
    except OSError as error:
        raise write_error(target, error, what="made") from None


@contextmanager
def new_folder(target: Path, replace: bool = False) -> Iterator[Path]:
    """Give a hidden folder beside `target` that takes its name when the block ends well.

    Raises
    ------
    CaseError
        When `target` is there and may not be replaced, cannot be made, or a file in it cannot be written; the
        message names the file, and what was there before is unchanged.
    """
    target = target.absolute()
    require_writable(target, replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(target.parent)
        work = hidden_folder(target.parent, UNFINISHED)
    except OSError as error:
        raise write_error(target, error, what="made") from None
    try:
        yield work
        work.chmod(0o755)
        _take_place(work, target)
    except OSError as error:
        file = named(error, work, target)
        if file is None:  # a file elsewhere, such as one that is read
            raise
        raise write_error(file, error, target if target.exists() else None) from None
    finally:
        # also on Ctrl-C: an unfinished result leaves no trace
        shutil.rmtree(work, ignore_errors=True)


def _replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MARK).is_file() or not any(target.iterdir()))


def _take_place(work: Path, target: Path) -> None:
    """Give `work` the name `target`; where that fails, what was there before returns to its place."""
    if not target.exists():
        work.rename(target)
        return
    beside = hidden_folder(target.parent, REPLACED)
    old = beside / target.name
    try:
        target.rename(old)
        work.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(beside, ignore_errors=True)


def write_file(target: Path, content: str | bytes) -> None:
    """Write `content` to `target` in one step: readers see the old file or the new one.

    Raises
    ------
    CaseError
        When it cannot be written; an older file is unchanged.
    """
    target = target.absolute()
    beside: Path | None = None
    was_there = target.parent.exists()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(target.parent)
        beside = hidden_folder(target.parent, UNFINISHED)
        made = beside / target.name
        made.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        made.replace(target)
    except OSError as error:
        raise write_error(target, error, target if target.is_file() else None) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        if not was_there:
            with suppress(OSError):  # refused where the file is in it
                target.parent.rmdir()


def write_cache_file(target: Path, text: str, lost: str) -> None:
    """Write a file that only saves time later; where that fails, warn once a folder and go on.

    Parameters
    ----------
    lost
        What the user loses without the file, and what to do about it, in sentences.
    """
    try:
        write_file(target, text)
    except CaseError as error:
        if target.parent not in _warned:  # a folder may have thousands of files
            _warned.add(target.parent)
            log.warning("warning: %s. %s", error, lost)
