"""Whether the parts of an estimate have one basis: registered rates with registered, true rates with true.

A range holds only estimates of one basis. An estimate of two is computed where it is asked for, with its
label, and never marks an end of a range.
"""

from dearth.case.read import Case
from dearth.estimate.choices import Choice


def mixed_basis(choice: Choice, case: Case) -> str:
    """Return why an estimate mixes bases, or nothing.

    The deaths of a reconstructed series count as true, those of a register as registered until a completeness
    corrects them. Registered rates of a register that is taken as complete are both.
    """
    register = case.settings.registers[choice.series]
    corrected = not choice.completeness.full
    if choice.basis == "registered":
        return "the normal rate is of registered deaths, the deaths are corrected"
    if choice.baseline.kind == "constant" and corrected:
        return "a constant normal rate is not corrected, the deaths are"
    if choice.adjusted and not corrected and register.kind == "registered" and _incomplete(case):
        return "infant mortality is a true rate, the deaths are as registered"
    return ""


def _incomplete(case: Case) -> bool:
    """Whether the case declares that some deaths were not registered."""
    options = case.settings.completeness.values()
    return any(option != 1 for option in options)
