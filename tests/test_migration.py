"""Net migration of a reconstruction: none, a known series, or unknowns with a crisis whose leavers return."""

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from dearth.case.evidence import Evidence
from dearth.case.problems import CaseError
from dearth.case.read import Case, load
from dearth.case.schema import Migration
from dearth.population.migration_ages import MEN, migration_rates
from dearth.reconstruction.age_patterns import AGES
from dearth.reconstruction.compiled import one
from dearth.reconstruction.fit import scenario_data
from dearth.reconstruction.inputs import Inputs, read_inputs
from dearth.reconstruction.migration import MOVERS, Moves, later_rates, moves, net_rates
from dearth.reconstruction.population_model import Model

VALLEY = load("valley")
SERIES = "border/net_migration"
KNOWN = Migration(kind="known", series=SERIES)


@pytest.fixture(autouse=True)
def _double() -> object:
    with jax.enable_x64(True):
        yield


def with_migration(kind: Migration, moved: dict[int, float]) -> Case:
    """Return the case of the valley with another rule of migration and rows of net migrants."""
    spec = VALLEY.settings.reconstruction
    assert spec is not None
    row = next(r for r in VALLEY.evidence if (r.series, r.variable) == ("valley", "births"))
    rows = [
        r._replace(series="border", variable="net_migration", value=moved[r.year], base=moved[r.year])
        for r in VALLEY.evidence
        if (r.series, r.variable, r.place) == ("valley", "births", row.place) and r.year in moved
    ]
    settings = VALLEY.settings.model_copy(
        update={"reconstruction": spec.model_copy(update={"migration": kind})}
    )
    return replace(VALLEY, settings=settings, evidence=Evidence([*VALLEY.evidence, *rows]))


def history(case: Case, given: Inputs, theta: Any) -> tuple[Model, dict[str, np.ndarray]]:
    model = Model(given.layout)
    data = one(scenario_data(case, given, model)[1], 0)

    @jax.jit
    def totals(z: Any) -> dict[str, Any]:
        h = model.histories(model.named(z, data), data)
        steps = h["steps"]
        return {"people": h["stocks"].sum((1, 2)), "births": steps.births.sum(-1),
                "deaths": steps.deaths.sum((1, 2)), "migrants": steps.migrants.sum((1, 2))}  # fmt: skip

    drawn = theta(model.unknowns.size)
    return model, {name: np.asarray(values) for name, values in totals(drawn).items()}


def test_a_closed_place_has_no_unknown_of_migration_and_no_migrant() -> None:
    rng = np.random.default_rng(1)
    model, found = history(VALLEY, read_inputs(VALLEY), lambda size: rng.standard_normal(size))
    assert not [name for name in model.own.shapes if name.startswith("migration")]
    assert "migration" in model.unbuilt
    assert (found["migrants"] == 0).all()
    assert np.diff(found["people"]) == pytest.approx(found["births"] - found["deaths"], abs=1e-6)


def test_known_migrants_enter_person_by_person() -> None:
    years = read_inputs(VALLEY).layout.years
    moved = {year: 300.0 * (-1) ** year - 7 * (year - years[0]) for year in years}
    case = with_migration(KNOWN, moved)
    given = read_inputs(case)
    assert given.figures.net_migrants.tolist() == [moved[year] for year in years]
    model, found = history(case, given, np.zeros)
    assert [name for name in model.own.shapes if name.startswith("migration")] == ["migration"]  # its error
    assert found["migrants"] == pytest.approx(given.figures.net_migrants, rel=1e-9)
    balance = found["births"] - found["deaths"] + given.figures.net_migrants
    assert np.diff(found["people"]) == pytest.approx(balance, abs=1e-6)
    # one prior sd above: the error of the series, over the people
    _, above = history(case, given, np.ones)
    error = KNOWN.error_sd * above["people"][:-1]
    assert above["migrants"] == pytest.approx(given.figures.net_migrants + error, rel=1e-9)


def test_known_migration_needs_every_year() -> None:
    years = read_inputs(VALLEY).layout.years
    with pytest.raises(CaseError, match=rf"net_migration lacks {years[3]}; known migration needs every year"):
        read_inputs(with_migration(KNOWN, {year: 1.0 for year in years if year != years[3]}))
    with pytest.raises(CaseError, match="no rows of border/net_migration"):
        read_inputs(with_migration(KNOWN, {}))
    with pytest.raises(ValueError, match="known migration needs a series"):
        Migration(kind="known")


def unknown(**changed: Any) -> tuple[Any, dict[str, Any]]:
    """Return the layout of a place with unknown migration, and its unknowns of it, none moving."""
    layout = read_inputs(load("finland-1866")).layout
    none = np.zeros(len(layout.years))
    u = {"migration_level": 0.0, "migration": none, "migration_later": 0.0,
         "migration_crisis": np.zeros(int(layout.crisis.sum())), "migration_crisis_men": 0.0,
         "migration_crisis_age": 0.0, "migration_return": 0.0}  # fmt: skip
    return layout, {**u, **changed}


def test_those_who_left_in_the_crisis_come_back_as_far_as_the_share_says() -> None:
    left = np.array([-0.01, -0.03, -0.002])
    share = 0.3
    layout, u = unknown(migration_crisis=left, migration_return=np.log(share / (1 - share)))
    moved = moves(layout, u, {})
    inside = layout.crisis > 0
    last = int(np.flatnonzero(inside)[-1])
    crisis = np.asarray(moved.crisis)
    assert crisis[inside] == pytest.approx(left)
    assert crisis[last + 1 : last + 5] == pytest.approx(np.full(4, -share * left.sum() / 4))
    assert (crisis[: int(np.flatnonzero(inside)[0])] == 0).all()
    assert (crisis[last + 5 :] == 0).all()
    assert (np.asarray(moved.usual) == 0).all()


def test_the_usual_level_lasts_and_goes_on_after_the_last_year() -> None:
    layout, u = unknown(migration_level=0.002, migration_later=-0.0005)
    u["migration"][-5:] = 0.001
    moved = moves(layout, u, {})
    assert np.asarray(moved.usual)[:-5] == pytest.approx(0.002)
    assert float(moved.later) == pytest.approx(0.002 + 0.001 - 0.0005)
    people = np.random.default_rng(2).uniform(1.0, 2.0, (2, AGES))
    rates = np.asarray(later_rates(moved, people))
    assert (rates * people).sum() == pytest.approx(0.0025 * people.sum())


def test_sex_and_age_of_those_who_move() -> None:
    people = np.random.default_rng(2).uniform(1.0, 2.0, (2, AGES))
    layout, families = unknown(migration_crisis_age=-50.0, migration_crisis_men=np.log(0.7 / 0.3))
    moved = moves(layout, families, {})
    rates = np.asarray(net_rates(moved, 0.0, -0.01, 0.0, people))
    assert (rates * people).sum() == pytest.approx(-0.01 * people.sum())
    assert np.ptp(rates[1]) == pytest.approx(0)  # families: every age alike
    assert rates[1, 40] / rates[0, 40] == pytest.approx(0.7 / 0.3)
    workers = moves(layout, {**families, "migration_crisis_age": 50.0}, {})
    rates = np.asarray(net_rates(workers, 0.0, -0.01, 0.0, people))
    assert rates[1] / rates[1, 22] == pytest.approx(
        migration_rates(AGES, 0.7)[1] / migration_rates(AGES, 0.7)[1, 22]
    )
    # usual migrants and known ones have the ages of movers, whatever the crisis does
    usual = np.asarray(net_rates(moved, -0.004, 0.0, -0.006 * people.sum(), people))
    assert (usual * people).sum() == pytest.approx(-0.01 * people.sum())
    assert usual / usual[0, 22] == pytest.approx(MOVERS / MOVERS[0, 22])


def test_movers_are_mostly_young_men_and_children_come_with_parents() -> None:
    rates = migration_rates(AGES)
    assert rates[1, 22] > rates[0, 22] > 2 * rates[0, 50]
    assert rates[0, 2] == rates[1, 2] > rates[0, 12]
    work = rates - migration_rates(AGES, 0.0)[1]  # without men, the men's column is children and a constant
    assert work[1] == pytest.approx(MEN / (1 - MEN) * work[0])


def test_leaving_goes_on_until_the_later_census() -> None:
    layout = read_inputs(VALLEY).layout
    census = layout.censuses[-1]
    later = census.spec.model_copy(update={"date": layout.years[-1] + 4.0})
    model = Model(replace(layout, censuses=(replace(census, spec=later),)))
    assert model.layout.horizon == 3
    none = np.zeros(len(layout.years))
    u = {"mortality_decline_later_child": 0.0, "mortality_decline_later_adult": 0.0,
         "mortality_decline_later_age": np.zeros((2, 4))}  # fmt: skip
    stocks = np.full((2, 2, AGES), 10.0)

    def wear(later: float) -> np.ndarray:
        moved = Moves(none, none, none, MOVERS, MOVERS, np.asarray(later))
        return np.asarray(
            model.wear({"normal": np.full((2, 2, AGES), 0.01), "moves": moved, "stocks": stocks}, u)
        )

    worn = wear(-0.01) - wear(0.0)
    mean = MOVERS / MOVERS.mean()
    assert worn[0, :, 22] == pytest.approx(0.01 * mean[:, 22])
    assert worn[1, :, 22] == pytest.approx(0.01 * (mean[:, 22] + mean[:, 23]))
