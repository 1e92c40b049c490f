"""Numbers written for readers."""

FINER = 2  # digits beyond the usual ones that are written at most to distinguish two numbers


def persons(value: float, finer: int = 0) -> str:
    """Write a number of persons as it is spoken: ``14.2 million``, ``135,000``, ``412``, never ``-0``.

    Parameters
    ----------
    finer : how many digits more than usual are written; whole persons at the most
    """
    size = abs(value)
    digits = min(0, finer + (-3 if size >= 1e5 else -2 if size >= 1e4 else 0))
    rounded = round(value, digits)
    if abs(rounded) >= 1e6:
        return f"{rounded / 1e6:.{1 + finer}f} million"
    return f"{rounded + 0.0:,.0f}"  # 0.0 takes the sign off a rounded zero


def pair(first: float, second: float) -> tuple[str, str]:
    """Write two numbers of persons with as many digits as distinguish them; alike where `FINER` do not."""
    for finer in range(FINER + 1):
        written = persons(first, finer), persons(second, finer)
        if written[0] != written[1]:
            return written
    return persons(first), persons(second)


def span(low: float, high: float, between: str = " to ") -> str:
    """Write two ends: ``1.2 million to 3.4 million``, or ``1.21 million to 1.24 million``.

    Ends that `FINER` digits do not distinguish: ``about 1.2 million``. Two equal ends: one exact number.
    """
    first, last = pair(low, high)
    if low == high:
        return first
    return f"{first}{between}{last}" if first != last else f"about {first}"
