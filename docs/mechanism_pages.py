"""Write a page for each mechanism: its declaration, and a picture of valley with it and without."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import jax
import jax.numpy as jnp
import numpy as np

from dearth.bibliography.grade import Basis
from dearth.bibliography.works import short
from dearth.case.read import find
from dearth.system import regimes as regime
from dearth.system.aliases import aliases
from dearth.system.draws import prepared
from dearth.system.flows import COMMUTING
from dearth.system.great_famines import great_famines
from dearth.system.initial_state import world
from dearth.system.level_parameters import parameters
from dearth.system.mechanism import Mechanism
from dearth.system.order_of_month import ORDER
from dearth.system.parts_of_system import labels
from dearth.system.run import simulate
from dearth.system.scenario import Dated, Scenario, read_scenario, settled
from dearth.system.variables import FLOWS, STATE

WHEN = {
    "month": "Every month.",
    "harvest": "At the end of each harvest month.",
    "year": "At the end of December.",
}
KNOWN = {v.name: v for v in (*STATE, *FLOWS)}
ENERGY, DEATHS = "kcal a head and day, rural places", "deaths a month"
SHOWN = {
    "energy": ENERGY,
    "deaths": DEATHS,
    "store": "t in the stores of rural places",
}
ABROAD = {"exports": "t exported a month", "granary": "t in state stock"}
# panels of the mechanisms that the three above do not show
PANELS: dict[str, dict[str, str]] = {
    "export_plans": {"export_plan": "t to be exported in the year", **ABROAD},
    "external_trade": {"machinery": "plant over normal", "debt": "t of grain owed abroad", **ABROAD},
    "grain_exports": {**ABROAD, "imports": "t imported a month"},
    "grain_imports": {"imports": "t imported a month", "granary": "t in state stock", "deaths": DEATHS},
    "shipments": {
        "moved_in": "t moved between regions a month",
        "granary_first": "t in state stock, the first region",
        "granary_last": "t in state stock, the last region",
    },
    "audits": {
        "believed": "t a year, the harvest the centre believes in",
        "energy": ENERGY,
        "deaths": DEATHS,
    },
    "land_works": {"irrigated": "share of land irrigated", "energy": ENERGY, "deaths": DEATHS},
    "prospecting": {"coal": "t of coal a month", "reserves": "t of coal found", "deaths": DEATHS},
    "maternal_deaths": {"maternal": "mothers who die of births beyond those of normal years, a month"},
    "mortality_reports": {
        "alarm": "registered deaths over normal less 1, as the centre knows them",
        "relief": "t of relief a month",
        "deaths": DEATHS,
    },
    "relief": {"relief": "t of relief a month", "energy": ENERGY, "deaths": DEATHS},
    "rural_industry": {"iron": "t of iron a month", "slag": "t of slag a month", "deaths": DEATHS},
    "supplementary_quotas": {
        "quota": "t a year asked of rural places",
        "granary": "t in state stock",
        "energy": ENERGY,
    },
    "targets": {
        "believed": "t a year, the harvest the centre believes in",
        "energy": ENERGY,
        "deaths": DEATHS,
    },
    "training": {"skill": "months trained a worker", "energy": ENERGY, "deaths": DEATHS},
    "registers": {
        "deaths_registered": "deaths registered a month",
        "births_registered": "births registered a month",
        "register": "persons on the population register",
    },
    "settlement": {"walking": "workers lost to walking, towns", "building": "dwellings built a month"},
}


def split(scenario: Scenario) -> Scenario:
    """Return valley with the second half of its communes, and half of its town, in another region."""
    *communes, town = scenario.places
    half = len(communes) // 2
    fewer = {"people": town.people / 2}
    parts = {
        "North": (*communes[:half], town.model_copy(update=fewer)),
        "South": (*communes[half:], town.model_copy(update={**fewer, "name": "Weir"})),
    }
    placed = [p.model_copy(update={"within": {"region": name}}) for name, part in parts.items() for p in part]
    return scenario.model_copy(update={"places": tuple(placed)})


def emptied(scenario: Scenario) -> Scenario:
    """Return valley, the state's granary almost empty at the start and grain ordered abroad that year."""
    ready = {"to": f"{scenario.span[0]}-12", "set": {"grain_imports.readiness": 0.5}, "source": "assumed"}
    stocks = scenario.opening.model_copy(update={"granary_rations": 0.02})
    dated = (*scenario.timeline, Dated.model_validate(ready))
    return scenario.model_copy(update={"opening": stocks, "timeline": dated})


def by_age(scenario: Scenario) -> Scenario:
    """Return valley with needs that follow age and sex."""
    needs = Dated.model_validate({"set": {"needs.form": "by_age"}, "source": "assumed"})
    return scenario.model_copy(update={"timeline": (*scenario.timeline, needs)})


def answered(scenario: Scenario) -> Scenario:
    """Return valley where reports answer targets that each level raises."""
    own = {"false_reports.answer": 0.5, "targets.ambition": 0.2, "targets.raised": 0.1}
    dated = Dated.model_validate({"set": own, "source": "assumed"})
    return scenario.model_copy(update={"timeline": (*scenario.timeline, dated)})


def in_reserve(scenario: Scenario) -> Scenario:
    """Return valley whose state wants three years of the towns' grain in reserve."""
    wanted = {"set": {"supplementary_quotas.reserve": 36}, "source": "assumed"}
    return scenario.model_copy(update={"timeline": (*scenario.timeline, Dated.model_validate(wanted))})


# where these mechanisms are shown: in valley as it is they have nothing to do
ELSEWHERE: dict[str, tuple[Callable[[Scenario], Scenario], str]] = {
    "grain_imports": (emptied, "Valley with an empty granary and grain ordered in its first year"),
    "needs": (by_age, "Valley with needs by age and sex"),
    "targets": (answered, "Valley with reports that answer raised targets"),
    "shipments": (split, "Valley split into two regions"),
    "supplementary_quotas": (in_reserve, "Valley with three years of the towns' grain wanted in reserve"),
}


def shown_in(name: str) -> str:
    """Return the world a mechanism is shown in."""
    return ELSEWHERE[name][1] if name in ELSEWHERE else "Valley as it was"


@jax.jit
def _series(args: Any, strengths: Any) -> dict[str, Any]:
    """Return the monthly series [month] that panels may show."""
    base, fixed, tables, group = args
    own = {m.id: {**fixed[m.id], "strength": strengths[at]} for at, m in enumerate(ORDER)}
    found = simulate(base, own, tables, group)[1]
    rural = base.places.rural
    people = found["population"] * rural
    energy = (found["energy"] * people).sum(1) / jnp.maximum(people.sum(1), 1.0)
    summed = {k: v.reshape(len(v), -1).sum(1) for k, v in found.items()}
    means = {k: (found[k] * rural).sum(1) / rural.sum() for k in ("irrigated", "skill", "alarm")}
    return {
        **summed,
        **means,
        "energy": energy,
        "store": (found["store"] * rural).sum(1),
        "granary_first": found["granary"][:, 0],
        "granary_last": found["granary"][:, -1],
        "walking": found["labour"][:, COMMUTING].sum(1),
        "believed": found["beliefs"][:, -1].sum(1),
    }


def _runs(scenario: Scenario, names: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """Return the series its panels show of the scenario with and without each of the mechanisms."""
    first, last = scenario.span
    settings = settled(scenario)
    args = (world(scenario, 1), *prepared(settings, last - first + 1, jnp.float32))
    ones = np.ones(len(ORDER), np.float32)
    usual = _series(args, ones)
    found = {}
    for name in names:
        off = _series(args, np.where([m.id == name for m in ORDER], np.float32(0.0), ones))
        found[name] = tuple({k: np.asarray(run[k]) for k in panels(name)} for run in (usual, off))
    return found


def panels(name: str) -> dict[str, str]:
    """Return the series shown of a mechanism, each with its title."""
    return PANELS.get(name, SHOWN)


def effects(scenario: Scenario) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return, by mechanism, the monthly series its panels show, with it and with it off."""
    found = _runs(scenario, [m.id for m in ORDER if m.id not in ELSEWHERE])
    for name, (change, _) in ELSEWHERE.items():
        found |= _runs(change(scenario), [name])
    return found


def picture(titles: dict[str, str], with_it: dict[str, Any], without: dict[str, Any]) -> str:
    """Return an SVG of what the months look like with the mechanism and without."""
    import vl_convert

    drawn = []
    for name, title in titles.items():
        rows = [
            {"month": 1904 + at / 12, "value": float(v), "run": run}
            for run, values in (("on", with_it[name]), ("off", without[name]))
            for at, v in enumerate(values)
        ]
        drawn.append(
            alt.Chart(alt.Data(values=rows), width=250, height=150)
            .mark_line(strokeWidth=1.2)
            .encode(
                x=alt.X(
                    "month:Q", title=None, axis=alt.Axis(format="d", tickCount=5), scale=alt.Scale(zero=False)
                ),
                y=alt.Y("value:Q", title=title),
                color=alt.Color("run:N", title=None, scale=alt.Scale(range=["#1f4e79", "#c05a00"])),
                strokeDash=alt.StrokeDash("run:N", title=None),
            )
        )
    return str(vl_convert.vegalite_to_svg(alt.hconcat(*drawn).to_json()))


def cited(keys: Sequence[str]) -> str:
    """Return short citations, each linked to its entry of the bibliography."""
    return "; ".join(f"[{short(key)}](#work-{key})" for key in keys)


def linked(basis: Basis) -> str:
    """Return a basis in one line: grade, linked citations, note."""
    told = f"{basis.grade.label}: {cited(basis.sources)}" if basis.sources else basis.grade.label
    return f"{told} ({basis.note})" if basis.note else told


def page(m: Mechanism) -> str:
    """Return the page of a mechanism in Markdown."""
    doc = (__import__(f"dearth.system.mechanisms.{m.id}", fromlist=["x"]).__doc__ or "").strip()
    head, _, rest = doc.partition("References\n----------")[0].strip().partition("\n")
    group = f"Cause group: {m.group}." if m.group else "Part of the frame: in no cause group."
    form = f"```text\n{rest.strip()}\n```" if rest.strip() else ""
    told = f"Parts of the food system: {', '.join(labels(m.systems))}. {WHEN[m.when]} {group}"
    if aliases(m.id):
        told += f" Also named {', '.join(f'`{name}`' for name in aliases(m.id))}."
    lines = [f"# {m.id}", "", head, "", form, "", told, "", f"**Form**: {linked(m.form)}.", ""]
    if m.parameters:
        lines += [
            "| parameter | default | range | unit | grade and works | meaning |",
            "|---|---|---|---|---|---|",
        ]
        for p in parameters(m.parameters):
            span = ", ".join(p.options) if p.options else f"{p.low:g} to {p.high:g}"
            kind = " (lever)" if p.lever and not p.options else ""
            lines.append(
                f"| `{p.name}`{kind} | {p.default} | {span} | {p.unit} | {linked(p.basis)} | {p.meaning} |"
            )
        lines.append("")
    if m.shared:
        named = ", ".join(f"[`{name}`]({name.partition('.')[0]}.md)" for name in m.shared)
        lines += [f"**Shared parameters**, declared and set elsewhere: {named}.", ""]
    for title, fields in (("Reads", m.reads), ("Writes", m.writes)):
        told = "; ".join(f"`{n}` ({KNOWN[n].definition}, {KNOWN[n].unit})" for n in fields)
        lines += [f"**{title}**: {told or 'nothing'}.", ""]
    told = f"{shown_in(m.id)}, and with {m.id} off"
    lines += [f"{told}:", "", f"```{{image}} {m.id}.svg\n:alt: {told}\n:width: 100%\n```", ""]
    return "\n".join(lines)


def make(folder: Path) -> None:
    """Write the pages, their pictures and the tables the system's page includes."""
    folder.mkdir(parents=True, exist_ok=True)
    found = effects(read_scenario(find("valley")))
    for m in ORDER:
        (folder / f"{m.id}.md").write_text(page(m), encoding="utf-8")
        (folder / f"{m.id}.svg").write_text(picture(panels(m.id), *found[m.id]), encoding="utf-8")
    order = ["| when | mechanism | part of the food system | what it does |", "|---|---|---|---|"]
    order += [
        f"| {m.when} | [{m.id}](mechanisms/{m.id}.md) | {', '.join(labels(m.systems))} | {m.summary} |"
        for m in ORDER
    ]
    (folder / "_order.txt").write_text("\n".join(order) + "\n", encoding="utf-8")
    regimes = ["| regime | what it is | sets | puts back to normal years |", "|---|---|---|---|"]
    for r in regime.REGIMES:
        sets = ", ".join(f"`{k}` {v}" for k, v in r.settings.items()) or "–"
        regimes.append(
            f"| `{r.name}` | {r.summary} | {sets} | {', '.join(r.normal).replace('*', 'all') or '–'} |"
        )
    (folder / "_regimes.txt").write_text("\n".join(regimes) + "\n", encoding="utf-8")
    famines = ["| place | year | excess, % of the people | grade and work |", "|---|---|---|---|"]
    famines += [
        f"| {f.place} | {f.year} | {100 * f.excess:.1f} | {linked(f.basis)} |" for f in great_famines()
    ]
    (folder / "_famines.txt").write_text("\n".join(famines) + "\n", encoding="utf-8")
    table = ["| variable | axes | unit | definition | works |", "|---|---|---|---|---|"]
    table += [
        f"| `{v.name}` | {v.axes or '–'} | {v.unit} | {v.definition} | {cited(v.works) or '–'} |"
        for v in (*STATE, *FLOWS)
    ]
    (folder / "_variables.txt").write_text("\n".join(table) + "\n", encoding="utf-8")
