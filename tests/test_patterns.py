"""Patterns by age a reconstruction starts from, and what was counted by age."""

from pathlib import Path

import numpy as np
import pytest

from conftest import CASE, rows, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema import Schedule, StartingAges
from dearth.population.model_schedules import beta_fertility, siler, stable_ages
from dearth.reconstruction.age_patterns import AGES, birth_shares, death_rates, starting_people
from dearth.reconstruction.census_tables import DEATH_GROUPS, DEATH_WEIGHTS, census
from dearth.reconstruction.inputs import read_inputs

VALLEY, FINLAND = load("valley"), load("finland-1866")


def test_siler_by_hand() -> None:
    assert siler(0, 0.3, 1.2, 0.008, 0.0004, 0.085) == pytest.approx(0.3084)
    assert siler(10, 0.3, 0.1, 0.01, 0.001, 0.1) == pytest.approx(0.3 / np.e + 0.01 + 0.001 * np.e)


def test_beta_fertility_has_its_moments() -> None:
    ages = np.arange(AGES)
    shares = beta_fertility(ages, 29, 6.8)
    mean = (shares * (ages + 0.5)).sum()
    assert shares.sum() == pytest.approx(1)
    assert mean == pytest.approx(29, abs=0.05)
    assert np.sqrt((shares * (ages + 0.5 - mean) ** 2).sum()) == pytest.approx(6.8, abs=0.05)
    assert not shares[:15].any()
    assert not shares[50:].any()
    with pytest.raises(ValueError, match="no beta curve"):
        beta_fertility(ages, 29, 20)


def test_a_stable_population_of_constant_risk() -> None:
    people = stable_ages(np.full(AGES, 0.02), 0.01)
    assert people[1:] / people[:-1] == pytest.approx(np.exp(-0.03))


def test_starting_people_are_as_many_as_the_stock() -> None:
    given = read_inputs(FINLAND)
    assert given.figures.start.sum() == pytest.approx(1_835_115)  # mid-year 1860: no stock is held
    assert given.figures.start[1, 0] / given.figures.start[0, 0] == pytest.approx(1.06)
    assert np.isnan(given.figures.stocks).all()
    assert np.isfinite(given.figures.midyear).all()
    valley = read_inputs(VALLEY).figures
    assert valley.start.sum() == pytest.approx(60_000)
    assert np.isnan(valley.midyear).all()


def test_deaths_by_age_add_up_to_the_register() -> None:
    given = read_inputs(VALLEY)
    assert given.figures.deaths_by_age.shape == (21, 2, len(DEATH_GROUPS))
    assert given.figures.deaths_by_age.sum((1, 2)) == pytest.approx(given.figures.deaths)
    assert DEATH_WEIGHTS.sum() == AGES


def test_a_census_in_groups_adds_single_ages_up() -> None:
    spec = VALLEY.settings.reconstruction
    assert spec is not None
    one, observed = census(VALLEY, spec.censuses[0])
    assert one.groups.shape == (34, 2, AGES)  # 17 groups of five years to 85, two sexes
    assert one.groups.sum((1, 2)).tolist() == [5.0] * 34
    held = [r for r in VALLEY.evidence if r.variable == "population_jan1_by_age" and r.year == 1911]
    assert observed.sum() == sum(r.base for r in held if int(r.age_from) < 85)
    narrow = one.spec.model_copy(update={"width": None, "ages_to": 120})
    with pytest.raises(CaseError, match="a group of 0 people"):
        census(VALLEY, narrow)


@pytest.mark.parametrize("part", [{}, {"mean_age": 30, "siler": {}}])
def test_a_schedule_has_one_form(part: dict) -> None:
    if "siler" in part:
        part["siler"] = {"infant": 0.1, "decline": 1, "background": 0.01, "old": 1e-4, "slope": 0.1,
                         "source": "assumed"}  # fmt: skip
    with pytest.raises(ValueError, match="give one of"):
        Schedule(**part)


def test_a_start_has_one_form() -> None:
    common = {"group_sd": 0.1, "total_sd": 0.1, "source": "assumed"}
    with pytest.raises(ValueError, match="give either"):
        StartingAges(**common)
    with pytest.raises(ValueError, match="in their place"):
        StartingAges(series="a", variable="b", year=1900, growth=0.01, **common)
    stable, rates = StartingAges(growth=0.0, **common), np.full((2, AGES), 0.02)
    people = starting_people(FINLAND, stable, rates, 100.0, np.zeros(AGES), 1860)
    assert people.sum() == pytest.approx(100)


def test_curves_stand_where_they_belong() -> None:
    with pytest.raises(CaseError, match="siler"):
        death_rates(FINLAND, Schedule(mean_age=30))
    with pytest.raises(CaseError, match="mean_age"):
        birth_shares(FINLAND, FINLAND.settings.reconstruction.mortality)  # type: ignore[union-attr]


RECONSTRUCTION = """\
reconstruction:
  register: books
  years: 1901-1906
  start: {growth: 0.01, group_sd: 0.1, total_sd: 0.05, source: assumed}
  mortality:
    siler: {infant: 0.3, decline: 1.2, background: 0.008, old: 0.0004, slope: 0.085, source: assumed}
  fertility: {mean_age: 29}
  birth_completeness: 1
  scenarios: {half: {deaths: half}}
"""


def test_a_small_case_of_totals(tmp_path: Path) -> None:
    given = read_inputs(load(str(write_case(tmp_path / "tiny", CASE + RECONSTRUCTION))))
    assert given.figures.start.sum() == pytest.approx(10_000)  # the opening stock of 1901
    assert given.figures.deaths.tolist() == [100, 120, 500, 400, 100, 110]
    assert given.layout.crisis.tolist() == [0, 0, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("years: 1901-1906", "years: 1903-1906", "must hold the window"),
        ("{growth: 0.01,", "{series: books, variable: ages, year: 1901,", "no rows of books/ages"),
        ("{deaths: half}", "{deaths: hlaf}", "did you mean 'half'"),
    ],
)
def test_mistakes_in_the_block_are_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    from dearth.reconstruction.fit import scenario_data
    from dearth.reconstruction.population_model import Model

    assert old in RECONSTRUCTION
    case = load(str(write_case(tmp_path / "tiny", CASE + RECONSTRUCTION.replace(old, new))))

    def read() -> None:
        given = read_inputs(case)
        scenario_data(case, given, Model(given.layout))

    with pytest.raises(CaseError, match=message):
        read()


def test_deaths_across_groups_are_refused(tmp_path: Path) -> None:
    lines = rows()
    header = lines[0] + ",sex,age_from,age_to"
    wide = [f"{line},,," for line in lines[1:]]
    wide.append("1901,books,deaths_by_age,5,persons,s1,official,,female,3,7")
    text = RECONSTRUCTION.replace(
        "  birth_comp", "  deaths_by_age: {series: books, variable: deaths_by_age}\n  birth_comp"
    )
    case = load(str(write_case(tmp_path / "tiny", CASE + text, [header, *wide])))
    with pytest.raises(CaseError, match="within 1-4"):
        read_inputs(case)


def test_death_rates_of_groups_come_back() -> None:
    china = load("china-1958")
    spec = china.settings.reconstruction
    assert spec is not None
    curve = death_rates(china, spec.mortality)
    held = [
        r
        for r in china.evidence
        if (r.series, r.variable, r.year) == (spec.mortality.series, spec.mortality.variable, 1953)
        and r.age_to != ""
        and int(r.age_to) < AGES - 1
    ]
    assert len(held) > 20
    for row in held:
        mean = curve[int(row.sex == "male"), int(row.age_from) : int(row.age_to) + 1].mean()
        assert mean == pytest.approx(row.base, rel=1e-4), (row.sex, row.age_from)


def test_a_group_not_held_takes_nothing_from_the_others() -> None:
    import jax
    import jax.numpy as jnp

    from dearth.reconstruction.likelihood import ages_of_death

    with jax.enable_x64(True):
        expected = jnp.asarray(np.full((1, 2, AGES), 10.0))
        sizes = 10.0 * DEATH_WEIGHTS.sum(1)
        observed = np.tile(np.round(sizes), (1, 2, 1))
        observed[0, 1, 3] = np.nan
        at = float(ages_of_death(jnp.asarray(observed), expected, jnp.asarray(0.05)))
        for tilt in (0.9, 1.1):  # any other share of the group that is held fits worse
            other = np.array(expected)
            other[0, 0, 1:5] *= tilt
            assert at > float(ages_of_death(jnp.asarray(observed), jnp.asarray(other), jnp.asarray(0.05)))
        missing = np.array(expected)
        missing[0, 1, 10:15] *= 50  # deaths of the group nobody holds do not matter
        assert float(
            ages_of_death(jnp.asarray(observed), jnp.asarray(missing), jnp.asarray(0.05))
        ) == pytest.approx(at)
