"""What an estimate assumes, as people read it: labels in place of identifiers."""

from dearth.case.labels import Labels
from dearth.estimate.choices import Choice
from dearth.estimate.estimators import COUNT, estimators


def assumption_text(choice: Choice, names: Labels) -> str:
    """Return a set of choices in one line of labels."""
    parts = [
        f"{choice.method} method",
        names.series(choice.series),
        f"normal: {names.baseline(choice.baseline_name, choice.method == COUNT.name)}",
        f"completeness: {names.completeness(choice.completeness.name)}",
        choice.window.name + (", July to June" if choice.window.kind == "july_june" else ""),
    ]
    if choice.adjusted or estimators()[choice.method].uses_births:
        share = names.completeness(choice.birth_completeness.name)
        parts.append(f"births {choice.births_from}: {share}")
    if choice.basis == "registered":
        parts.append("mixed basis: the normal rate is not corrected")
    if choice.transfer:
        parts.append(f"transfer: {names.label('transfers', choice.transfer)}")
    return "; ".join(parts)
