"""What a failed write says: the file, the reason, and what to do about it."""

import errno
from collections.abc import Iterable
from pathlib import Path

from dearth.case.problems import CaseError, mistake

_REMEDIES = {
    errno.ENOSPC: "free space on the disk, or choose a folder on another one",
    errno.EDQUOT: "your quota is used up: remove files, or choose a folder on another disk",
    errno.EFBIG: "a limit on the size of a file stops it (ulimit -f): raise the limit, or choose a folder on "
    "another disk",
    errno.EROFS: "choose a folder that you may write to",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.ENOENT: "the folder was removed while it was written to; run the command again",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def write_error(file: Path, error: OSError, kept: Path | None = None, what: str = "written") -> CaseError:
    """Return the error of a write to `file` that failed.

    Parameters
    ----------
    file
        What could not be written, under the name that the user gave.
    kept
        An earlier result that the failed write has left as it was.
    what
        ``written``, or ``made`` for a folder.
    """
    reason = error.strerror or str(error) or type(error).__name__
    blocking = _file_among(file.parents)
    if blocking is not None:
        remedy = f"{blocking} is a file, not a folder; choose another folder"
    else:
        remedy = _REMEDIES.get(error.errno or 0, "check that the disk is not full, or choose another folder")
    unchanged = f". The earlier result in {kept} is unchanged" if kept is not None else ""
    return mistake(str(file), f"cannot be {what} ({reason}); {remedy}{unchanged}")


def _file_among(folders: Iterable[Path]) -> Path | None:
    """Return the first of a path's parents that is a file: nothing can be made below it."""
    for folder in folders:
        try:
            if folder.is_file():
                return folder
        except OSError:
            return None
    return None


def named(error: OSError, work: Path, target: Path) -> Path | None:
    """Return the file of `target` that failed while it was written under `work`, None for a file elsewhere.

    A write reports no name: the file is then the one that was changed last.
    """
    if error.filename is not None:
        path = Path(str(error.filename))
        return target / path.relative_to(work) if path.is_relative_to(work) else None
    try:
        files = [path for path in work.rglob("*") if path.is_file()]
        last = max(files, key=lambda path: path.stat().st_mtime_ns, default=work)
    except OSError:
        last = work
    return target / last.relative_to(work)
