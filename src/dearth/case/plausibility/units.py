"""Which unit, or which sense of a separator, would make a figure agree with others."""

import math
from collections.abc import Sequence

from dearth.case.evidence import Row
from dearth.case.units import UnitTable

AGREES = 3.0  # a figure within this factor of what is expected agrees with it. Assumed.


def agreeing_unit(row: Row, units: UnitTable, expected: Sequence[float], within: float = AGREES) -> str:
    """Return a hint where its effect was tested: the one other interpretation that agrees with `expected`.

    Parameters
    ----------
    expected
        What the other series say the figure should be, in the base unit and for the period of the row.

    Returns
    -------
    str
        A sentence with a leading full stop, or nothing where no interpretation agrees, or more than one does.
    """
    wanted = [value for value in expected if math.isfinite(value) and value > 0]
    if not wanted or _all_agree(row.base, wanted, within):
        return ""
    unit = units.get(row.unit)
    if unit is None:
        return ""
    by_factor = {units.get(name).factor: name for name in reversed(units.of_base(unit.base))}  # type: ignore[union-attr]
    found = [
        f". In the unit '{name}' it would agree with the other figures; check which unit the source uses"
        for factor, name in by_factor.items()  # one name for each factor: some are synonyms
        if factor != unit.factor and _all_agree(row.value * factor, wanted, within)
    ]
    if _thousands_possible(row.value) and _all_agree(row.base * 1000, wanted, within):
        found = [
            f". If the point in the figure separates thousands, the source has {row.value * 1000:,.0f}, "
            "which agrees with the other figures; then write it without a separator"
        ]
    return found[0] if len(found) == 1 else ""


def _all_agree(value: float, wanted: list[float], within: float) -> bool:
    return value > 0 and all(max(value / one, one / value) <= within for one in wanted)


def _thousands_possible(value: float) -> bool:
    """Whether the point in a figure may separate thousands: at most three digits follow it."""
    return value < 1000 and abs(value * 1000 - round(value * 1000)) < 1e-6
