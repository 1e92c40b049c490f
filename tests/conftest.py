"""Cases made by hand, small enough to reckon on paper."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dearth.numerics.compilation_cache import keep_compiled

keep_compiled()  # each program is compiled once for all workers and for the commands that tests start

DATA = Path(__file__).parent / "data"  # shipped with the tests: where it is absent, tests fail
SHARED = Path(__file__).parents[2] / "shared"  # beside the project, not part of it: tests may skip

CASE = """\
schema_version: 1
name: tiny
title: A place reckoned by hand
place: Tiny
window: 1903-1904
births: {deficit: 1903-1904, recovered: 1905-1906}
scopes: {all: everybody}
registers:
  books:
    title: The books
    kind: registered
    population: books/population_yearend_total
    deaths: books/deaths
    births: books/births
baselines: [level:1902, mean:1901-1902, line:1901-1906, constant:12]
birth_baselines: [mean:1901-1902]
infant_mortality: {value: 0.2, source: s1}
completeness:
  half: 0.5
  prior: {normal: {dist: uniform, low: 0.5, high: 1.0, source: assumed}}
  apart: {normal: 0.8, crisis: 0.5}
transfers:
  late: {kind: late_registration, amount: 100, registered: 1903, occurred: 1901-1902}
  names: {kind: register_cleanup, amount: 100, registered: 1904, occurred: 1901, registered_as_deaths: 0.5}
default: {register: books, baseline: 'mean:1901-1902', completeness: '1'}
"""

# year: year-end stock, deaths, births; the accounts of 1905 are 50 short
BOOKS = {
    1900: (10000, None, None),
    1901: (10200, 100, 300),
    1902: (10400, 120, 320),
    1903: (10100, 500, 200),
    1904: (9900, 400, 200),
    1905: (10050, 100, 300),
    1906: (10350, 110, 410),
}


def rows() -> list[str]:
    found = ["year,series,variable,value,unit,source_id,quality,scope"]
    for year, (stock, deaths, births) in BOOKS.items():
        found.append(f"{year},books,population_yearend_total,{stock},persons,s1,official,all")
        if deaths is not None:
            found.append(f"{year},books,deaths,{deaths},persons,s1,official,")
            found.append(f"{year},books,births,{births},persons,s1,official,")
    return found


def write_case(folder: Path, case: str = CASE, evidence: list[str] | None = None) -> Path:
    (folder / "evidence").mkdir(parents=True)
    (folder / "case.yaml").write_text(case, encoding="utf-8")
    lines = rows() if evidence is None else evidence
    (folder / "evidence" / "books.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "sources.csv").write_text("source_id,title\ns1,The parish books\n", encoding="utf-8")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_case(tmp_path / "tiny")


@pytest.fixture
def deaths_only(tmp_path: Path) -> Path:
    """Return a case whose records are the yearly deaths, and nothing else."""
    return write_case(tmp_path / "c", CASE, [rows()[0], *(row for row in rows() if ",deaths," in row)])


@pytest.fixture
def start() -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Start Python code as a process with pipes; whatever the test does, none is left behind."""
    children = []

    def python(code: str) -> "subprocess.Popen[str]":
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        return child

    yield python
    for child in children:
        child.kill()
        child.communicate()  # waits for its end and closes the pipes
