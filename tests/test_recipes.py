"""Published recipes on books reckoned by hand, and what becomes of them as books fall short."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from shutil import copytree

import jsonschema
import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.case.schema import Recipe, Trials
from dearth.show.terminal_trials import recipe_lines
from dearth.show.trials_page import recipe_table
from dearth.trials.full_records import SECOND_COUNT, YEARS
from dearth.trials.recipe_checks import recipe_problems
from dearth.trials.recipes import (
    Floats,
    excess,
    lowest_and_highest,
    own_recipes,
    recipe_ratios,
    rising_share,
)
from dearth.trials.recovery import Asked, recover
from dearth.trials.registration_records import register
from dearth.trials.simulated_histories import Draw
from trial_world import truth

SCHEMA = Path(__file__).parents[1] / "src" / "dearth" / "schemas" / "recover-v1.json"
CHINA = load("china-1958").settings.trials
assert CHINA is not None
TRIALS: Trials = CHINA
RECIPES = (*own_recipes(1958, 4), *TRIALS.recipes)
EXCESS: dict[str, Callable[[Draw], float]] = {
    recipe.name: partial(excess, recipe, counts=TRIALS.counts) for recipe in RECIPES
}


def draw(share: float | Floats = 1.0, births: float = 1.0, false_names: float = 0.0) -> Draw:
    """Return a million people, as many every year: 28 in 1000 die; in the crisis 56, 84, 56, 42, then 30.

    False names enter the rolls in the second to the seventh year: four before the crisis and two in it.
    """
    deaths = np.full(YEARS, 28_000.0)
    deaths[5:10] = [56_000, 84_000, 56_000, 42_000, 30_000]
    hidden = replace(truth(), first=1958, length=4, infant_deaths=0.25 * deaths, other_deaths=0.75 * deaths,
                     births=deaths.copy())  # fmt: skip
    names = 1e6 + false_names * np.minimum(np.arange(YEARS), 6)
    return Draw(hidden, share * deaths, births * deaths, names)


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("rate method", 0),
        ("balance method", 0),
        ("over a line", 0),
        ("over the year before", 2_000),
        ("populations rebuilt", 2_000),
    ],
)
def test_complete_books_tell_the_truth_and_what_a_year_more_adds(name: str, after: float) -> None:
    assert draw().truth.quantities().excess == pytest.approx(126_000)
    assert EXCESS[name](draw()) == pytest.approx(126_000 + after)


@pytest.mark.parametrize(
    ("name", "excess"),
    [
        # half of the first and of the year after, else all: 14 + 56 + 28 + 14 + 1 thousand
        ("over a line, July-June", 113_000), ("raised to close", 113_000),
        ("raised by a tenth", 140_800),
        # without the first year: 56 + 28 + 14
        ("balance, births surveyed", 98_000), ("over a mean number", 98_000), ("false names", 98_000),
        # over the 56 of the first: 28 + 0 - 14
        ("over the first year", 14_000),
        # 268 in the crisis and a year more, less five years of 10
        ("over ten", 218_000), ("rebuilt and half", 327_000),
    ],
)  # fmt: skip
def test_recipes_on_complete_books(name: str, excess: float) -> None:
    assert EXCESS[name](draw()) == pytest.approx(excess)


def test_deaths_booked_in_part_are_told_in_part() -> None:
    assert EXCESS["rate method"](draw(0.7)) == pytest.approx(0.7 * 126_000)
    assert EXCESS["over a line"](draw(0.7)) == pytest.approx(0.7 * 126_000)
    assert EXCESS["raised by a tenth"](draw(0.7)) == pytest.approx(1.1 * 0.7 * 128_000)
    assert EXCESS["over a mean number"](draw(0.7)) == pytest.approx(0.7 * 98_000)
    assert EXCESS["over ten"](draw(0.7)) == pytest.approx(0.7 * 268_000 - 50_000)


@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
def test_a_share_always_the_same_is_found_between_the_counts(share: float) -> None:
    assert EXCESS["raised to close"](draw(share)) == pytest.approx(113_000)


def test_a_share_that_rises_from_its_start_is_found_between_the_counts() -> None:
    rising = 0.6 + 0.02 * np.arange(YEARS)
    assert rising_share(draw(rising), 0.6, TRIALS.counts) == pytest.approx(rising)
    assert EXCESS["raised, share rising"](draw(rising)) == pytest.approx(126_000)
    assert EXCESS["raised to close"](draw(rising)) != pytest.approx(113_000, rel=0.01)
    assert EXCESS["raised, share rising"](draw(0.6)) == pytest.approx(126_000)


def test_a_rising_share_never_falls_and_ends_at_all() -> None:
    assert rising_share(draw(0.5), 0.6, TRIALS.counts) == pytest.approx(0.6)
    assert EXCESS["raised, share rising"](draw(0.5)) == pytest.approx(0.5 / 0.6 * 126_000)
    full = rising_share(draw(), 0.6, TRIALS.counts)
    assert full[SECOND_COUNT] == pytest.approx(1)
    assert full.max() == pytest.approx(1)
    assert full[SECOND_COUNT - 1] == pytest.approx(1 - 0.4 / 11)


def test_balance_trusts_births_and_rolls() -> None:
    # 238 are born in the crisis, rolls stay as they are, normal deaths are booked at 0.7
    assert EXCESS["balance method"](draw(0.7)) == pytest.approx(238_000 - 4 * 0.7 * 28_000)
    assert EXCESS["balance method"](draw(births=0.9)) == pytest.approx(0.9 * 238_000 - 4 * 28_000)
    assert EXCESS["balance, births surveyed"](draw(births=0.9)) == pytest.approx(98_000)
    # two thousand false names of the crisis hide as many deaths; the rate is over rolls that grow
    people = 1e6 + np.array([0, 500, 1_500, 2_500, 3_500, 4_500, 5_500, 6_000, 6_000])
    normal = (28_000 / people[:5]).mean() * people[5:].sum()
    found = EXCESS["balance method"](draw(false_names=1_000))
    assert found == pytest.approx(238_000 - 2_000 - normal)


def test_populations_rebuilt_take_unbooked_deaths_of_eleven_years_for_excess() -> None:
    assert EXCESS["populations rebuilt"](draw(0.7)) == pytest.approx(128_000 + 11 * 0.3 * 28_000)
    assert EXCESS["populations rebuilt"](draw(births=0.9)) == pytest.approx(128_000 - 0.1 * 436_000)
    # 436 born, 6 years of 0.7 * 28 booked outside, 5 years of 10 inside, and half of it more
    assert EXCESS["rebuilt and half"](draw(0.7)) == pytest.approx(1.5 * (436_000 - 117_600 - 50_000))


def test_people_missing_at_the_second_count_have_died_and_those_found_have_not() -> None:
    whole = draw()
    stocks = whole.truth.stocks.copy()
    stocks[SECOND_COUNT] *= 1.1
    found = replace(whole, truth=replace(whole.truth, stocks=stocks))
    assert EXCESS["populations rebuilt"](found) == pytest.approx(128_000 - 100_000)
    assert EXCESS["raised to close"](found) == pytest.approx(113_000 * 336 / 436)


def test_false_names_leave_the_rolls_and_half_of_them_the_deaths() -> None:
    # 6000 names, 1200 cleaned a year from the third year of the crisis, 600 of them off its deaths
    normal = 28_000 + 0.028 * 1_000_600 + 0.028 * 1_001_800
    found = EXCESS["false names"](draw(false_names=1_000))
    assert found == pytest.approx(84_000 + 55_400 + 41_400 - normal)


def test_false_names_take_no_more_deaths_than_there_are_and_none_without_a_surplus() -> None:
    # a year of 28 loses all: 280 of 600 surplus names are cleaned, 28 off the deaths of each of five years
    found = EXCESS["false names"](draw(false_names=100_000))
    people = 1e6 + 160_000 / 3 * np.array([1.5, 2.5, 3.5])
    crisis = 1e6 + 160_000 / 3 * 5.5 + 1_348_000 + 1_404_000
    assert found == pytest.approx(84_000 + 28_000 + 14_000 - (28_000 / people).mean() * crisis)
    books = register(draw(false_names=-1_000))
    normal = (28_000 / books.person_years[2:5]).mean() * books.person_years[6:9].sum()
    assert EXCESS["false names"](draw(false_names=-1_000)) == pytest.approx(182_000 - normal)


@pytest.mark.parametrize("name", list(EXCESS))
def test_no_recipe_sees_true_deaths_or_people_between_the_counts(name: str) -> None:
    seen = draw(0.7, 0.9, 1_000)
    stocks = np.full_like(seen.truth.stocks, np.nan)
    stocks[[0, SECOND_COUNT]] = seen.truth.stocks[[0, SECOND_COUNT]]
    none = np.full(YEARS, np.nan)
    blind = replace(seen, truth=replace(seen.truth, stocks=stocks, infant_deaths=none, other_deaths=none))
    assert EXCESS[name](blind) == EXCESS[name](seen)


def test_ratios_over_draws_and_the_two_ends() -> None:
    found = recipe_ratios([draw(0.7), draw(0.5), draw(0.6)], TRIALS)
    assert list(found) == [recipe.name for recipe in RECIPES]
    rate = found["rate method"]
    assert [rate.low, rate.median, rate.high, rate.level] == pytest.approx([0.51, 0.6, 0.69, 0.9])
    assert lowest_and_highest(found) == ("over the first year", "rebuilt and half")
    medians = {"a": 0.2, "b": 1.0, "c": -0.3, "ours": -1.0}
    who = {
        name: replace(rate, median=x, who="dearth" if name == "ours" else name) for name, x in medians.items()
    }
    assert lowest_and_highest(who) == ("c", "b")
    assert lowest_and_highest({"ours": who["ours"]}) == ("", "")


def test_draws_without_a_toll_or_an_end_before_the_second_count_are_left_out() -> None:
    calm = draw()
    normal = np.full(YEARS, 14_000.0)
    calm = replace(calm, truth=replace(calm.truth, infant_deaths=normal, other_deaths=normal))
    long = replace(draw(), truth=replace(draw().truth, length=6))
    assert recipe_ratios([calm, long], TRIALS) == {}
    assert recipe_ratios([calm, draw(0.7), long], TRIALS) == recipe_ratios([draw(0.7)], TRIALS)
    assert recipe_ratios([draw(0.7)], TRIALS)["rate method"].median == pytest.approx(0.7)


def test_a_case_without_recipes_is_compared_with_our_methods_alone() -> None:
    found = recipe_ratios([draw(0.7)], None)
    assert list(found) == ["rate method", "balance method"]
    assert found == {name: recipe_ratios([draw(0.7)], TRIALS)[name] for name in found}
    assert not any("published" in line for line in recipe_lines(found))
    assert len(recipe_table(found, {})) == 5


def test_the_recipes_of_the_bundled_case_have_no_mistake() -> None:
    case = load("china-1958")
    assert recipe_problems(case) == []
    assert len(TRIALS.recipes) == 13
    assert not {recipe.who for recipe in TRIALS.recipes} & set(TRIALS.not_carried_out)
    assert recipe_problems(load("valley")) == []


def test_check_names_each_mistake_of_a_recipe_and_recover_refuses(tmp_path: Path) -> None:
    folder = Path(copytree(load("china-1958").folder, tmp_path / "china"))
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    for good, bad in (
        ("counts: [1953, 1964] ", "counts: [1953, 1963] "),
        ("published: peng1987", "published: peng1978"),
        ("baseline: 'level:1958'", "baseline: 'level:1949'"),
        ("entered: 1954-1959", "entered: 1950-1959"),
        ("source: jin1993", "source: jin1939"),
        ("constant:10', window: 1958-1962, so", "constnt:10', window: 1958-1967, so"),
    ):  # fmt: skip
        assert bad not in text
        assert good in text
        text = text.replace(good, bad)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    case = load(str(folder))
    told = {p.field.removeprefix("trials."): p.message for p in recipe_problems(case)}
    assert set(told) == {
        "counts", "recipes.4.published", "recipes.12.baseline", "recipes.11.false_entries.entered",
        "recipes.5.source", "recipes.8.baseline", "recipes.8.window",
    }  # fmt: skip
    assert told["counts"].endswith("counts of 1953 and 1964, so give these")
    assert "spelt alike: 'peng1987'" in told["recipes.4.published"]
    assert told["recipes.12.baseline"] == "1949 lies outside the simulated histories, which run 1953-1966"
    assert told["recipes.11.false_entries.entered"].startswith("1950-1952 lies outside")
    with pytest.raises(CaseError, match="constnt:10"):
        recover(case, Asked(windows="simulated", replicates=2), keep=False)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"completeness": "rising_share"}, "first_share"),
        ({"first_share": 0.5}, "rising_share"),
        ({"method": "populations_rebuilt", "deaths_times": 1.1}, "takes registered deaths"),
        ({"method": "balance", "baseline_of": "number"}, "needs method: rate"),
        ({"completeness": "same_share", "deaths_times": 1.1}, "not both"),
    ],
)  # fmt: skip
def test_steps_that_do_not_go_together_are_refused(wrong: dict[str, object], message: str) -> None:
    good = TRIALS.recipes[2].model_dump()
    with pytest.raises(ValueError, match=message):
        Recipe.model_validate({**good, **wrong})


def test_recipes_are_shown_with_their_two_ends_marked_and_follow_the_schema() -> None:
    found = recipe_ratios([draw(0.7)], TRIALS)
    left = TRIALS.not_carried_out
    for shown in (recipe_lines(found), recipe_table(found, left)):
        (low,) = [line for line in shown if "the lowest" in line]
        (high,) = [line for line in shown if "the highest" in line]
        assert "over the first year" in low
        assert "Patnaik" in low
        assert "rebuilt and half" in high
        assert "Dikötter" in high
    assert "| 0.70 | 0.70 | 0.70 |" in next(
        x for x in recipe_table(found, left) if x.startswith("| rate method")
    )
    assert any("Yu Xiguang: unpublished" in line for line in recipe_table(found, left))
    assert recipe_lines({}) == recipe_table({}, left) == []
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]["recipes"]
    written = {name: asdict(one) for name, one in found.items()}
    jsonschema.validate(written, schema)
    written["over ten"].pop("who")
    with pytest.raises(jsonschema.ValidationError, match="who"):
        jsonschema.validate(written, schema)
