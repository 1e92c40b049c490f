"""Memory that was freed is given back to the system."""

import ctypes
import gc


def give_back() -> None:
    """Give freed memory back to the system where the C library can (glibc); elsewhere only collect garbage.

    The compiler of a simulation frees several hundred megabytes in small pieces. The C library keeps them,
    and what comes later (tables, charts) adds to them.

    Source: the glibc manual, "Freeing Memory Allocated with malloc".
    """
    gc.collect()
    try:
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (OSError, TypeError):  # Windows has no library of the process itself
        return
    if trim is not None:
        trim(0)


def drop_programs() -> None:
    """Forget every compiled program and give its memory back; a program that is needed again is read anew."""
    import jax

    jax.clear_caches()  # type: ignore[no-untyped-call]
    give_back()
