"""The measures of compared cases in words: the same in the terminal and in the report."""

from dearth.compare.results import ComparedCase, Definition, Value


def measured(case: ComparedCase, one: Definition) -> list[tuple[str, str]]:
    """Return each value of a measure with what it rests on; published estimates as one range."""
    values = case.measures.get(one.key, ())
    lines = [(_number(v), v.by) for v in values if v.basis != "published"]
    published = sorted((v for v in values if v.basis == "published"), key=lambda v: v.value.median)
    if len(published) == 1:
        lines.append((_number(published[0]), published[0].by))
    elif published:
        ends = f"{short(published[0].value.median)} to {short(published[-1].value.median)}"
        lines.append((ends, f"{len(published)} published estimates"))
    return lines


def _number(v: Value) -> str:
    low, high = v.value.ends
    text = (
        short(v.value.median)
        if v.value.low is None
        else f"{short(v.value.median)} ({short(low)} to {short(high)})"
    )
    return text if v.range is None else f"{text}, from {short(v.range[0])} to {short(v.range[1])}"


def short(value: float) -> str:
    """Return a value to three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
