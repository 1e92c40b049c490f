"""Numbers that a user types: the digits 0 to 9 and a point before decimals."""


def plain_float(text: str | float) -> float:
    """Return `text` as a float; Python's own `float` also reads digits of other scripts and ``1_000``.

    Raises
    ------
    ValueError
        When the text is no number, or is not written with the digits 0 to 9.
    """
    if isinstance(text, str) and (not text.isascii() or "_" in text):
        raise ValueError(f"'{text}' is not a number written with the digits 0 to 9")
    return float(text)
