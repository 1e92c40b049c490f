"""Numbers written for readers."""


def persons(value: float) -> str:
    """Write a number of persons as it is spoken: ``14.2 million``, ``135,000``, ``412``, never ``-0``."""
    size = abs(value)
    rounded = round(value, -3 if size >= 1e5 else -2 if size >= 1e4 else 0)
    if abs(rounded) >= 1e6:
        return f"{rounded / 1e6:.1f} million"
    return f"{rounded + 0.0:,.0f}"  # 0.0 takes the sign off a rounded nought
