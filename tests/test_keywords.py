"""Keyword arguments of the Python verbs are checked by name and by kind before any work."""

import inspect

import pytest

import dearth
from dearth.case.keywords import ArgumentError
from dearth.case.problems import CaseError
from dearth.facade import Laboratory


@pytest.fixture(scope="module")
def valley() -> Laboratory:
    return dearth.load("valley")


@pytest.mark.parametrize(
    ("verb", "given", "wanted"),
    [
        ("estimate", {"completenes": 0.85}, "has no argument 'completenes' — did you mean 'completeness'?"),
        ("estimate", {"quick": 1}, "quick: 1 is an integer; give True or False"),
        ("estimate", {"seed": "3"}, "seed: '3' is a text; give an integer"),
        ("estimate", {"seed": True}, "seed: True is True or False; give an integer"),
        ("estimate", {"baseline": 1957}, "baseline: 1957 is an integer; give a text or None"),
        ("run", {"with_simulation": True}, "did you mean 'with_prior_simulation'?"),
        ("simulate", {"draws": "3"}, "draws: '3' is a text; give an integer"),
        ("simulate", {"off": ("relief", 3)}, "give a tuple of texts"),
        ("simulate", {"regim": "normal"}, "has no argument 'regim' — did you mean 'regime'?"),
        ("recover", {"teir": 4}, "has no argument 'teir' — did you mean 'tier'?"),
    ],
)
def test_a_wrong_argument_is_named(valley: Laboratory, verb: str, given: dict, wanted: str) -> None:
    with pytest.raises(ArgumentError) as found:
        getattr(valley, verb)(**given)
    assert wanted in str(found.value)
    assert isinstance(found.value, CaseError)
    assert isinstance(found.value, TypeError)


def test_every_wrong_argument_is_named_at_once(valley: Laboratory) -> None:
    with pytest.raises(ArgumentError) as found:
        valley.estimate(metod="rate", seed=1.5)
    assert len(found.value.problems) == 2


def test_a_number_is_a_completeness(valley: Laboratory) -> None:
    (row, *_) = valley.estimate(completeness=0.85, method="rate", quick=True).document["estimates"]
    assert row["completeness"] == 0.85


def test_one_name_stands_for_a_tuple_of_one(valley: Laboratory) -> None:
    with pytest.raises(CaseError, match="did you mean"):
        valley.simulate(off="relif")


def test_the_signature_lists_what_can_be_given(valley: Laboratory) -> None:
    assert {"method", "completeness", "window", "births_from"} <= set(
        inspect.signature(valley.estimate).parameters
    )


def test_an_unknown_case_has_a_hint() -> None:
    with pytest.raises(CaseError, match="china-1958"):
        dearth.load("chna-1958")
