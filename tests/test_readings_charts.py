"""Charts of the reconstruction: scenarios apart, refused ones without a figure."""

from dataclasses import replace

import dearth
from dearth.reconstruction.posterior import ScenarioPosterior
from dearth.show.charts import chart_svg, charts
from dearth.show.report import render_report

KEYS = ["prior_toll", "years", "ages", "registered", "pyramid", "cohorts", "leave_one_source_out",
        "variance", "prior", "places", "growth", "rates"]  # fmt: skip
SCENARIOS = {"no_opinion", "completeness_falling", "completeness_rising"}


def test_every_reading_is_drawn_apart_and_a_refused_one_is_not() -> None:
    made = dearth.load("china-1958").estimate(quick=True)
    found = {chart.key: chart for chart in charts(made)}
    assert [f"reconstruction_{key}" for key in KEYS if f"reconstruction_{key}" not in found] == []
    years = found["reconstruction_years"]
    assert {row["scenario"] for row in years.rows} == SCENARIOS
    assert "Population by age and sex, China 1990 and 2000" in years.citation
    assert "1990 and 2000" not in found["accounts"].citation
    assert chart_svg(found["reconstruction_pyramid"]).startswith("<svg")

    assert made.posterior is not None
    first, *others = made.posterior.scenarios
    bad = ScenarioPosterior(first.name, "", first.diagnostics, ["R-hat 1.5"])
    assert len(render_report(made).encode("utf-8")) < 3e6

    refused = replace(made, posterior=replace(made.posterior, scenarios=[bad, *others]))
    left = {chart.key: chart for chart in charts(refused)}
    assert {row["scenario"] for row in left["reconstruction_years"].rows} == SCENARIOS - {first.name}
    page = render_report(refused, interactive=False, drawn=[])
    assert "refused: R-hat 1.5" in page

    none = replace(made, posterior=None)
    assert not [chart.key for chart in charts(none) if chart.key.startswith("reconstruction")]
    assert 'id="reconstruction"' not in render_report(none, interactive=False, drawn=[])
