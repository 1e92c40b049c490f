"""Questions that the records of a case cannot answer, and the record that would answer each."""

from dataclasses import dataclass

from dearth.case.read import Case
from dearth.estimate.records_available import (
    STOCKS,
    Records,
    enclosing_counts,
    is_count,
    usable,
    window_period,
)

EXCESS = "How many people died above the normal number?"
# a record in words, with the name of its variable for makers of a case
NORMAL_DEATHS = "a normal death rate (normal_death_rate)"
NORMAL_BIRTHS = "a normal birth rate (normal_birth_rate)"


@dataclass(frozen=True)
class Unanswered:
    """A question, why the case cannot answer it, and which record would."""

    question: str
    why: str
    record: str

    @property
    def text(self) -> str:
        """The question in one sentence."""
        return f"Not answered: {self.question} {self.why} {self.record}"


def unanswered(
    case: Case,
    found: Records,
    *,
    excess: bool,
    births_lost: bool,
    accounts: bool,
    rates: bool,
    registers: bool = True,
) -> list[Unanswered]:
    """Return the questions left open.

    Parameters
    ----------
    excess, births_lost, accounts, rates : whether a register of the case answers them already
    registers : whether the case has counts of people or events by year. A case of surveys, lists, dated
        deaths or pairs of censuses alone is asked nothing that only registers answer
    """
    if not registers:
        return _of_surveys(case, excess)
    balances = [one.balance for one in found.balances]
    rows = []
    if not (excess or found.surveys or any(b.excess_deaths is not None for b in balances)):
        rows.append(Unanswered(EXCESS, *_excess(case)))
    periods = [b.period for b in balances if b.excess_deaths is not None]
    periods += [one.period for one in found.surveys]
    window = window_period(case)
    if periods and not excess and window not in periods:
        covered = "; ".join(dict.fromkeys(period.text for period in periods))
        rows.append(Unanswered(
            f"How many of the excess deaths fall in the window {case.settings.window}?",
            f"The figures cover {covered}.",
            "Deaths of the window, by year or by month, would answer it.",
        ))  # fmt: skip
    if not (births_lost or any(b.births_lost is not None for b in balances)):
        rows.append(Unanswered("How many births were lost?", *_births(case)))
    if not rates:
        rows.append(Unanswered(
            "What were the death rates of each year?",
            "They need deaths and people of each year.",
            "Year-end stocks or mid-year populations beside yearly deaths would answer it.",
        ))  # fmt: skip
    if not accounts:
        rows.append(Unanswered(
            "Do the accounts of each year close?",
            "They need year-end stocks, births, deaths and net migration.",
            "Year-end stocks with yearly births and deaths would answer it.",
        ))  # fmt: skip
    if balances and not all(b.migration_known for b in balances):
        rows.append(Unanswered(
            "How many people left, and how many died?",
            "A census cannot distinguish people who emigrated from people who died.",
            "Emigration and immigration, or net migration, between the censuses would answer it.",
        ))  # fmt: skip
    return rows


def _of_surveys(case: Case, excess: bool) -> list[Unanswered]:
    """Return what surveys leave open: excess deaths, where they have no baseline."""
    if excess or not case.settings.surveys:
        return []
    return [Unanswered(EXCESS, *_excess(case))]


def _excess(case: Case) -> tuple[str, str]:
    if case.settings.surveys:
        return ("The case has a survey, but no baseline and population for it.",
                "The fields population and baselines of the survey would answer it.")  # fmt: skip
    if enclosing_counts(case):
        lacking = [
            name for name, variable in (
                ("births between the censuses", "births"), (NORMAL_DEATHS, "normal_death_rate"),
            )
            if not list(usable(case.evidence, variable))
        ]  # fmt: skip
        need = " and ".join(lacking) or "births that cover every day between the censuses"
        return (f"Two censuses enclose the window, but the case does not have {need}.",
                f"{need[0].upper()}{need[1:]} would answer it.")  # fmt: skip
    if list(usable(case.evidence, "crude_death_rate")):
        return _rate_lacks(case)
    if list(usable(case.evidence, "deaths")):
        return ("The case has deaths, but no register that names them.",
                "A register with these deaths and a baseline in case.yaml would answer it.")  # fmt: skip
    counts = sorted(row.period.text for row in case.evidence if is_count(row))
    has = f"The case has censuses of {', '.join(counts)}, but no" if counts else "The case has no"
    return (f"{has} two censuses of one scope that enclose the window; it has no deaths and no death rate.",
            f"Yearly deaths; or a survey's death rate, a population and {NORMAL_DEATHS}; or two censuses, "
            f"births and {NORMAL_DEATHS} would answer it.")  # fmt: skip


def _rate_lacks(case: Case) -> tuple[str, str]:
    """Return what a death rate of the case needs to become deaths of the window."""
    window = window_period(case)
    figures = [f for series in usable(case.evidence, "crude_death_rate") for f in series.figures]
    if not any(figure.period.common_days(window) for figure in figures):
        return (
            "The case has a death rate, but of no day of the window.",
            "A death rate of the window would answer it.",
        )
    people = any(True for variable in STOCKS for _ in usable(case.evidence, variable))
    normal = any(True for _ in usable(case.evidence, "normal_death_rate"))
    lacking = [] if people else ["a population (population_total with a date)"]
    lacking += [] if normal else [NORMAL_DEATHS]
    if not lacking:
        lacking = ["a population in the series of the rate, as the case has several"]
    need = " and ".join(lacking)
    return (f"The case has a death rate, but not {need}.", f"{need[0].upper()}{need[1:]} would answer it.")


def _births(case: Case) -> tuple[str, str]:
    registers = case.settings.registers.values()
    named = [name for register in registers for name in (register.births, register.birth_rate) if name]
    if registers and not any(case.evidence.has(name) for name in named):
        windows = "" if case.settings.births else ", and the field births of case.yaml,"
        return ("No register of the case has births.",
                f"Yearly births of a register{windows} would answer it.")  # fmt: skip
    if case.settings.births is None and registers:
        return ("The case names no window of births lost.", "The field births of case.yaml would answer it.")
    if enclosing_counts(case):
        has_rate = any(True for _ in usable(case.evidence, "normal_birth_rate"))
        need = "births between the censuses" + ("" if has_rate else f" and {NORMAL_BIRTHS}")
        return (f"It needs {need}.", f"{need[0].upper()}{need[1:]} would answer it.")
    return ("It needs births of the crisis and of normal years.", "Yearly births would answer it.")
