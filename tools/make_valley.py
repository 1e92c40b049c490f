"""Make the bundled case ``valley``: a synthetic county of twelve communes with full records.

Every life is drawn: integer binomial deaths by commune, sex and single age, Poisson births; no
migration, so stocks follow from births and deaths exactly. All parameters are assumed. Rerunning the
script gives the same files byte for byte:  python tools/make_valley.py
"""

import csv
from pathlib import Path

import numpy as np

SEED = 1911
FIRST, LAST = 1900, 1925
AGES = np.arange(91)  # 90 stands for 90 and over
COMMUNES = (
    "Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Pine",
    "Rowan",
)  # fmt: skip
SIZE = 5000  # persons a commune at the start
TFR = 5.4
MALE_SHARE = 0.512
# famine: how much the normal hazard is raised, and the share of normal fertility, by year
SEVERITY = {1911: 0.8, 1912: 1.9}
FERTILITY = {1911: 0.92, 1912: 0.62, 1913: 0.78, 1914: 1.10, 1915: 1.06}
HERE = Path(__file__).parents[1] / "src" / "dearth" / "cases" / "valley"


def normal_hazard() -> np.ndarray:
    """Yearly hazard by age, (91,): Siler form (infancy, constant, old age)."""
    return 0.20 * np.exp(-1.1 * AGES) + 0.006 + 0.00045 * np.exp(0.085 * AGES)


def famine_pattern() -> np.ndarray:
    """Relative rise of the hazard by age: highest for the young and the old."""
    return 0.8 + 0.6 * np.exp(-AGES / 4) + 0.7 / (1 + np.exp(-(AGES - 62) / 5))


def fertility_rates() -> np.ndarray:
    """Births per woman and year by age, (91,), summing to TFR."""
    shape = np.where((AGES >= 15) & (AGES < 50), np.exp(-(((AGES - 28) / 8.0) ** 2) / 2), 0.0)
    return TFR * shape / shape.sum()


def grow_old(survivors: np.ndarray, born: np.ndarray) -> np.ndarray:
    """Shift everybody one year up; the last age keeps its own survivors."""
    older = np.concatenate([born[..., None], survivors[..., :-1]], axis=-1)
    older[..., -1] += survivors[..., -1]
    return older


def opening(random: np.random.Generator, deaths: np.ndarray) -> np.ndarray:
    """Integer population, (12, 2, 91), of the stable age structure."""
    people, fertility = np.ones((2, 91)), fertility_rates()
    for _ in range(300):
        births = (people[1] * fertility).sum()
        sexes = births * np.array([MALE_SHARE, 1 - MALE_SHARE]) * (1 - deaths[0] / 2)
        people = grow_old(people * (1 - deaths), sexes)
        people /= people.sum()
    return random.multinomial(SIZE, people.ravel(), size=len(COMMUNES)).reshape(-1, 2, 91)


def simulate() -> tuple[list[dict], list[dict], list[dict]]:
    """Return totals, ages and the true excess by year."""
    random = np.random.default_rng(SEED)
    birthdays = np.random.default_rng(SEED + 1)  # apart, so that lives do not hang on it
    normal = 1 - np.exp(-normal_hazard())
    people = opening(random, normal)
    local = random.uniform(0.5, 1.5, len(COMMUNES))  # how hard each commune is hit
    totals, ages, truth = [], [], []
    record_stock(totals, FIRST - 1, people)
    for year in range(FIRST, LAST + 1):
        rise = SEVERITY.get(year, 0.0) * local[:, None, None] * famine_pattern()
        q = 1 - np.exp(-normal_hazard() * (1 + rise))
        women = people[:, 1] * fertility_rates() * FERTILITY.get(year, 1.0)
        born = random.poisson(women.sum(axis=1))
        boys = random.binomial(born, MALE_SHARE)
        born = np.stack([boys, born - boys], axis=1)
        # the new-born spend half of their first year at risk on average
        q0, normal0 = 1 - (1 - q[:, :, 0]) ** 0.5, 1 - (1 - normal[0]) ** 0.5
        dead, dead0 = random.binomial(people, q), random.binomial(born, q0)
        excess = ((q - normal) * people).sum() + ((q0 - normal0) * born).sum()
        truth.append({"year": year, "expected_excess_deaths": round(float(excess), 1)})
        record_ages(ages, year, people, at_death(birthdays, dead, dead0))
        people = grow_old(people - dead, born - dead0)
        record(totals, year, "deaths", dead.sum(axis=(1, 2)) + dead0.sum(axis=1))
        record(totals, year, "births", born.sum(axis=1))
        record_stock(totals, year, people)
    return totals, ages, truth


def record(rows: list[dict], year: int, variable: str, values: np.ndarray, scope: str = "") -> None:
    """Add one figure a commune and their sum."""
    places = [("", "valley", int(values.sum()))]
    places += [(name, "valley_communes", int(v)) for name, v in zip(COMMUNES, values, strict=True)]
    for place, series, value in places:
        rows.append({"year": year, "place": place, "series": series, "variable": variable,
                     "value": value, "unit": "persons", "source_id": "simulated",
                     "quality": "official", "scope": scope})  # fmt: skip


def record_stock(rows: list[dict], year: int, people: np.ndarray) -> None:
    """Add year-end stocks."""
    record(rows, year, "population_yearend_total", people.sum(axis=(1, 2)), "residents")


def at_death(random: np.random.Generator, dead: np.ndarray, dead0: np.ndarray) -> np.ndarray:
    """Deaths of the whole by sex and age at death, (2, 91): half the year's dead had their birthday."""
    before = random.binomial(dead, 0.5).sum(axis=0)
    after = dead.sum(axis=0) - before
    before[:, 0] += dead0.sum(axis=0)
    before[:, 1:] += after[:, :-1]
    before[:, -1] += after[:, -1]
    return before


def record_ages(rows: list[dict], year: int, people: np.ndarray, deaths: np.ndarray) -> None:
    """Add 1-January population and deaths of the whole by sex and single age."""
    for variable, table in (
        ("population_jan1_by_age", people.sum(axis=0)),
        ("deaths_by_age", deaths),
    ):
        for i, sex in enumerate(("male", "female")):
            for age, value in enumerate(table[i]):
                rows.append({"year": year, "series": "valley", "variable": variable,
                             "value": int(value), "unit": "persons", "source_id": "simulated",
                             "quality": "official", "sex": sex, "age_from": age,
                             "age_to": "" if age == 90 else age,
                             "scope": "residents" if variable.startswith("population") else ""})  # fmt: skip


def write(name: str, columns: str, rows: list[dict]) -> None:
    """Write rows as CSV."""
    path = HERE / "evidence" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns.split(","), restval="", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def main() -> None:
    """Write the evidence files and the truth beside them."""
    totals, ages, truth = simulate()
    write("totals.csv", "year,place,series,variable,value,unit,source_id,quality,scope", totals)
    write("ages.csv", "year,series,variable,value,unit,source_id,quality,scope,sex,age_from,age_to",
          ages)  # fmt: skip
    write("_truth.csv", "year,expected_excess_deaths", truth)


if __name__ == "__main__":
    main()
