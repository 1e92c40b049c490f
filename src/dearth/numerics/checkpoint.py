"""Parts of a long computation on disk, so that a killed run goes on to the same numbers.

A store is a folder of numbered parts, each one npz file written whole or not at all (a temporary file in the
same folder, flushed to disk, then renamed). A part says which iterations it holds and what it was made from;
parts of anything else, and files that cannot be read, are never used. Parts hold leaves of pytrees; what they
mean is the caller's. Each is written once, so that a long run does not rewrite what it has.
"""

import hashlib
import json
import logging
import os
import platform
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
from numpy.typing import NDArray

Arrays = list[NDArray[Any]]
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
log = logging.getLogger(__name__)


class Part(NamedTuple):
    """What was computed from the end of the part before up to iteration `done`."""

    done: int
    trees: dict[str, Arrays]  # leaves of each named tree


class Store:
    """A folder for one computation; only one process may use it at a time.

    `about` names whatever decides the numbers besides what the computation itself makes known (for a sampler:
    all that its density and its observables hold besides `data`, say the hash of a case). After `open`,
    `reason` says why parts that lay in the folder are not used, or is empty; they are replaced.
    """

    def __init__(self, folder: Path, about: str, every: float = 5.0) -> None:
        self.folder, self.about, self.every = folder, about, every  # seconds between two parts
        self.reason = ""
        self._identity: dict[str, str] = {}
        self._written = 0
        self._failed = False
        self._last = time.monotonic()

    def open(self, identity: Mapping[str, str]) -> list[Part]:
        """Return the parts, in order and without gaps, that were made from `identity`.

        `identity` names what decides the numbers, by what it is called in `reason`.
        """
        self._identity = {**identity, "inputs": self.about, **sampler_versions()}
        self.reason = ""
        parts: list[Part] = []
        paths = sorted(self.folder.glob("part-*.npz"))
        for path in paths:
            part, self.reason = self._read(path, parts[-1].done if parts else 0)
            if part is None:
                break
            parts.append(part)
        self._written = len(parts)
        for path in (*paths[len(parts) :], *self.folder.glob(".part-*.tmp")):
            with suppress(OSError):  # what cannot be removed is still never used
                path.unlink()
        self._last = time.monotonic()
        return parts

    def due(self) -> bool:
        """Return whether it is time for another part."""
        return time.monotonic() - self._last >= self.every

    def write(self, first: int, done: int, trees: Mapping[str, Any]) -> None:
        """Write a part, of the iterations from `first` to before `done`, whole or not at all.

        `trees` are pytrees of arrays by name (a word without spaces); an empty tree is left out. A full or
        unwritable disk costs the store, not the computation: it is logged and writing stops.
        """
        if self._failed:
            return
        head = json.dumps({"first": first, "done": done, "identity": self._identity})
        leaves = {
            f"{name} {at:04d}": np.asarray(leaf)
            for name, tree in trees.items()
            for at, leaf in enumerate(jax.tree.leaves(tree))
        }
        name = f"part-{self._written:06d}.npz"
        beside = self.folder / f".{name}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                np.savez(file, head=np.array(head), **leaves)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.folder / name)
        except OSError as error:
            self._failed = True
            with suppress(OSError):  # half a part would fill what is left of a full disk
                beside.unlink(missing_ok=True)
            log.warning(
                "warning: %s: cannot be written (%s). The run goes on, but a killed run will start anew; "
                "free space on the disk, or set DEARTH_CACHE to another folder",
                self.folder / name, error.strerror or error,
            )  # fmt: skip
            return
        self._written += 1
        self._last = time.monotonic()

    def clear(self) -> None:
        """Remove the parts, and the folder when nothing else is in it."""
        for path in (*self.folder.glob("part-*.npz"), *self.folder.glob(".part-*.tmp")):
            path.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _read(self, path: Path, first: int) -> tuple[Part | None, str]:
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                arrays = {name: held[name] for name in held.files}  # reads all: checks the sums of the zip
            head = json.loads(str(arrays.pop("head")))
            theirs, begins, done = dict(head["identity"]), int(head["first"]), int(head["done"])
        except UNREADABLE as error:
            return None, f"{path.name} cannot be read ({error or type(error).__name__})"
        keys = self._identity.keys() | theirs.keys()
        apart = sorted(key for key in keys if self._identity.get(key) != theirs.get(key))
        if apart:
            return None, f"{path.name} was made with other {', '.join(apart)}"
        if begins != first:
            return None, f"{path.name} does not follow: it begins at {begins}, not {first}"
        trees: dict[str, Arrays] = {}
        for name in sorted(arrays):
            trees.setdefault(name.split()[0], []).append(arrays[name])
        return Part(done, trees), ""


def digest(tree: Any) -> str:
    """Return the SHA-256 of a pytree of arrays: of its structure, and each leaf's type, shape and bytes."""
    leaves, structure = jax.tree.flatten(tree)
    whole = hashlib.sha256(str(structure).encode())
    for leaf in leaves:
        array = np.asarray(leaf)
        whole.update(f"{array.dtype.str}{array.shape}".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


def versions() -> dict[str, str]:
    """Return what the last digits of a computation depend on besides its inputs."""
    return {"code": _code(""), **_machine()}


def sampler_versions() -> dict[str, str]:
    """Return what the draws of a sampler depend on besides its density, which has a version of its own."""
    return {"sampler": _code("numerics"), **_machine()}


def _machine() -> dict[str, str]:
    device = jax.devices()[0]
    return {
        "jax": jax.__version__, "jaxlib": version("jaxlib"), "numpy": np.__version__,
        "machine": f"{platform.machine()} {device.platform} {device.device_kind}",
        "XLA flags": os.environ.get("XLA_FLAGS", ""),
    }  # fmt: skip


@cache
def _code(room: str) -> str:
    """Return the hash of the source of one room of the package; of all of it where `room` is empty."""
    root = Path(__file__).parents[1] / room
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
