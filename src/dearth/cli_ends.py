"""How the command line ends early: signals that stop it, and output that cannot be written."""

import os
import signal
import sys
from types import FrameType


def stop_as_on_interrupt() -> None:
    """Let a request to end (SIGTERM) and a closed terminal (SIGHUP) clean up as Ctrl-C does.

    A signal that the caller ignores, as nohup does, stays ignored.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def discard_output() -> None:
    """Send what is still to be printed nowhere, so that the end of the process does not fail on it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return


def file_error(error: OSError) -> str:
    """Return a failure to read or write a file in words: which file, why, and what to do."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return (
            f"standard output: cannot be written ({reason}); free space on the disk, or send the output "
            "to another file"
        )
    return f"{error.filename}: cannot be read or written ({reason}); check the file, its rights and its disk"
