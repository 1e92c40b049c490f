"""The block, priors and scenario of a case, applied to places whose records are complete."""

from dataclasses import dataclass, field

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import load
from dearth.case.schema import Migration, Prior
from dearth.reconstruction.identity import identify
from dearth.reconstruction.scenarios import Registration, registrations


@dataclass(frozen=True)
class Like:
    """What a trial takes from a case in place of neutral priors and no opinion.

    Attributes
    ----------
    name : case and scenario, ``china-1958:no_opinion``
    identity : hash of the case's model, data and specification
    """

    name: str
    identity: str
    registration: Registration
    birth_completeness: Prior | float
    migration: Migration
    priors: dict[str, Prior] = field(hash=False, compare=False, repr=False)


def read_like(text: str) -> Like:
    """Return what ``CASE:SCENARIO`` names.

    Raises
    ------
    CaseError
        A case without a reconstruction, a text of another form, or a scenario that the case lacks.
    """
    name, _, scenario = text.rpartition(":")
    if not name or not scenario:
        raise mistake("recover", f"'{text}': write CASE:SCENARIO, china-1958:no_opinion", field="--like")
    case = load(name)
    spec = case.settings.reconstruction
    if spec is None:
        raise mistake("recover", f"{name} declares no reconstruction", field="--like")
    forms = registrations(case, spec)
    if scenario not in forms:
        hint = did_you_mean(scenario, list(forms))
        raise mistake("recover", f"{name} has no scenario '{scenario}'{hint}; it has: {', '.join(forms)}",
                      field="--like")  # fmt: skip
    # migration that is known of that place is unknown of another
    moved = spec.migration if spec.migration.kind == "closed" else Migration()
    return Like(text, identify(case).sha256, forms[scenario], spec.birth_completeness, moved, spec.priors)
