"""The words of a survey file as values: flags, sexes, numbers, days; every word not understood is named."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dearth.case.problems import Problem, mistake
from dearth.case.surveys.column_map import STRPTIME, ColumnMap
from dearth.case.surveys.columns import BY_NAME, DATED, EVENTS
from dearth.case.surveys.table import Frame, found_at
from dearth.numerics.optional_packages import needed

NOT_KNOWN = 99.0


@dataclass
class Values:
    """A file as text on the way to a table of persons.

    Attributes
    ----------
    text : every cell as text, with ``line``
    strict : an empty cell of ``died`` is a mistake; a map may say that it means no
    comma : numbers may have a decimal comma
    notices : what a reader must know, filled by `frame`
    """

    text: Frame
    name: str
    chosen: ColumnMap
    strict: bool
    comma: bool
    notices: list[Problem] = field(default_factory=list)
    wrong: list[tuple[str, str, list[int]]] = field(default_factory=list)

    @cached_property
    def polars(self) -> Any:
        """The package of tables."""
        return needed("polars")

    @cached_property
    def recall_start(self) -> date | None:
        """The first day of recall, None where days are given alone or recall is counted from interviews."""
        if self.chosen.recall_start or self.chosen.recall_days:
            return self.chosen.recall_start
        dated = [one for one in self.chosen.columns if one in DATED]
        if not dated:
            return None
        if "start_date" in dated and set(dated) <= {"start_date", "end_date"}:
            first: date | None = self._date("start_date").min()
            return first
        raise mistake(self.name, f"the file has dates ({', '.join(dated)}) and nothing says when recall "
                      "began; give recall_start or recall_days in a map of columns (--map)")  # fmt: skip

    def problems(self, left_out: list[int]) -> list[Problem]:
        """Return every word that was not understood, but for rows that are left out."""
        found = []
        for column, message, lines in self.wrong:
            kept = [line for line in lines if line not in left_out]
            found += [found_at(self.name, column, message, kept)] if kept else []
        return found

    def frame(self) -> Frame:
        """Return the table of persons, words not understood as null."""
        columns = [self.text["line"]]
        for given in self.chosen.columns:
            name = DATED.get(given, given)
            columns.append(self._column(given, name).alias(name))
        frame = self.polars.DataFrame(columns)
        if self.chosen.recall_days and "interview_day" not in frame.columns:
            frame = frame.with_columns(interview_day=self.polars.lit(float(self.chosen.recall_days)))
        if "age_months" in frame.columns:
            frame = self._with_age(frame)
        return self._with_events(frame)

    def _column(self, given: str, name: str) -> Any:
        kind = BY_NAME[name].kind
        if given in DATED:
            return self._day(given)
        if kind in ("id", "text"):
            found = self._clean(given)
            if kind == "id":
                self._refuse(given, found.is_null(), f"is empty; every person needs a {name}")
            return found
        if kind == "sex":
            return self._words(given, {**dict.fromkeys(self.chosen.male, 1.0),
                                       **dict.fromkeys(self.chosen.female, 2.0)}, "sex")  # fmt: skip
        if kind == "flag":
            no = dict.fromkeys(self.chosen.no, 0.0)
            if self.strict and name == "died":
                no.pop("", None)
            words = {
                **dict.fromkeys(self.chosen.unknown, NOT_KNOWN),
                **no,
                **dict.fromkeys(self.chosen.yes, 1.0),
            }
            return self._words(given, words, "yes, no or unknown")
        return self._number(given)

    def _clean(self, given: str) -> Any:
        """Return the cells of a column without blanks around them; empty ones are null."""
        cells = self.text[self.chosen.columns[given]].str.strip_chars()
        return cells.set(cells == "", None)

    def _refuse(self, given: str, bad: Any, message: str) -> None:
        lines = self.text["line"].filter(bad).to_list()
        if lines:
            self.wrong.append((self.chosen.columns[given], message, lines))

    def _words(self, given: str, words: dict[str, float], what: str) -> Any:
        cells = self._clean(given).fill_null("").str.to_lowercase()
        meaning = {word.casefold(): value for word, value in words.items()}
        found = cells.replace_strict(list(meaning), list(meaning.values()), default=None,
                                     return_dtype=self.polars.Float64)  # fmt: skip
        bad = found.is_null() & (cells != "") if what == "sex" else found.is_null()
        shown = ", ".join(f"'{word}'" for word in cells.filter(bad).unique().sort().head(6).to_list())
        allowed = ", ".join(f"'{word}'" for word in meaning)
        self._refuse(given, bad, f"{shown} says nothing of {what}; allowed: {allowed}. Correct the cell, or "
                     "add the word to a map of columns (--map)")  # fmt: skip
        return found

    def _number(self, given: str) -> Any:
        cells = self._clean(given)
        if self.comma:
            cells = cells.str.replace(r"^(-?\d+),(\d+)$", "${1}.${2}")
        found = cells.cast(self.polars.Float64, strict=False)
        bad = (cells.is_not_null() & found.is_null()) | ~found.is_finite().fill_null(True)
        shown = ", ".join(f"'{word}'" for word in cells.filter(bad).unique().sort().head(6).to_list())
        self._refuse(given, bad, f"{shown} is no number; numbers have the digits 0 to 9 and a decimal point")
        return found

    def _date(self, given: str) -> Any:
        """Return a column of dates; a time of the day behind an ISO date is passed over."""
        cells = self._clean(given)
        form = self.chosen.dates
        if form == "yyyy-mm-dd":
            cells = cells.str.slice(0, 10)
        found = cells.str.to_date(STRPTIME[form], strict=False)
        bad = cells.is_not_null() & found.is_null()
        shown = ", ".join(f"'{word}'" for word in cells.filter(bad).unique().sort().head(6).to_list())
        self._refuse(given, bad, f"{shown} is no date written {form}; the map of columns says how dates are "
                     "written (dates: dd/mm/yyyy)")  # fmt: skip
        return found

    def _day(self, given: str) -> Any:
        """Return dates as days since the start of recall."""
        found = self._date(given)
        days = self.chosen.recall_days
        if days is None:
            start = self.polars.Series([self.recall_start], dtype=self.polars.Date)
            return (found - start).dt.total_days().cast(self.polars.Float64)
        if "interview_date" not in self.chosen.columns:
            raise mistake(self.name, "recall_days counts back from the interview, and the map names no "
                          "interview_date; give recall_start")  # fmt: skip
        interview = found if given == "interview_date" else self._date("interview_date")
        return ((found - interview).dt.total_days() + days).cast(self.polars.Float64)

    def _with_age(self, frame: Frame) -> Frame:
        """Give the age in years to those whose age is in months alone."""
        years = (self.polars.col("age_months") / 12).floor()
        age = self.polars.coalesce("age", years) if "age" in frame.columns else years
        return frame.with_columns(age=age).drop("age_months")

    def _with_events(self, frame: Frame) -> Frame:
        """Give a flag to events that have a day alone, and a day to those that the map puts in mid-recall."""
        col = self.polars.col
        if {"start_day", "end_day"} <= set(frame.columns) or "interview_day" not in frame.columns:
            return frame  # the time at risk is given: the days of events are not needed
        for event in EVENTS:
            day = f"{event}_day"
            if day not in frame.columns and event in frame.columns:
                frame = frame.with_columns(self.polars.lit(None, self.polars.Float64).alias(day))
            if event not in frame.columns and day in frame.columns:
                frame = frame.with_columns(col(day).is_not_null().cast(self.polars.Float64).alias(event))
            if event in frame.columns and self.chosen.event_without_day == "half_recall":
                bare = (col(event) == 1) & col(day).is_null()
                lines = frame.filter(bare)["line"].to_list()
                frame = frame.with_columns(
                    self.polars.when(bare).then(col("interview_day") / 2).otherwise(col(day)).alias(day)
                )
                if lines:
                    message = (
                        f"{len(lines):,} persons with an event '{event}' have no day for it; it is put in "
                        "the middle of the recall, as the map says"
                    )
                    self.notices.append(found_at(self.name, event, message, lines, severity="warning"))
        return frame
