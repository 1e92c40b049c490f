"""The placebo among the places: a slope by hand, and its refusals."""

from dataclasses import replace

import numpy as np
import pytest

from dearth.case.evidence import Evidence
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.reconstruction.placebo_test import _fit, placebo

CHINA = load("china-1958")
SPEC = CHINA.settings.reconstruction.placebo  # type: ignore[union-attr]


def test_a_slope_on_paper() -> None:
    rows = [(str(i), 0.1 * i, 2.0 + 30 * 0.1 * i) for i in range(10)]
    found = _fit(rows, SPEC)
    assert found.slope == pytest.approx(30)
    assert found.slope_se == pytest.approx(0, abs=1e-9)
    assert found.whole == pytest.approx(0.45)
    assert found.implied == pytest.approx(30 * 0.45 / 1000)
    assert found.implied_sd == pytest.approx(SPEC.confounding_sd / 1000)


def test_standard_error_against_statsmodels_form() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 1, 20), rng.normal(size=20)
    found = _fit([(str(i), *v) for i, v in enumerate(zip(x, y, strict=True))], SPEC)
    design = np.stack([np.ones(20), x], axis=1)
    bread = np.linalg.inv(design.T @ design)
    left = y - design @ (bread @ (design.T @ y))
    meat = design.T * left**2 @ design
    assert found.slope_se == pytest.approx(np.sqrt((bread @ meat @ bread)[1, 1] * 20 / 18))  # HC1


def test_china_uses_fitted_years_only() -> None:
    found = placebo(CHINA, SPEC)
    assert len(found.places) == 23  # Sichuan holds no townspeople
    anhui = found.places.index("Anhui")
    assert found.rise[anhui] == pytest.approx(19.46, abs=0.01)
    # stocks held out do not enter
    other = CHINA.settings.registers["provincial_registered"]
    assert other.population == "provincial_registered/population_yearend_total"
    doubled = [r._replace(base=2 * r.base) if f"{r.series}/{r.variable}" == other.population else r
               for r in CHINA.evidence]  # fmt: skip
    assert placebo(replace(CHINA, evidence=Evidence(doubled)), SPEC).slope == pytest.approx(found.slope)
    with pytest.raises(CaseError, match="held out"):
        placebo(CHINA, SPEC.model_copy(update={"after": "1963-1965"}))
    with pytest.raises(CaseError, match="8 are needed"):
        placebo(CHINA, SPEC.model_copy(update={"moved": (1900, 1905)}))
