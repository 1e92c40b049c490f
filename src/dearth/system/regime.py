"""Regimes: policy lines as named settings, by place and month.

`as_it_was` is the case's own timeline. Every other regime says what it sets differently and nothing else:
numbers that hold throughout, and mechanisms put back to their normal years (the timeline's dated changes of
them are left out; what holds throughout is the case's normal setting and stays).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dearth.case.problems import did_you_mean, mistake
from dearth.system.names import canonical
from dearth.system.settings import Change


@dataclass(frozen=True)
class Regime:
    """A policy line (MECHANISMS 22).

    Attributes
    ----------
    settings : "mechanism.parameter" -> value, throughout
    normal : mechanisms, or single settings, whose dated changes are left out
    """

    name: str
    summary: str
    settings: Mapping[str, float | str] = field(default_factory=dict)
    normal: tuple[str, ...] = ()


CAMPAIGNS = (
    "communal_dining",
    "rural_industry",
    "land_works",
    "technique_campaigns",
    "prospecting",
    "work_incentives",
)
REGIMES: tuple[Regime, ...] = (
    Regime("as_it_was", "The case's own timeline."),
    Regime("normal", "Every setting as in the normal years, throughout.", normal=("*",)),
    Regime(
        "cautious",
        "Targets tolerant of shortfall, procurement on audited output, plots kept.",
        {"procurement.rule": "flexible", "audits.rate": 0.3, "audits.purpose": 1.0},
        ("false_reports", "private_plots", "collection"),
    ),
    Regime(
        "targets_first",
        "Full pressure of targets throughout, quotas on what is reported.",
        {
            "procurement.rule": "inflated",
            "false_reports.commune": 0.3,
            "false_reports.county": 0.1,
            "false_reports.province": 0.1,
            "collection.enforcement": 0.5,
        },
    ),
    Regime(
        "self_reliant",
        "Self-assessed points, cadres in the fields, land works in the slack season, no relief asked.",
        {
            "work_incentives.payment": "self_assessed",
            "land_works.cadres": 1.0,
            "land_works.labour": 0.15,
            "land_works.terraces": 0.5,
            "relief.rho": 0.0,
        },
        ("rural_industry",),
    ),
    Regime("clusters", "Dwellings scattered beside the work (Daqing).", {"settlement.clusters": 1.0}),
    Regime("honest_reports", "No level adds to what it is told.", {"false_reports.strength": 0.0}),
    Regime(
        "early_relief",
        "Want is seen and met at once.",
        {"relief.rho": 0.9, "relief.sight": 1.0, "relief.reach": 0.6},
    ),
    Regime("no_exports", "No grain leaves the country.", {"grain_exports.planned": 0.0}),
    Regime(
        "no_campaigns",
        "No halls, furnaces, great works, technique campaigns or pooled pay.",
        normal=CAMPAIGNS,
    ),
)


def find(name: str, own: Iterable[Regime] = ()) -> Regime:
    """Return a regime by name, the case's own first.

    Raises
    ------
    CaseError
        When there is none.
    """
    known = {r.name: r for r in (*REGIMES, *own)}
    if name not in known:
        raise mistake("--regime", f"there is no regime '{name}'{did_you_mean(name, known)}")
    return known[name]


def apply(regime: Regime, timeline: Iterable[Change]) -> tuple[Change, ...]:
    """Return the timeline as the regime has it."""
    kept = [c for c in timeline if _always(c) or not _normal(c.setting, regime.normal)]
    own = [
        Change(setting, value, where=f"regime {regime.name}") for setting, value in regime.settings.items()
    ]
    return (*kept, *own)


def _always(change: Change) -> bool:
    """Say whether a change holds throughout and everywhere: it is the case's own normal setting."""
    return change.first is None and change.last is None and change.places is None


def _normal(setting: str, normal: tuple[str, ...]) -> bool:
    setting, names = canonical(setting), [canonical(name) for name in normal]
    return "*" in names or setting in names or setting.partition(".")[0] in names
