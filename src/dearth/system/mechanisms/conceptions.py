"""Conceptions: normal fertility, cut by hunger and separation; births put off come back in part.

F = 1 / (1 + exp(-(k - k50) / s)) over its normal value; amenorrhoea from 10 % at BMI 17.5 to
80 % at 15; U = 0.86-0.90 for separation in 1958-59; births put off enter a pool that is released at 30-45 %
a year once energy is back.

References
----------
zhao_reimondos2012
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from dearth.bibliography.grade import assumed, recalled
from dearth.numerics.smooth_thresholds import hinge, least, positive
from dearth.numerics.smooth_thresholds import step as smooth_step
from dearth.numerics.weighted_sums import summed, weighed
from dearth.system.flows import Flows
from dearth.system.mechanism import Mechanism, Month, Parameter, Settings, lever
from dearth.system.state import State

PARAMETERS = (
    lever("separation", 0.0, 0.0, 0.15, "share", recalled(), "conceptions lost to couples kept apart"),
    Parameter(
        "half",
        1450.0,
        1300.0,
        1600.0,
        "kcal/head/day",
        recalled(note="from births after the Dutch hunger winter of 1944-45"),
        "k50: energy at which they halve",
    ),
    Parameter("width", 150.0, 100.0, 200.0, "kcal/head/day", recalled(), "s of the same curve"),
    Parameter("normal", 2050.0, 1950.0, 2150.0, "kcal/head/day", recalled(), "energy of normal fertility"),
    Parameter(
        "barren",
        0.09,
        0.05,
        0.13,
        "share",
        assumed(),
        "too thin to conceive in normal years, within normal fertility",
    ),
    Parameter("loss", 0.045, 0.03, 0.06, "share", recalled(), "more foetal loss when hunger is complete"),
    Parameter("released", 0.35, 0.3, 0.45, "share a year", recalled(), "births put off that are made up"),
    Parameter("forgone", 0.2, 0.1, 0.3, "share a year", assumed(), "births put off that never come"),
    Parameter("back", 1800.0, 1700.0, 1900.0, "kcal/head/day", recalled(), "energy at which they come"),
)


def step(state: State, flows: Flows, p: Settings, strength: Any, month: Month) -> tuple[State, Flows]:
    """Conceive; what hunger takes goes to the pool of births put off."""
    energy = flows.energy
    fertility = month.schedules.fertility / 12.0
    # men weigh nothing: taking the women out would copy them
    normal = weighed(jnp.stack([fertility, jnp.zeros_like(fertility)]), state.people)
    fed = smooth_step(energy - p["half"], p["width"])
    fed = fed / smooth_step(p["normal"] - p["half"], p["width"])
    thin = 0.95 - hinge(0.95 - 0.28 * hinge(17.86 - state.body_mass, 0.02), 0.005)
    barren = summed(state.body_share * thin)
    kept = (
        fed
        * (1 - barren)
        / (1 - p["barren"])
        * (1 - p["loss"] * (1 - jnp.minimum(fed, 1.0)))
        * (1 - p["separation"])
    )
    again = p["released"] / 12.0 * state.postponed * smooth_step(energy - p["back"], 40.0)
    # nobody conceives more than half again of what is normal
    conceived = strength * least(normal * kept + again, 1.5 * normal)
    lost = positive(strength * normal - conceived, 0.01 * normal + 1e-6)
    gone = strength * (again + p["forgone"] / 12.0 * state.postponed)
    waiting = state.pregnancies * (1 - strength * flows.mothers_lost)
    state = replace(state, pregnancies=waiting.at[-1].add(conceived), postponed=state.postponed + lost - gone)
    return state, flows


MECHANISM = Mechanism(
    id="conceptions",
    systems=("S16",),
    summary="Conceptions fall with hunger and separation; part of the births put off comes later.",
    group="",
    reads=("people", "pregnancies", "postponed", "body_mass", "body_share", "energy", "mothers_lost"),
    writes=("pregnancies", "postponed"),
    parameters=PARAMETERS,
    form=assumed("zhao_reimondos2012", note="the work gives fewer marriages; the equations are a choice"),
    step=step,
)
