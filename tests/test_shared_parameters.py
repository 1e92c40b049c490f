"""A quantity that several mechanisms use is declared by one of them and drawn once."""

from collections import defaultdict

import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.system.order_of_month import ORDER
from dearth.system.parameter import Parameter, declared
from dearth.system.prior_draws import prior_draws
from dearth.system.setting_names import parse
from dearth.system.settings import Change, Settings, settle

SHARED = [(m, name) for m in ORDER for name in m.shared]
# Parameters of several mechanisms whose unit, default and range are alike. A person has read each row and
# found that the quantities differ; a new coincidence must be read too, and shared where they are the same.
UNLIKE = (
    {"local_events.severity", "training.learning", "bodies.infection", "false_reports.audit_pull"},
    {"local_events.stored", "shipments.rural_weight", "registers.overload"},
    {"communal_dining.coverage", "communal_dining.free", "land_works.cadres", "settlement.clusters",
     "work_incentives.peers", "external_trade.withdrawn", "grain_imports.readiness", "false_reports.answer"},
    {"communal_dining.fuel", "harvest.terrace_gain"},
    {"commune.pooling", "land_works.terraces", "relief.sight"},
    {"prospecting.labour", "procurement.career"},
    {"training.fading", "settlement.renewal"},
    {"settlement.city_cost", "deaths.infant", "deaths.child"},
    {"work_incentives.half_life", "audits.memory"},
    {"audits.false_verdict", "technique_campaigns.deep_loss"},
    {"resale.reach", "relief.reach"},  # each claim on the state's stock has its own reach, set by policy
    {"private_plots.gathered", "registers.struck", "harvest.drought_relief"},
    {"false_reports.career", "targets.raised"},
    {"feeding.reach", "bodies.turnover"},
    {"collection.arrears_kept", "relief.answer", "grain_exports.forgone"},
    {"famine_foods.start", "feeding.enough"},  # people turn to wild food; animals go: assumed alike in size
    {"famine_foods.hindered", "procurement.heeds"},
    {"famine_foods.towns", "registers.ever"},
)  # fmt: skip


def alike() -> list[set[str]]:
    """Return the names of parameters of several mechanisms whose unit, default and range are the same."""
    found = defaultdict(set)
    for m in ORDER:
        for p in m.parameters:
            if not p.options:
                found[p.unit, p.default, p.low, p.high].add(f"{m.id}.{p.name}")
    return [names for names in found.values() if len({n.partition(".")[0] for n in names}) > 1]


def test_no_two_mechanisms_declare_the_same_quantity() -> None:
    found = alike()
    for names in found:
        assert names in UNLIKE, f"{sorted(names)}: declare the quantity once and share it, or list it"
    assert [names for names in UNLIKE if names not in found] == []


def test_no_two_mechanisms_give_a_parameter_the_same_meaning() -> None:
    owners = defaultdict(set)
    for m in ORDER:
        for p in m.parameters:
            owners[p.meaning].add(m.id)
    assert {meaning: names for meaning, names in owners.items() if len(names) > 1} == {}


def test_shared_names_resolve_and_hide_no_parameter() -> None:
    assert len(SHARED) >= 7
    known = {f"{m.id}.{p.name}" for m in ORDER for p in m.parameters}
    for m, name in SHARED:
        assert name in known
        assert name.partition(".")[0] != m.id
        assert name.partition(".")[2] not in {"strength", *(p.name for p in m.parameters)}
        assert name in next(d for d in declared() if d.id == m.id).shared


def owner(name: str) -> Parameter:
    mechanism, _, parameter = name.partition(".")
    return next(m for m in ORDER if m.id == mechanism).parameter(parameter)


@pytest.mark.parametrize(("m", "name"), SHARED, ids=[f"{m.id}<-{name}" for m, name in SHARED])
def test_the_step_is_given_what_is_set_and_drawn_for_the_owner(m, name) -> None:  # type: ignore[no-untyped-def]
    parameter = owner(name)
    chosen = bool(parameter.options)
    other = parameter.options[-1] if chosen else float(parameter.high or 0)
    one = settle([Change(name, other)], 12, 3)
    number = len(parameter.options) - 1 if chosen else parameter.high
    assert m.own_settings(one.fixed)[parameter.name] == number
    plain: Settings = settle([], 12, 3)
    drawn = prior_draws(plain, 1, 5)
    np.testing.assert_array_equal(m.own_settings(drawn)[parameter.name],
                                  drawn[name.partition(".")[0]][parameter.name])  # fmt: skip
    assert len(set(m.own_settings(drawn)[parameter.name])) == (1 if parameter.lever else 5)


def test_a_setting_of_the_user_is_refused_with_the_name_of_the_owner() -> None:
    with pytest.raises(CaseError, match=r"grain_imports takes 'ration' from urban_ration\.ration; set urban"):
        parse("grain_imports.ration", "--set")
