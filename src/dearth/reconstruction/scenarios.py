"""Registration scenarios: the prior of every share of events that was registered. Imports no JAX."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.case.schema import Completeness, Prior, Reconstruction, RegistrationScenario, completeness_option
from dearth.reconstruction.priors import ShareForm, shares, varies

Data = dict[str, Any]


@dataclass(frozen=True)
class Registration:
    """The priors of one scenario's shares, each as `priors.shares` returns it.

    Attributes
    ----------
    completeness_crisis : None where it is the same as in normal years
    """

    completeness_normal: ShareForm
    completeness_crisis: ShareForm | None
    late_share: ShareForm
    removals_share: ShareForm
    birth_completeness: ShareForm

    def data(self) -> Data:
        """Return the priors as a sampler's data."""
        crisis = self.completeness_crisis
        return {
            "completeness_normal": np.array(self.completeness_normal, float),
            "completeness_crisis": np.array(shares(None) if crisis is None else crisis, float),
            "same_completeness": float(crisis is None),
            "late_share": np.array(self.late_share, float),
            "removals_share": np.array(self.removals_share, float),
            "birth_completeness": np.array(self.birth_completeness, float),
        }

    def free(self) -> set[str]:
        """Return the shares that this scenario leaves unknown."""
        named = {name: form for name, form in vars(self).items() if form is not None}
        return {name for name, form in named.items() if varies(form)}


def registrations(case: Case, spec: Reconstruction) -> dict[str, Registration]:
    """Return the priors of every scenario of the case.

    Raises
    ------
    CaseError
        A scenario that names no completeness of the case, or a prior that is none of a share.
    """
    found = {}
    for name, scenario in spec.scenarios.items():
        normal, crisis = _completeness(case, name, scenario)
        found[name] = Registration(
            shares(normal), None if crisis is None else shares(crisis), shares(scenario.late_registration),
            shares(scenario.removals_registered_as_deaths), shares(spec.birth_completeness),
        )  # fmt: skip
    return found


def _completeness(
    case: Case, name: str, scenario: RegistrationScenario
) -> tuple[Prior | float, Prior | float | None]:
    """Return the prior of completeness outside and inside the crisis, None where it is the same."""
    declared = completeness_option(case.settings, scenario)
    if isinstance(declared, int | float):
        return declared, None
    if not isinstance(declared, Completeness) or declared.normal is None:
        raise mistake("case.yaml", f"'{scenario.completeness}' is no completeness with a share or prior"
                      f"{did_you_mean(str(scenario.completeness), case.settings.completeness)}",
                      field=f"reconstruction.scenarios.{name}.completeness")  # fmt: skip
    return declared.normal, declared.crisis


def free_shares(forms: Mapping[str, Registration]) -> frozenset[str]:
    """Return the shares that at least one scenario leaves unknown."""
    return frozenset(name for one in forms.values() for name in one.free())


def incomplete(forms: Mapping[str, Registration]) -> bool:
    """Return whether a scenario allows that some deaths went unregistered."""
    return any(
        varies(form) or form[0] < 1
        for one in forms.values()
        for form in (one.completeness_normal, one.completeness_crisis)
        if form is not None
    )
