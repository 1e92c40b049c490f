"""Cases of few records, made by hand, and what tests read of their estimates."""

from datetime import date, timedelta
from pathlib import Path

from conftest import BOOKS, CASE, rows, write_case
from dearth.case.read import load
from dearth.estimate.case_checks import check
from dearth.estimate.choices import Asked
from dearth.estimate.estimates import Estimates, estimate

BARE = """\
schema_version: 1
name: bare
title: A place without a register
place: Bare
window: {window}
scopes: {{all: everybody}}
"""
HEADER = "year,start,end,series,variable,value,low,high,unit,source_id,quality,scope"


def bare(folder: Path, evidence: list[str], window: str = "1903-1905") -> Path:
    return write_case(folder, BARE.format(window=window), [HEADER, *evidence])


def made(folder: Path, **fixed: str) -> Estimates:
    return estimate(load(folder), Asked(**fixed), quick=True)


def only(result: Estimates) -> dict[str, object]:
    (row,) = result.document["estimates"]
    return row


def median(row: dict[str, object], name: str = "excess_deaths") -> float:
    return row[name]["median"]  # type: ignore[index, no-any-return]


def warnings(folder: Path) -> str:
    problems = check(load(folder))
    assert not [p for p in problems if p.severity == "error"]
    return "\n".join(str(p) for p in problems if p.audience == "reader")


COUNTS = [
    ",1901-03-31,,census,population_census_total,100000,,,persons,s1,official,all",
    ",1911-04-02,,census,population_census_total,88000,,,persons,s1,official,all",
]
NORMAL = [
    "1900,,,guess,normal_death_rate,20,,,per 1000,s1,estimate,",
    "1900,,,guess,normal_birth_rate,35,,,per 1000,s1,estimate,",
]
EMIGRATION = [f"{y},,,ports,emigration,{1000},,,persons,s1,official," for y in range(1901, 1912)]
BIRTHS = [f"{y},,,parish,births,3000,,,persons,s1,official," for y in range(1901, 1912)]


def emigration(folder: Path, declared: bool) -> Path:
    """Return the tiny case after 1,000 people left in 1904; the accounts of 1905 stay 50 short."""
    found = [rows()[0]]
    for year, (stock, deaths, births) in BOOKS.items():
        left = 1000 if year >= 1904 else 0
        found.append(f"{year},books,population_yearend_total,{stock - left},persons,s1,official,all")
        if deaths is not None:
            found.append(f"{year},books,deaths,{deaths},persons,s1,official,")
            found.append(f"{year},books,births,{births},persons,s1,official,")
    found.append("1904,books,net_migration,-1000,persons,s1,official,")
    found.append("1905,books,net_migration,-50,persons,s1,official,")
    case = CASE
    if declared:
        case = case.replace(
            "births: books/births\n", "births: books/births\n    net_migration: books/net_migration\n"
        )
    return write_case(folder, case, found)


def weekly(folder: Path, window: str, extra: float = 0.0, winter: int = 20) -> Path:
    """Return weeks of seven years: 10 deaths a day, `winter` from December to February, and `extra`."""
    first, last = (date.fromisoformat(day) for day in window.split("/"))
    evidence, day = [], date(2014, 12, 29)
    while day < date(2022, 1, 3):
        days = [day + timedelta(days=i) for i in range(7)]
        deaths = sum(
            (winter if d.month in (1, 2, 12) else 10) + (extra if first <= d <= last else 0) for d in days
        )
        evidence.append(f",{days[0]},{days[-1]},books,deaths,{deaths},,,persons,s1,official,")
        day += timedelta(days=7)
    evidence += [
        f"{y},,,books,population_midyear,100000,,,persons,s1,official,all" for y in range(2015, 2022)
    ]
    text = f"""\
schema_version: 1
name: weekly
title: Weeks
place: Weeks
window: {window}
scopes: {{all: everybody}}
registers:
  books: {{title: Weeks, kind: registered, population_midyear: books/population_midyear,
          deaths: books/deaths}}
baselines: [mean:2015-2019]
default: {{register: books, baseline: 'mean:2015-2019'}}
"""
    return write_case(folder, text, [HEADER, *evidence])
