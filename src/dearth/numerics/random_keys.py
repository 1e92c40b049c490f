"""Named random streams for JAX: the same name and seed give the same draws, whatever else is drawn."""

import hashlib

import jax


def key(seed: int, *names: str) -> jax.Array:
    """Return the key of the stream called `names` under `seed`.

    The name enters by its SHA-256, word by word, so that adding a stream never moves another.
    """
    digest = hashlib.sha256("/".join(names).encode()).digest()
    made = jax.random.key(seed)
    for at in range(0, 16, 4):
        made = jax.random.fold_in(made, int.from_bytes(digest[at : at + 4], "little"))
    return made
