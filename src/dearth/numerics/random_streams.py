"""Named random streams: the same name and seed give the same draws, whatever else is drawn."""

import hashlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of the stream called `names` under `seed`.

    The name enters the seed sequence by its SHA-256, so that adding a stream never moves another.
    """
    digest = hashlib.sha256("/".join(names).encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))
