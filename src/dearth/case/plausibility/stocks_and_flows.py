"""The change of a stock of people against births, deaths and migration."""

from collections.abc import Iterator

from dearth.case.evidence import Row
from dearth.case.plausibility.accounts import Account, Finding, figure

UNLIKELY = 0.10  # share of the stock in one year; more is a change of territory or a slip. Assumed.


def stocks_and_flows(account: Account) -> Iterator[Finding]:
    """Yield stocks that births, deaths and migration do not lead to, by more than a tenth of the people."""
    ends: dict[tuple[int, str], Row] = {}
    for row in account.of("people"):
        if (row.period.start.month, row.period.start.day) == (12, 31):
            ends[(row.year, row.scope)] = row
    for (year, scope), closing in ends.items():
        opening = ends.get((year - 1, scope))
        births, deaths = (_count(account, role, year) for role in ("births", "deaths"))
        if opening is None or births is None or deaths is None or opening.base <= 0:
            continue
        migration = sum(row.base for row in account.of("net_migration") if row.year == year)
        expected = opening.base + births - deaths + migration
        off = closing.base - expected
        if abs(off) <= UNLIKELY * max(opening.base, closing.base):
            continue
        yield Finding(
            closing, "stock",
            f"the people at the end of {year} are {figure(closing.base)}, but {figure(opening.base)} at the "
            f"end of {year - 1} ({opening.file}:{opening.line}), {births:,.0f} births, {deaths:,.0f} deaths "
            f"and a net migration of {migration:,.0f} lead to {expected:,.0f}",
        )  # fmt: skip


def _count(account: Account, role: str, year: int) -> float | None:
    found = [row for row in account.of(role) if row.year == year and row.period.whole_years]  # type: ignore[arg-type]
    return found[0].base if found else None
