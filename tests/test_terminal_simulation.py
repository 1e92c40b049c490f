"""The years of a simulation fit a terminal of 80 characters, whatever the size of the population."""

import io
from typing import Any

import pytest
from rich.console import Console

from dearth.show.terminal_simulation import COLUMNS, print_simulation

ROW = {
    "grain_output_t": 198_157_000.0, "grain_reported_t": 268_801_000.0, "procurement_net_t": 34_413_000.0,
    "exports_t": 1_907_900.0, "kcal_rural": 2138.0, "kcal_urban": 2189.0, "cdr": 15.5, "cdr_registered": 11.9,
    "births": 22_884_000.0,
}  # fmt: skip


def printed(scale: float) -> str:
    amounts = [name for name in ROW if not name.startswith(("kcal", "cdr"))]
    small = ROW | {name: ROW[name] * scale for name in amounts}
    document: Any = {
        "case": "country", "fit": "", "regime": "as_it_was", "draws": 1, "off": [],
        "by_year": {"1957": small},
        "installed": [], "scenario": [], "balance": {"grain_max_relative": 0.0, "people_max_relative": 0.0},
    }  # fmt: skip
    out = io.StringIO()
    print_simulation(document, Console(file=out, width=80))
    return out.getvalue()


@pytest.mark.parametrize(
    ("scale", "harvest", "births", "unit"),
    [
        (1.0, "198,157", "22,884", "Original grain in thousand tonnes"),
        (1e-3, "198,157", "22,884", "Original grain in tonnes"),
    ],
)
def test_no_figure_of_a_year_is_cut(scale: float, harvest: str, births: str, unit: str) -> None:
    text = printed(scale)
    assert set(ROW) == {name for name, _, _ in COLUMNS}
    assert "…" not in text
    assert harvest in text
    assert births in text
    assert unit in " ".join(text.split())
