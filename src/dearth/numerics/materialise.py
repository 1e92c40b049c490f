"""Where the compiler must write an array out before it is used again."""

import jax


def written_out(x: jax.Array) -> jax.Array:
    """Return `x`, computed once: fused into a longer array, its exponentials would be taken many times."""
    made: jax.Array = jax.lax.optimization_barrier(x)  # type: ignore[no-untyped-call]
    return made
