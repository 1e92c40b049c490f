"""Numbers written for readers."""


def persons(value: float) -> str:
    """Write a number of persons as it is spoken: ``14.2 million``, ``135,000``, ``412``."""
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:.1f} million"
    return f"{round(value, -3 if size >= 1e5 else -2 if size >= 1e4 else 0):,.0f}"
