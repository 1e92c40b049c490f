"""What the sections of the report are made of: which are shown, and the values of their templates."""

from collections.abc import Callable, Mapping
from typing import Any

from dearth.case import labels
from dearth.estimate.assumption_text import assumption_text
from dearth.estimate.estimates import Estimates
from dearth.numerics.interval import LEVEL
from dearth.numerics.package_versions import package_versions
from dearth.reconstruction.value_of_measurements import what_to_measure_next
from dearth.show.beside import Beside
from dearth.show.claims_section import claim_groups, rules
from dearth.show.comparison_section import measure_lines
from dearth.show.findings import findings
from dearth.show.first_screen import default_in_words, first_screen
from dearth.show.food_records import food_finding
from dearth.show.language import Language
from dearth.show.live_rates import live_rates
from dearth.show.live_requirements import live_requirements
from dearth.show.places_table import places_table
from dearth.show.published_lines import published_lines
from dearth.show.ranges import ranges
from dearth.show.report_environment import json_in_page
from dearth.show.why_words import why_words
from dearth.system.report_document import SimulatedPart

ACCOUNT = ("opening", "output", "imports", "seed", "feed", "eaten", "losses", "exports", "closing", "gap")
# the sections of the page, in order, with the file of each
FILES = {
    "answer": "answer.html.j2", "assume": "assume.html.j2", "required": "required.html.j2",
    "count": "count.html.j2", "food": "food.html.j2", "why": "why.html.j2", "claims": "claims.html.j2",
    "famines": "comparison.html.j2", "published": "published.html.j2", "unknown": "unknown.html.j2",
    "sources": "sources.html.j2",
}  # fmt: skip
# parts of the section on numbers: title in its contents, and what fills each: charts, or parts of the result
PARTS: dict[str, tuple[str, tuple[str, ...], Callable[[Estimates], bool]]] = {
    "births": ("Births and deaths", ("births_deaths",), lambda made: False),
    "places": ("Places", ("map", "growth"), lambda made: False),
    "dated": ("Deaths by week or month", ("dated_deaths", "dated_groups"), lambda made: False),
    "two_censuses": (
        "Completeness from two censuses",
        ("two_censuses", "growth_balance", "extinct_generations"),
        lambda made: False,
    ),
    "lists": ("Lists of victims", ("list_models", "list_meanings"), lambda made: False),
    "indirect": ("Questions about relatives", ("indirect",), lambda made: False),
    "small_areas": ("Districts", ("small_areas",), lambda made: False),
    "surveys": (
        "Surveys",
        ("survey_rates", "survey_losses", "survey_district_months", "survey_plausibility"),
        lambda made: False,
    ),
    "curve": ("Every assumption", ("specification",), lambda made: bool(made.left_out)),
    "toll": ("Surface of excess deaths", ("surface",), lambda made: False),
    "books": ("Accounts", ("accounts",), lambda made: False),
    "rivals": ("Rival series", ("rival_series",), lambda made: False),
    "harvest": ("July-June", ("july_june",), lambda made: False),
}
# texts that the script of the page needs
LIVE_TEXTS = ("assume.", "required.")


def case_parts(made: Estimates) -> dict[str, Any]:
    """Return what every section may need of the case: its settings, labels and sources."""
    return {
        "m": made,
        "case": made.case,
        "settings": made.case.settings,
        "names": labels.of(made.case),
        "assumes": assumption_text,
        "source_name": lambda key: source_name(made.case.sources.get(key, {}), key),
        "scenarios": [] if made.posterior is None else made.posterior.scenarios,
        "versions": package_versions(),
        "level": LEVEL,
        "files": FILES,
    }


def section_parts(
    made: Estimates, figures: set[str], simulation: SimulatedPart | None, beside: Beside | None, say: Language
) -> dict[str, Any]:
    """Return what the sections are made of.

    Parameters
    ----------
    figures : keys of the charts that were drawn
    """
    rates, requirements = live_rates(made, say), live_requirements(made, say)
    return {
        "sections": _parts(made, figures),
        "first": first_screen(made, say),
        "titles": {
            key: say.again(text) for key, text in findings(made, beside, food_finding(made.case)).items()
        },
        "shown": _shown(made, figures, beside, rates is not None),
        "default_words": default_in_words(made),
        "requirements": requirements,
        "live": json_in_page({"rates": rates, "requirements": requirements, "texts": _live_texts(say)}),
        "ranges": ranges(made),
        "simulation": simulation,
        "account": _grain_account(simulation),
        "account_items": ACCOUNT,
        "measure_next": _measure_next(made),
        "places_table": places_table(made),
        "published_lines": published_lines(made.published),
        "beside": beside,
        "why_words": why_words(None if beside is None else beside.explanation),
        **_beside_parts(beside),
    }


def source_name(source: Mapping[str, str], key: str) -> str:
    """Return a source in a few words: author and year, else its title, else its id."""
    who = ", ".join(part for part in (source.get("author"), source.get("year")) if part)
    return who or source.get("title") or key


def _beside_parts(beside: Beside | None) -> dict[str, Any]:
    """Return what the sections on claims and on other famines are made of; empty parts without them."""
    claims = None if beside is None else beside.claims
    return {
        "claim_groups": [] if claims is None else claim_groups(claims),
        "claims_rules": rules(),
        "measure_lines": [] if beside is None else measure_lines(beside.comparison),
    }


def _parts(made: Estimates, figures: set[str]) -> dict[str, str]:
    """Return the parts that the records of the case fill, with their titles; the others are left out."""
    return {
        name: title for name, (title, keys, filled) in PARTS.items() if figures & set(keys) or filled(made)
    }


def _shown(made: Estimates, figures: set[str], beside: Beside | None, rates: bool) -> list[str]:
    """Return the sections of the page, in order; those that nothing fills are left out."""
    empty = {
        "assume": not rates,
        "required": made.default is None,
        "food": not figures & {"food_records", "output_and_deaths"},
        "claims": beside is None or beside.claims is None,
        "famines": beside is None,
    }
    return [name for name in FILES if not empty.get(name, False)]


def _live_texts(say: Language) -> dict[str, str]:
    found = {key: text for key, text in say.words.items() if key.startswith(LIVE_TEXTS)}
    return {"numbers": say.numbers, **found}


def _measure_next(made: Estimates) -> list[str]:
    """Return in words what to measure next; none without a reconstruction."""
    if made.posterior is None:
        return []
    return what_to_measure_next(made.posterior, labels.of(made.case))


def _grain_account(simulation: SimulatedPart | None) -> dict[int, dict[str, float | None]]:
    """Return the medians of the simulated grain account by year and item; none without a simulation."""
    found: dict[int, dict[str, float | None]] = {}
    for row in () if simulation is None else simulation.tables.grain_account:
        found.setdefault(row.year, {})[row.item] = row.figure.median
    return found
