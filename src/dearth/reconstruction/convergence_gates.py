"""The gates of a posterior: how well it converged, and why it may not be printed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.diagnostics import convergence

Floats = NDArray[np.float64]
RHAT, ESS = 1.01, 400.0
DIVERGENT = 0.01  # of the draws


def worst(sampled: Sequence[Floats], divergences: int) -> dict[str, float]:
    """Return the worst R-hat and effective sizes of quantities [chain, draw, ...], and the divergences.

    What a scenario holds fixed (a full register) was not sampled and varies by rounding alone: passed over.
    A draw that is not finite gives an R-hat of NaN and no effective draw, so it is refused.
    """
    if not all(np.isfinite(v).all() for v in sampled):
        return {
            "rhat_max": float("nan"),
            "ess_bulk_min": 0.0,
            "ess_tail_min": 0.0,
            "divergences": divergences,
        }
    varied = [v for v in sampled if np.ptp(v) > 1e-9 * np.abs(v).max()]
    found = [convergence(values) for values in varied]
    figures = {
        "rhat_max": max(np.nanmax(c.rhat) for c in found),
        "ess_bulk_min": min(np.nanmin(c.ess_bulk) for c in found),
        "ess_tail_min": min(np.nanmin(c.ess_tail) for c in found),
    }
    return {**{k: float(v) for k, v in figures.items()}, "divergences": divergences}


def refusals(found: dict[str, float], draws: int) -> list[str]:
    """Return why a posterior may not be printed; empty when it may."""
    why = []
    if not found["rhat_max"] <= RHAT:
        why.append(f"R-hat {found['rhat_max']:.3f} is above {RHAT}")
    sizes = ("ess_bulk_min", "ess_tail_min")
    why += [f"{name} {found[name]:.0f} is below {ESS:.0f}" for name in sizes if not found[name] >= ESS]
    if found["divergences"] > DIVERGENT * draws:
        why.append(f"{found['divergences']} of {draws} paths diverged, above {DIVERGENT:.0%}")
    return why


def where_diverged(diverged: Floats, theta: Floats, labels: Sequence[str]) -> list[str]:
    """Return where the paths that diverged began, if any did: one sentence.

    Parameters
    ----------
    diverged
        1 where a draw's path diverged [chain, draw]; it was refused, so the draw is where it began.
    theta
        The draws [chain, draw, unknown].
    """
    many = int(diverged.sum())
    if many == 0:
        return []
    flat = theta.reshape(-1, theta.shape[-1])
    apart = flat[diverged.reshape(-1).astype(bool)].mean(0) - flat.mean(0)
    spread = flat.std(0)
    scaled = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    most = int(np.argmax(np.abs(scaled)))
    return [f"{many} of {diverged.size:,} paths diverged, up to {DIVERGENT:.0%} are let pass; they began "
            f"where {labels[most]} lies {scaled[most]:+.1f} posterior sd from its mean"]  # fmt: skip
