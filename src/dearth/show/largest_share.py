"""The part of excess deaths that is largest under every scenario: what a title can say of years and ages."""

from collections.abc import Mapping, Sequence

from dearth.numerics.interval import Interval


def largest_share(parts: Sequence[Mapping[str, Interval]]) -> tuple[str, str] | None:
    """Return the name of the largest part and its share in words: "66-84 %".

    None where scenarios do not agree on the part, where one has less than two parts, or no excess deaths.

    Parameters
    ----------
    parts : excess deaths by year or by age, of each scenario; medians are compared
    """
    if not parts or any(len(of) < 2 for of in parts):
        return None
    names = {max(of, key=lambda name: of[name].median) for of in parts}
    sums = [sum(figure.median for figure in of.values()) for of in parts]
    if len(names) != 1 or min(sums) <= 0:
        return None
    name = names.pop()
    shares = [100 * of[name].median / whole for of, whole in zip(parts, sums, strict=True)]
    low, high = f"{min(shares):.0f}", f"{max(shares):.0f}"
    return name, f"{low} %" if low == high else f"{low}-{high} %"
