"""Series that a register names and the case does not have: a slip of spelling, or a question left open."""

from difflib import get_close_matches

from dearth.case.problems import Problem
from dearth.case.read import Case
from dearth.case.vocabulary import VARIABLES
from dearth.population.vital_registration import has_population

# what cannot be answered without a field of a register
WITHOUT = {
    "population": "death rates, the accounts and the balance method need it",
    "population_midyear": "death rates need it where there are no year-end stocks",
    "births": "births lost and the accounts need it",
    "birth_rate": "births lost and the accounts need it",
    "net_migration": "the accounts then leave migration open",
    "total_fertility": "births from fertility need it",
    "deaths": "excess deaths need deaths or their rate",
    "death_rate": "excess deaths need deaths or their rate",
}
ALIKE = 0.85  # similarity of two names (0-1) from which one is taken for a slip of the other


def missing_series(case: Case, register: str, field: str, reference: str) -> Problem:
    """Return the problem of a register's `field` whose series has no rows.

    A series of the same variable spelt alike, or an unknown variable spelt alike, is taken for a slip: an
    error. Another variable is never suggested. What is simply not there leaves a question open: a warning,
    unless the register has no deaths at all.
    """
    where = f"registers.{register}.{field}"
    variable = reference.split("/")[1]
    candidates = [
        other for other in case.evidence.references()
        if other.split("/")[1] == variable or other.split("/")[1] not in VARIABLES
    ]  # fmt: skip
    near = get_close_matches(reference, candidates, n=1, cutoff=ALIKE)
    if near:
        message = f"the evidence has no rows of '{reference}'; did you mean '{near[0]}'?"
        if variable in VARIABLES and near[0].split("/")[1] not in VARIABLES:  # the slip is in the evidence
            message = f"the evidence has no rows of '{reference}', but of '{near[0]}'; correct them there"
        return Problem("case.yaml", message, field=where)
    message = f"the evidence has no rows of '{reference}': {WITHOUT.get(field, 'it is not used')}"
    spec = case.settings.registers[register]
    places = [place.name for place in case.settings.places] if spec.places else [""]
    deaths = [r for r in (spec.deaths, spec.death_rate) if r and any(case.evidence.has(r, p) for p in places)]
    return Problem("case.yaml", message, field=where, severity="warning" if deaths else "error")


def reconstruction_lacks(case: Case) -> list[Problem]:
    """Return the warning that the reconstruction cannot be fitted, where its register has no people."""
    spec = case.settings.reconstruction
    if spec is None or has_population(case, spec.register_name):
        return []
    message = (
        f"the reconstruction cannot be fitted: the register {spec.register_name} has no population. "
        "The other estimates do without it"
    )
    return [Problem("case.yaml", message, field="reconstruction.register", severity="warning")]
