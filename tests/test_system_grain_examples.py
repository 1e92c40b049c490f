"""One example on paper for each mechanism of land, work and grain: two communes and a town of 1,000 each.

Those of audits and of the reward for labour stand in `test_system_audit_work_examples`.

A commune has 250 ha and a normal harvest of 365 t, 30 % of it in summer.
"""

from dataclasses import replace
from math import exp, log
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dearth.system.flows import (
    AGRICULTURE,
    COMMUTING,
    INDUSTRY,
    KITCHENS,
    SEARCH,
    WORKS,
    opening_ledger,
)
from dearth.system.setting_names import defaults
from system_world import BY_ID, bare, done

HARVEST = 365.0
near = pytest.approx
LABOUR = float(bare()[1].places.labour[0])
FARMING = {"labour": np.array([1.0, *[0.0] * 7])[:, None] * np.array([100.0, 100.0, 0.0])}


def test_local_events() -> None:
    state, flows = done("local_events", {"store": 100},
                        outside={"event_month": [0], "event_place": [1], "event_loss": [0.5]})  # fmt: skip
    assert state.damage.tolist() == near([0, 0.5, 0])
    assert flows.lost.tolist() == near([0, 5, 0])  # a tenth of the share, of 100 t
    assert state.store.tolist() == near([100, 95, 100])


def test_weather() -> None:
    given = {
        "outside": {"disaster": [0.2, 0, 0]},
        "noise": {"local": [1.0, 0, 0], "common": -1.0},
        "season": 1,
    }
    state, _ = done("weather", **given)
    assert state.weather.tolist() == near([0.08 - 0.03 - 0.4 * 0.2, -0.03, -0.03])
    state, _ = done("weather", **given, source=1.0)  # station data: no disaster
    assert state.weather[0] == near(0.05)


def test_labour() -> None:
    _, flows = done("labour", {"people": 1.0, "energy_past": 975})
    hands = 45 * 0.6 + 45 * 0.95
    assert flows.labour[AGRICULTURE].tolist() == near([hands, hands, 0])
    assert flows.vigour[0] == near(-0.45 * log(1950 / 1025))


def test_field_work() -> None:
    _, opening = done("labour")
    state, _ = done("field_work", {"season_work": 0, "window_work": 1}, {"labour": 2 * opening.labour})
    assert state.season_work[0] == near(2)
    assert state.window_work[0] == near(1.5)


def reaped(**state: float) -> float:
    ready = {"season_work": 4, "window_work": 2, **state}
    return float(done("harvest", ready, season=1, calendar=10)[1].output[0])


def test_harvest() -> None:
    normal = reaped()
    assert normal == near(0.7 * HARVEST, rel=1e-6)
    assert reaped(sown=0.5) / normal == near(0.5**0.65, rel=1e-5)
    assert reaped(season_work=2) / normal == near(0.5**0.13, rel=1e-4)
    assert reaped(animals=0.5) / normal == near(0.5 ** (0.7 * 0.08 + 0.17), rel=1e-5)
    assert reaped(damage=0.3, weather=0.1) / normal == near(0.7 * exp(0.1))
    assert reaped(weather=-0.2, irrigated=1) / normal == near(exp(-0.1) * 1.25)
    assert reaped(window_work=0.425) / normal == near(0.5, rel=1e-5)  # half of the hands the harvest needs
    assert reaped(effort=0.5) / normal == near(0.5**0.4)
    half = done("harvest", {"season_work": 2, "window_work": 2}, season=1, elasticities=1.0)[1].output[0]
    assert half / normal == near(0.5**0.5, rel=1e-4)  # Tang's elasticity of labour


def test_sowing() -> None:
    state, flows = done("sowing", {"store": 100}, season=1)
    assert flows.seed[0] == near(110 * 250 * 0.3 / 1000, rel=1e-3)  # wheat sown in autumn: 8.25 t
    assert state.seeded[0] == near(1, abs=1e-3)
    state, flows = done("sowing", {"store": 5}, season=1)
    assert flows.seed[0] == near(3, rel=1e-4)
    assert state.seeded[0] == near(3 / 8.25, rel=1e-4)
    _, flows = done("sowing", {"store": 100, "energy_past": 950}, season=1)
    assert flows.seed[0] == near(8.25 * exp(-0.3 * 0.5), rel=1e-6)  # half of what is enough: seed is eaten


def test_concealment() -> None:
    state, _ = done("concealment", {"store": 100, "energy_past": 2500}, {"output": 100}, season=1, share=0.1)
    assert (state.store[0], state.concealed[0]) == near((90, 10))
    state, _ = done("concealment", {"store": 100, "energy_past": 950}, {"output": 100}, season=1, share=0.1)
    assert state.concealed[0] == near(100 * (1 - 0.9 * exp(-0.4 * 0.5)))  # half of what is enough was eaten


QUOTAS = {"surplus": 0.85 * (365 * 0.85 - 230), "progressive": 90, "inflated": 200, "contract": 90,
          "proportional": 0.18 * 400, "market": 0.6 * 125, "flexible": 125}  # fmt: skip


@pytest.mark.parametrize(("rule", "quota"), QUOTAS.items())
def test_procurement(rule: str, quota: float) -> None:
    number = BY_ID["procurement"].parameter("rule").options.index(rule)
    given = {"reaped": 400, "beliefs": 600}
    state, _ = done("procurement", given, season=1, rule=float(number), follow=0.0, heeds=0.0)
    assert state.quota[0] == near(quota, rel=1e-4)
    assert state.quota[2] == 0


def test_quotas_follow_people_and_arrears() -> None:
    given = {"reaped": 400, "beliefs": 600, "counted": 1250, "quota": 100, "delivered": 100}
    plain = {"season": 1, "rule": 1.0}
    usual = float(done("procurement", given, follow=0.0, heeds=0.0, **plain)[0].quota[0])
    state, _ = done("procurement", given, follow=1.0, heeds=0.0, **plain)
    assert state.quota[0] == near(0.8 * usual, rel=1e-6)  # a fifth of the people is gone
    assert state.counted[0] == near(1250 - 250 / 3)
    assert state.delivered[0] == 0
    less = {**given, "delivered": 50}
    state, _ = done("procurement", less, follow=0.0, heeds=0.4, **plain)
    missed = 1 - (50 + 3.65) / (100 + 3.65)
    assert state.quota[0] == near(usual * (1 - 0.4 * missed), rel=1e-6)
    more = {**given, "counted": 800}
    state, _ = done("procurement", more, follow=1.0, heeds=0.0, **plain)
    assert state.quota[0] == near(usual, rel=1e-6)  # growth is in the harvests already


def test_supplementary_quotas() -> None:
    given = {"reaped": [365, 365, 0], "granary": 100, "export_plan": 20, "quota": [40, 40, 0]}
    state, _ = done("supplementary_quotas", given, season=1, most=0.06, reserve=3.0)
    gap = 229 * 1.25 + 20 - 180  # the ration of 1,000 townspeople for fifteen months
    rate = 0.06 * (1 - exp(-gap / (0.06 * 730)))
    assert state.quota.tolist() == near([40 + 365 * rate] * 2 + [0], rel=1e-3)
    state, _ = done("supplementary_quotas", {**given, "granary": 1000}, season=1)
    assert state.quota[0] == near(40, rel=1e-6)  # the stock covers it
    state, _ = done("supplementary_quotas", given, season=0)
    assert state.quota[0] == 40  # only after the last harvest


def test_collection() -> None:
    state, flows = done(
        "collection", {"quota": 100, "store": 400, "concealed": 50, "granary": 7}, calendar=11
    )
    assert flows.procured[0] == near(30)
    assert flows.searched[0] == near(1)
    assert state.granary[0] == near(7 + 3 * 31)
    state, flows = done("collection", {"quota": 100, "store": 10}, calendar=11, resistance=0.0)
    assert flows.procured[0] == near(3, rel=1e-6)
    assert state.arrears[0] == near(0.5 * 27)
    for store, brings in ((50, 0.5), (25, 0.2)):  # six months at 100 kg a year: 1,000 people need 50 t
        _, flows = done("collection", {"quota": 1000, "store": store}, calendar=11, left=6)
        assert flows.procured[0] == near(0.3 * brings * store, rel=1e-6)


def test_external_trade() -> None:
    state, flows = done("external_trade", withdrawn=1.0)
    assert state.machinery == near(1 - 0.08 / 12 * 0.4)
    assert flows.aid == 0
    assert flows.service == near(0.006 * 2 * HARVEST / 12)
    assert flows.export_order == near(0.25 * flows.service)
    assert state.debt == near(-float(flows.service))


def test_grain_exports() -> None:
    given = {"export_plan": 12, "granary": 100}
    state, flows = done("grain_exports", given, {"export_order": 1}, forgone=0.0)
    assert flows.exports[0] == near(2)
    assert state.granary[0] == near(98)
    _, flows = done("grain_exports", given, {"export_order": 1}, forgone=0.8)
    months = 100 / (229 / 12)  # of the ration of 1,000 townspeople
    assert flows.exports[0] == near(2 * (1 - 0.8 * exp(-months / 3)), rel=1e-6)


def test_export_plans() -> None:
    state, _ = done("export_plans", {"export_plan": 10, "beliefs": 1.2 * HARVEST, "past_harvests": HARVEST})
    assert state.export_plan == near(10 * exp(0.01) * (1.2 * exp(-0.02)) ** 1.5, rel=1e-3)
    trend = {"export_plan": 10, "beliefs": HARVEST * exp(0.02), "past_harvests": HARVEST}
    state, _ = done("export_plans", trend)
    assert state.export_plan == near(10 * exp(0.01), rel=1e-3)  # on trend: as yields do


def test_grain_imports() -> None:
    state, flows = done("grain_imports", {"on_order": 10, "granary": 100})
    assert flows.imports[0] == near(5)
    assert (state.granary[0], state.on_order[0]) == near((105, 5))
    state, _ = done("grain_imports", {"granary": 0}, readiness=1.0, limit=10.0)
    assert state.on_order[0] == near((45 + 2 * 365.25 / 12) * 229 / 365, rel=1e-6)
    state, _ = done("grain_imports", {"granary": 0}, readiness=1.0, limit=0.03)
    assert state.on_order[0] == near(0.03 / 12 * 2 * HARVEST, rel=1e-5)  # ports and money allow no more


def test_shipments_between_two_provinces() -> None:
    with jax.enable_x64(True):
        state, month = bare()
        places = replace(month.places, granary_area=jnp.array([0, 1, 1]), granary_areas=("a", "b"))
        state = replace(state, granary=jnp.array([100.0, 0.0]))
        own = {k: jnp.asarray(v) for k, v in defaults()["shipments"].items()}
        month = replace(month, places=places)
        ledger = opening_ledger(
            state.people, month.schedules.hazard, month.schedules.fertility, places, month.calendar
        )
        state, flows = BY_ID["shipments"].step(state, ledger, own, jnp.asarray(1.0), month)
    out = 0.15 * (100 - 100 * 100 / 1200)  # claims: 0.1 a countryman, 1 a townsman
    assert state.granary.tolist() == near([100 - out, 0.99 * out])
    assert flows.lost_state[0] == near(0.01 * out)


def single(x: Any) -> Any:
    """Return an array of JAX in the precision of a run."""
    array = np.asarray(x)
    return jnp.asarray(array.astype(np.float32) if array.dtype == np.float64 else array)


def test_shipments_have_a_slope_where_every_granary_holds_its_share() -> None:
    """Nothing is sent there: what arrives of it must not be written as 0 / 0."""
    state, month = jax.tree.map(single, bare())
    own = {k: jnp.asarray(v, jnp.float32) for k, v in defaults()["shipments"].items()}
    ledger = opening_ledger(
        state.people, month.schedules.hazard, month.schedules.fertility, month.places, month.calendar
    )

    def stock(granary: Any) -> Any:
        opened = replace(state, granary=granary)
        return BY_ID["shipments"].step(opened, ledger, own, jnp.float32(1.0), month)[0].granary.sum()

    granary = jnp.array([100.0], jnp.float32)  # one area alone
    assert float(stock(granary)) == near(100.0)
    assert float(jax.grad(stock)(granary)[0]) == near(1.0, rel=1e-4)


def test_urban_ration() -> None:
    _, flows = done("urban_ration", {"store": 0, "granary": 1000})
    assert flows.ration.tolist() == near([0, 0, 1.2 * 229 / 12], rel=1e-6)
    _, flows = done("urban_ration", {"store": 0, "granary": 10})
    assert flows.ration[2] == near(6, rel=1e-6)  # six tenths of what is there
    _, flows = done("urban_ration", {"store": 0, "granary": 38.2}, hand=0.0, cut=0.3, reach=0.95)
    assert flows.ration[2] == near(229 / 12 * (1 - 0.3 * exp(-38.2 / (229 / 12) / 3)), rel=1e-4)


def test_urban_ration_for_other_uses() -> None:
    state, flows = done("urban_ration", {"store": 0, "granary": 1000}, other_uses=60.0)
    assert flows.ration[2] == near(1.2 * 229 / 12 + 60 / 12, rel=1e-6)
    assert flows.lost[2] == near(60 / 12, rel=1e-6)  # used by industry and army, not eaten
    assert state.store[2] == near(1.2 * 229 / 12, rel=1e-6)


def test_resale() -> None:
    _, flows = done("resale", {"beliefs": 200, "quota": 0, "granary": 1000}, calendar=4)
    assert flows.resale.tolist() == near([10, 10, 0], rel=1e-3)  # 0.2 * (210 - 0.8 * 200)
    _, flows = done("resale", {"beliefs": 600, "quota": 0, "granary": 1000}, calendar=4)
    assert flows.resale[0] < 1e-3  # an inflated report hides the need
    _, flows = done("resale", {"beliefs": 600, "quota": 0, "granary": 1000}, calendar=4, rule=1.0)
    assert flows.resale.tolist() == near([6.4, 6.4, 0], rel=1e-3)  # a fifth of 32 kg a head, whatever is told


def test_relief() -> None:
    given = {"energy_past": 950, "granary": 1000}
    _, flows = done("relief", given, rho=0.5, sight=1.0)
    assert flows.relief[0] == near(0.5 * 0.5 * 200 / 12, rel=1e-5)
    _, far = done("relief", given, rho=0.5, sight=1.0, km=80.0)
    assert far.relief[0] / flows.relief[0] == near(exp(-1))


def test_relief_and_resale_answer_news_of_deaths() -> None:
    given = {"energy_past": 2600, "granary": 1000, "beliefs": 600}
    _, quiet = done("relief", given, rho=0.5, sight=1.0)
    _, flows = done("relief", {**given, "alarm": 1.0}, rho=0.5, sight=1.0, answer=0.5)
    news = 0.5 * (1 - exp(-1))
    assert quiet.relief[0] < 1e-6
    assert flows.relief[0] == near(0.5 * news * 200 / 12, rel=1e-5)
    resale = {"quota": 0, "granary": 1000, "alarm": 1.0}
    _, flows = done("resale", {**resale, "beliefs": 200}, calendar=4, answer=0.5)
    assert flows.resale[0] == near(0.2 * (210 - 0.8 * 200 * (1 - news)), rel=1e-3)
    _, flows = done("resale", {**resale, "beliefs": 600}, calendar=4, rule=1.0, answer=0.5)
    assert flows.resale[0] == near(6.4 * (1 + news), rel=1e-3)


def test_mortality_reports() -> None:
    _, opening = done("registers")
    usual = (0.65 + 0.35 * 0.3) * float(opening.normal_deaths[0])
    state, _ = done("mortality_reports", {}, {"deaths_registered": [3 * usual, usual, 0]})
    assert state.alarm[0] == near(2 / 12, rel=1e-6)
    assert 0 < state.alarm[1] < 0.05 / 12
    state, _ = done("mortality_reports", {"alarm": 1.0}, {"deaths_registered": 3 * usual}, delay=6.0)
    assert state.alarm[0] == near(1 + 1 / 6, rel=1e-3)


def test_sharing() -> None:
    state, flows = done("sharing", {"store": [300, 100, 50]}, theta=0.6)
    assert state.store.tolist() == near([290, 109.8, 50])
    assert (flows.sent[0], flows.lost[0], flows.received[1]) == near((9.8, 0.2, 9.8))


def test_storage() -> None:
    state, flows = done("storage", {"store": 100, "granary": 100})
    assert (flows.lost[0], flows.lost_state[0]) == near((1.1, 0.25))
    assert state.store[0] == near(98.9)


def test_feeding() -> None:
    state, flows = done("feeding", {"store": 1000, "energy_past": 950})
    assert flows.feed[0] == near(0.08 * HARVEST / 12 * exp(-3 * 0.5))
    assert state.animals[0] == near(1 - 0.1 * 0.5)
    assert flows.other_energy.tolist() == near([20000 * 0.05 * 12 / 365.25] * 2 + [0])
    state, flows = done("feeding", {"store": 1000, "energy_past": 2500, "animals": 0.5})
    assert flows.feed[0] == near(0.5 * 0.08 * HARVEST / 12)
    assert flows.other_energy[0] == near(0, abs=1e-3)
    assert state.animals[0] == near(0.5 + 0.015 * 0.5)


def test_private_plots() -> None:
    _, flows = done("private_plots", {"plots": 0.05})
    assert flows.other_energy.tolist() == near([252, 252, 315], rel=1e-3)
    state, flows = done("private_plots", {"plots": 0.05, "halls": 1.0}, plots=0.0)
    assert state.plots[0] == near(0.0375)
    assert flows.other_energy[0] == near(0.2 * 252 * (0.5 + 0.5 * 0.75**0.7), rel=2e-3)


def test_communal_dining() -> None:
    state, flows = done("communal_dining", {"halls": 0}, FARMING, coverage=1.0, free=1.0)
    assert state.halls.tolist() == near([0.5, 0.5, 0])
    assert flows.labour[KITCHENS, 0] == near(0.04 * 0.5 * 102.5)
    assert flows.labour[AGRICULTURE, 0] == near(102.5 * 0.98)
    assert flows.appetite[0] == near(0.27 * 0.5)
    assert (flows.spoiled[0], flows.skimmed[0], flows.equalised[0]) == near((0.025, 0.025, 0.25))


def test_commune() -> None:
    labour = {"labour": np.array([1.0, *[0.0] * 7])[:, None] * np.array([LABOUR, LABOUR, 0.0])}
    state, flows = done("commune", {}, labour, fund=0.015, pooling=0.4)
    assert flows.labour[INDUSTRY, 0] == near(0.015 * LABOUR)
    assert state.tools[0] == near(1 + 0.15 * (0.015 - 0.005))
    assert flows.equalised[0] == near(0.2)


def test_rural_industry() -> None:
    state, flows = done("rural_industry", {}, FARMING, labour=0.2)
    made = 20 * 25 / (50 + 9 * 0.1 * 10)
    assert flows.labour[INDUSTRY, 0] == near(20)
    assert flows.iron[0] == near(made * 0.3 / 1.1)
    assert flows.iron[0] + flows.slag[0] == near(made)
    assert state.tools[0] == near(1 + 0.05 * made * 0.3 / 1.1 * 1000 / 10 / LABOUR)


def test_land_works() -> None:
    state, flows = done("land_works", {}, FARMING, labour=0.2)
    assert flows.labour[WORKS, 0] == near(20)
    assert state.works[0] == near(25 * 0.8 * 20 * (0.8 / 2500 + 0.2 / 6750))
    state, _ = done("land_works", {"works": 36 * 25}, {}, labour=0.0, terraces=0.0)
    assert state.irrigated[0] == near(25 / 250)  # a thirty-sixth of the works, on 250 ha


def test_prospecting() -> None:
    state, flows = done("prospecting", {"reserves": 2400}, FARMING, labour=0.05)
    assert flows.labour[SEARCH, 0] == near(5)
    found = 20000 * (1 - exp(-0.02 * 5 / 1e6 * 2))
    raised = 2400 / 20 / 12
    assert flows.coal[0] == near(raised, rel=1e-4)
    assert state.undiscovered[0] == near(20000 - found)
    assert state.reserves[0] == near(2400 + found - float(flows.coal[0]))


def test_training() -> None:
    state, _ = done("training", {"skill": 1.2}, FARMING, labour=0.1)
    assert state.skill[0] == near(1.2 * (1 - 0.03 / 12) + 10 / LABOUR, rel=1e-5)


def test_settlement() -> None:
    state, flows = done("settlement", {"people": 1.0}, clusters=1.0)
    assert state.clustered.tolist() == near([0, 0, 0.03])
    assert flows.output[2] == near(175 / 12000 * 0.03 * 45)
    assert flows.labour[COMMUTING, 2] == near(0.2 * 0.97 * 45)
    assert flows.building[2] == near((0.03 / 12 + 0.03) * 202 * (0.03 + 0.97 * 3))


def test_technique_campaigns() -> None:
    state, _ = done("technique_campaigns", {"reaped": 300, "claims": 570}, season=1,
                    close_planting=0.2, deep_ploughing=0.1)  # fmt: skip
    assert state.technique[0] == near(1 - 0.15 * 0.2 - 0.1 * 0.1)
    assert state.sown[0] == near(1 - 0.15 * 0.9, rel=1e-4)  # factor 1.9: -13 %


def test_false_reports() -> None:
    state, _ = done("false_reports", {"bias": [[0.0, 0.2, 0.0], [0.0] * 3, [0.0] * 3]}, season=1,
                    community=0.1, district=0.05, region=0.04)  # fmt: skip
    assert state.bias[:, 0].tolist() == near([0.1 + 0.3 * 0.2, 0.05, 0.04], rel=1e-4)
    state, _ = done("false_reports", {"deterred": 0.5}, season=1, community=0.1, race=0.0)
    assert state.bias[0, 0] == near(0.05)


def test_reporting() -> None:
    bias = np.array([0.1, 0.05, 0.05])[:, None] * np.ones(3)
    state, _ = done("reporting", {"reaped": 300, "bias": bias, "beliefs": 365}, season=1)
    assert state.claims[:, 0].tolist() == near([300 * exp(x) for x in (0.1, 0.15, 0.2, 0.2)])
    assert state.beliefs[0, 0] == near(300)
    assert state.beliefs[3, 0] == near(365 + 0.65 * (300 * exp(0.2) - 365))
