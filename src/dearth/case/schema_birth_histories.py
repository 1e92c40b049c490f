"""The block ``birth_histories`` of ``case.yaml``: births that women reported, with deaths of the children."""

from pydantic import Field

from dearth.case.schema_records import RecordFile


class BirthHistories(RecordFile):
    """A file of births: the births recode of a demographic and health survey, or its columns as CSV."""

    months: int = Field(default=60, ge=12, le=240, description="length of each period, months")
    periods: int = Field(
        default=3, ge=1, le=10, description="periods before the interview, the last one ends with it"
    )
