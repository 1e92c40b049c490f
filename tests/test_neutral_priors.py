"""Neutral defaults of a reconstruction, and what `dearth check` says where a case relies on them."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from dearth.bibliography.works import works
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.case.schema import CaseFile
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.reconstruction.identity import identify
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.priors import priors, undeclared
from dearth.trials.tiers import PRIORS as OF_TRIALS

CHINA = load("china-1958")
# scales of noise and the level of fertility are positive; a coupling of one half lies between its two ends
NOT_CENTRED_ON_NONE = {"fertility_level", "infant_coupling", "deaths_noise", "births_noise", "age_noise"}


def named(settings: CaseFile) -> set[str]:
    return {problem.message.split("'")[1] for problem in undeclared(settings)}


def changed(settings: CaseFile, **fields: object) -> CaseFile:
    assert settings.reconstruction is not None
    spec = settings.reconstruction.model_copy(update=fields)
    return settings.model_copy(update={"reconstruction": spec})


def test_a_default_is_symmetric_about_no_change() -> None:
    centred = {name for name, neutral in NEUTRAL.items() if neutral.prior.mean == 0}
    assert set(NEUTRAL) - centred == NOT_CENTRED_ON_NONE
    assert NEUTRAL["infant_coupling"].prior.mean == 0.5


def test_every_default_says_why_and_from_where() -> None:
    for name, neutral in NEUTRAL.items():
        assert neutral.prior.source == "assumed" or neutral.prior.source in works(), name
        assert neutral.prior.note, name
        assert neutral.what, name
        assert (neutral.substantive is None) == (not neutral.says), name


def test_no_default_of_china_is_in_force_in_china() -> None:
    spec = CHINA.settings.reconstruction
    assert spec is not None
    assert set(spec.priors) == set(NEUTRAL)
    assert dict(priors(spec)) == spec.priors
    shipped = json.loads((files("dearth") / "posteriors" / "china-1958.json").read_text(encoding="utf-8"))
    assert identify(CHINA).specification_sha256 == shipped["identity"]["specification_sha256"]


def test_no_default_is_in_force_in_the_trials() -> None:
    assert set(OF_TRIALS) == set(NEUTRAL)


@pytest.mark.parametrize("name", ["china-1958", "finland-1866", "valley"])
def test_bundled_cases_declare_every_substantive_prior(name: str) -> None:
    assert undeclared(load(name).settings) == []


def test_only_priors_that_apply_are_named() -> None:
    bare = changed(CHINA.settings, priors={})
    everything = {name for name, neutral in NEUTRAL.items() if neutral.substantive}
    assert named(bare) == everything - {"age_noise"}  # no deaths by age are compared
    assert "fertility_social" not in named(changed(bare, social_decline=None))
    assert "mortality_decline_later_child" not in named(changed(bare, censuses=()))
    assert "infant_coupling" not in named(changed(bare, birth_completeness=1.0))
    assert "completeness_infant" in named(bare)
    full = bare.model_copy(update={"completeness": dict.fromkeys(bare.completeness, 1)})
    assert "completeness_infant" not in named(full)


def test_check_names_the_priors_of_a_new_case_and_results_do_not(tmp_path: Path) -> None:
    case = load(str(new_case(tmp_path / "place")))
    found = [problem for problem in check(case) if problem.audience == "maker"]
    told = {problem.message.split("'")[1]: problem for problem in found if ".priors" in problem.field}
    assert set(told) == named(case.settings)
    assert "fertility_rebound" in told
    assert "migration" not in told  # the template declares it
    for name, problem in told.items():
        assert NEUTRAL[name].says in problem.message
        assert f"{name}: {{dist: normal" in problem.message
        assert problem.severity == "warning"
        assert problem.line is not None
    warned = estimate(case, quick=True).document["warnings"]
    assert not any("declares no prior" in text for text in warned)
