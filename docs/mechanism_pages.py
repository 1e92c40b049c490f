"""Write a page for each mechanism: its declaration, and a picture of valley with it and without."""

from pathlib import Path
from typing import Any

import altair as alt
import jax
import jax.numpy as jnp
import numpy as np

from dearth.case.read import find
from dearth.system import regime
from dearth.system.draws import prepared
from dearth.system.mechanism import Mechanism
from dearth.system.month import ORDER
from dearth.system.names import aliases
from dearth.system.opening import world
from dearth.system.run import simulate
from dearth.system.scenario import read_scenario, timeline
from dearth.system.settings import settle
from dearth.system.variables import FLOWS, STATE

WHEN = {
    "month": "Every month.",
    "harvest": "At the end of June and October, with the harvest.",
    "year": "At the end of December.",
}
KNOWN = {v.name: v for v in (*STATE, *FLOWS)}
SHOWN = {
    "energy": "kcal a head and day, communes",
    "deaths": "deaths a month",
    "store": "t in the communes' stores",
}


def effects() -> dict[str, dict[str, Any]]:
    """Return monthly records of valley as it was ("") and with each mechanism off, in one program."""
    scenario = read_scenario(find("valley"))
    first, last = scenario.span
    settings = settle(timeline(scenario), 12 * (last - first + 1), len(scenario.places))
    base = world(scenario, 1)
    fixed, tables, group = prepared(settings, last - first + 1, jnp.float32)
    rural = np.asarray(base.places.urban) < 0.5

    def run(strengths: Any) -> Any:
        own = {m.id: {**fixed[m.id], "strength": strengths[at]} for at, m in enumerate(ORDER)}
        found = simulate(base, own, tables, group)[1]
        people = found["population"][:, rural]
        energy = (found["energy"][:, rural] * people).sum(1) / jnp.maximum(people.sum(1), 1.0)
        return {"energy": energy, "deaths": found["deaths"].sum(1), "store": found["store"][:, rural].sum(1)}

    program = jax.jit(run)
    ones = jnp.ones(len(ORDER))
    found = {"": program(ones)}
    for at, m in enumerate(ORDER):
        found[m.id] = program(ones.at[at].set(0.0))
    return {k: {name: np.asarray(v) for name, v in rows.items()} for k, rows in found.items()}


def picture(with_it: dict[str, Any], without: dict[str, Any]) -> str:
    """Return an SVG of what the months look like with the mechanism and without."""
    import vl_convert

    panels = []
    for name, title in SHOWN.items():
        rows = [
            {"month": 1904 + at / 12, "value": float(v), "run": run}
            for run, values in (("as it was", with_it[name]), ("off", without[name]))
            for at, v in enumerate(values)
        ]
        panels.append(
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
    return str(vl_convert.vegalite_to_svg(alt.hconcat(*panels).to_json()))


def page(m: Mechanism) -> str:
    """Return the page of a mechanism in Markdown."""
    doc = (__import__(f"dearth.system.mechanisms.{m.id}", fromlist=["x"]).__doc__ or "").strip()
    head, _, rest = doc.partition("\n")
    group = f"Cause group: {m.group}." if m.group else "Part of the frame: in no cause group."
    form = f"```text\n{rest.strip()}\n```" if rest.strip() else ""
    told = f"Systems: {', '.join(m.systems)}. {WHEN[m.when]} {group}"
    if aliases(m.id):
        told += f" Also named {', '.join(f'`{name}`' for name in aliases(m.id))}."
    lines = [f"# {m.id}", "", head, "", form, "", told, ""]
    if m.parameters:
        lines += ["| parameter | default | range | unit | source | meaning |", "|---|---|---|---|---|---|"]
        for p in m.parameters:
            span = ", ".join(p.options) if p.options else f"{p.low:g} to {p.high:g}"
            kind = " (lever)" if p.lever and not p.options else ""
            lines.append(f"| `{p.name}`{kind} | {p.default} | {span} | {p.unit} | {p.source} | {p.meaning} |")
        lines.append("")
    for title, fields in (("Reads", m.reads), ("Writes", m.writes)):
        told = "; ".join(f"`{n}` ({KNOWN[n].definition}, {KNOWN[n].unit})" for n in fields)
        lines += [f"**{title}**: {told or 'nothing'}.", ""]
    lines += [f"```{{image}} {m.id}.svg\n:alt: Valley as it was and with {m.id} off\n:width: 100%\n```", ""]
    return "\n".join(lines)


def make(folder: Path) -> None:
    """Write the pages, their pictures and the tables the system's page includes."""
    folder.mkdir(parents=True, exist_ok=True)
    found = effects()
    for m in ORDER:
        (folder / f"{m.id}.md").write_text(page(m), encoding="utf-8")
        (folder / f"{m.id}.svg").write_text(picture(found[""], found[m.id]), encoding="utf-8")
    order = ["| when | mechanism | systems | what it does |", "|---|---|---|---|"]
    order += [
        f"| {m.when} | [{m.id}](mechanisms/{m.id}.md) | {', '.join(m.systems)} | {m.summary} |" for m in ORDER
    ]
    (folder / "_order.txt").write_text("\n".join(order) + "\n", encoding="utf-8")
    regimes = ["| regime | what it is | sets | puts back to normal years |", "|---|---|---|---|"]
    for r in regime.REGIMES:
        sets = ", ".join(f"`{k}` {v}" for k, v in r.settings.items()) or "–"
        regimes.append(
            f"| `{r.name}` | {r.summary} | {sets} | {', '.join(r.normal).replace('*', 'all') or '–'} |"
        )
    (folder / "_regimes.txt").write_text("\n".join(regimes) + "\n", encoding="utf-8")
    table = ["| variable | axes | unit | definition | block |", "|---|---|---|---|---|"]
    table += [
        f"| `{v.name}` | {v.axes or '–'} | {v.unit} | {v.definition} | {v.source} |" for v in (*STATE, *FLOWS)
    ]
    (folder / "_variables.txt").write_text("\n".join(table) + "\n", encoding="utf-8")
