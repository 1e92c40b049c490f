"""An explanation is read back as it was written, and only for the fit and the question that it answers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.explain.counterfactuals import Counterfactual, Information
from dearth.explain.explain import Explanation, Wanted, explain
from dearth.explain.explain_document import from_document, to_document
from dearth.explain.predictive import Prediction
from dearth.explain.shares import CauseShare, Shares
from dearth.explain.simulated import usable_fit
from dearth.explain.stored_explanation import keep_explanation, read_explanation, stored_explanation
from dearth.explain.stored_fit import keep_fit, read_fit
from dearth.numerics.interval import Interval
from dearth.show.charts import draw
from dearth.show.charts.explanation import explanation_charts
from dearth.show.findings import _why
from dearth.show.why_words import ASSUMPTION, why_words
from test_simulate_from_fit import made as fit_made


def band(median: float) -> Interval:
    return Interval(median, median - 1.0, median + 1.5, 0.9)


def explanation() -> Explanation:
    fit = fit_made()
    causes = tuple(
        CauseShare(
            name, name.title(), Interval(share, share - 0.2, share + 0.1, 0.9), band(0.5),
            band(1e6 * share), band(3.0), band(4.0), name == "halls",
        )
        for name, share in (("weather", 0.3), ("halls", 0.7))
    )  # fmt: skip
    shares = Shares(
        "excess_deaths", "persons", (1911, 1912), band(1e6), band(2e6), band(0.0), causes,
        np.array([[0.0, 5.0], [5.0, 0.0]]), ("whole",), np.array([[2.0], [3.0]]), 48, 4,
    )  # fmt: skip
    policy = Counterfactual(
        "no_exports", "No exports.", band(2e5), band(0.2), {"1911": band(1.0)}, {"whole": 1.0}
    )
    told = (
        Information("exact", None, "as it was", band(1e5)),
        Information("audits", 0.2, "as it was", band(1e5)),
        Information("audits", 0.8, "as it was", band(3e5)),
    )  # fmt: skip
    one = Prediction(
        "true births", "log ratio", 0.5, 0.1, ("1911", "1912"), np.array([0.1, 9.0]), np.zeros(2),
        np.full(2, -1.0), np.ones(2),
    )  # fmt: skip
    return Explanation(
        "valley", fit, shares, band(-5.0), (policy,), told, (one,), (replace(one, series="towns"),)
    )


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEARTH_CACHE", str(tmp_path))


def test_a_document_is_read_back_whole() -> None:
    one = explanation()
    document = json.loads(json.dumps(to_document(one, 1)))
    again = from_document(document, one.fit)
    assert to_document(again, 1) == document
    assert again.shares.causes == one.shares.causes
    assert again.counterfactuals == one.counterfactuals
    assert np.array_equal(again.heldout[0].records, one.heldout[0].records)


def test_a_stored_explanation_answers_its_own_question_alone() -> None:
    case = load("valley")
    assert stored_explanation(case) is None
    keep_fit(case, fit_made())
    assert stored_explanation(case) is None
    stored = usable_fit(case)
    assert stored is not None
    keep_explanation(case, replace(explanation(), fit=stored), Wanted())
    found = stored_explanation(case)
    assert found is not None
    assert found.shares.total == explanation().shares.total
    assert read_explanation(case, found.fit, Wanted(seed=2)) is None
    assert read_explanation(case, found.fit, Wanted(causes=("weather",))) is None
    other = replace(found.fit, chains=replace(found.fit.chains, z=found.fit.chains.z + 0.1))
    assert read_explanation(case, other, Wanted()) is None


def test_charts_say_what_they_show_and_draw() -> None:
    found = {chart.key: chart for chart in explanation_charts(load("valley"), explanation())}
    assert list(found) == [
        f"explain_{key}"
        for key in ("shares", "interactions", "counterfactuals", "information", "predictions")
    ]
    assert found["explain_shares"].title.startswith(
        "Largest share of the simulated excess deaths: Halls, 70 %"
    )
    assert found["explain_predictions"].title.startswith("1 of 2 records that no fit used")
    assert "did more together" in found["explain_interactions"].title
    for chart in found.values():
        assert "<svg" in draw(chart).svg
        assert "not blame" in chart.label or chart.key == "explain_predictions"


def test_records_that_no_fit_reaches_are_a_warning_beside_the_shares() -> None:
    one = explanation()
    assert one.remarks[-1].startswith("1 of 2 records that no fit used lie inside")
    assert to_document(one, 1)["notes"][-1] == one.remarks[-1]
    inside = replace(one.heldout[0], records=np.zeros(2))
    assert replace(one, heldout=(inside,)).remarks == one.notes


def test_a_picture_has_gradients_of_its_own() -> None:
    made = next(
        c for c in explanation_charts(load("valley"), explanation()) if c.key == "explain_interactions"
    )
    svg = draw(made).svg
    assert 'id="explain_interactions-gradient-0"' in svg
    assert "url(#explain_interactions-gradient-0)" in svg
    assert "gradient_" not in svg
    assert draw(made).svg == svg


def test_words_of_an_explanation() -> None:
    words = why_words(explanation())
    assert words is not None
    assert [row.label for row in words.rows] == ["Halls", "Weather"]
    assert words.rows[0].share == "70 % (50 % to 80 %)"
    assert words.rows[0].remark == ASSUMPTION
    assert words.total.startswith("1.0 million")
    assert why_words(None) is None


def test_the_finding_of_two_causes_and_of_one() -> None:
    two = explanation()
    assert _why(two).startswith(
        "Halls and weather have the largest shares of the simulated excess deaths: 70 %"
    )
    one = replace(two, shares=replace(two.shares, causes=two.shares.causes[:1]))
    assert _why(one) == "Weather is the only cause with a share: 30 % (10 % to 40 %)"


def test_an_unknown_policy_is_refused_before_any_combination_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dearth.explain.explain.shares", lambda *_: pytest.fail("combinations were run"))
    fit = replace(fit_made(), refused=())
    with pytest.raises(CaseError, match=r"there is no regime 'no_export'.*no_exports"):
        explain(load("valley"), fit, None, Wanted(counterfactuals=("no_export",)), lambda *_: None)  # type: ignore[arg-type]


def test_the_remedy_for_a_missing_fit_names_its_scenario() -> None:
    found, why = read_fit(load("valley"), fit_made().problem, "complete")
    assert found is None
    assert "dearth fit valley --scenario complete --refit" in why
