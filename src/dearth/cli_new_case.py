"""What is asked of the verb `new`: which case is made, of what, and which options go together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dearth.show.progress import say

if TYPE_CHECKING:
    from dearth.case.table_bytes import Brought

MOST_BYTES = 100_000_000  # of a workbook


@dataclass(frozen=True)
class NewCase:
    """What is asked of `new`: the folder to make, the file that it is made from, and what goes with it."""

    target: Path
    hmd: Path | None
    wpp: Path | None
    censuses: Path | None
    lists: Path | None
    deaths: Path | None
    persons: Path | None
    ena: Path | None
    location: str
    window: str
    map_file: Path | None
    allow_identifiers: bool
    all_ages: bool
    sheet: str = ""
    indirect: Path | None = None
    kind: str = ""
    day: str = ""
    mean_age: float | None = None
    births: Path | None = None
    areas: Path | None = None
    people: Path | None = None
    predictors: tuple[Path, ...] = ()
    displacement: Path | None = None
    case: str | None = None
    origin: "Brought | None" = None

    @property
    def survey(self) -> Path | None:
        """Return the table of the persons of a survey, of either kind."""
        return self.persons or self.ena

    @property
    def next_command(self) -> str:
        """Return the command that a user gives after `check`."""
        if self.lists or self.case is not None:
            return f"dearth estimate {self.target}"
        reconstruct = (
            ""
            if self.censuses or self.deaths or self.survey or self.indirect or self.births or self.areas
            else " --reconstruct"
        )
        return f"dearth run {self.target}{reconstruct}"

    def refuse_contradictions(self) -> None:
        """Refuse options that do not go together, before any file is read.

        Raises
        ------
        typer.BadParameter
            Two files to make a case from, or an option without the one that it goes with.
        """
        files = (self.hmd, self.wpp, self.deaths, self.censuses, self.lists, self.persons, self.ena,
                 self.indirect, self.births, self.areas)  # fmt: skip
        if sum(map(bool, files)) + (self.case is not None) > 1:
            raise typer.BadParameter("give only one of the options --from-…: each makes a case of its own")
        if (self.map_file or self.allow_identifiers) and not self.survey:
            raise typer.BadParameter("--map and --allow-identifiers go with --from-survey or --from-ena")
        if (self.hmd or self.wpp) and not self.window:
            raise typer.BadParameter("--window says which years are the crisis, e.g. 1772-1773")
        if self.wpp and not self.location:
            raise typer.BadParameter("--location says which place of the file, e.g. China")
        placed = (
            self.hmd or self.wpp or self.deaths or self.lists or self.survey or self.indirect or self.births
            or self.areas
        )  # fmt: skip
        if (self.window or self.location) and not placed:
            raise typer.BadParameter(
                "--window and --location go with --from-hmd, --from-wpp, --from-deaths or --from-lists"
            )
        if (self.kind or self.day or self.mean_age) and not self.indirect:
            raise typer.BadParameter("--kind, --day and --mean-age go with --from-indirect")
        if bool(self.areas) != bool(self.people):
            raise typer.BadParameter("--from-areas and --people go together: rates need people")
        if (self.predictors or self.displacement) and not self.areas:
            raise typer.BadParameter("--predictors and --displacement go with --from-areas")
        if self.indirect and not (self.kind and self.day):
            raise typer.BadParameter("--from-indirect needs --kind (what was asked) and --day")
        tables = self.censuses or self.lists or self.deaths or self.survey or self.indirect
        if self.sheet and not tables:
            raise typer.BadParameter("--sheet goes with a workbook of --from-censuses, --from-lists, "
                                     "--from-deaths, --from-survey or --from-ena")  # fmt: skip
        if self.all_ages and not self.hmd:
            raise typer.BadParameter("--all-ages goes with --from-hmd")

    @contextmanager
    def as_text(self) -> "Iterator[NewCase]":
        """Give what is asked with the sheet of a workbook as a file of text, for as long as the block lasts.

        Raises
        ------
        CaseError
            A workbook whose sheet is no table.
        """
        from dearth.case.table_bytes import brought, workbook_at

        given = {
            one: getattr(self, one) for one in ("censuses", "lists", "deaths", "persons", "ena", "indirect")
        }
        books = {one: path for one, path in given.items() if path is not None and workbook_at(path)}
        if not books and self.sheet:
            raise typer.BadParameter("--sheet goes with a workbook (.xlsx), and the file is none")
        if not books:
            yield self
        for field, path in books.items():
            with brought(path, self.sheet, MOST_BYTES) as found:
                say(found.note)
                changed: dict[str, Any] = {field: found.path, "origin": found}
                yield replace(self, **changed)

    def make(self) -> Path:
        """Make the case and return its folder; where the files allow no sound case, none is made."""
        from dearth.case.from_areas import AreaFiles, new_from_areas
        from dearth.case.from_births import new_from_births
        from dearth.case.from_case import new_from_case
        from dearth.case.from_censuses import new_from_censuses
        from dearth.case.from_dated_deaths import new_from_deaths
        from dearth.case.from_downloads import new_from_hmd, new_from_wpp
        from dearth.case.from_indirect import new_from_indirect
        from dearth.case.from_lists import new_from_lists
        from dearth.case.scaffold import new_case

        at, place, window = self.target, self.location, self.window
        if self.case is not None:
            return new_from_case(at, self.case)
        if self.censuses:
            return new_from_censuses(at, self.censuses, say, refuse_unsound)
        if self.hmd:
            return new_from_hmd(at, self.hmd, window, say, self.all_ages, refuse_unsound)
        if self.wpp:
            return new_from_wpp(at, self.wpp, place, window, refuse_unsound, say)
        if self.lists:
            return new_from_lists(at, self.lists, place, window, refuse_unsound)
        if self.deaths:
            return new_from_deaths(at, self.deaths, place, window, say, refuse_unsound)
        if self.areas and self.people:
            files = AreaFiles(self.areas, self.people, self.predictors, self.displacement)
            return new_from_areas(at, files, place, window, say, refuse_unsound)
        if self.births:
            return new_from_births(at, self.births, place, refuse_unsound)
        if self.indirect:
            return new_from_indirect(
                at, self.indirect, self.kind, self.day, self.mean_age, place, say, refuse_unsound
            )
        return self._of_survey(self.survey) if self.survey else new_case(at)

    def _of_survey(self, table: Path) -> Path:
        from dearth.case.surveys.new_case import new_from_survey

        return new_from_survey(
            self.target, table, self.map_file, self.window or None, ena=self.ena is not None,
            origin=self.origin, allow_identifiers=self.allow_identifiers, tell=say, verify=refuse_unsound,
        )  # fmt: skip


def refuse_unsound(folder: Path) -> None:
    """Raise the mistakes that `dearth check` would find in a case made from downloaded files.

    Raises
    ------
    CaseError
        Every mistake of the case.
    """
    from dearth.case.problems import CaseError, Problem
    from dearth.case.read import load
    from dearth.estimate.case_checks import check as problems_of

    wrong = [problem for problem in problems_of(load(folder)) if problem.severity == "error"]
    if wrong:
        why = "the files allow no sound case, so none is made; choose other years or other files"
        raise CaseError([Problem("new", why), *wrong])
