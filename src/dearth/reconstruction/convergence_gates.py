"""The gates of a posterior: how well it converged, and why it may not be printed.

References
----------
vats_knudson2021, vehtari2021
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.diagnostics import convergence
from dearth.numerics.hmc import Draws
from dearth.reconstruction.posterior_tables import Diagnostics

Floats = NDArray[np.float64]
RHAT, ESS = 1.01, 400.0
FEW = 4  # chains for which R-hat is judged as it stands
DIVERGENT = 0.01  # of the draws
FIXED = 1e-9  # relative spread below which an unknown counts as fixed: rounding alone


def worst(sampled: Sequence[Floats], divergences: int, draws: int) -> Diagnostics:
    """Return the worst R-hat and effective sizes of quantities [chain, draw, ...], and the divergences.

    What a scenario holds fixed (a full register) was not sampled and varies by rounding alone: passed over.
    A draw that is not finite gives an R-hat of NaN and no effective draw, so it is refused.
    """
    if not all(np.isfinite(v).all() for v in sampled):
        return Diagnostics(float("nan"), 0.0, 0.0, divergences, draws)
    varied = [v for v in sampled if np.ptp(v) > 1e-9 * np.abs(v).max()]
    found = [convergence(values) for values in varied]
    return Diagnostics(
        float(max(np.nanmax(c.rhat) for c in found)),
        float(min(np.nanmin(c.ess_bulk) for c in found)),
        float(min(np.nanmin(c.ess_tail) for c in found)),
        divergences, draws,
    )  # fmt: skip


def diagnostics(draws: Draws, at: int, judged: Sequence[str]) -> Diagnostics:
    """Return the worst R-hat and effective sizes of one problem's quantities, and its divergences."""
    sampled = [np.asarray(draws.seen[name][at], float) for name in judged]
    return worst(sampled, int(draws.diverged[at].sum()), draws.diverged[at].size)


def passes(draws: Draws, judged: Sequence[str]) -> bool:
    """Return whether draws of one problem are enough for the gates; divergences more draws do not mend."""
    sampled = [np.asarray(draws.seen[name][0], float) for name in judged]
    return not refusals(worst(sampled, 0, draws.diverged[0].size))


def rhat_limit(chains: int) -> float:
    """Return the R-hat of `chains` chains that is as strict as `RHAT` is for four.

    Chance alone makes R-hat about sqrt(1 + m / ESS), m being the half chains that are compared (Vats and
    Knudson 2021). For four chains 1.01 asks for an effective sample size of 400. With more chains the same
    number would ask for more draws, in proportion, than the gate on the effective sample size does.
    """
    return float(np.sqrt(1 + (RHAT**2 - 1) * max(chains, FEW) / FEW))


def refusals(found: Diagnostics, rhat: float = RHAT) -> list[str]:
    """Return why a posterior may not be printed; empty when it may.

    Parameters
    ----------
    rhat : the largest R-hat that passes
    """
    why = []
    if not found.rhat_max <= rhat:
        why.append(f"R-hat {found.rhat_max:.3f} is above {rhat:.3g}")
    sizes = {"bulk": found.ess_bulk_min, "tail": found.ess_tail_min}
    why += [
        f"the effective sample size ({name}) {size:.0f} is below {ESS:.0f}"
        for name, size in sizes.items()
        if not size >= ESS
    ]
    draws = found.draws or 0
    if found.divergences > DIVERGENT * draws:
        why.append(f"{found.divergences} of {draws} paths diverged, above {DIVERGENT:.0%}")
    return why


def where_diverged(diverged: Floats, own: Floats, labels: Sequence[str]) -> list[str]:
    """Return where the paths that diverged began, if any did: one sentence.

    Parameters
    ----------
    diverged
        1 where a draw's path diverged [chain, draw]; it was refused, so the draw is where it began.
    own
        The draws [chain, draw, unknown], each unknown in its own unit.
    """
    many = int(diverged.sum())
    if many == 0:
        return []
    flat = own.reshape(-1, own.shape[-1])
    apart = flat[diverged.reshape(-1).astype(bool)].mean(0) - flat.mean(0)
    spread = flat.std(0)
    # an unknown that the scenario fixes does not vary in its own unit, whatever its standard unknown does
    free = spread > FIXED * np.maximum(np.abs(flat).max(0), 1e-300)
    scaled = np.divide(apart, spread, out=np.zeros_like(apart), where=free)
    most = int(np.argmax(np.abs(scaled)))
    return [f"{many} of {diverged.size:,} paths diverged; up to {DIVERGENT:.0%} are accepted. They began "
            f"where {labels[most]} is {scaled[most]:+.1f} posterior sd from its mean"]  # fmt: skip
