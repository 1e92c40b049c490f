"""Freed memory goes back to the system."""

import ctypes
import sys
from pathlib import Path

import jax
import pytest

from dearth.numerics.free_memory import drop_programs, give_back

STATUS = Path("/proc/self/status")
GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


def resident() -> float:
    """Return the megabytes of this process that are in memory."""
    line = next(x for x in STATUS.read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(not GLIBC, reason="only glibc gives memory back")
def test_small_pieces_below_one_that_is_held_are_given_back() -> None:
    pieces = [bytes(3000) for _ in range(50_000)]  # 150 MB, each too small for a mapping of its own
    held = pieces[-1]
    del pieces
    before = resident()
    give_back()
    assert before - resident() > 50
    assert len(held) == 3000


def test_compiled_programs_are_forgotten() -> None:
    twice = jax.jit(lambda x: 2 * x)
    assert float(twice(1.0)) == 2
    assert twice._cache_size() == 1
    drop_programs()
    assert twice._cache_size() == 0
    assert float(twice(1.0)) == 2
