"""Priors by name: those that a case declares, else the neutral ones of `neutral_priors`."""

from dearth.case.problems import Problem, did_you_mean, mistake
from dearth.case.schema import CaseFile, Prior, Reconstruction
from dearth.reconstruction.neutral_priors import NEUTRAL

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


def priors(spec: Reconstruction) -> dict[str, Prior]:
    """Return the prior of every unknown: that of the case, else the neutral default.

    Raises
    ------
    CaseError
        A name that is no unknown of the model, or a prior that is not normal.
    """
    for name, prior in spec.priors.items():
        if name not in DEFAULTS:
            raise mistake("case.yaml", f"no unknown is called '{name}'{did_you_mean(name, list(DEFAULTS))}",
                          field="reconstruction.priors")  # fmt: skip
        if prior.dist != "normal":
            raise mistake("case.yaml", f"the prior of {name} is {prior.dist}; here it must be normal",
                          field="reconstruction.priors")  # fmt: skip
    return {**DEFAULTS, **spec.priors}


def shares(prior: Prior | float | None) -> tuple[float, float, float]:
    """Return (low, mode, high) of a share's prior; a uniform one has a mode of -1, a fixed value no width."""
    if prior is None:
        return 0.0, -1.0, 0.0
    if isinstance(prior, float | int):
        return float(prior), -1.0, float(prior)
    if prior.dist == "triangular":
        return prior.low, prior.mode, prior.high  # type: ignore[return-value]
    if prior.dist == "uniform":
        return prior.low, -1.0, prior.high  # type: ignore[return-value]
    raise mistake("case.yaml", f"a {prior.dist} prior of a share; use triangular or uniform",
                  field="reconstruction.scenarios")  # fmt: skip
