"""The document of a case without a register: censuses, surveys, prices or other records alone."""

from typing import Any

from dearth.case.read import Case
from dearth.estimate.assumptions import assumptions
from dearth.estimate.formulas import methods
from dearth.estimate.records_available import records, sentences
from dearth.estimate.unanswered import unanswered
from dearth.numerics.number_words import persons


def document_without_register(case: Case, common: dict[str, Any]) -> dict[str, Any]:
    """Return what the records answer, and which record would answer the rest.

    Parameters
    ----------
    common : the parts of the document that every case has
    """
    found = records(case)
    left = unanswered(case, found, excess=False, births_lost=False, accounts=False, rates=False)
    answered = list(sentences(found, persons))
    if not answered:
        answered = [f"The records of {case.settings.title} give no number of deaths or births."]
    assumed = [text for one in found.balances for text in one.balance.assumptions]
    assumed += [text for one in found.surveys for text in one.assumptions]
    nothing = {"low": None, "high": None}
    return {
        **common,
        "answer": [*answered, *(one.text for one in left)],
        "accounts": [],
        "estimates": [],
        "default": None,
        "left_out": [],
        "surface": {},
        "identification": [],
        "identification_closed_between": "the case has no register",
        "spread": {"baselines": nothing, "published": nothing, "share_explained": None, "note": ""},
        "rates": [],
        "july_june": [],
        "places": [],
        "growth": [],
        "register_sources": {},
        "reconstruction": None,
        **found.document(),
        "unanswered": [one.document() for one in left],
        "assumptions": list(dict.fromkeys([*assumptions(case, []), *assumed])),
        "subtractions": [],
        "warnings": [],
        "methods": methods(),
    }
