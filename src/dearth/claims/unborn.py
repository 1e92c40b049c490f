"""How many of the published estimates count births that did not happen as deaths."""

from dearth.case.read import Case


def unborn_sentence(case: Case) -> str:
    """Return one sentence: how many published estimates count the unborn, and how many do not."""
    rows = case.published
    if not rows:
        return "The case lists no published estimates of excess deaths."
    by = {word: [row["author"] for row in rows if row["counts_unborn"] == word] for word in ("yes", "no")}
    unclear = [row["author"] for row in rows if row["counts_unborn"] not in by]
    names = f" ({', '.join(by['yes'])})" if by["yes"] else ""
    rest = f" {len(unclear)} do not say clearly ({', '.join(unclear)})." if unclear else ""
    return (
        f"Of {len(rows)} published estimates of excess deaths, {len(by['yes'])} count the unborn among the "
        f"deaths{names} and {len(by['no'])} do not.{rest}"
    )
