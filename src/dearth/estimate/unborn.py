"""How many of the published estimates count births that did not happen as deaths."""

from dearth.case.read import Case


def unborn_sentence(case: Case, names: bool = True) -> str:
    """Return one sentence: how many published estimates add births lost to deaths, and how many do not.

    Parameters
    ----------
    names : name the authors of those that do and of those that do not say clearly
    """
    rows = case.published
    if not rows:
        return "The case lists no published estimates of excess deaths."
    by = {word: [row["author"] for row in rows if row["counts_unborn"] == word] for word in ("yes", "no")}
    unclear = [row["author"] for row in rows if row["counts_unborn"] not in by]
    counting = f" ({', '.join(by['yes'])})" if by["yes"] and names else ""
    open_ones = f" ({', '.join(unclear)})" if names else ""
    rest = f"; for {len(unclear)} it is not known{open_ones}" if unclear else ""
    are = "add" if len(by["yes"]) != 1 else "adds"
    return (
        f"Of {len(rows)} published estimates of excess deaths, {len(by['yes'])} {are} births lost to the "
        f"deaths{counting} and {len(by['no'])} do not{rest}."
    )
