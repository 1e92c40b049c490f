"""The story of a place asked for: its rows are the place's own records, in document, chart and terminal."""

import json

import jsonschema
import numpy as np
import pytest

import dearth
from dearth.show.charts import simulation_charts
from dearth.show.terminal_simulation import story_table
from dearth.system.history_rows import plain_rows
from dearth.system.plan import Asked
from dearth.system.report_document import part
from dearth.system.simulation import Simulation, simulate
from test_cli import SCHEMAS

CASE = dearth.load("valley").case


@pytest.fixture(scope="module")
def made() -> Simulation:
    return simulate(CASE, Asked(story="Ford"))  # the town, of which no story is told unasked


def test_document_and_chart(made: Simulation) -> None:
    jsonschema.validate(made.document, json.loads((SCHEMAS / "simulate-v1.json").read_text()))
    told = part(CASE, made)
    assert told.story_place == "Ford"
    assert plain_rows(told.tables.story) == made.document["story"]["rows"]
    eaten = [row.figure.median for row in told.tables.story if row.what == "eaten"]
    town = made.history.records["energy"][0, :, made.history.places.index("Ford")]
    np.testing.assert_allclose(eaten, town, rtol=1e-5)
    chart = next(c for c in simulation_charts(told) if c.key == "simulation_story")
    assert "Ford was asked for" in chart.caption


def test_terminal(made: Simulation) -> None:
    table = story_table(made.document["story"])
    cells = {str(column.header): list(column.cells) for column in table.columns}
    at = made.history.places.index("Ford")
    energy, deaths = (made.history.records[k][0, :, at].reshape(-1, 12) for k in ("energy", "deaths"))
    assert cells["year"] == [str(y) for y in made.history.years]
    assert cells["kcal"] == [f"{x:,.0f}" for x in energy.min(1)]
    assert cells["deaths"] == [f"{x:,.0f}" for x in deaths.max(1)]
    assert cells["harvest"][0] == "0"  # a town reaps nothing
