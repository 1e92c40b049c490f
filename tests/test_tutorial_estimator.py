"""The tutorial on trials of an estimator: its code runs and finds the shares of the page."""

import re
from pathlib import Path
from typing import Any

import pytest

from dearth.estimate.record_estimators import RecordEstimator

PAGE = (Path(__file__).parents[1] / "docs" / "estimator-tutorial.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """Run the code of the page as one program."""
    made: dict[str, Any] = {"__name__": "page"}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.S):
        exec(block, made)
    return made


def test_the_code_of_the_page_finds_the_shares_that_it_states(page: dict[str, Any]) -> None:
    stated = {name: float(share) for name, share in re.findall(r"`(first|second)` is (0\.\d+)", PAGE)}
    assert stated == {"first": page["first"], "second": page["second"]}
    assert page["first"] < 0.8 < page["second"]


def test_the_estimator_of_the_page_fulfils_the_contract(page: dict[str, Any]) -> None:
    made = page["MeanOfYears"]()
    wanted = {name for name in (*dir(RecordEstimator), *RecordEstimator.__annotations__) if name[0] != "_"}
    assert {name for name in wanted if not hasattr(made, name)} == set()
    assert {"fits", "problems", "estimate", "name", "needs"} <= wanted
    table = PAGE[PAGE.index("| attribute") : PAGE.index("## 2.")]
    assert {name for name in wanted if f"`{name}" not in table} == set()
