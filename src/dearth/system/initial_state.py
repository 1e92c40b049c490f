"""The world on the first day: places, schedules, people of the stable structure, stocks of a normal year."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from dearth.numerics.random_keys import key
from dearth.population.projection import step
from dearth.system.age_structure import structure
from dearth.system.crop_calendar import MONTHS
from dearth.system.flows import ADULTS, needs_at
from dearth.system.initial_conditions import Fertility, Mortality
from dearth.system.levels import WHOLE
from dearth.system.mechanism import Schedules
from dearth.system.mechanisms import labour, private_plots, registers, urban_ration
from dearth.system.mechanisms.bodies import BUILD, OPENING_MEAN, OPENING_SD, SHARES
from dearth.system.places import Places
from dearth.system.run import World
from dearth.system.scenario import Scenario, months_since
from dearth.system.state import AGES, TERM, State

Floats = NDArray[np.float64]
AGE = np.arange(AGES)
TOWN_RATION = urban_ration.MECHANISM.default("ration") / 1000  # t a head a year; sizes the first stock
WORKERS = tuple(labour.MECHANISM.default(sex) for sex in ("women", "men"))  # shares of those of 15-59
# months of normal deaths that may still be registered, where as many are added to them as are taken away
LATE_DEATHS = (
    (1 - registers.MECHANISM.default("deaths"))
    * registers.MECHANISM.default("ever")
    / registers.MECHANISM.default("late")
)
NORMAL_PLOTS = private_plots.MECHANISM.default("plots")  # share of arable land


def yearly_survival(mortality: Mortality) -> Floats:
    """Return proportions surviving a year [age + 1]: the newborn to its end, then each row to the next.

    Row a holds people who reach age a within the year; at mid-year their mean exact age is a, so the hazard
    of a year is that of exact age a - 1/2 to a + 1/2. The newborn are at risk half a year on average.
    """
    m = mortality

    def total(a: Floats) -> Floats:  # integral of the hazard from 0 to a
        infants = m.infant / m.decline * (1 - np.exp(-m.decline * a))
        return np.asarray(infants + m.background * a + m.level / m.slope * np.expm1(m.slope * a))

    fine = (np.arange(200) + 0.5) / 200
    alive = np.exp(-total(AGE[:, None] + fine)).mean(1)  # L(a) of radix 1
    rest = alive[1:] / alive[:-1]
    return np.concatenate(
        [alive[:1], rest, [np.exp(-total(np.array(AGES + 1.0)) + total(np.array(AGES + 0.0)))]]
    )


def _steady(survival: float) -> float:
    """Return the monthly hazard of the newborn that leaves `survival` of the births of a year at its end.

    Births come at the end of their month: mean of exp(-h k) over k = 0 ... 11 months at risk, by bisection.
    """
    months = np.arange(12)
    low, high = 0.0, 5.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.exp(-middle * months).mean() > survival else (low, middle)
    return (low + high) / 2


def fertility_rates(fertility: Fertility) -> Floats:
    """Return births per woman-year by age [age], summing to the total."""
    shape = np.where(
        (AGE >= 15) & (AGE < 50), np.exp(-(((AGE - fertility.mean_age) / fertility.sd) ** 2) / 2), 0.0
    )
    return np.asarray(fertility.total * shape / shape.sum())


def schedules(scenario: Scenario, dtype: Any) -> Schedules:
    """Return monthly hazards and yearly fertility; both sexes die alike in normal times."""
    survival = yearly_survival(scenario.mortality)
    # rows 0 .. AGES-1: in the year of birth, then from row a-1 to a, ...
    hazard = np.concatenate([[_steady(survival[0])], -np.log(survival[1:]) / 12])
    return Schedules(
        jnp.asarray(np.stack([hazard[:AGES]] * 2), dtype),
        jnp.asarray(fertility_rates(scenario.fertility), dtype),
        jnp.asarray(scenario.fertility.girls, dtype),
    )


def stable_structure(scenario: Scenario) -> Floats:
    """Return shares [sex, age] of the stable population, by the projection engine."""
    survival = np.stack([yearly_survival(scenario.mortality)] * 2)
    people = np.full((2, AGES), 0.5 / AGES)
    for _ in range(400):
        # projection's rows are ages at the start of the step; its first age is our row 0 at the year's end
        people = step(
            people,
            survival,
            fertility_rates(scenario.fertility),
            np.zeros((2, AGES)),
            scenario.fertility.girls,
        ).people
        people = people / people.sum()
    # on 1 January nobody of the new calendar year is born: every row stands one age up
    aged = np.concatenate([np.zeros((2, 1)), people[:, :-1]], axis=1)
    aged[:, -1] += people[:, -1]
    return np.asarray(aged)


def places(scenario: Scenario, people: Floats, dtype: Any) -> Places:
    """Return the fixed facts; units left unnamed are one."""
    listed = scenario.places
    rural = np.array([p.kind == "rural" for p in listed], float)
    paths = [scenario.levels.path(p.within) for p in listed]
    neighbourhood, neighbourhoods = _numbered(paths)
    granary_area, granary_areas = _numbered([path[:1] for path in paths])
    land = np.array([p.land_ha for p in listed]) * rural
    harvest = land * np.array([p.yield_kg_ha for p in listed]) / 1000
    heads = np.array([p.people for p in listed])

    def real(x: Any) -> Array:
        return jnp.asarray(x, dtype)

    return Places(
        urban=real(1 - rural),
        km=real([p.km for p in listed]),
        people=real(heads),
        land=real(land),
        harvest=real(harvest),
        shares=real(np.array([p.harvest_shares or scenario.calendar.shares for p in listed]).T),
        labour=real(np.einsum("s,sta,tap->p", WORKERS, ADULTS, people) * rural),
        need=real(
            np.where(
                heads > 0,
                np.einsum("sa,sap->p", needs_at(np.zeros(())), people) / np.maximum(heads, 1e-9),
                1.0,
            )
        ),
        deposits=real(heads * scenario.opening.deposits_per_head * rural),
        neighbourhood=neighbourhood,
        granary_area=granary_area,
        names=tuple(p.name for p in listed),
        neighbourhoods=neighbourhoods,
        granary_areas=granary_areas,
        levels=scenario.levels,
    )


def _numbered(paths: list[tuple[str, ...]]) -> tuple[Array, tuple[str, ...]]:
    """Return the number of each place's unit [place] and the names of the units, each known by its path."""
    row = {path: at for at, path in enumerate(dict.fromkeys(paths))}
    return jnp.asarray([row[path] for path in paths]), tuple(path[-1] if path else WHOLE for path in row)


def opening(scenario: Scenario, at: Places, people: Floats, rates: Schedules) -> State:
    """Return the state on 1 January of the first year, as normal years leave it."""
    first = scenario.opening
    like = at.urban
    one, none = jnp.ones_like(like), jnp.zeros_like(like)
    everyone = jnp.asarray(people, like.dtype)
    heads = jnp.sum(everyone, axis=(0, 1))
    births = jnp.einsum("ap,a->p", everyone[0], rates.fertility) / 12
    ration = TOWN_RATION * heads * at.urban
    town = at.by_granary_area(ration)
    nodes = jnp.asarray(OPENING_MEAN + OPENING_SD * BUILD, like.dtype)[:, None]
    shares = jnp.asarray(SHARES, like.dtype)[:, None]
    total = jnp.sum(at.harvest)
    autumn = scenario.calendar.harvests[-1].month  # months from here on belong to the quota under way
    unsaid = jnp.zeros((len(at.levels.reporting), like.size), like.dtype)
    return State(
        people=everyone,
        pregnancies=_pregnancies(births),
        postponed=none,
        body_mass=jnp.tile(nodes, (1, like.size)),
        body_share=jnp.tile(shares, (1, like.size)),
        energy_past=first.energy * one,
        store=first.store_share * at.harvest + ration / 60,
        concealed=none,
        granary=first.granary_rations * town,
        on_order=jnp.zeros_like(town),
        sown=one,
        seeded=one,
        animals=one,
        tools=one,
        irrigated=none,
        terraced=none,
        works=none,
        skill=none,
        clustered=none,
        plots=NORMAL_PLOTS * at.rural,
        halls=none,
        undiscovered=at.deposits,
        reserves=none,
        machinery=jnp.ones((), like.dtype),
        debt=jnp.zeros((), like.dtype),
        weather=none,
        damage=none,
        season_work=(MONTHS - scenario.calendar.harvests[-1].month) * at.rural,
        window_work=at.rural,
        effort=one,
        padded=none,
        technique=one,
        reaped=none,
        past_harvests=jnp.tile(at.harvest, (3, 1)),
        bias=unsaid,
        deterred=unsaid,
        urged=unsaid,
        targets=unsaid,
        claims=jnp.tile(at.harvest, (at.levels.many, 1)),
        beliefs=jnp.tile(at.harvest, (at.levels.many, 1)),
        quota=first.quota_share * at.harvest,
        arrears=none,
        export_plan=first.export_share * total,
        delivered=first.quota_share * at.harvest * sum(scenario.calendar.quota_due[autumn:]),
        counted=heads,
        alarm=none,
        register=heads,
        unregistered=LATE_DEATHS * jnp.einsum("sap,sa->p", everyone, rates.hazard),
    )


def _pregnancies(births: Array) -> Array:
    """Return the children to be born [month to term, place] when `births` [place] come every month.

    A month begins with its last row empty: conceptions of the month fill it before births move every row one
    month nearer to term. A full last row would double the births of the ninth month.
    """
    return jnp.tile(births, (TERM, 1)).at[-1].set(0.0)


def world(scenario: Scenario, seed: int, draw: int = 0, dtype: Any = jnp.float32) -> World:
    """Return what a run of the scenario is given: draw `draw` of the weather of `seed`."""
    heads = np.array([p.people for p in scenario.places])
    shares = stable_structure(scenario) if scenario.ages is None else structure(scenario.ages)
    people = shares[:, :, None] * heads
    at, rates = places(scenario, people, dtype), schedules(scenario, dtype)
    return World(
        opening=opening(scenario, at, people, rates),
        places=at,
        schedules=rates,
        disaster=jnp.asarray(_disasters(scenario), dtype),
        events=_events(scenario, dtype),
        noise=noise(scenario, seed, draw, dtype),
        first_year=jnp.asarray(scenario.span[0]),
        fall=jnp.asarray(scenario.mortality.fall, dtype),
        crop_calendar=scenario.calendar,
    )


def noise(scenario: Scenario, seed: int, draw: int, dtype: Any) -> dict[str, Array]:
    """Return the random fields of a draw, each from its own named stream."""
    import jax

    first, last = scenario.span
    years, many = last - first + 1, len(scenario.places)
    harvests = scenario.calendar.many
    shapes = {"local": (years, harvests, many), "common": (years, harvests)}
    # drawn in float32 whatever the run's precision, so that both see the same weather
    return {
        name: jax.random.normal(key(seed, "weather", name, str(draw)), shape, jnp.float32).astype(dtype)
        for name, shape in shapes.items()
    }


def _rows(scenario: Scenario) -> dict[str, int]:
    """Return where each place stands: among 26,000 a list would be searched from its start each time."""
    return {place.name: at for at, place in enumerate(scenario.places)}


def _disasters(scenario: Scenario) -> Floats:
    first, last = scenario.span
    row = _rows(scenario)
    share = np.zeros((last - first + 1, len(row)))
    for disaster in scenario.disasters:
        chosen = list(row) if disaster.places == "all" else list(disaster.places)
        share[disaster.year - first, [row[n] for n in chosen]] = disaster.share
    return share


def _events(scenario: Scenario, dtype: Any) -> dict[str, Array]:
    row = _rows(scenario)
    rows = [(months_since(scenario, e.month), row[e.place], e.loss) for e in scenario.events]
    rows = rows or [(-1, 0, 0.0)]
    months, where, losses = zip(*rows, strict=True)
    return {
        "event_month": jnp.asarray(months),
        "event_place": jnp.asarray(where),
        "event_loss": jnp.asarray(losses, dtype),
    }
