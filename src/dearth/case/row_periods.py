"""The period of one row of evidence: a year in short form, or its first and last day."""

from dearth.case.periods import FIRST_YEAR, LAST_YEAR, Period, parse_date, written_as_dates
from dearth.case.problems import Problem
from dearth.case.vocabulary import VARIABLES, adds_up, day_of, implied_period


def row_period(cells: dict[str, str], name: str, line: int) -> Period | list[Problem]:
    """Return the days that a row covers, or what is wrong with its year, start and end.

    A row gives either `year`, or `start` and `end` (both included). A stock has one day: `end` may be empty.
    """
    year, start, end = (cells.get(field, "") for field in ("year", "start", "end"))
    variable = cells["variable"]
    if year and (start or end):
        return [Problem(name, "give either year, or start and end; not both", line, "year")]
    if year:
        return _of_year(year, variable, name, line)
    if not start:
        return [Problem(name, "the row has no date; give year, or start and end such as 2020-03-01", line,
                        "start" if "start" in cells else "year")]  # fmt: skip
    stock = adds_up(variable, "") == "stock"
    if not end and not stock:
        return [Problem(name, f"{variable} has a first and a last day; give end too", line, "end")]
    return _of_dates(start, end or start, variable, stock, name, line)


def _of_year(text: str, variable: str, name: str, line: int) -> Period | list[Problem]:
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        hint = written_as_dates(text)
        more = f"{hint}: give them in the columns start and end" if hint else ""
        return [Problem(name, f"'{text}' is not a year from {FIRST_YEAR} to {LAST_YEAR}{more}", line, "year")]
    known = VARIABLES.get(variable)
    if known is not None and known.kind == "stock" and not known.day:
        message = f"{variable} stands on a date: give start, such as {text}-07-01, instead of year"
        return [Problem(name, message, line, "year")]
    return implied_period(variable, int(text))


def _of_dates(
    start: str, end: str, variable: str, stock: bool, name: str, line: int
) -> Period | list[Problem]:
    found, problems = [], []
    for field, text in (("start", start), ("end", end)):
        try:
            found.append(parse_date(text))
        except ValueError as error:
            problems.append(Problem(name, str(error), line, field))
    if problems:
        return problems[:1] if start == end else problems
    period = Period(found[0], found[1])
    if period.end < period.start:
        return [Problem(name, f"the period ends on {end}, before it starts on {start}", line, "end")]
    if stock and period.days > 1:
        return [
            Problem(name, f"{variable} counts people on one day: start and end are the same day", line, "end")
        ]
    if day_of(variable) in ("31 December", "1 January") and period != implied_period(variable, period.year):
        day = day_of(variable)
        message = f"{variable} counts people on {day}; for another day the variable is population_total"
        return [Problem(name, message, line, "start")]
    return period
