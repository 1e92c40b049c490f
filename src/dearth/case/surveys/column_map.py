"""A map from the columns of a survey file to those of a table of persons: what a user confirms."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from dearth.case.problems import did_you_mean
from dearth.case.schema_base import Strict
from dearth.case.surveys.columns import BY_NAME, DATED
from dearth.case.yamlfile import read_yaml, validate

DateFormat = Literal["yyyy-mm-dd", "dd/mm/yyyy", "mm/dd/yyyy"]
STRPTIME: dict[DateFormat, str] = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd/mm/yyyy": "%d/%m/%Y",
    "mm/dd/yyyy": "%m/%d/%Y",
}


class ColumnMap(Strict):
    """What the columns and the words of a survey file mean."""

    layout: Literal["persons", "people_in_columns"] = Field(
        default="persons",
        description="persons: a row a person; people_in_columns: a row a household, columns P1_sex, …",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="column of a table of persons: column of the file; with people_in_columns the number "
        "of the person is written #, as in P#_sex",
    )
    recall_start: date | None = Field(default=None, description="first day of recall, year-month-day")
    recall_days: int | None = Field(
        default=None, gt=0, description="days of recall before each interview, where it has no fixed start"
    )
    dates: DateFormat = Field(default="yyyy-mm-dd", description="how the file writes dates")
    yes: tuple[str, ...] = ("1", "yes", "y", "true", "oui")
    no: tuple[str, ...] = ("0", "no", "n", "false", "non", "")
    unknown: tuple[str, ...] = ("99", "dk", "unknown")
    male: tuple[str, ...] = ("1", "m", "male", "homme")
    female: tuple[str, ...] = ("2", "f", "female", "femme")
    event_without_day: Literal["unknown", "half_recall"] = Field(
        default="unknown",
        description="unknown: the person has no person-time; half_recall: the event lies in the middle of "
        "the recall, as ENA counts it",
    )
    leave_out: tuple[int, ...] = Field(
        default=(), description="lines of the file that are left out because they contradict themselves"
    )

    @model_validator(mode="after")
    def _known(self) -> "ColumnMap":
        allowed = [*BY_NAME, *DATED]
        for name in self.columns:
            if name not in allowed:
                raise ValueError(f"columns: '{name}' is no column of a table of persons"
                                 f"{did_you_mean(name, allowed, most=40)}")  # fmt: skip
        if self.recall_start and self.recall_days:
            raise ValueError("give recall_start or recall_days, not both")
        if self.layout == "people_in_columns" and not any("#" in one for one in self.columns.values()):
            raise ValueError("people_in_columns needs columns with # for the number of the person: P#_sex")
        return self


def read_map(path: Path) -> ColumnMap:
    """Read a map of columns.

    Raises
    ------
    CaseError
        With every mistake at once, each with its line.
    """
    content, lines = read_yaml(path, path.name)
    return validate(ColumnMap, content, path.name, lines)
