"""Parts of an ensemble on disk: one file a shard, written whole or not at all, used only where all agrees."""

import json
import logging
import os
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np

from dearth.ensemble.shards import Arrays, Shard

UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
HEAD = "head"
LOCK = "in-use"
log = logging.getLogger(__name__)


class Parts:
    """The parts of one ensemble in a folder.

    Parameters
    ----------
    folder
        Made with the first part.
    identity
        Whatever decides the numbers besides seed and draws, by name. A part with another identity is never
        used; it is replaced.
    """

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        self.folder, self._identity = folder, dict(identity)
        self._writable = True
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self._lock = _locked(self.folder)
        if self._lock is None:
            self._writable = False
            log.warning(
                "warning: %s: another process uses this folder. The run goes on without it; if it is killed, "
                "it will start anew. Wait for the other run, or set DEARTH_CACHE to another folder",
                self.folder,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def path(self, shard: Shard) -> Path:
        """Return where the part of a shard stands."""
        return self.folder / f"part-{shard.seed}-{shard.first:09d}-{shard.last:09d}.npz"

    def have(self, shards: Sequence[Shard]) -> set[int]:
        """Return which of the shards have a part that can be used, by their place among them.

        Only the head of a part is read; its arrays are checked when they are read.
        """
        with suppress(OSError):
            for left in self.folder.glob(".part-*.tmp"):
                left.unlink()
        return {at for at, shard in enumerate(shards) if self._writable and self._is_ours(shard)}

    def read(self, shard: Shard) -> dict[str, Any] | None:
        """Return the arrays of a shard, or None where they cannot be read or are of something else."""
        try:
            with self.path(shard).open("rb") as file, np.load(file, allow_pickle=False) as found:
                arrays = {name: found[name] for name in found.files}  # reads all: checks the sums of the zip
            head = json.loads(str(arrays.pop(HEAD)))
            return arrays if head == self._head(shard) else None
        except UNREADABLE:
            return None

    def write(self, shard: Shard, arrays: Arrays) -> bool:
        """Write the part of a shard and return whether it is on disk.

        A full or unwritable disk costs the part, not the run: it is logged once, and writing stops.
        """
        if not self._writable:
            return False
        target = self.path(shard)
        beside = self.folder / f".{target.name}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                head = np.array(json.dumps(self._head(shard)))
                np.savez(file, **{HEAD: head}, **arrays)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except OSError as error:
            self._writable = False
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            log.warning(
                "warning: %s: cannot be written (%s). The run goes on; if it is killed, it will compute the "
                "rest anew. Free space on the disk, or set DEARTH_CACHE to another folder",
                target, error.strerror or error,
            )  # fmt: skip
            return False
        return True

    def _is_ours(self, shard: Shard) -> bool:
        try:
            with self.path(shard).open("rb") as file, np.load(file, allow_pickle=False) as found:
                return bool(json.loads(str(found[HEAD])) == self._head(shard))
        except UNREADABLE:
            return False

    def _head(self, shard: Shard) -> dict[str, Any]:
        return {"shard": list(shard), "identity": self._identity}


def clear_parts(folder: Path) -> None:
    """Remove the parts in a folder, and the folder when nothing else is in it; none of it need be there."""
    for pattern in ("part-*.npz", ".part-*.tmp", LOCK):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _locked(folder: Path) -> IO[str] | None:
    """Return a file whose lock says that this process uses the folder; None where another one does.

    The system gives the lock back when the process ends, however it ends. Where there are no locks of this
    kind (Windows, some network file systems), none is taken.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("w")
    except OSError:
        return open(os.devnull, "w")  # noqa: PTH123 (the first part reports what is wrong)
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except (ImportError, OSError):
        pass
    return file
