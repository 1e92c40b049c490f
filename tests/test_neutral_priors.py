"""Neutral defaults of a reconstruction, and what `dearth check` says where a case relies on them."""

import csv
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from dearth.bibliography.works import works
from dearth.case.read import load
from dearth.case.scaffold import new_case
from dearth.case.schema import CaseFile, Migration
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate
from dearth.reconstruction.famine_priors import famine_priors
from dearth.reconstruction.identity import identify
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.priors import DEFAULTS, priors, undeclared
from dearth.trials.tiers import TIERS, specification

CHINA = load("china-1958")
# scales of noise and the level of fertility are positive; a coupling of one half lies between its two ends;
# of those who flee somewhat more are men, and fewer than half come back
NOT_CENTRED_ON_NONE = {"fertility_level", "infant_coupling", "deaths_noise", "births_noise", "age_noise",
                       "migration_crisis_men", "migration_return"}  # fmt: skip
LEARNED = {"shock_year", "shock_age"}  # from the tables of famines
# of the crisis term of migration that China leaves at its defaults: who moved, and how many came back
OF_MOVERS = {"migration_crisis_men", "migration_crisis_age", "migration_return"}


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
    assert set(spec.priors) == set(NEUTRAL) - LEARNED - OF_MOVERS
    found = priors(spec, CHINA.settings.place or "")
    assert {name: found[name] for name in spec.priors} == spec.priors


def test_the_shipped_posterior_of_china_is_of_this_specification() -> None:
    shipped = json.loads((files("dearth") / "posteriors" / "china-1958.json").read_text(encoding="utf-8"))
    assert identify(CHINA).specification_sha256 == shipped["identity"]["specification_sha256"]


def test_trials_declare_no_prior_so_that_the_defaults_are_tried() -> None:
    for tier in TIERS.values():
        spec = specification(tier)
        assert spec.priors == {}
        assert priors(spec) == DEFAULTS


def test_the_size_of_a_crisis_is_learned_from_other_places() -> None:
    everywhere, without = famine_priors(), famine_priors("Sweden")
    years = [int(found["shock_year"].note.split("as far from it as ")[1].split()[0])
             for found in (everywhere, without)]  # fmt: skip
    assert years[0] - years[1] == 4  # those of Sweden in the table
    assert without["shock_year"].sd != everywhere["shock_year"].sd
    assert without["shock_age"].sd != everywhere["shock_age"].sd
    # a place that the tables do not hold takes nothing out
    assert famine_priors("Dale") == {
        name: prior.model_copy(update={"note": f"{prior.note}, without Dale"})
        for name, prior in everywhere.items()
    }
    spec = CHINA.settings.reconstruction
    assert spec is not None
    assert (
        priors(spec, "China")["shock_year"] == famine_priors("China")["shock_year"] != DEFAULTS["shock_year"]
    )
    for prior in everywhere.values():
        assert prior.mean == 0  # no crisis is the middle


@pytest.mark.parametrize(
    ("place", "gone"),
    [("Soviet Union", 4), ("Ukraine", 2), ("Poltava, Ukraine", 2), ("Bengal", 3), ("British India", 4)],
)
def test_famines_within_the_place_or_around_it_are_left_out(place: str, gone: int) -> None:
    many = int(famine_priors()["shock_year"].note.split("as far from it as ")[1].split()[0])
    left = int(famine_priors(place)["shock_year"].note.split("as far from it as ")[1].split()[0])
    assert many - left == gone


def test_the_learned_prior_has_the_quantiles_of_the_table() -> None:
    rows = files("dearth").joinpath("reconstruction", "famine_death_rates.csv").read_text(encoding="utf-8")
    held = [row for row in csv.DictReader(rows.splitlines()) if row["place"] != "China"]
    many = Counter(row["place"] for row in held)
    sizes = np.array([abs(np.log(float(row["deaths_over_normal"]))) for row in held])
    weights = np.array([1 / many[row["place"]] for row in held])
    prior = famine_priors("China")["shock_year"]
    z = np.abs(np.random.default_rng(1).standard_normal(100_000))
    drawn = prior.sd * z * np.exp(prior.tail * z**2 / 2)
    for share in (0.5, 0.9):  # a famine counts once, however many years it has
        below = weights[sizes < np.quantile(drawn, share)].sum() / weights.sum()
        assert below == pytest.approx(share, abs=0.06)


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
    assert bare.reconstruction is not None
    complete = {name: scenario.model_copy(update={"completeness": "as_registered"})
                for name, scenario in bare.reconstruction.scenarios.items()}  # fmt: skip
    assert bare.completeness["as_registered"] == 1
    assert "completeness_infant" not in named(changed(bare, scenarios=complete))
    assert {"migration", "migration_level", "migration_crisis", "migration_later"} <= named(bare)
    assert not {
        name for name in named(changed(bare, migration=Migration(kind="closed"))) if "migration" in name
    }


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
