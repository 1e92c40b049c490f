"""Thinned whole draws of a fit: what is kept of a posterior beside its summary."""

import numpy as np
from numpy.typing import NDArray

from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import Fit
from dearth.reconstruction.generated_quantities import GROUPS
from dearth.reconstruction.joint_draws import DrawnVariable, JointDraws
from dearth.reconstruction.own_units import own_units
from dearth.reconstruction.sensitivity import flat
from dearth.reconstruction.subpopulation_summary import paired, thinned_draws
from dearth.reconstruction.subpopulations import Parts
from dearth.reconstruction.unknown_labels import labels

Floats = NDArray[np.float64]
# name, kept quantity, axes, unit, what it is
QUANTITIES = (
    ("excess_deaths", "excess", (), "persons", "excess deaths of the window"),
    ("excess_deaths_by_year", "by_year", ("year",), "persons",
     "deaths above normal of a year, quiet years included"),
    ("excess_deaths_by_age", "by_year_age", ("crisis_year", "age_group"), "persons",
     "excess deaths by crisis year and age at death"),
    ("births_lost_gross", "gross", (), "births", "births lost in the years of the deficit"),
    ("births_recovered", "recovered", (), "births", "births above normal in the years set for their return"),
    ("net_migration", "migration", (), "persons", "net migrants of the window, inward positive"),
    ("deaths", "deaths", ("year",), "persons", "deaths of a year"),
    ("births", "births", ("year",), "births", "births of a year"),
    ("people", "people", ("year",), "persons", "people of a year, the mean of two 1 Januaries"),
    ("deaths_registered", "registered", ("year",), "persons", "deaths the register should hold of a year"),
    ("completeness_normal", "completeness_normal", (), "share", "deaths registered outside the crisis"),
    ("completeness_crisis", "completeness_crisis", (), "share", "deaths registered in the crisis"),
    ("completeness_births", "birth_completeness", (), "share", "births registered outside the crisis"),
)  # fmt: skip

BY_PLACE = (
    ("excess_deaths_by_place", "by_year", "persons", "excess deaths of a place in the window"),
    ("births_by_place", "births", "births", "births of a place in the window"),
)


def joint_draws(fit: Fit, parts: Parts | None, printed: list[int]) -> JointDraws:
    """Return thinned draws of the printed scenarios, places paired with the whole.

    Parameters
    ----------
    printed : positions of the scenarios that passed every gate; at least one
    """
    kept = [thinned_draws(fit, at) for at in printed]
    # scenarios may have gone on longer than others, but keep as many draws
    chains, many = kept[0].shape
    coordinates: dict[str, tuple[str, ...]] = {
        "scenario": tuple(fit.scenarios[at] for at in printed),
        "year": tuple(map(str, fit.years)),
        "crisis_year": tuple(str(fit.years[i]) for i in fit.model.crisis),
        "age_group": tuple(GROUPS),
        "unknown": tuple(labels(fit.model)),
    }

    def stacked(values: list[Floats]) -> NDArray[np.float32]:
        return np.array([one.reshape(chains, many, *one.shape[1:]) for one in values], np.float32)

    variables = {
        name: DrawnVariable(
            axes, stacked([flat(fit, at, key)[k.reshape(-1)] for at, k in zip(printed, kept, strict=True)]),
            unit, what,
        )
        for name, key, axes, unit, what in QUANTITIES
    }  # fmt: skip
    units = [
        own_units(fit.model, one(fit.data, at), flat(fit, at, "theta")[k.reshape(-1)])
        for at, k in zip(printed, kept, strict=True)
    ]
    variables["unknowns"] = DrawnVariable(
        ("unknown",), stacked(units), "own unit", "every unknown of the model"
    )
    if parts is not None:
        if parts.printed:
            coordinates["place"] = tuple(parts.places[place] for place in parts.printed)
        for name, key, unit, what in BY_PLACE if parts.printed else ():
            found = [paired(fit, parts, at, key) for at in printed]
            values = stacked([np.stack([one[place] for place in parts.printed], axis=-1) for one in found])
            variables[name] = DrawnVariable(("place",), values, unit, what)
    return JointDraws(coordinates, variables)
