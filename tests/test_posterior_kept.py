"""A posterior fitted by a user is kept and used while its inputs are unchanged."""

from pathlib import Path

import pytest

from dearth.case.read import load
from dearth.estimate import posterior as chosen
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import estimate
from dearth.numerics.interval import Interval
from dearth.reconstruction import posterior_cache
from dearth.reconstruction.posterior import Posterior, ScenarioPosterior
from dearth.reconstruction.posterior_tables import Diagnostics

FINLAND = load("finland-1866")


def made_up(name: str = "full", rhat: float = 1.0, refused: tuple[str, ...] = ()) -> Posterior:
    figure = Interval(5.0, 4.0, 6.0, 0.9)
    good = Diagnostics(rhat, 1000.0, 1000.0, 0, 4000)
    return Posterior([ScenarioPosterior(name, "", good, list(refused), [], excess_deaths=figure)], [], {})


def test_a_posterior_is_kept_by_its_inputs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))
    assert posterior_cache.kept(FINLAND) == (None, None)
    posterior_cache.keep(FINLAND, {"settings": 1}, made_up())
    assert posterior_cache.kept(FINLAND) == (made_up(), {"settings": 1})
    assert posterior_cache.kept(load("valley")) == (None, None)
    posterior_cache._place(FINLAND).write_text("{")  # type: ignore[union-attr]
    assert posterior_cache.kept(FINLAND) == (None, None)
    monkeypatch.setenv("DEARTH_CACHE", "off")
    posterior_cache.keep(FINLAND, {}, made_up())
    assert posterior_cache.kept(FINLAND) == (None, None)


def test_a_refused_posterior_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))
    posterior_cache.keep(FINLAND, {}, made_up(refused=("R-hat 2",)))
    assert posterior_cache.kept(FINLAND) == (None, None)


def test_a_kept_posterior_stands_in_where_none_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "with_trial_record", lambda case, held: held)  # it is read anew, see there
    monkeypatch.setattr(chosen, "shipped", lambda case: (None, "none ships"))
    asked = {"settings": {"draws": 400, "seed": 7}, "leave_one_source_out": False, "places": True}
    monkeypatch.setattr(chosen, "kept", lambda case: (made_up(), asked))
    found = chosen.posterior(FINLAND, False, True, True, 1, False, lambda *told: None)
    told = "fitted here before, 400 draws a chain at first, seed 7, without leave-one-source-out"
    assert found == (made_up(), told)  # a short fit says that it is one
    monkeypatch.setattr(chosen, "kept", lambda case: (None, None))
    assert chosen.posterior(FINLAND, False, True, True, 1, False, lambda *told: None) == (None, "none ships")


def test_fixed_choices_reach_the_words_and_not_the_posterior() -> None:
    china = load("china-1958")
    told = estimate(china, Asked(window="1959-1961", method="rate"), quick=True).document
    assert "China, 1959-1961" in told["answer"][0]
    assert any("method, window of this call do not reach it" in w for w in told["warnings"])
    half = estimate(china, Asked(completeness="0.5", method="rate"), quick=True).document
    assert "completeness: 50 % registered" in half["answer"][1]
    assert any(text.startswith("One completeness") for text in half["answer"])
