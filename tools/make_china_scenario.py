"""Write the reckoned parts of china-1958's scenario from the rows of its evidence.

Opening people, ages, land and grain by province, and disaster area by year go between the two marks in
``scenario.yaml``; everything else there is written by hand. Run it after a change of those rows.
"""

import csv
from collections import defaultdict
from pathlib import Path

CASE = Path(__file__).parents[1] / "src" / "dearth" / "cases" / "china-1958"
BEGIN, END = "# reckoned by tools/make_china_scenario.py: begin", "# reckoned: end"
NORMAL = (1955, 1956, 1957)
FIRST_HELD = {"Beijing": 1954, "Sichuan": 1955}  # others from 1953; levels only: growth 1953-64 is held out
GRAIN_LATENT = ("Zhejiang", "Sichuan", "rest")  # a copy, missing, and the remainder
COMMUNES = 26000  # end of 1958
COUNTIES = 2000  # assumed, within 1,800-2,100 county-level units of the late 1950s; no list or count is held
KM = 20  # assumed, everywhere
YIELD_LEVEL = 0.955  # of 1955-57's recorded yield, at the start: sets recorded mean output of 1955-57
Rows = dict[tuple[str, str, str], dict[int, float]]


def rows(file: str) -> Rows:
    """Return official values by (series, variable, place) and year; recalled rows are left out."""
    found: Rows = defaultdict(dict)
    with (CASE / "evidence" / file).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["quality"] == "official" and row["basis"] in ("", "original"):
                found[row["series"], row["variable"], row["place"]][int(row["year"])] = float(row["value"])
    return found


def mean(values: dict[int, float]) -> float:
    """Return the mean over the normal years."""
    return sum(values[y] for y in NORMAL) / len(NORMAL)


def people() -> tuple[dict[str, float], dict[str, float]]:
    """Return all people and townspeople by place on 1 January 1953, thousands.

    A province has the nation's total times its share of the nation in the first year held.
    """
    national, provincial = rows("national.csv"), rows("provinces.csv")
    stock = national["nbs_registered", "population_yearend_total", ""]
    towns = national["ssb1979", "population_yearend_urban", ""]
    total, urban = {}, {}
    for name in names():
        year = FIRST_HELD.get(name, 1953)
        own = provincial.get(("provincial_registered", "population_yearend_total", name))
        town = provincial.get(("provincial_registered", "population_yearend_urban", name))
        if own:
            total[name] = own[year] / stock[year] * stock[1952]
        if town:
            urban[name] = town[year] / towns[year] * towns[1952]
    total["rest"] = stock[1952] - sum(total.values())
    # no urban stock of Sichuan and of the rest: the nation's remainder, by people
    left = towns[1952] - sum(urban.values())
    both = total["Sichuan"] + total["rest"]
    for name in ("Sichuan", "rest"):
        urban[name] = left * total[name] / both
    return total, urban


def grain(rural: dict[str, float]) -> tuple[dict[str, float], float, float]:
    """Return normal output by place and of the nation, thousand t, and the nation's sown land, kha."""
    provincial, national = rows("provinces.csv"), rows("economy.csv")
    whole = mean(national["ssb1979", "grain_output", ""])
    land = mean(national["ssb1979", "grain_sown_area", ""])
    found = {
        name: mean(provincial["provincial_registered", "grain_output", name])
        for name in names()
        if name not in GRAIN_LATENT
    }
    left = whole - sum(found.values())
    people = sum(rural[name] for name in GRAIN_LATENT)
    return found | {n: left * rural[n] / people for n in GRAIN_LATENT}, whole, land


def names() -> list[str]:
    """Return the places of the case in its order."""
    text = (CASE / "case.yaml").read_text(encoding="utf-8")
    part = text[text.index("\nplaces:") :]
    return [line.split("name: ")[1].split(",")[0] for line in part.splitlines() if "- {name: " in line]


def ages() -> list[str]:
    """Return the age groups: the UN's shape of 1950 within the census's three broad groups of 1953."""
    broad, fine = {}, {}
    with (CASE / "evidence" / "ages.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["series"] == "census_1953":
                broad[int(row["age_from"])] = float(row["value"])
            if row["variable"] == "population_midyear_by_age" and row["year"] == "1950":
                fine[row["sex"], int(row["age_from"])] = float(row["value"])
    first = sorted({age for _, age in fine})
    group = {a: max(b for b in broad if b <= a) for a in first}
    within = {b: sum(v for (_, a), v in fine.items() if group[a] == b) for b in broad}

    def shares(sex: str) -> str:
        return ", ".join(f"{fine[sex, a] * broad[group[a]] / within[group[a]]:.4f}" for a in first)

    return [
        "ages:  # percent: shape of un_wpp2019 (1950) within the broad groups of the census of 1953",
        f"  first: [{', '.join(map(str, first))}]",
        f"  women: [{shares('female')}]",
        f"  men: [{shares('male')}]",
        "  source: csy2009_census",
    ]


def place_lines() -> list[str]:
    """Return the communes and towns of every place."""
    total, urban = people()
    rural = {n: total[n] - urban[n] for n in total}
    harvest, whole, land = grain(rural)
    made = ["places:  # counties: 2,000 in all, by rural people; assumed, no list or count of them is held"]
    for n in names():
        hectares = 1000 * land * harvest[n] / whole
        many, counties = (round(nation * rural[n] / sum(rural.values())) for nation in (COMMUNES, COUNTIES))
        made.append(
            f"  - {{name: {n}, within: {{province: {n}}}, people: {1000 * rural[n]:.0f}, "
            f"land_ha: {hectares:.0f}, yield_kg_ha: {YIELD_LEVEL * 1000 * whole / land:.1f}, km: {KM}, "
            f"units: {{commune: {many}, county: {counties}}}}}"
        )
    made += [
        f"  - {{name: {n} towns, kind: town, within: {{province: {n}}}, people: {1000 * urban[n]:.0f}, "
        "km: 0}"
        for n in names()
    ]
    return made


def disaster_lines() -> list[str]:
    """Return the share of all sown land struck (loss above 30 %) by year, official, national."""
    economy = rows("economy.csv")
    struck = economy["ssb1979", "area_inflicted_by_disaster", ""]
    sown = economy["ssb1979", "sown_area_total", ""]
    return ["disasters:"] + [
        f"  - {{year: {y}, share: {struck[y] / sown[y]:.4f}, source: ssb1979}}" for y in range(1953, 1967)
    ]


def main() -> None:
    """Write the reckoned lines between the marks."""
    path = CASE / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = "\n".join([*ages(), "", *place_lines(), "", *disaster_lines()])
    path.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
