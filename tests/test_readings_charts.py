"""Charts of the reconstruction: scenarios apart, refused ones without a figure."""

import copy

import dearth
from dearth.show.charts import chart_svg, charts
from dearth.show.report import render_report

KEYS = ["years", "ages", "registered", "pyramid", "leave_one_source_out", "variance", "prior"]


def test_every_reading_is_drawn_apart_and_a_refused_one_is_not() -> None:
    document = dearth.load("china-1958").estimate(quick=True).document
    found = {chart.key: chart for chart in charts(document)}
    assert [f"reconstruction_{key}" for key in KEYS if f"reconstruction_{key}" not in found] == []
    years = found["reconstruction_years"]
    assert {row["scenario"] for row in years.rows} == {"completeness_falling", "completeness_rising"}
    assert "Population by age and sex, China 1990 and 2000" in years.citation
    assert "1990 and 2000" not in found["accounts"].citation
    assert chart_svg(found["reconstruction_pyramid"]).startswith("<svg")

    refused = copy.deepcopy(document)
    first = refused["reconstruction"]["scenarios"][0]
    refused["reconstruction"]["scenarios"][0] = {
        "name": first["name"], "note": "", "diagnostics": first["diagnostics"], "refused": ["R-hat 1.5"],
    }  # fmt: skip
    left = {chart.key: chart for chart in charts(refused)}
    assert {row["scenario"] for row in left["reconstruction_years"].rows} == {"completeness_rising"}
    page = render_report(refused, interactive=False)
    assert "refused: R-hat 1.5" in page

    none = {**document, "reconstruction": None}
    assert not [chart.key for chart in charts(none) if chart.key.startswith("reconstruction")]
    assert 'id="reconstruction"' not in render_report(none, interactive=False)
