"""Priors by name: those that a case declares, else the neutral ones of `neutral_priors`."""

import math

from dearth.case.problems import Problem, did_you_mean, mistake
from dearth.case.schema import CaseFile, Prior, Reconstruction
from dearth.reconstruction.famine_priors import famine_priors
from dearth.reconstruction.neutral_priors import NEUTRAL

REAL = ("normal", "heavy_tailed")  # distributions of unknowns that are no shares
DEFAULTS: dict[str, Prior] = {name: neutral.prior for name, neutral in NEUTRAL.items()}


def undeclared(settings: CaseFile) -> list[Problem]:
    """Return a warning for each substantive prior that applies to the case and that it does not declare.

    Parameters
    ----------
    settings
        Settings of a case with a reconstruction.
    """
    spec = settings.reconstruction
    assert spec is not None
    return [
        Problem(
            "case.yaml",
            f"the case declares no prior for '{name}' ({neutral.what}). The neutral default, "
            f"{_written(neutral.prior)}, says: {neutral.says}. Declare what is known of this place: "
            f"{name}: {{dist: normal, mean: …, sd: …, source: …, note: …}}",
            field="reconstruction.priors",
            severity="warning",
            audience="maker",
        )
        for name, neutral in NEUTRAL.items()
        if name not in spec.priors and neutral.substantive is not None and neutral.substantive(settings)
    ]


def _written(prior: Prior) -> str:
    return f"mean {prior.mean:g} and sd {prior.sd:g}"


def priors(spec: Reconstruction, place: str = "") -> dict[str, Prior]:
    """Return the prior of every unknown: that of the case, else the neutral default.

    Parameters
    ----------
    place
        The place under study: the prior of the size of a crisis is learned from other famines.

    Raises
    ------
    CaseError
        A name that is no unknown of the model, or a prior that is not normal.
    """
    for name, prior in spec.priors.items():
        if name not in DEFAULTS:
            raise mistake("case.yaml", f"no unknown is called '{name}'{did_you_mean(name, list(DEFAULTS))}",
                          field="reconstruction.priors")  # fmt: skip
        if prior.dist not in REAL:
            raise mistake("case.yaml", f"the prior of {name} is {prior.dist}; here it must be normal or "
                          "heavy_tailed", field="reconstruction.priors")  # fmt: skip
        if prior.dist != "normal" and name.endswith("_noise"):
            raise mistake("case.yaml", f"the prior of {name}, a scale, is {prior.dist}; give a normal one",
                          field="reconstruction.priors")  # fmt: skip
    return {**DEFAULTS, **famine_priors(place), **spec.priors}


def prior_form(prior: Prior) -> tuple[float, float, float]:
    """Return (mean, sd, tail) of a normal or heavy-tailed prior, as `transforms.real` takes it."""
    assert prior.mean is not None
    assert prior.sd is not None
    return prior.mean, prior.sd, prior.tail or 0.0


ShareForm = tuple[float, float, float, float, float]


def shares(prior: Prior | float | None) -> ShareForm:
    """Return (low, mode, high, log odds, sd) of a share's prior, as `transforms.share` takes it.

    A uniform prior has a mode of -1, a fixed value no width; None is 0.
    """
    if prior is None:
        return 0.0, -1.0, 0.0, 0.0, 0.0
    if isinstance(prior, float | int):
        return float(prior), -1.0, float(prior), 0.0, 0.0
    if prior.dist == "triangular":
        return prior.low, prior.mode, prior.high, 0.0, 0.0  # type: ignore[return-value]
    if prior.dist == "uniform":
        return prior.low, -1.0, prior.high, 0.0, 0.0  # type: ignore[return-value]
    if prior.dist == "logit_normal":
        assert prior.mean is not None
        return 0.0, -1.0, 1.0, math.log(prior.mean / (1 - prior.mean)), float(prior.sd or 0.0)
    raise mistake("case.yaml", f"a {prior.dist} prior of a share; use logit_normal, triangular or uniform",
                  field="reconstruction.scenarios")  # fmt: skip


def varies(form: ShareForm) -> bool:
    """Return whether a share's prior leaves it unknown."""
    low, _, high, _, sd = form
    return high > low or sd > 0
