"""Bodies: from intake to reserve to the hazard of death, in two rival forms.

`body_mass`: BMI' = BMI - 3.41316 D + 0.091 (22 - BMI), D = 1 - intake / need(BMI), never
below 0 (what is not needed is not stored); percent dead a month 0.00028 (exp((18.5 - BMI)^1.33) - 1), plus
infection. A place's people are nodes of build (mass at the start) crossed with rank: a node's intake is
log-normal about the mean, with that part of the spread that lasts. The nodes give the deaths of a simulation
of 20,000 persons within a fifth at 1,535 kcal. `reduced`: ln(CDR / CDR0) = -eps ln(k / k0) below k0.

References
----------
clingendael2024, famine_models2024
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from dearth.bibliography.grade import assumed, measured_here, transferred
from dearth.numerics.materialise import written_out
from dearth.numerics.smooth_thresholds import hinge, positive
from dearth.numerics.weighted_sums import summed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, choice
from dearth.system.state import State, per_head

Floats = NDArray[np.float64]
BUILDS, RANKS = 3, 9  # nodes of body build and of lasting rank in the share-out, crossed


def _nodes() -> tuple[Floats, Floats, Floats]:
    """Return standard normal build and rank of the nodes, and their shares (Gauss-Hermite), each [node]."""
    build, of_build = np.polynomial.hermite_e.hermegauss(BUILDS)
    rank, of_rank = np.polynomial.hermite_e.hermegauss(RANKS)
    shares = np.outer(of_build / of_build.sum(), of_rank / of_rank.sum()).ravel()
    return np.repeat(build, RANKS), np.tile(rank, BUILDS), shares


BUILD, RANK, SHARES = _nodes()
OPENING_MEAN, OPENING_SD = 20.2, 1.7  # rural adults 1957, recalled
RETURN = 0.19  # per month: 0.091 and the fall of need with mass, 3.41316 d(need)/d(BMI) / need at 18.5
MAX_EXPONENT = 9.0  # BMI 9.5: all are dead; keeps exp() finite
LEAST_MASS = 9.0
PARAMETERS = (
    choice(
        "form",
        "body_mass",
        ("body_mass", "reduced"),
        transferred(
            "clingendael2024",
            "famine_models2024",
            note="body_mass from a model of Sudan; reduced from national rates",
        ),
        "how hunger becomes hazard",
    ),
    Parameter("scale", 0.9, 0.85, 0.95, "ratio", assumed(), "needs of these bodies over the table's"),
    Parameter(
        "spread",
        0.175,
        0.10,
        0.20,
        "CV",
        assumed(
            note="who needs more eats more: narrower than the spread of intake, 0.20-0.35; the width was "
            "chosen against famines other than China's"
        ),
        "spread of intake over need within a place",
    ),
    Parameter(
        "persistence",
        0.85,
        0.8,
        0.9,
        "autocorrelation",
        assumed(note="width chosen against famines other than China's"),
        "of a person's rank, month to month",
    ),
    Parameter("infection", 1.0, 0.5, 1.5, "ratio", assumed(), "scale of excess infection with wasting"),
    Parameter("base", 0.0015, 0.001, 0.002, "a month", assumed(), "hazard that infection multiplies"),
    Parameter(
        "turnover", 0.02, 0.01, 0.04, "share a month", assumed(), "shares of the nodes return to normal"
    ),
    Parameter(
        "epsilon",
        2.5,
        2.0,
        3.5,
        "elasticity",
        measured_here(
            "ashton1984",
            "banister1984",
            note="2.5-2.6 from national rates of 1957-60; their energy is recalled",
        ),
        "form reduced: death rate by energy",
    ),
    Parameter("enough", 2000.0, 1800.0, 2170.0, "kcal/head/day", assumed(), "k0 of form reduced"),
)


def need(mass: Array) -> Array:
    """Return energy needed at a body mass index: 1,800 at 13, 1,900 at 15, 2,100 at 18.5, 2,200 from 22."""
    knots = ((13.0, 50.0), (15.0, 7.142857), (18.5, -28.571429), (22.0, -28.571429))
    rise = sum((slope * hinge(mass - knot, 0.1) for knot, slope in knots), jnp.zeros_like(mass))
    energy: Array = 1800.0 + rise
    return energy


def lasting(spread: Any, persistence: Any) -> Any:
    """Return the constant spread of intake that moves body mass as much as one of given persistence.

    Of a filter with return k = 0.19 a month, f = 1 - k, driven by AR(1) ranks of autocorrelation r: the ratio
    of variances is k^2 (1 + f r) / ((1 - f^2)(1 - f r)).
    """
    f = 1 - RETURN
    ratio = RETURN**2 * (1 + f * persistence) / ((1 - f**2) * (1 - f * persistence))
    return spread * ratio**0.5


def clinical(mass: Array) -> Array:
    """Return the monthly hazard of wasting alone."""
    below = MAX_EXPONENT - hinge(MAX_EXPONENT - hinge(18.5 - mass, 0.02), 0.02)
    below = below + 1e-6  # a power of 0 has no slope
    hazard: Array = 2.8e-6 * (jnp.exp(jnp.exp(1.33 * jnp.log(below))) - 1)
    return hazard


def infection(mass: Array) -> Array:
    """Return excess infection over normal: 0 at 18.5, 1 at 16, 3 at 14, 4 from 13 down."""
    excess: Array = 0.4 * hinge(18.5 - mass, 0.02) + 0.6 * hinge(16 - mass, 0.02) - hinge(13 - mass, 0.02)
    return excess


def hazard(mass: Array, p: Settings) -> Array:
    """Return the monthly excess hazard at a body mass index; it only falls with mass."""
    excess: Array = clinical(mass) + p["base"] * p["infection"] * infection(mass)
    return excess


def wasted(state: State, flows: Flows, p: Settings, strength: Any) -> tuple[Array, Array, Array]:
    """Return body mass and shares [node, place] after the month, and hazard [place] of form body_mass."""
    spread = lasting(p["spread"] * (1 - flows.equalised), p["persistence"])
    # the intake of a rank is the same at every build: written out once, before it is used at every node
    rank = jnp.asarray(RANK[:RANKS], flows.energy.dtype)[:, None]
    intake = flows.energy * jnp.exp(spread * rank - spread**2 / 2)
    intake = written_out(intake)
    normal = jnp.asarray(SHARES, flows.energy.dtype)[:, None]
    intake = jnp.tile(intake, (BUILDS, 1))
    scale = p["scale"] * (1 + flows.need)
    gap = hinge(1 - intake / (scale * need(state.body_mass)), 0.005)
    later = state.body_mass + 0.091 * (22 - state.body_mass) - 3.41316 * gap
    later = LEAST_MASS + hinge(later - LEAST_MASS, 0.02)
    mass = state.body_mass + strength * (later - state.body_mass)
    # Compared with the least hazard, so that shares stay shares when nobody survives: that of the last node,
    # stoutest and first in the share-out, whose mass no other node's can overtake.
    lowest = hazard(mass[-1], p)
    alive = state.body_share * jnp.exp(-strength * (hazard(mass, p) - lowest))
    living = summed(alive)
    left = alive / living
    share = left + strength * p["turnover"] * (normal - left)
    return mass, share, strength * lowest - jnp.log(living)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Waste or mend bodies and give the excess hazard of death of the month."""
    mass, share, wasting = wasted(state, flows, p, strength)
    deficit = positive(jnp.log(p["enough"] * (1 + flows.need) / (flows.energy + 50.0)), 0.02)
    crude = per_head(flows.normal_deaths, flows.present)
    reduced = strength * crude * jnp.expm1(jnp.minimum(p["epsilon"] * deficit, 12.0))
    hunger = jnp.where(jnp.round(p["form"]) == 0, wasting, reduced)
    return replace(state, body_mass=mass, body_share=share), replace(flows, hunger=flows.hunger + hunger)


MECHANISM = Mechanism(
    id="bodies",
    systems=("S16",),
    summary="Hunger wastes bodies; wasting and infection set the excess hazard of death.",
    group="",
    reads=("present", "need", "body_mass", "body_share", "energy", "equalised", "hunger", "normal_deaths"),
    writes=("body_mass", "body_share", "hunger"),
    parameters=PARAMETERS,
    form=transferred("clingendael2024", "famine_models2024", note="form body_mass"),
    step=step,
)
