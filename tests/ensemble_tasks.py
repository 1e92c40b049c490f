"""Tasks for the tests of ensembles: worker processes import them from here."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dearth.case.problems import mistake
from dearth.ensemble.shards import Arrays, Shard
from dearth.numerics.random_streams import stream


@dataclass(frozen=True)
class Logged:
    """Random numbers by draw; every call is written into a folder, and some calls end badly.

    Attributes
    ----------
    log : a file for each call
    dies_at : the process is killed at the shard that begins here, the first time
    always : it is killed there every time
    fails_at : shards that begin here raise a mistake
    """

    log: Path
    dies_at: int = -1
    always: bool = False
    fails_at: tuple[int, ...] = ()

    def __call__(self, shard: Shard) -> Arrays:
        calls = len(list(self.log.glob(f"{shard.first}-*")))
        (self.log / f"{shard.first}-{calls}-{os.getpid()}").touch()
        if shard.first == self.dies_at and (self.always or not calls):
            os.kill(os.getpid(), signal.SIGKILL)
        if shard.first in self.fails_at:
            time.sleep(0.2 if shard.first == min(self.fails_at) else 0)  # the first one fails last
            raise mistake("scenario.yaml", f"draw {shard.first} is no number", 3)
        print("a library that prints")
        rows = [stream(shard.seed, "test", str(d)).standard_normal(3) for d in range(shard.first, shard.last)]
        return {"x": np.stack(rows), "draw": np.arange(shard.first, shard.last)}


def calls(log: Path) -> dict[int, int]:
    """Return how often each shard was begun."""
    found: dict[int, int] = {}
    for path in log.iterdir():
        first = int(path.name.split("-")[0])
        found[first] = found.get(first, 0) + 1
    return found


def scanned(shard: Shard) -> Arrays:
    """Single-precision sums and exponentials of a small compiled program, which threads may share out."""
    import jax
    import jax.numpy as jnp

    def step(x: Any, _: Any) -> Any:
        y = jnp.tanh(x * 1.1 + jnp.exp(-jnp.abs(x)) * jnp.sum(x, axis=-1, keepdims=True) / x.shape[-1])
        return y, jnp.sum(y, axis=-1)

    keys = jnp.stack([jax.random.key(1000 * shard.seed + draw) for draw in range(shard.first, shard.last)])
    start = jax.vmap(lambda key: jax.random.normal(key, (3001,), jnp.float32))(keys)
    _, sums = jax.jit(lambda x: jax.lax.scan(step, x, length=50))(start)
    return {"sums": np.asarray(sums).T}
