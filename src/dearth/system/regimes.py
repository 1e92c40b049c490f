"""Regimes: policy lines as named settings, by place and month.

`as_it_was` is the case's own timeline. The regimes of this file fit any case; a scenario declares the regimes
of its own country. Every other regime says what it sets differently and nothing else:
its settings, and mechanisms put back to their normal years (the timeline's dated changes of them are left
out; what holds throughout is the case's normal setting and stays). A run puts one regime on every place and
month (`apply`); an entry of the timeline puts one on some places and months (`entry`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dearth.case.problems import did_you_mean, mistake
from dearth.system.aliases import canonical
from dearth.system.parameter import Declares
from dearth.system.settings import Change


@dataclass(frozen=True)
class Regime:
    """A policy line.

    Attributes
    ----------
    settings : "mechanism.parameter" -> value, wherever and whenever the regime holds
    normal : mechanisms, or single settings, whose dated changes are left out
    """

    name: str
    summary: str
    settings: Mapping[str, float | str] = field(default_factory=dict)
    normal: tuple[str, ...] = ()


REGIMES: tuple[Regime, ...] = (
    Regime("as_it_was", "The case's own timeline."),
    Regime("normal", "Every setting as in the normal years, throughout.", normal=("*",)),
    Regime("honest_reports", "No level adds to what is reported to it.", {"false_reports.strength": 0.0}),
    Regime(
        "early_relief",
        "Want is seen and met at once.",
        {"relief.rho": 0.9, "relief.sight": 1.0, "relief.reach": 0.6},
    ),
    Regime("no_exports", "No grain leaves the country.", {"grain_exports.planned": 0.0}),
)


def find(name: str, own: Iterable[Regime] = ()) -> Regime:
    """Return a regime by name, the case's own first.

    Raises
    ------
    CaseError
        When there is none.
    """
    known = by_name(own)
    if name not in known:
        raise mistake("--regime", no_regime(name, known))
    return known[name]


def by_name(own: Iterable[Regime] = ()) -> dict[str, Regime]:
    """Return every regime by its name, the case's own over one of the same name."""
    return {r.name: r for r in (*REGIMES, *own)}


def no_regime(name: str, known: Mapping[str, Regime]) -> str:
    """Say that there is no such regime, with the one spelt alike or all there are."""
    return f"there is no regime '{name}'{did_you_mean(name, known, len(known))}"


def apply(regime: Regime, timeline: Iterable[Change]) -> tuple[Change, ...]:
    """Return the timeline as the regime has it."""
    kept = [c for c in timeline if _always(c) or not _normal(c.setting, regime.normal)]
    own = [
        Change(setting, value, where=f"regime {regime.name}") for setting, value in regime.settings.items()
    ]
    return (*kept, *own)


def entry(
    regime: Regime, before: Sequence[Change], held: Change, declares: Sequence[Declares]
) -> tuple[Change, ...]:
    """Return the changes of a regime that holds in some places and months.

    Parameters
    ----------
    before : what the timeline says before the entry; what it says after stands over the entry
    held : a change whose months, places and source line the regime's take; its setting is not read
    declares : what the mechanisms declare in the scenario

    Notes
    -----
    A setting is put back by a change of its own, to what the timeline sets throughout and everywhere or else
    to the default. The former keeps its line and spread: over draws it comes out as it does elsewhere.
    """
    always = {canonical(c.setting): c for c in before if _always(c)}
    dated = dict.fromkeys(canonical(c.setting) for c in before if not _always(c))
    put_back = [
        replace(always[setting], first=held.first, last=held.last, places=held.places)
        if setting in always
        else replace(held, setting=setting, value=_default(setting, declares))
        for setting in dated
        if _normal(setting, regime.normal)
    ]
    own = [replace(held, setting=setting, value=value) for setting, value in regime.settings.items()]
    return (*put_back, *own)


def _default(setting: str, declares: Sequence[Declares]) -> float | str:
    """Return a setting's default; 1 for a strength, or for a mistaken name, refused elsewhere."""
    known = {f"{m.id}.{p.name}": p.default for m in declares for p in m.parameters}
    return known.get(setting, 1.0)


def _always(change: Change) -> bool:
    """Say whether a change holds throughout and everywhere: it is the case's own normal setting."""
    return change.first is None and change.last is None and change.places is None


def _normal(setting: str, normal: tuple[str, ...]) -> bool:
    setting, names = canonical(setting), [canonical(name) for name in normal]
    return "*" in names or setting in names or setting.partition(".")[0] in names
