"""Hamiltonian Monte Carlo for many chains of many problems at once.

The path length is random and shared by all chains of an iteration, so that no chain waits for another; the
step size is tuned by dual averaging and the diagonal mass matrix from draws pooled over a problem's chains.
Dual averaging follows Hoffman and Gelman (2014), section 3.2; random path lengths follow Bou-Rabee and
Sanz-Serna (2017).

References
----------
bourabee_sanzserna2017, hoffman_gelman2014, neal2011
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from dearth.numerics.checkpoint import Store, digest
from dearth.numerics.dual_averaging import averaged
from dearth.numerics.sampler_history import Trail

Array = Any  # jax.Array or numpy array; pytrees of them where said
DIVERGED = 1000.0  # energy error at which a path is called divergent, as Stan does


@dataclass(frozen=True)
class Settings:
    """How long and how finely to sample."""

    chains: int = 8
    warmup: int = 500
    draws: int = 500
    steps: tuple[int, int] = (10, 40)  # leapfrog steps of a path, drawn evenly between
    target: float = 0.8  # mean acceptance aimed at; 0.65-0.9 are usual
    chunk: int = 50  # iterations between two reports of progress
    seed: int = 0
    rounds: int = 1  # times `draws` that may be taken where those taken do not pass a gate


class State(NamedTuple):
    """Carried from draw to draw; leading axes [problem, chain] or [problem]."""

    theta: Array  # [problem, chain, dimension]
    value: Array  # [problem, chain]
    gradient: Array
    scale: Array  # [problem, dimension], standard deviation of the target: inverse root of the mass
    log_step: Array  # [problem]
    log_step_mean: Array
    error: Array
    tuned: Array  # iterations since tuning began
    moments: tuple[Array, Array, Array]  # count, mean, sum of squares of theta since the last reset


STATE = jax.tree.structure(State(0, 0, 0, 0, 0, 0, 0, 0, (0, 0, 0)))


class Draws(NamedTuple):
    """What was sampled: `seen` is a pytree of [problem, chain, draw, ...]."""

    seen: Any
    diverged: Any  # [problem, chain, draw]: whether the path diverged, so that the draw is where it began
    acceptance: np.ndarray[Any, Any]  # [problem]
    state: State
    done: int  # iterations, warm-up and all

    @property
    def divergences(self) -> np.ndarray[Any, Any]:
        """Number of diverged paths [problem], after warm-up."""
        return np.array([one.sum() for one in self.diverged])


class Sampler:
    """A log density compiled once, sampled for any data of the same shape.

    `log_density(theta, data)` takes one chain's theta [dimension] and one problem's data;
    `observe(theta, data)` gives what is kept of a draw, whole.
    """

    def __init__(
        self, log_density: Callable[..., Array], observe: Callable[..., Any], settings: Settings
    ) -> None:
        self.settings = settings
        one = jax.value_and_grad(log_density)
        self._batch = jax.vmap(jax.vmap(one, (0, None)), (0, 0))
        self._observe = jax.vmap(jax.vmap(observe, (0, None)), (0, 0))
        self._run = jax.jit(self._chunk, static_argnames=("keep",))

    def start(self, theta: Array, scale: Array, data: Any, step: float = 0.1) -> State:
        """Return the state at `theta` [problem, chain, dimension]."""
        value, gradient = jax.jit(self._batch)(theta, data)
        many = theta.shape[0]
        log_step = jnp.full(many, jnp.log(step), theta.dtype)
        zero = jnp.zeros(many, theta.dtype)
        return State(theta, value, gradient, scale, log_step, log_step, zero, zero, _no_moments(theta))

    def sample(
        self, theta: Array, data: Any, scale: Array | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None, store: Store | None = None,
        seed: int | None = None,
    ) -> Draws:  # fmt: skip
        """Tune and sample from `theta` [problem, chain, dimension]; `seed` in place of the settings' own.

        With a `store`, what was computed is kept there: called again alike, in another process if need be,
        it goes on from there to bitwise the same draws, and a finished run is read back.

        Raises
        ------
        ValueError
            When the density at a start is not finite; names problem and chain.
        """
        s = self.settings if seed is None else replace(self.settings, seed=seed)
        many, _, dimension = theta.shape
        scale = jnp.ones((many, dimension), theta.dtype) if scale is None else scale
        windows = _windows(s.warmup, s.chunk)
        warm = len(windows) * s.chunk
        total, end = warm + s.draws, warm - (-s.draws // s.chunk) * s.chunk
        trail = Trail(many, store)
        if store is not None:
            seen = jax.tree.structure((jax.eval_shape(self._observe, theta, data), 0))
            made_of = {"settings": repr(s), "start": digest((theta, scale)), "data": digest(data)}
            trail.resume(made_of, STATE, seen)
        if trail.state is None:
            trail.state = self.start(theta, scale, data)
            _refuse_start(np.asarray(trail.state.value))
        else:
            progress(min(trail.done, total), total)
        state, key = trail.state, jax.random.key(s.seed)
        for first in range(trail.done, end, s.chunk):
            keep, done = first >= warm, first + s.chunk
            state, made = self._run(state, data, key, first, not keep, keep=keep)
            if not keep and windows[first // s.chunk]:
                state = _remass(state)
            if done == warm:
                state = state._replace(log_step=state.log_step_mean)
            trail.add(done, state, made if keep else None, last=done == end)
            progress(min(done, total), total)
        seen, diverged = _along(trail.kept, s.draws)
        return Draws(seen, diverged, trail.accepted / (end - warm), trail.state, end)

    def extend(
        self, made: Draws, data: Any, progress: Callable[[int, int], None] = lambda done, total: None,
        seed: int | None = None,
    ) -> Draws:  # fmt: skip
        """Return `made` with as many draws again, from where its chains stand.

        A function of `made`, `data` and `seed` alone: a killed run extended again has the same draws.
        """
        s = self.settings if seed is None else replace(self.settings, seed=seed)
        state, key, kept = made.state, jax.random.key(s.seed), []
        accepted, chunks = np.zeros_like(made.acceptance), -(-s.draws // s.chunk)
        for turn in range(chunks):
            first = made.done + turn * s.chunk
            state, (more, taken) = self._run(state, data, key, first, False, keep=True)
            kept.append(jax.tree.map(np.asarray, more))
            accepted = accepted + np.asarray(taken)
            progress(min((turn + 1) * s.chunk, s.draws), s.draws)
        seen, diverged = _along(kept, s.draws)
        together = jax.tree.map(lambda a, b: np.concatenate([a, b], axis=2), made.seen, seen)
        rounds = made.diverged.shape[2] / s.draws
        mean = (made.acceptance * rounds + accepted / (chunks * s.chunk)) / (rounds + 1)
        return Draws(together, np.concatenate([made.diverged, diverged], axis=2), mean, state,
                     made.done + chunks * s.chunk)  # fmt: skip

    def _chunk(
        self, state: State, data: Any, key: Array, first: Array, tune: Array, *, keep: bool
    ) -> tuple[State, Any]:
        def step(state: State, at: Array) -> tuple[State, Any]:
            state, diverged, accepted = self._path(state, data, jax.random.fold_in(key, at), tune)
            seen = self._observe(state.theta, data) if keep else 0
            return state, ((seen, diverged), accepted)

        state, (made, accepted) = jax.lax.scan(step, state, first + jnp.arange(self.settings.chunk))
        return state, (made, accepted.sum(0))

    def _path(self, state: State, data: Any, key: Array, tune: Array) -> tuple[State, Array, Array]:
        for_momentum, for_length, for_choice = jax.random.split(key, 3)
        shape, kind = state.theta.shape, state.theta.dtype
        low, high = self.settings.steps
        length = jax.random.randint(for_length, (), low, high + 1)
        step = jnp.exp(state.log_step)[:, None, None] * state.scale[:, None, :]
        start = jax.random.normal(for_momentum, shape, kind)  # in units of the mass: standard normal
        leap = partial(self._leapfrog, data=data, step=step)
        place = (state.theta, start + 0.5 * step * state.gradient, state.value, state.gradient)
        theta, ahead, value, gradient = jax.lax.fori_loop(0, length, lambda _, p: leap(p), place)
        end = ahead - 0.5 * step * gradient
        energy = value - state.value - 0.5 * ((end**2).sum(-1) - (start**2).sum(-1))
        energy = jnp.where(jnp.isfinite(energy), energy, -jnp.inf)
        chance = jnp.minimum(1, jnp.exp(energy))
        take = jax.random.uniform(for_choice, shape[:2], kind) < chance
        state = state._replace(
            theta=jnp.where(take[..., None], theta, state.theta),
            value=jnp.where(take, value, state.value),
            gradient=jnp.where(take[..., None], gradient, state.gradient),
        )
        accepted = chance.mean(-1)
        return self._tune(state, accepted, tune), energy < -DIVERGED, accepted

    def _leapfrog(self, place: Array, data: Any, step: Array) -> Array:
        theta, momentum, _, _ = place
        theta = theta + step * momentum
        value, gradient = self._batch(theta, data)
        gradient = jnp.where(jnp.isfinite(gradient), gradient, 0)
        return theta, momentum + step * gradient, value, gradient

    def _tune(self, state: State, accepted: Array, tune: Array) -> State:
        count = state.tuned + 1
        log_step, averaged_step, error = averaged(
            count, state.error, state.log_step_mean, accepted, self.settings.target
        )
        seen, mean, squares = state.moments
        more = seen + state.theta.shape[1]
        apart = state.theta.mean(1) - mean
        within = ((state.theta - state.theta.mean(1, keepdims=True)) ** 2).sum(1)
        squares = squares + within + apart**2 * (seen * state.theta.shape[1] / more)
        moments = (more, mean + apart * state.theta.shape[1] / more, squares)
        tuned = state._replace(
            log_step=log_step, log_step_mean=averaged_step, error=error, tuned=count, moments=moments
        )
        chosen: State = jax.tree.map(partial(jnp.where, tune), tuned, state)
        return chosen


def _along(kept: list[Any], draws: int) -> Any:
    """Return pieces [draw, problem, chain, ...] as one tree [problem, chain, draw, ...] of `draws` draws."""
    return jax.tree.map(lambda *parts: np.moveaxis(np.concatenate(parts), 0, 2)[:, :, :draws], *kept)


def _no_moments(theta: Array) -> tuple[Array, Array, Array]:
    zero = jnp.zeros((theta.shape[0], theta.shape[2]), theta.dtype)
    return jnp.zeros((), theta.dtype), zero, zero


def _remass(state: State) -> State:
    """Take the scale from the draws since the last reset, shrunk a little, and tune the step anew."""
    seen, _, squares = state.moments
    variance = (squares / (seen - 1)) * (seen / (seen + 5)) + 1e-3 * 5 / (seen + 5)
    zero = jnp.zeros_like(state.tuned)
    return state._replace(
        scale=jnp.sqrt(variance), error=zero, tuned=zero, log_step=state.log_step_mean,
        moments=_no_moments(state.theta),
    )  # fmt: skip


def _windows(warmup: int, chunk: int) -> list[bool]:
    """Return for every chunk of the warm-up whether the mass is set after it: at doubling distances."""
    chunks = -(-warmup // chunk)
    marks, at, width = set[int](), 1, 1
    while at + 2 * width < chunks:
        marks.add(at)
        at += width
        width *= 2
    marks.add(max(chunks - 2, 0))
    return [i in marks for i in range(chunks)]


def _refuse_start(value: np.ndarray[Any, Any]) -> None:
    if not np.isfinite(value).all():
        problem, chain = np.argwhere(~np.isfinite(value))[0]
        raise ValueError(f"the density is not finite where chain {chain} of problem {problem} starts")
