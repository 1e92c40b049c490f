"""The block ``labels`` of a case file: what people read in place of identifiers."""

from pydantic import Field

from dearth.case.schema_base import Name, Strict


class LabelText(Strict):
    """What people read in place of one identifier."""

    label: str = Field(min_length=1, max_length=80, description="the name that readers see")
    short: str = Field(default="", max_length=40, description="for charts and tables; default: the label")


class LabelTexts(Strict):
    """Labels by identifier; registration scenarios and places have theirs beside them."""

    series: dict[Name, LabelText] = Field(default_factory=dict, description="series and registers")
    baselines: dict[str, LabelText] = Field(
        default_factory=dict, description="by the baseline as it is written: mean:1955-1957"
    )
    completeness: dict[Name, LabelText] = Field(
        default_factory=dict, description="entries of completeness and birth_completeness"
    )
    transfers: dict[Name, LabelText] = Field(default_factory=dict)
