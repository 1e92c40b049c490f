"""The tutorial of two censuses works as it is written: its files are taken from the page."""

import re
from pathlib import Path

import pytest

from dearth.case.read import load
from dearth.estimate.case_checks import check
from dearth.estimate.estimates import estimate

PAGE = Path(__file__).parents[1] / "docs" / "two-censuses.md"
FILES = re.compile(r"`(island/[\w./]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)


def island(folder: Path, without: str = "") -> Path:
    for name, text in FILES.findall(PAGE.read_text(encoding="utf-8")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = [line for line in text.splitlines() if not without or f",{without}," not in line]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder / "island"


def test_the_case_of_the_page_is_sound_and_answers(tmp_path: Path) -> None:
    case = load(island(tmp_path))
    assert check(case) == []
    document = estimate(case).document
    (found,) = document["intercensal"]
    assert found["deaths"] == pytest.approx(820_000 - 655_000 + 228_000 - 132_000)
    days = 3584  # 7 June 1841 to 30 March 1851
    assert found["excess_deaths"] == pytest.approx(261_000 - 22 * 737.5 * days / 365.25)
    assert found["births_lost"] == pytest.approx(33 * 737.5 * days / 365.25 - 228_000)
    told = "\n".join(document["answer"])
    assert "normal deaths (normal death rate of 'Before the famine': 22.0 per 1000 a year)" in told
    assert "(normal birth rate of 'Before the famine': 33.0 per 1000 a year); these children" in told


def test_each_record_is_worth_what_the_page_says(tmp_path: Path) -> None:
    births = estimate(load(island(tmp_path / "a", without="births"))).document
    assert births["intercensal"][0]["deaths"] is None
    (missing,) = (text for text in births["answer"] if "people are missing" in text)
    assert "How many births were lost? It needs births between the censuses. Births" in "\n".join(
        births["answer"]
    )
    assert ": 33.0 per 1000 a year; normal death rate of 'Before the famine': 22.0 per 1000" in missing
    left = estimate(load(island(tmp_path / "b", without="emigration"))).document
    assert left["intercensal"][0]["deaths"] == pytest.approx(820_000 - 655_000 + 228_000)
    assert any("net migration is taken as zero" in text for text in left["assumptions"])
