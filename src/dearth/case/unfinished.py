"""Hidden folders of results that are being written, and what a killed process left of them.

A result is written under a hidden name beside its place. The name has the process that writes it, so that a
later run can remove what a killed process left, and never what a living one is writing.
"""

import os
import platform
import re
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

UNFINISHED, REPLACED = ".dearth-unfinished", ".dearth-replaced"
_NAME = re.compile(r"(\.dearth-(?:unfinished|replaced))\.(\d+)-(\d+)\.([\w-]+)\.")


def hidden_folder(parent: Path, kind: str) -> Path:
    """Make a folder in `parent` whose hidden name has this process and machine; `kind` begins the name.

    Raises
    ------
    OSError
        When `parent` cannot be written to.
    """
    pid = os.getpid()
    return Path(tempfile.mkdtemp(prefix=f"{kind}.{pid}-{_started(pid)}.{_machine()}.", dir=parent))


def remove_leftovers(parent: Path) -> None:
    """Remove from `parent` what processes of this machine left that have ended.

    A result that was being replaced when its process was killed returns to its place.
    """
    with suppress(OSError):
        for path in sorted(parent.glob(".dearth-*")):
            match = _NAME.match(path.name)
            if match is None or match[4] != _machine() or _alive(int(match[2]), match[3]):
                continue
            if match[1] == REPLACED:
                for old in path.iterdir():
                    if not (parent / old.name).exists():
                        old.rename(parent / old.name)
            shutil.rmtree(path, ignore_errors=True)


def _machine() -> str:
    """Return a name for this machine, and for this container where it numbers processes itself."""
    try:
        space = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        space = ""
    return re.sub(r"[^A-Za-z0-9-]", "-", f"{platform.node()[:40]}-{space}")


def _started(pid: int) -> str:
    """Return when a process started, in ticks since the machine did; 0 where that is not known."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"


def _alive(pid: int, started: str) -> bool:
    """Whether the process still runs; a later one of the same number started at another time."""
    if sys.platform == "win32":  # signal 0 would end the process there
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    now = _started(pid)
    return "0" in (now, started) or now == started
