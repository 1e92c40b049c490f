"""The step of Hamiltonian paths, tuned by dual averaging, for arrays of NumPy and of JAX.

References
----------
hoffman_gelman2014
"""

from typing import Any

from dearth.numerics.namespace import namespace

GAMMA, FIRST_MOVES, KAPPA = 0.05, 10, 0.75  # the constants of the source's section 3.2
CENTRE = 0.5  # the step towards which the tuning is drawn


def averaged(moves: Any, error: Any, log_step_mean: Any, accepted: Any, aim: float) -> tuple[Any, Any, Any]:
    """Return log step, its running mean and the mean error after one more move.

    Parameters
    ----------
    moves : made, this one among them
    error, log_step_mean : before this move
    accepted : mean acceptance of this move
    aim : acceptance aimed at
    """
    xp = namespace(moves)
    error = error + (aim - accepted - error) / (moves + FIRST_MOVES)
    log_step = xp.log(CENTRE) - xp.sqrt(moves) / GAMMA * error
    weight = moves**-KAPPA
    return log_step, weight * log_step + (1 - weight) * log_step_mean, error
