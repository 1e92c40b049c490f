"""The numbers of a test: each quantity under every assumption that the claim leaves open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dearth.case import labels
from dearth.case.evidence import Row
from dearth.case.published import Published
from dearth.case.years import parse_years
from dearth.claims.across_places import FEWEST, relation
from dearth.claims.records import Records, UntestableError
from dearth.claims.schema import Quantity
from dearth.claims.words import ways_in_words
from dearth.estimate.accounts import accounts
from dearth.estimate.choices import Asked
from dearth.estimate.one_estimate import Estimate
from dearth.numerics.interval import Interval, interval

Floats = NDArray[np.float64]
Assumed = Mapping[str, str]  # dimension and what is assumed in it, both as readers see them
SCENARIO = "registration scenario"


@dataclass(frozen=True)
class Variant:
    """A quantity under one set of assumptions.

    Attributes
    ----------
    values : (D,) draws; a single value is exact
    rows : the rows of evidence behind it
    published : the published estimates behind it
    decides : whether it is measured in the first way that the records allow
    ends : whether the values are the lower end of a 90 % interval, its median and its upper end
    """

    assumed: Assumed
    values: Floats
    rows: tuple[Row, ...] = ()
    published: tuple[Published, ...] = ()
    decides: bool = True
    ends: bool = False


def variants(name: str, ways: tuple[Quantity, ...], records: Records) -> list[Variant]:
    """Return a quantity under every assumption that is open, measured in every way the records allow.

    Raises
    ------
    UntestableError
        When the records allow none of the ways; says why for the first.
    """
    found: list[Variant] = []
    refused: list[UntestableError] = []
    for way, words in zip(ways, ways_in_words(ways, labels.of(records.case)), strict=True):
        try:
            made = _MADE[way.kind](way, records)
        except UntestableError as why:
            refused.append(why)
            continue
        measured = {} if len(ways) == 1 else {f"{name} by": words}
        first = not found
        found += [replace(one, assumed={**measured, **one.assumed}, decides=first) for one in made]
    if not found:
        raise refused[0]
    return found


def over_years(values: Floats, years: tuple[int, ...], quantity: Quantity, level: Floats) -> Floats:
    """Return yearly values [..., year] as one number [...], as `quantity.over` says.

    Parameters
    ----------
    level : [...] what the value of a year must pass, with first_year_above
    """
    when = np.array(years, float)
    if quantity.over is None or len(years) == 1:
        return np.asarray(values[..., 0])
    simple: dict[str, Callable[[Floats], Floats]] = {
        "sum": lambda v: v.sum(-1), "mean": lambda v: v.mean(-1), "min": lambda v: v.min(-1),
        "max": lambda v: v.max(-1), "change": lambda v: v[..., -1] - v[..., 0],
        "year_of_max": lambda v: when[v.argmax(-1)], "year_of_min": lambda v: when[v.argmin(-1)],
    }  # fmt: skip
    if quantity.over in simple:
        return np.asarray(simple[quantity.over](values), float)
    above = values > level[..., None]
    return np.where(above.any(-1), when[above.argmax(-1)], np.nan)


def _evidence(q: Quantity, records: Records) -> list[Variant]:
    """Return a figure of the evidence; each series named, and the ends a source prints, are assumptions."""
    found = []
    names = q.evidence or ()
    for name in names:
        series, variable = name.split("/")
        rows = [
            r for r in records.case.evidence if (r.series, r.variable, r.place) == (series, variable, q.place)
        ]
        for how, value_of in (("as printed", None), ("lowest printed", "low"), ("highest printed", "high")):
            if value_of and not all(np.isfinite(getattr(r, value_of)) for r in _of(rows, q.years)):
                continue
            assumed = {"record": _record(name, names, records)} if len(names) > 1 else {}
            if value_of:
                assumed |= {f"interval of {variable}": how}
            found.append(_figure(q, records, name, rows, value_of, assumed))
    return found


def _of(rows: list[Row], years: str | None) -> list[Row]:
    wanted = set(parse_years(years or ""))
    return [row for row in rows if row.year in wanted and not row.by_age]


def _figure(
    q: Quantity, records: Records, name: str, rows: list[Row], value_of: str | None, assumed: dict[str, str]
) -> Variant:
    years = parse_years(q.years or "")
    if value_of is None:
        by_year = records.case.evidence.series(name, q.place).by_year
    else:
        by_year = {row.year: getattr(row, value_of) for row in rows}
    missing = [year for year in (*years, *parse_years(q.level or q.years or "")) if year not in by_year]
    if missing:
        raise UntestableError(f"{name} has no figure of {missing[0]}")
    level = np.mean([by_year[year] for year in parse_years(q.level)]) if q.level else np.nan
    values = over_years(np.array([by_year[year] for year in years]), years, q, np.asarray(level))
    used = _of(rows, ",".join(filter(None, (q.years, q.level))))
    return Variant(assumed, np.array([float(values)]), tuple(used))


def _record(name: str, names: tuple[str, ...], records: Records) -> str:
    """Return what distinguishes one of several references: its series, or its variable where they differ."""
    variables = {reference.partition("/")[2] for reference in names}
    own = labels.of(records.case)
    return own.series(name.partition("/")[0]) if len(variables) == 1 else own.reference(name)


def _posterior(q: Quantity, records: Records) -> list[Variant]:
    """Return the draws of a quantity of the posterior, a variant each registration scenario."""
    draws = records.posterior().draws
    assert draws is not None
    name = q.posterior or ""
    variable = draws.variables[name]
    found = []
    for at, scenario in enumerate(draws.coordinates["scenario"]):
        values = np.asarray(variable.values[at], float)
        values = values.reshape(-1, *values.shape[2:])
        for axis in reversed(variable.dims):
            values = _along(values, axis, draws.coordinates[axis], q)
        values = values.reshape(-1)
        if q.over == "interval_ratio":
            low, high = interval(values).ends
            values = np.array([high / low if low > 0 else np.nan])
        found.append(Variant({SCENARIO: records.scenario(scenario)}, values))
    return found


def _along(values: Floats, axis: str, names: tuple[str, ...], q: Quantity) -> Floats:
    """Return draws [D, ..., axis] without their last axis: one position of it, or several years as one."""
    if axis in ("year", "crisis_year"):
        wanted = [str(year) for year in parse_years(q.years)] if q.years else list(names)
    else:
        given = {"age_group": q.age, "place": q.place}.get(axis)
        wanted = [given] if given else list(names)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise UntestableError(
            f"the posterior has no {axis.replace('_', ' ')} '{missing[0]}'; it has {', '.join(names)}"
        )
    chosen = values[..., [names.index(name) for name in wanted]]
    if axis not in ("year", "crisis_year"):
        return np.asarray(chosen.sum(-1))
    level = np.full(chosen.shape[:-1], np.nan)
    if q.level:
        level = values[..., [names.index(str(year)) for year in parse_years(q.level)]].mean(-1)
    if q.over is None or q.over == "interval_ratio":
        return np.asarray(chosen.sum(-1))
    return over_years(chosen, tuple(map(int, wanted)), q, level)


def _estimate(q: Quantity, records: Records) -> list[Variant]:
    """Return an estimate under every choice left open; only choices that differ are named as assumptions."""
    asked = Asked(
        method=q.method, series=q.series, baseline=q.baseline, completeness=q.completeness, window=q.window,
        window_kind=q.window_kind, transfer=q.transfer,
    )  # fmt: skip
    made = records.estimates(asked)
    named = [_assumed(one, records) for one in made]
    differs = [key for key in named[0] if len({row[key] for row in named}) > 1]
    return [
        Variant({key: row[key] for key in differs}, _drawn(one, q))
        for one, row in zip(made, named, strict=True)
    ]


def _drawn(one: Estimate, q: Quantity) -> Floats:
    if q.estimate == "p_score":
        return one.p_score
    if q.estimate == "expected_deaths":
        return one.expected
    if q.estimate == "excess_deaths":
        return one.total
    found = one.births.gross if q.estimate == "births_lost" else one.normal_rate
    if found is None:
        raise UntestableError(f"the estimates of {one.choice.series} have no {q.estimate}")
    return np.atleast_1d(np.asarray(found, float))


def _assumed(one: Estimate, records: Records) -> dict[str, str]:
    c, names = one.choice, labels.of(records.case)
    return {
        "method": c.method, "register": names.series(c.series),
        "normal deaths": names.baseline(c.baseline_name, one.counts),
        "deaths registered": names.completeness(c.completeness.name),
        "births registered": names.completeness(c.birth_completeness.name),
        "window": c.window.label,
    }  # fmt: skip


def _accounts(q: Quantity, records: Records) -> list[Variant]:
    years = parse_years(q.years or "")
    by_year = {row.year: row.residual for row in accounts(records.engine.register(q.accounts or ""))}
    missing = [year for year in years if year not in by_year]
    if missing:
        raise UntestableError(f"the accounts of {q.accounts} have no residual of {missing[0]}")
    found = over_years(np.array([by_year[year] for year in years]), years, q, np.asarray(np.nan))
    return [Variant({}, np.array([float(found)]))]


def _published(q: Quantity, records: Records) -> list[Variant]:
    row = next(row for row in records.case.published if row["key"] == q.published)
    value = getattr(row, q.figure or "central")
    if value is None:
        raise UntestableError(f"{row['author']}: the published estimate has no {q.figure} figure")
    return [Variant({}, np.array([value]), published=(row,))]


def _counts_unborn(q: Quantity, records: Records) -> list[Variant]:
    """Return how many published estimates count the unborn; unclear ones are counted both ways."""
    rows = [
        r for r in records.case.published if q.counts_unborn == "all" or r["key"] in (q.counts_unborn or ())
    ]
    yes = sum(row["counts_unborn"] == "yes" for row in rows)
    unclear = sum(row["counts_unborn"] not in ("yes", "no") for row in rows)
    if not unclear:
        return [Variant({}, np.array([float(yes)]), published=tuple(rows))]
    return [
        Variant({"unclear estimates": how}, np.array([float(yes + more)]), published=tuple(rows))
        for how, more in (("counted as without the unborn", 0), ("counted as with the unborn", unclear))
    ]


def _stated(q: Quantity, records: Records) -> list[Variant]:
    return [Variant({}, np.array([float(q.stated or 0.0)]))]


def _share(q: Quantity, records: Records) -> list[Variant]:
    return [_of_explanation(records.share(q.share or ""), records)]


def _averted(q: Quantity, records: Records) -> list[Variant]:
    return [_of_explanation(records.averted(q.averted or ""), records)]


def _of_explanation(figure: Interval, records: Records) -> Variant:
    """Return the lower end, the median and the upper end of a figure of the fitted simulation."""
    assert records.explanation is not None
    assumed = {SCENARIO: records.scenario(records.explanation.fit.registration)}
    low, high = figure.ends
    return Variant(assumed, np.array([low, figure.median, high]), ends=True)


def _across_places(q: Quantity, records: Records) -> list[Variant]:
    """Return the rank correlation over all places, and without those that the test names."""
    ways: dict[str, tuple[str, ...]] = {"": ()}
    if q.without:
        names = [labels.of(records.case).place(place) for place in q.without]
        ways = {"all": (), f"without {', '.join(names)}": q.without}
    found = []
    for words, without in ways.items():
        made = relation(q, records.case, without)
        if len(made.places) < FEWEST:
            raise UntestableError(
                f"{len(made.places)} places have both figures; a relation over places needs {FEWEST}"
            )
        found.append(Variant({"places": words} if words else {}, np.array([made.value]), made.rows))
    return found


_MADE: dict[str, Callable[[Quantity, Records], list[Variant]]] = {
    "evidence": _evidence, "posterior": _posterior, "estimate": _estimate, "accounts": _accounts,
    "published": _published, "counts_unborn": _counts_unborn, "stated": _stated, "share": _share,
    "averted": _averted, "across_places": _across_places,
}  # fmt: skip


def joined(named: Mapping[str, list[Variant]]) -> list[tuple[dict[str, str], dict[str, Variant]]]:
    """Return every set of assumptions that the quantities share, with a variant of each quantity.

    Two quantities that depend on the same assumption take the same one.
    """
    found: list[tuple[dict[str, str], dict[str, Variant]]] = [({}, {})]
    for name, options in named.items():
        found = [
            ({**assumed, **one.assumed}, {**chosen, name: one})
            for (assumed, chosen), one in product(found, options)
            if all(assumed.get(key, value) == value for key, value in one.assumed.items())
        ]
    return found


def paired(chosen: Mapping[str, Variant]) -> dict[str, Floats]:
    """Return the draws of quantities with equal lengths; shorter ones are repeated, exact ones stay exact."""
    longest = max(one.values.size for one in chosen.values())
    return {
        name: one.values if one.values.size == 1 else np.resize(one.values, longest)
        for name, one in chosen.items()
    }
