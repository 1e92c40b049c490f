"""What is wrong with a claim beside its form: names that the case does not have, arithmetic, sources."""

from collections.abc import Callable, Iterator
from typing import Any

from dearth.case.problems import CaseError, Problem, did_you_mean, name_hint, unknown_source
from dearth.case.read import Case
from dearth.case.years import parse_years
from dearth.claims.formula import names_in, parse
from dearth.claims.schema import Claim, ClaimTest, Quantity
from dearth.estimate.baselines import ADJUSTED, parse_baseline
from dearth.estimate.choices import whole_registers
from dearth.estimate.completeness import parse_option
from dearth.estimate.estimators import estimators
from dearth.estimate.windows import parse_window

Path = tuple[str | int, ...]
# the quantities of a posterior's draws, without the unknowns of the model; a test holds them to the draws
POSTERIOR = (
    "excess_deaths", "excess_deaths_by_year", "excess_deaths_by_age", "births_lost_gross", "births_recovered",
    "net_migration", "deaths", "births", "people", "deaths_registered", "completeness_normal",
    "completeness_crisis", "completeness_births", "excess_deaths_by_place", "births_by_place",
)  # fmt: skip


def problems_of(claim: Claim, path: Path, case: Case, lines: dict[Any, int], file: str) -> list[Problem]:
    """Return what is wrong with a claim that has the right form, each with its line and field."""
    found: list[tuple[Path, str]] = []
    for i, said in enumerate(claim.by):
        if said.source not in case.source_names:
            found.append(((*path, "by", i, "source"), unknown_source(said.source, case.source_names)))
    if claim.test is not None:
        at = (*path, "test")
        found += [((*at, *more), message) for more, message in _arithmetic(claim.test)]
        for name, ways in claim.test.quantities.items():
            for i, way in enumerate(ways):
                found += [((*at, "quantities", name, i, field), text) for field, text in _quantity(way, case)]
    return [Problem(file, message, _line(lines, at), ".".join(map(str, at))) for at, message in found]


def _line(lines: dict[Any, int], path: Path) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _arithmetic(test: ClaimTest) -> Iterator[tuple[Path, str]]:
    try:
        used = names_in(parse(test.value, test.quantities))
    except ValueError as error:
        yield ("value",), str(error)
        return
    for name in test.quantities:
        if name not in used:
            yield ("quantities", name), f"'{name}' does not stand in value; use it or leave it out"


def _quantity(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with it."""
    if q.place and q.place not in {place.name for place in case.settings.places}:
        names = [place.name for place in case.settings.places]
        yield "place", f"no place of the case is called '{q.place}'{name_hint(q.place, names, 'place')}"
        return
    yield from _CHECKED.get(q.kind, _nothing)(q, case)


def _nothing(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    yield from ()


def _evidence(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    for name in q.evidence or ():
        if not case.evidence.has(name, q.place):
            yield "evidence", case.evidence.absent(name, q.place)
            continue
        there = case.evidence.series(name, q.place).by_year
        for field in ("years", "level"):
            asked = parse_years(getattr(q, field) or q.years or "")
            missing = [year for year in asked if year not in there]
            if missing and getattr(q, field):
                yield field, f"{name} has no figure of {missing[0]}; it has {', '.join(map(str, there))}"
    yield from _one_number(q)


def _one_number(q: Quantity) -> Iterator[tuple[str, str]]:
    if q.over is None and len(parse_years(q.years or "")) > 1:
        yield "years", "several years need over: sum, mean, min, max, change, …"


def _posterior(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    if q.posterior not in POSTERIOR:
        yield (
            "posterior",
            f"no quantity is called '{q.posterior}'{did_you_mean(q.posterior or '', POSTERIOR, 20)}",
        )
    elif case.settings.reconstruction is None:
        yield "posterior", "the case declares no 'reconstruction', so it has no posterior"
    elif q.age and q.posterior != "excess_deaths_by_age":
        yield "age", "ages go with excess_deaths_by_age"


def _estimate(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    registers = whole_registers(case)
    if q.series and q.series not in registers:
        yield (
            "series",
            f"'{q.series}' is no register of the whole{name_hint(q.series, registers, 'register')}",
        )
    if q.method and q.method not in estimators():
        yield "method", f"'{q.method}' is no method{did_you_mean(q.method, estimators())}"
    if q.transfer and q.transfer not in case.settings.transfers:
        names = list(case.settings.transfers)
        yield "transfer", f"the case has no transfer '{q.transfer}'{name_hint(q.transfer, names, 'transfer')}"
    tries: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("baseline", lambda text: parse_baseline(text.removesuffix(ADJUSTED))),
        ("completeness", lambda text: parse_option(text, case.settings.completeness)),
        ("window", lambda text: parse_window(text, q.window_kind or "calendar")),
    )
    for field, attempt in tries:
        text = getattr(q, field)
        try:
            if text:
                attempt(text)
        except CaseError as error:
            yield field, error.problems[0].message


def _accounts(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    registers = whole_registers(case)
    if q.accounts not in registers:
        yield "accounts", f"'{q.accounts}' is no register{name_hint(q.accounts or '', registers, 'register')}"
    yield from _one_number(q)


def _published(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    keys = [row["key"] for row in case.published]
    if q.published not in keys:
        yield (
            "published",
            f"published.csv has no key '{q.published}'{name_hint(q.published or '', keys, 'key')}",
        )


def _counts_unborn(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    keys = [row["key"] for row in case.published]
    for key in q.counts_unborn if isinstance(q.counts_unborn, tuple) else ():
        if key not in keys:
            yield "counts_unborn", f"published.csv has no key '{key}'{name_hint(key, keys, 'key')}"


def _stated(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    if q.source != "assumed" and q.source not in case.source_names:
        yield "source", unknown_source(q.source, case.source_names)


def _across_places(q: Quantity, case: Case) -> Iterator[tuple[str, str]]:
    there = {f"{row.series}/{row.variable}" for row in case.evidence if row.place}
    for field in ("across_places", "against", "per"):
        name = getattr(q, field)
        if name is not None and name not in there:
            yield field, f"no place has a figure of '{name}'{name_hint(name, sorted(there), 'series')}"
    names = [place.name for place in case.settings.places]
    for place in q.without:
        if place not in names:
            yield "without", f"no place of the case is called '{place}'{name_hint(place, names, 'place')}"


_CHECKED: dict[str, Callable[[Quantity, Case], Iterator[tuple[str, str]]]] = {
    "evidence": _evidence, "posterior": _posterior, "estimate": _estimate, "accounts": _accounts,
    "published": _published, "counts_unborn": _counts_unborn, "stated": _stated,
    "across_places": _across_places,
}  # fmt: skip
