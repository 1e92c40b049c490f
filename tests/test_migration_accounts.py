"""Migration enters the accounts, and the sentence on them names it."""

from pathlib import Path

import pytest

from record_cases import (
    emigration,
    made,
)


def test_emigration_alone_enters_the_accounts(tmp_path: Path) -> None:
    folder = emigration(tmp_path / "c", declared=False)
    path = folder / "evidence" / "books.csv"
    path.write_text(path.read_text().replace("net_migration,-", "emigration,"), encoding="utf-8")
    document = made(folder).document
    assert max(abs(row["residual"]) for row in document["accounts"]) < 0.5
    assert "(emigration of 'The books': -1,050 in 1904-1905)" in " ".join(document["answer"])
    assert "net migration of 'The books' is taken as zero in 1901-1903,1906" in document["assumptions"]


@pytest.mark.parametrize("declared", [True, False])
def test_accounts_close_with_migration_and_name_it(tmp_path: Path, declared: bool) -> None:
    document = made(emigration(tmp_path / "c", declared)).document
    assert max(abs(row["residual"]) for row in document["accounts"]) < 0.5
    told = " ".join(document["answer"])
    assert "The accounts close: stock change equals births less deaths plus net migration" in told
    assert "(net migration of 'The books': -1,050 in 1904-1905)" in told
    assert (
        any("net migration of 'The books' is taken for it" in t for t in document["assumptions"]) != declared
    )
