"""Keep compiled programs between processes: a second start of the same fit does not compile again."""

import hashlib
import logging
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax

from dearth.numerics.cache_folder import cache_folder

log = logging.getLogger(__name__)


def keep_compiled() -> Path | None:
    """Turn on JAX's persistent compilation cache and return its folder, or None where it is off.

    The folder is `$DEARTH_CACHE`, or the user's cache folder; `DEARTH_CACHE=off` keeps nothing. A folder
    chosen by JAX's own settings (`JAX_COMPILATION_CACHE_DIR`) is left as it is. One that cannot be written to
    is a warning, not an error. Call it before the first compilation that is to be kept.

    Source: the JAX manual, "Persistent compilation cache".
    """
    kept = cache_folder()
    if kept is None:
        return None
    chosen: str | None = getattr(jax.config, "jax_compilation_cache_dir", None)
    if chosen:
        return Path(chosen)
    try:
        folder = kept / "compiled" / _machine()
        # what lies here is run: it is the user's alone
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, RuntimeError) as error:
        log.warning("compiled programs are not kept: %s (set DEARTH_CACHE to a folder, or to off)", error)
        return None
    choose: Any = jax.config.update
    choose("jax_compilation_cache_dir", str(folder))
    choose("jax_persistent_cache_min_compile_time_secs", 0.0)
    choose("jax_persistent_cache_min_entry_size_bytes", -1)  # 0 would let JAX choose
    return folder


@contextmanager
def one_compiles() -> Iterator[None]:
    """Let one process at a time compile what all of them need: the others then read it from the cache.

    A large program takes gigabytes to compile. Without a cache folder, or where the system has no locks of
    this kind, each process compiles for itself.
    """
    folder = keep_compiled()
    try:
        import fcntl

        file = None if folder is None else (folder / "compiling").open("w")
    except (ImportError, OSError):
        file = None
    if file is None:
        yield
        return
    with file:  # the system gives the lock back when the file is closed, also when the process is killed
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _machine() -> str:
    """Return a name for this kind of processor and JAX: homes are shared by unlike machines.

    A program compiled for another processor is refused by XLA with lines of error on standard error.
    """
    kind = f"{platform.machine()} {platform.processor()} {version('jax')} {version('jaxlib')}"
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
        # x86 lists "flags", ARM "Features"
        kind += next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return hashlib.sha256(kind.encode()).hexdigest()[:12]
