"""Regimes by place and month: one plan, executed cautiously here and by targets there."""

from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import dearth
from dearth.case.problems import CaseError
from dearth.system import regimes, resolution
from dearth.system.check import check_scenario
from dearth.system.draws import run_draws
from dearth.system.prior_draws import own_tables
from dearth.system.scenario import Scenario, own_regimes, read_scenario, timeline
from dearth.system.setting_names import defaults, find
from dearth.system.settings import Settings, settle
from system_world import valley

CASE = dearth.load("valley").case
TEXT = (CASE.folder / "scenario.yaml").read_text(encoding="utf-8")
NEXT = len(valley().timeline)
HAZEL = [p.name for p in valley().places].index("Hazel")
RULES = next(p.options for p in find("procurement", "").parameters if p.name == "rule")
JANUARY, DECEMBER = 12 * 7, 12 * 8 + 11  # of 1911 and of 1912
HELD = slice(JANUARY, DECEMBER + 1)
SETTINGS = [(m, name) for m, values in defaults().items() for name in values]


def with_entry(folder: Path, line: str, more: str = "") -> Scenario:
    """Return valley with an entry at the end of its timeline, and more regimes."""
    text = TEXT.replace("\nregimes:\n", f"\nregimes:\n{more}")
    (folder / "scenario.yaml").write_text(f"{text.rstrip()}\n  - {line}\n", encoding="utf-8")
    return read_scenario(folder)


def settled(scenario: Scenario) -> Settings:
    return settle(timeline(scenario), 168, len(scenario.places))


def table(settings: Settings, mechanism: str, name: str) -> Any:
    """Return a setting by month and place."""
    if name in settings.varying.get(mechanism, {}):
        return settings.varying[mechanism][name][:, settings.group]
    return np.full((168, len(settings.group)), settings.fixed[mechanism][name])


def test_targets_in_one_place_move_its_own_settings_there_and_then(tmp_path: Path) -> None:
    made = settled(
        with_entry(
            tmp_path,
            "{regime: targets_first, from: 1911-01, to: 1912-12, places: [Hazel], source: assumed}",
        )
    )
    before = settled(valley())
    named = regimes.find("targets_first", own_regimes(valley())).settings
    for mechanism, name in SETTINGS:
        found, was = table(made, mechanism, name), table(before, mechanism, name)
        expected = was.copy()
        if f"{mechanism}.{name}" in named:
            value = named[f"{mechanism}.{name}"]
            expected[HELD, HAZEL] = RULES.index(value) if name == "rule" else value
        np.testing.assert_array_equal(found, expected, err_msg=f"{mechanism}.{name}")
    assert table(made, "false_reports", "community")[HELD, HAZEL].tolist() == [0.3] * 24


def test_caution_in_one_place_puts_back_its_normal_years(tmp_path: Path) -> None:
    line = "{regime: cautious, from: 1911-01, to: 1912-12, places: [Hazel], source: assumed}"
    made = settled(with_entry(tmp_path, line))
    found, was = (table(s, "private_plots", "plots") for s in (made, settled(valley())))
    normal = defaults()["private_plots"]["plots"]
    assert (was[HELD, HAZEL][:17] == 0).all()  # till May 1912
    assert (found[HELD, HAZEL] == normal).all()
    found[HELD, HAZEL] = was[HELD, HAZEL]
    np.testing.assert_array_equal(found, was)
    assert table(made, "procurement", "rule")[JANUARY, HAZEL] == RULES.index("flexible")


def test_later_entries_stand_over_a_regime_and_the_normal_setting_is_the_case_s_own(tmp_path: Path) -> None:
    more = "  calm: {summary: as in the normal years, set: {relief.rho: 0.4}, normal: ['*']}\n"
    later = "\n  - {from: 1911-03, places: [Hazel], set: {relief.rho: 0.6}, source: assumed}"
    line = "{regime: calm, from: 1911-01, to: 1911-06, places: [Hazel], source: assumed}"
    growth = "{from: 1911-01, to: 1911-12, set: {harvest.growth: 0.05}, source: assumed}\n  - "
    made = settled(with_entry(tmp_path, growth + line + later, more))
    rho = table(made, "relief", "rho")[JANUARY : JANUARY + 7, HAZEL]
    assert rho.tolist() == [0.4, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6]
    yields = table(made, "harvest", "growth")[JANUARY : JANUARY + 7]
    assert yields[:, HAZEL].tolist() == [0.02] * 6 + [0.05]  # valley sets 0.02 throughout
    assert (yields[:, HAZEL - 1] == 0.05).all()


def test_what_is_put_back_is_drawn_as_it_is_elsewhere(tmp_path: Path) -> None:
    more = "  calm: {summary: as in the normal years, normal: [relief]}\n"
    line = (
        "{set: {relief.rho: 0.2}, sd: 0.3, source: assumed}\n"
        "  - {from: 1911-01, set: {relief.rho: 0.6}, source: assumed}\n"
        "  - {regime: calm, from: 1912-01, places: [Hazel], source: assumed}"
    )
    made = settled(with_entry(tmp_path, line, more))
    drawn = own_tables(made, 1, 4, 168)["relief"]["rho"][:, :, made.group]
    assert len(np.unique(drawn[:, 0, HAZEL])) == 4
    np.testing.assert_array_equal(drawn[:, -1, HAZEL], drawn[:, 0, HAZEL])
    assert (drawn[:, -1, HAZEL - 1] == 0.6).all()


def test_a_regime_of_the_run_stands_over_one_of_the_timeline(tmp_path: Path) -> None:
    scenario = with_entry(
        tmp_path, "{regime: targets_first, from: 1911-01, places: [Hazel], source: assumed}"
    )
    for one in ("normal", "honest_reports"):
        chosen = regimes.find(one)
        made = settle(regimes.apply(chosen, timeline(scenario)), 168, len(scenario.places))
        without = settle(regimes.apply(chosen, timeline(valley())), 168, len(scenario.places))
        same = table(made, "false_reports", "community") == table(without, "false_reports", "community")
        assert same.all() == (one == "normal")
        assert (table(made, "false_reports", "strength") == float(one == "normal")).all()


@pytest.mark.slow  # two programs are compiled
def test_the_run_is_as_it_was_until_the_regime_begins(tmp_path: Path) -> None:
    scenario = with_entry(
        tmp_path, "{regime: targets_first, from: 1911-01, to: 1912-12, places: [Hazel], source: assumed}"
    )
    with_it, without = (run_draws(s, settled(s), 1, 1, jnp.float32).records for s in (scenario, valley()))
    for name in ("store", "energy", "deaths", "population"):
        np.testing.assert_array_equal(with_it[name][:, :JANUARY], without[name][:, :JANUARY], err_msg=name)
    assert (with_it["deaths"][:, HELD, HAZEL] != without["deaths"][:, HELD, HAZEL]).any()


def test_a_regime_follows_its_places_to_another_resolution(tmp_path: Path) -> None:
    scenario = with_entry(tmp_path, "{regime: clusters, from: 1911-01, places: [Ford], source: assumed}")
    merged = resolution.at(scenario, "country", 1)
    towns = [p.name for p in merged.places].index("whole towns")
    assert table(settled(merged), "settlement", "clusters")[-1].tolist() == [
        float(i == towns) for i in (0, 1)
    ]


# an entry, the field of its mistake, and what is told of it
MISTAKES = {
    "{regime: targets_frist, source: assumed}": (".regime", "did you mean 'targets_first'"),
    "{regime: zzz, source: assumed}": (".regime", "mine, cautious, targets_first"),
    "{regime: as_it_was, source: assumed}": (".regime", "sets nothing"),
    "{regime: cautious, places: [Hazle], source: assumed}": ("", "did you mean 'Hazel'"),
    "{regime: cautious, from: 1931-01, source: assumed}": ("", "outside the years 1904-1917"),
    "{regime: cautious, from: 1912-01, to: 1911-12, source: assumed}": ("", "is after to"),
    "{regime: cautious, form: 1912-01, source: assumed}": (".form", "did you mean 'from'"),
    "{regime: cautious, set: {relief.rho: 1}, source: assumed}": ("", "either what it sets"),
    "{from: 1912-01, source: assumed}": ("", "either what it sets"),
    "{regime: cautious, sd: 0.2, source: assumed}": ("", "sd spreads the numbers of set"),
    "{regime: cautious}": (".source", "missing"),
}


@pytest.mark.parametrize(("line", "told"), MISTAKES.items())
def test_mistakes_of_an_entry(line: str, told: tuple[str, str], tmp_path: Path) -> None:
    more = "  mine: {summary: a, set: {relief.rho: 0.5}}\n"
    with pytest.raises(CaseError) as raised:
        with_entry(tmp_path, line, more)
    (wrong,) = raised.value.problems
    assert (wrong.file, wrong.field) == ("scenario.yaml", f"timeline.{NEXT}{told[0]}")
    assert told[1] in wrong.message
    assert wrong.line == len(TEXT.rstrip().splitlines()) + len(more.splitlines()) + 1
    assert check_scenario(tmp_path) == [wrong]


def test_a_mistake_is_told_once_where_it_stands(tmp_path: Path) -> None:
    more = "  mine: {summary: a, set: {relief.roh: 0.5}, normal: ['*']}\n"
    line = "{from: 1911-01, set: {relief.sihgt: 0.5}, source: assumed}\n  - {regime: mine, source: assumed}"
    scenario = with_entry(tmp_path, line, more)
    assert [p.field for p in check_scenario(tmp_path)] == [
        f"timeline.{NEXT}.set.relief.sihgt",
        "regimes.mine.set.relief.roh",
    ]
    with pytest.raises(CaseError, match="did you mean 'sight'"):
        settled(scenario)
    assert [r.name for r in own_regimes(scenario)][:2] == ["mine", "cautious"]
