"""Tables of the page that states the model: unknowns with their priors, censuses, fixed numbers.

Everything is read from the code and from the case `china-1958`, so that the page cannot lag behind them.
"""

from pathlib import Path

import numpy as np

from dearth.case import labels
from dearth.case.read import Case, load
from dearth.case.schema import Completeness, Prior, Reconstruction, completeness_option
from dearth.population import lexis, migration_ages
from dearth.reconstruction import expected_records, likelihood, migration, population_model
from dearth.reconstruction import unknowns as built
from dearth.reconstruction.age_patterns import AGES, BOYS
from dearth.reconstruction.census_tables import DEATH_GROUPS
from dearth.reconstruction.generated_quantities import YEARS_BEFORE
from dearth.reconstruction.identity import MODEL_VERSION
from dearth.reconstruction.inputs import read_inputs
from dearth.reconstruction.neutral_priors import NEUTRAL
from dearth.reconstruction.population_model import Model
from dearth.reconstruction.priors import priors

# symbol of every unknown on the page, by the block it stands in
SYMBOLS = {
    "mortality": {
        "mortality_level_child": "α_c", "mortality_level_adult": "α_a",
        "mortality_trend_child": "τ_c", "mortality_trend_adult": "τ_a", "mortality_age": "p(s,·)",
    },
    "crisis": {
        "mortality_year": "ε_c(t), ε_a(t)", "shock_year": "S(t)", "shock_age": "P(g)",
        "shock_year_age": "Q(t,g)",
    },
    "fertility": {
        "fertility_level": "φ", "fertility_trend": "ψ", "fertility_year": "η(t)", "fertility_hunger": "β",
        "fertility_social": "γ", "fertility_crisis": "χ(t)", "fertility_rebound": "ρ(t)",
    },
    "start": {"start_total": "ζ", "start_ages": "A(s,·)", "start_cohort": "K"},
    "migration": {
        "migration_level": "μ₀", "migration": "ε_m(t)", "migration_crisis": "μ_c(t)",
        "migration_crisis_men": "ξ_m", "migration_crisis_age": "ξ_w", "migration_return": "ξ_r",
    },
    "registration": {
        "completeness_normal": "κ_n", "completeness_crisis": "κ_c", "completeness_women": "ω_w",
        "completeness_infant": "ω_i", "completeness_child": "ω_y", "completeness_old": "ω_o",
        "completeness_overload": "ω_l",
        "birth_completeness": "λ", "birth_completeness_crisis": "λ_c", "infant_coupling": "θ",
        "late_share": "ℓ",
    },
    "register": {"stock_error_start": "e₀", "stock_error_step": "Δ(t)", "removals_share": "r"},
    "later": {
        "mortality_decline_later_child": "δ_c", "mortality_decline_later_adult": "δ_a",
        "mortality_decline_later_age": "δ(s,·)", "migration_later": "μ_l",
    },
    "noise": {
        "deaths_noise": "ν_d", "births_noise": "ν_b", "age_noise": "ν_g", "coverage": "coverage",
        "coverage_relative": "relative",
    },
}  # fmt: skip
# unknowns whose priors stand in other parts of a case, with what they are
OF_THE_CASE = {
    "start_total": "log of all people at the start over the given people",
    "start_ages": "log of an age and sex at the start over the given people, at every tenth age",
    "completeness_normal": "share of deaths of men of 15-59 registered in their year, outside the crisis",
    "completeness_crisis": "the same share in the crisis, in a crisis year with the mean number of deaths",
    "birth_completeness": "share of births that is registered, outside the crisis",
    "late_share": "share of the unregistered deaths of `late_from` that is registered late",
    "removals_share": "share of the removed false entries that is registered as deaths",
    "coverage": "people counted over people of the model, one for each count of people",
    "coverage_relative": "coverage of a table of a census over that of the count; else exactly 1",
}
IN_CENSUSES = "see the censuses below"
NOT_BUILT = "not in this model"
PARTS = {
    "normal": ("mean", "sd"), "heavy_tailed": ("mean", "sd", "tail"), "logit_normal": ("mean", "sd"),
    "uniform": ("low", "high"), "triangular": ("low", "mode", "high"),
}  # fmt: skip


def prior_text(prior: Prior | float | None, noise: bool = False) -> str:
    """Return a prior as the page writes it."""
    if prior is None:
        return "0, fixed"
    if isinstance(prior, int | float):
        return f"{prior:g}, fixed"
    if noise:
        return f"log-normal({prior.mean:g}, {prior.sd:g})"
    return f"{prior.dist}({', '.join(f'{getattr(prior, part):g}' for part in PARTS[prior.dist])})"


def unknowns(block: str, case: Case, model: Model) -> str:
    """Return the table of the unknowns of one block."""
    spec, declared = model.layout.spec, priors(model.layout.spec, case.settings.place or "")
    head = ("symbol", "unknown", "number", "what it is", "neutral default", "China")
    rows = [_row(*head), _row(*len(head) * ["---"])]
    for name, symbol in SYMBOLS[block].items():
        number = int(np.prod(model.own.shapes[name])) if name in model.own.shapes else 0
        noise = name in built.NOISES
        if name in NEUTRAL:
            what, neutral = NEUTRAL[name].what, prior_text(NEUTRAL[name].prior, noise)
            here = prior_text(declared[name], noise) if number else NOT_BUILT
        else:
            what, neutral, here = OF_THE_CASE[name], "the case declares it", _declared(name, case, spec)
        rows.append(_row(f"`{symbol}`", f"`{name}`", str(number), what, neutral, here))
    return "\n".join(rows) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _declared(name: str, case: Case, spec: Reconstruction) -> str:
    """Return the prior that a case gives outside `priors`, by registration scenario where they differ."""
    if name == "start_total":
        return f"normal(0, {spec.start.total_sd:g})"
    if name == "start_ages":
        return f"normal(0, {spec.start.group_sd:g})"
    if name == "birth_completeness":
        return prior_text(spec.birth_completeness)
    if name.startswith("coverage"):
        return IN_CENSUSES
    found = []
    for key, scenario in spec.scenarios.items():
        completeness = completeness_option(case.settings, scenario)
        assert isinstance(completeness, Completeness)
        prior = {
            "completeness_normal": completeness.normal,
            "completeness_crisis": completeness.crisis,
            "late_share": scenario.late_registration,
            "removals_share": scenario.removals_registered_as_deaths,
        }[name]
        found.append(f"{scenario.short or key}: {prior_text(prior)}")
    return "; ".join(found)


def censuses(case: Case, model: Model) -> str:
    """Return the table of the censuses that the likelihood compares."""
    names = labels.of(case)
    head = ("census", "date", "ages", "groups", "sd of a group", "coverage", "relative", "evidence source")
    rows = [_row(*head), _row(*len(head) * ["---"])]
    for count in model.layout.censuses:
        spec = count.spec
        ages = np.flatnonzero(count.groups.any((0, 1)))
        coverage = "none, shares" if count.shares else prior_text(spec.coverage)
        relative = "–" if spec.relative is None else prior_text(spec.relative)
        span = f"{ages[0]}-{_last(int(ages[-1]))}"
        rows.append(_row(names.series(spec.series), f"{spec.date:g}", span, str(len(count.groups)),
                         f"{spec.group_sd:g}", coverage, relative, f"`{spec.evidence_source}`"))  # fmt: skip
    return "\n".join(rows) + "\n"


def _last(age: int) -> str:
    return "100+" if age == AGES - 1 else str(age)


def constants(case: Case, model: Model) -> str:
    """Return the numbers of the model that are not unknowns."""
    spec = model.layout.spec
    m, moved, listed = built, migration_ages, lambda ages: ", ".join(map(str, ages))
    near, basic = "assumed, near observed splits", "rogers_castro1981"
    rows = [
        ("share of the risk under one that falls in the year of birth", f"{lexis.BORN:g}", near),
        ("boys born for each girl", f"{BOYS:g}", "assumed"),
        ("share of a year's births conceived in the year before", f"{population_model.CONCEIVED_BEFORE:g}",
         "nine months"),
        ("years of the rebound of births, and of the return of migrants", f"{m.REBOUND_YEARS}", "assumed"),
        ("`young(x)`: level, fall a year, constant",
         f"{moved.YOUNG:g}, {moved.YOUNG_FALL:g}, {moved.CONSTANT:g}", basic),
        ("`work(x)`: level, fall a year, age, rise a year",
         f"{moved.WORK:g}, {moved.WORK_FALL:g}, {moved.WORK_MEAN:g}, {moved.WORK_RISE:g}", basic),
        ("share of men among people who move for work", f"{moved.MEN:g}", "assumed"),
        ("last years whose mean migration continues after them", f"{migration.LAST}", "assumed"),
        ("first ages of the crisis groups `g`", listed(m.SHOCK_AGES), "assumed"),
        ("ages of `p`", listed(m.PATTERN_KNOTS), "assumed"),
        ("ages of `A`", f"every {m.START_STEP} years, {m.START_KNOTS} ages", "assumed"),
        ("ages of `K`", f"every {m.COHORT_STEP} years, {m.COHORT_KNOTS} ages", "assumed"),
        ("ages of `δ(s,·)`", listed(m.LATER_KNOTS), "assumed"),
        ("first ages of the groups of deaths", listed(DEATH_GROUPS), "as most registers print them"),
        ("width of the positive part of `removed`, over people", f"{expected_records.SMOOTH:g}", "numerical"),
        ("smallest noise of an age group", f"{likelihood.FINEST:g}", "numerical"),
        ("years before the crisis of the infant mortality", f"{YEARS_BEFORE}", "assumed"),
        ("`stocks_sd` (China)", f"{spec.stocks_sd:g}", spec.stocks_source),
        ("`total_fertility_sd` (China)", f"{spec.total_fertility_sd:g}", spec.total_fertility_source),
        ("`q`, `false_and_missing_entries` (China)", f"{spec.false_and_missing_entries:g}", "assumed"),
    ]  # fmt: skip
    places, comparison = spec.subpopulations, spec.placebo
    if places is not None:
        rows += [
            ("`between_sd` (China)", f"{places.between_sd:g}", places.source),
            ("`migration_sd` of places (China)", f"{places.migration_sd:g}", "assumed"),
        ]
    if comparison is not None:
        width = f"{comparison.confounding_sd:g}"
        rows.append(("`confounding_sd`, per 1000 (China)", width, comparison.source))
    table = [_row("number", "value", "source"), _row(*3 * ["---"]), *(_row(*row) for row in rows)]
    return "\n".join(table) + "\n"


def version(model: Model) -> str:
    """Return the sentence on the version of the model."""
    years = f"{model.layout.years[0]}-{model.layout.years[-1]}"
    return (f"The model version is **{MODEL_VERSION}**. China's model covers {years} and has "
            f"{model.own.size} unknowns in each scenario.\n")  # fmt: skip


def tables() -> dict[str, str]:
    """Return every table of the page, by the name of its file."""
    case = load("china-1958")
    model = Model(read_inputs(case).layout)
    listed, known = [name for block in SYMBOLS.values() for name in block], built.all_shapes(model.layout)
    if sorted(listed) != sorted(known):
        apart = set(listed) ^ set(known)
        raise ValueError(f"the page and the model differ in their unknowns: {sorted(apart)}")
    found = {block: unknowns(block, case, model) for block in SYMBOLS}
    found["censuses"] = censuses(case, model)
    found["constants"] = constants(case, model)
    found["version"] = version(model)
    return found


def make(folder: Path) -> None:
    """Write the tables, each a file ``model-NAME.txt`` of `folder`."""
    for name, text in tables().items():
        (folder / f"model-{name}.txt").write_text(text, encoding="utf-8")
