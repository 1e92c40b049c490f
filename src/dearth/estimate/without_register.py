"""The answer of a case without a register: censuses, surveys, prices or other records alone."""

from dataclasses import dataclass

from dearth.case import labels
from dearth.case.read import Case
from dearth.estimate.assumptions import assumptions
from dearth.estimate.dated_series import seasonal
from dearth.estimate.record_estimators import RecordResult, assumed_by
from dearth.estimate.records_available import STOCKS, Records, records, sentences
from dearth.estimate.unanswered import Unanswered, unanswered
from dearth.estimate.unborn import unborn_sentence

YEARLY = (*STOCKS, "births", "deaths", "crude_death_rate", "crude_birth_rate")


@dataclass(frozen=True)
class RecordsAnswer:
    """What the records answer, which record would answer the rest, and what both assume."""

    answer: tuple[str, ...]
    records: Records
    unanswered: tuple[Unanswered, ...]
    assumptions: tuple[str, ...]


def has_yearly_records(case: Case) -> bool:
    """Return whether the evidence counts people or events by year, as a register of the case would."""
    return any(row.variable in YEARLY and not seasonal(row) for row in case.evidence)


def without_register(case: Case, others: tuple[RecordResult, ...] = ()) -> RecordsAnswer:
    """Return what the records of a case without a register answer."""
    found = records(case)
    left = unanswered(
        case,
        found,
        excess=any(one.gives_excess for one in others),
        births_lost=False,
        accounts=False,
        rates=False,
        registers=not others or has_yearly_records(case),
    )
    answered = [*sentences(found, labels.of(case)), *(text for one in others for text in one.sentences)]
    if not answered:
        answered = [f"The records of {case.settings.title} give no number of deaths or births."]
    if case.published:
        answered.append(unborn_sentence(case))
    assumed = [text for one in found.balances for text in one.balance.assumptions]
    assumed += [text for one in found.surveys for text in one.assumptions]
    assumed += assumed_by(others)
    return RecordsAnswer(
        (*answered, *(one.text for one in left)), found, tuple(left),
        tuple(dict.fromkeys([*assumptions(case, []), *assumed])),
    )  # fmt: skip
