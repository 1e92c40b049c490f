"""A crude rate against the events over the people of the same year."""

from collections.abc import Iterator

from dearth.case.plausibility.accounts import Account, Finding, figure
from dearth.case.plausibility.units import agreeing_unit
from dearth.case.units import UnitTable

UNLIKELY = 0.05  # share by which a rate may differ: other people or territory. Assumed.
ROUNDING = 0.15  # per 1000; a rate printed as a whole number or with one digit. Assumed.
IMPOSSIBLE = 5.0  # times; no definition of the people makes such a difference. Assumed.


def rates_and_counts(account: Account, units: UnitTable) -> Iterator[Finding]:
    """Yield crude rates that are not the events over the people."""
    pairs = (("death_rate", "deaths"), ("birth_rate", "births"))
    for rate_role, count_role in pairs:
        counts = {row.period: row for row in account.of(count_role)}  # type: ignore[arg-type]
        for rate in account.of(rate_role):  # type: ignore[arg-type]
            count = counts.get(rate.period)
            people = account.person_years(rate)
            if count is None or people is None or rate.base <= 0 or count.base <= 0:
                continue
            implied = 1000 * count.base / people
            ratio = rate.base / implied
            if abs(ratio - 1) <= UNLIKELY or abs(rate.base - implied) <= ROUNDING:
                continue
            far = max(ratio, 1 / ratio)
            message = (
                f"the rate of {rate.when} is {rate.base:,.4g} per 1000, but the {count_role} over the people "
                f"give {implied:,.4g} ({figure(count.base)} at {count.file}:{count.line} over {people:,.0f})"
            )
            if far >= IMPOSSIBLE:
                # one of three figures is in another unit; a hint only where it mends the disagreement
                message += agreeing_unit(rate, units, [implied], within=1 + UNLIKELY) or agreeing_unit(
                    count, units, [rate.base * people / 1000], within=1 + UNLIKELY
                ).replace(". In", f". With the {count_role} in")
            yield Finding(rate, "rate", message, "error" if far >= IMPOSSIBLE else "warning")
