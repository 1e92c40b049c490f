"""Trials of cases without a register: lists, two censuses, dated deaths, surveys, small areas."""

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dearth.show.progress import print_json, say, working

if TYPE_CHECKING:
    from dearth.case.read import Case
    from dearth.estimate.progress import Progress
    from dearth.trials.area_trials import AreaTrials
    from dearth.trials.dated_trials import DatedTrials
    from dearth.trials.list_trials import ListTrials
    from dearth.trials.recover_two_censuses import PairTrials
    from dearth.trials.survey_trials import SurveyTrials

Trial = TypeVar("Trial")


@dataclass(frozen=True)
class RecordTrials(Generic[Trial]):
    """How the estimators of one kind of record are tried, and how the trials are shown.

    Attributes
    ----------
    recover : the trials of a case, from the number of replicates, the seed and where progress is reported
    show : prints trials to the terminal
    document : what ``recover --json`` prints
    write : writes trials into a folder, with the command and the hashes of the cases
    """

    recover: "Callable[[Case, int, int, Progress], Iterable[Trial]]"
    show: Callable[[tuple[Trial, ...]], None]
    document: Callable[[tuple[Trial, ...]], dict[str, Any]]
    write: Callable[[tuple[Trial, ...], Path, str, dict[str, str]], Path]

    def __call__(
        self, read: "Sequence[Case]", replicates: int, seed: int, out: Path | None, as_json: bool
    ) -> None:
        """Try the estimators on cases like those that were read; write and print what was found."""
        with working(", ".join(one.name for one in read)) as progress:
            made = tuple(found for one in read for found in self.recover(one, replicates, seed, progress))
        if out is not None:
            command = shlex.join(["dearth", *sys.argv[1:]])
            self.write(made, out, command, {one.name: one.sha256 for one in read})
            say(f"written to {out}")
        if as_json:
            print_json(self.document(made))
        else:
            self.show(made)


def of_lists() -> "RecordTrials[ListTrials]":
    """Return the trials of incomplete lists of victims."""
    from dearth.show import terminal_list_trials as shown
    from dearth.trials.list_trials import recover_lists

    return RecordTrials(
        recover_lists, shown.print_list_trials, shown.list_trials_document, shown.write_list_trials
    )


def of_two_censuses() -> "RecordTrials[PairTrials]":
    """Return the trials of the methods for two censuses, on populations like those of a case."""
    from dearth.show import terminal_census_trials as shown
    from dearth.trials.recover_two_censuses import recover_two_censuses

    return RecordTrials(
        recover_two_censuses, shown.print_census_trials, shown.census_trials_document,
        shown.write_census_trials,
    )  # fmt: skip


def of_dated_deaths() -> "RecordTrials[DatedTrials]":
    """Return the trials of dated deaths, on earlier years and on simulated registers."""
    from dearth.show import terminal_dated_trials as shown
    from dearth.trials.dated_trials import recover_dated

    return RecordTrials(
        recover_dated, shown.print_dated_trials, shown.dated_trials_document, shown.write_dated_trials
    )


def of_surveys() -> "RecordTrials[SurveyTrials]":
    """Return the trials of surveys, on populations like those of a case."""
    from dearth.show import terminal_survey_trials as shown
    from dearth.trials.survey_trials import recover_surveys

    return RecordTrials(
        recover_surveys, shown.print_survey_trials, shown.survey_trials_document, shown.write_survey_trials
    )


def of_small_areas() -> "RecordTrials[AreaTrials]":
    """Return the trials of small areas, on districts like those of a case."""
    from dearth.show import terminal_area_trials as shown
    from dearth.trials.area_trials import recover_areas

    return RecordTrials(
        recover_areas, shown.print_area_trials, shown.area_trials_document, shown.write_area_trials
    )


# by the block of case.yaml that declares the records
RECORDS: dict[str, Callable[[], RecordTrials[Any]]] = {
    "lists": of_lists, "two_censuses": of_two_censuses, "dated_deaths": of_dated_deaths,
    "surveys": of_surveys, "small_areas": of_small_areas,
}  # fmt: skip


def trials_without_register(read: "Sequence[Case]") -> tuple[str, RecordTrials[Any]] | None:
    """Return the block that all cases declare in place of a register, with its trials; None where none is."""
    for block, trials in RECORDS.items():
        if all(getattr(one.settings, block) and not one.settings.registers for one in read):
            return block, trials()
    return None
