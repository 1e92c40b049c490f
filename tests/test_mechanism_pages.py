"""The picture of every mechanism shows what it does: its lines with and without it lie apart."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dearth.system.order_of_month import IDS
from system_world import BY_ID, between


@pytest.fixture(scope="module")
def pages() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[1] / "docs")
        yield __import__("mechanism_pages")
        sys.modules.pop("mechanism_pages")


def test_lines_with_and_without_lie_apart(pages: Any) -> None:
    found = pages.effects(between(1909, 1913))
    assert sorted(found) == sorted(IDS)
    apart = {}
    for name, (with_it, off) in found.items():
        assert with_it.keys() == off.keys() == pages.panels(name).keys()
        spans = {k: np.ptp(np.concatenate([with_it[k], off[k]])) for k in with_it}
        apart[name] = max(np.abs(with_it[k] - off[k]).max() / (s + 1e-9) for k, s in spans.items())
    # a line is a hundredth of a panel high
    assert min(apart.values()) > 0.02, sorted(apart.items(), key=lambda item: item[1])[:8]


def test_a_page_names_the_world_it_shows(pages: Any) -> None:
    for name, world in (
        ("shipments", "Valley split into two regions"),
        ("needs", "Valley with needs by age and sex"),
        ("eating", "Valley as it was"),
    ):
        assert f"{world}, and with {name} off:\n" in pages.page(BY_ID[name])
