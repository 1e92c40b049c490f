"""The reference workload as users of NumPy and of Mesa would write it: same arithmetic, same order."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from reference import AGES, EDGES, LEFT, SUMMER, Floats, Spec, sums


def numpy_run(given: Spec) -> Callable[[], Floats]:
    """Return the run with arrays [age, place], in place where NumPy can."""
    weights, kept = sums(given), np.exp(-given.normal)[:, None]

    def run() -> Floats:
        people, grain = given.people.copy(), given.grain
        workers = weights[0] @ people
        store = np.float32(0.45) * grain
        found = []
        for weather in given.weather:
            for month in range(12):
                totals = weights @ people
                store, fed = _eat(given, store, totals[1], np.float32(LEFT[month]))
                hunger = np.float32(given.scale / (np.exp(3) - 1)) * (np.exp(6 * (1 - fed)) - 1)
                excess = np.exp(-given.relative[:, None] * hunger)
                for g, (a, b) in enumerate(pairwise(EDGES)):
                    people[a:b] *= kept[a:b] * excess[g]
                people[0] += totals[2]
                if month in (5, 9):
                    part = np.float32(SUMMER if month == 5 else 1 - SUMMER)
                    effort = ((weights[0] @ people) / workers) ** np.float32(given.elasticity)
                    store = _harvested(given, store, part * grain * effort * np.exp(weather[int(month == 9)]))
            found.append(people.sum(0))
            last = people[-2] + people[-1]
            people[1:] = people[:-1].copy()
            people[0], people[-1] = 0, last
        return np.array(found)

    return run


def _eat(given: Spec, store: Floats, mouths: Floats, left: np.float32) -> tuple[Floats, Floats]:
    need = mouths * np.float32(given.need / 1000)
    even = store / left
    eaten = even * (1 + (even / need) ** 8) ** np.float32(-0.125)
    return store - eaten, eaten / need


def _harvested(given: Spec, store: Floats, output: Floats) -> Floats:
    claim = output * np.float32(given.inflation)
    asked, most = np.float32(given.share) * claim, np.float32(given.most) * output
    return store + output - asked * (1 + (asked / most) ** 8) ** np.float32(-0.125)


def mesa_run(given: Spec) -> Callable[[], Floats] | None:
    """Return the run with a Mesa agent a commune, its ages an array; None where Mesa is not installed."""
    try:
        import mesa
    except ImportError:
        return None
    weights, kept = sums(given), np.exp(-given.normal)
    sizes = np.diff(EDGES)

    class Commune(mesa.Agent):  # type: ignore[misc]
        def __init__(self, model: "Country", at: int) -> None:
            super().__init__(model)
            self.at, self.people = at, given.people[:, at].copy()
            self.grain = given.grain[at]
            self.store = np.float32(0.45) * self.grain
            self.workers = weights[0] @ self.people

        def step(self) -> None:
            month, year = self.model.month, self.model.year
            totals = weights @ self.people
            self.store, fed = _eat(given, self.store, totals[1], np.float32(LEFT[month]))
            hunger = np.float32(given.scale / (np.exp(3) - 1)) * (np.exp(6 * (1 - fed)) - 1)
            self.people *= kept * np.repeat(np.exp(-given.relative * hunger), sizes)
            self.people[0] += totals[2]
            if month in (5, 9):
                part = np.float32(SUMMER if month == 5 else 1 - SUMMER)
                effort = ((weights[0] @ self.people) / self.workers) ** np.float32(given.elasticity)
                weather = given.weather[year, int(month == 9), self.at]
                self.store = _harvested(given, self.store, part * self.grain * effort * np.exp(weather))

        def turn(self) -> None:
            last = self.people[-2] + self.people[-1]
            self.people[1:] = self.people[:-1].copy()
            self.people[0], self.people[-1] = 0, last

    class Country(mesa.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(seed=1)
            self.month = self.year = 0
            for at in range(given.grain.size):
                Commune(self, at)

    def run() -> Floats:
        model, found = Country(), []
        for model.year in range(len(given.weather)):
            for model.month in range(12):
                model.agents.do("step")
            found.append(np.array([agent.people.sum() for agent in model.agents]))
            model.agents.do("turn")
        return np.array(found)

    return run


def floor(given: Spec) -> Callable[[], float]:
    """Return the least any implementation must do: each month's exponentials, vectorised, nothing else."""
    x = np.linspace(-0.5, 0, (len(EDGES) - 1) * given.grain.size, dtype=np.float32)
    out = np.empty_like(x)

    def run() -> float:
        for _ in range(12 * len(given.weather)):
            np.exp(x, out=out)
        return float(out[0])

    return run


assert EDGES[-1] == AGES
