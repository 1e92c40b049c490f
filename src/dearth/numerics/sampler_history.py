"""What a sampler has computed so far, in memory and, where a store is given, on disk."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dearth.numerics.checkpoint import Store

Tree = Any  # pytree of arrays


class Trail:
    """The last state, the draws kept [draw, problem, chain, ...] in pieces, and their summed acceptance.

    A piece is (observables, whether the path diverged); `accepted` is [problem].
    """

    def __init__(self, problems: int, store: Store | None) -> None:
        self.store = store
        self.state: Tree = None
        self.kept: list[Tree] = []
        self.accepted = np.zeros(problems)
        self.done = 0
        self._stored = 0  # iterations on disk
        self._pieces = 0  # of `kept`, on disk

    def resume(self, identity: Mapping[str, str], state: Any, seen: Any) -> None:
        """Take up what the store holds of `identity`.

        `state` and `seen` are the structures (`jax.tree.structure`) of the state and of a piece.
        """
        if self.store is None:
            return
        for part in self.store.open({**identity, "observables": str(seen)}):
            self.done = part.done
            self.state = jax.tree.unflatten(state, [jnp.asarray(leaf) for leaf in part.trees["state"]])
            self.accepted = part.trees["accepted"][0]
            if "seen" in part.trees:
                self.kept.append(jax.tree.unflatten(seen, part.trees["seen"]))
        self._stored, self._pieces = self.done, len(self.kept)

    def add(self, done: int, state: Tree, made: tuple[Tree, Any] | None, *, last: bool) -> None:
        """Add the iterations up to `done`, and store them when it is time.

        `made` is (piece, acceptance) of these iterations; none of a warm-up.
        """
        self.done, self.state = done, jax.block_until_ready(state)  # type: ignore[no-untyped-call]
        if made is not None:
            piece, accepted = made
            self.kept.append(jax.tree.map(np.asarray, piece))
            self.accepted = self.accepted + np.asarray(accepted)
        if self.store is None or not (last or self.store.due()):
            return
        trees: dict[str, Tree] = {"state": state, "accepted": self.accepted}
        if self.kept[self._pieces :]:
            joined = jax.tree.map(lambda *pieces: np.concatenate(pieces), *self.kept[self._pieces :])
            self.kept[self._pieces :] = [joined]
            trees["seen"] = joined
        self.store.write(self._stored, done, trees)
        self._stored, self._pieces = done, len(self.kept)
