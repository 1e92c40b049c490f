"""Every degradation against numbers reckoned by hand, and what no degradation may do."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from conftest import CASE, write_case
from dearth.case.problems import CaseError
from dearth.case.read import load
from dearth.numerics.random_streams import stream
from dearth.population import lexis
from dearth.population.projection import project
from dearth.trials.age_tables import FERTILITY, SOLDIERS, death_rates, groups, people_of_first_count
from dearth.trials.degradations import BY_LETTER, DEGRADATIONS, Records, complete
from dearth.trials.full_records import BEFORE, LATER_COUNT, RETURN, YEARS, Truth, soldiers_of
from dearth.trials.tiers import TIERS
from dearth.trials.trial_plan import parse_spec, plan, tier_of
from dearth.trials.windows import quiet
from trial_world import truth


def done(letter: str, **values: float) -> Records:
    return BY_LETTER[letter].apply(complete(truth()), values, stream(1, "test"))


def test_deaths_are_booked_in_part_and_infants_less() -> None:
    found = done("R", complete=0.8, infants=0.5)
    assert found.other_deaths[0] == pytest.approx(0.8 * 21_000)
    assert found.infant_deaths[0] == pytest.approx(0.4 * 7_000)


def test_fewer_are_booked_in_the_crisis_alone() -> None:
    found = done("K", fall=0.25)
    assert found.other_deaths[BEFORE] == pytest.approx(0.75 * 42_000)
    assert found.other_deaths[BEFORE - 1] == 21_000


def test_omitted_births_take_their_early_deaths_with_them() -> None:
    found = done("B", complete=0.9, coupled=1.0)
    assert found.births[3] == pytest.approx(29_700)
    assert found.infant_deaths[3] == pytest.approx(6_300)
    assert found.other_deaths[3] == 21_000


def test_late_bookings_leave_the_crisis_and_arrive_after_it() -> None:
    found = done("L", share=0.2, years=2.0)
    # of 42,000 a fifth comes later; a fifth of the 21,000 of two years before arrives
    assert found.other_deaths[BEFORE] == pytest.approx(0.8 * 42_000 + 0.2 * 21_000)
    assert found.other_deaths[BEFORE + 2] == pytest.approx(0.8 * 21_000 + 0.2 * 42_000)


def test_the_region_hit_worst_is_missing() -> None:
    found = done("P", share=0.1, worse=2.0)
    # half of the deaths are excess: 0.1 of the normal ones are lost and 0.2 of the others
    assert found.other_deaths[BEFORE] == pytest.approx(42_000 * (1 - 0.15), rel=1e-3)
    assert found.births[BEFORE] == pytest.approx(0.9 * 33_000)
    assert found.other_deaths[0] == 21_000


def test_a_cap_cuts_the_worst_years() -> None:
    found = done("F", most=1.2)
    assert (found.infant_deaths + found.other_deaths)[BEFORE] == pytest.approx(1.2 * 28_000)
    assert found.other_deaths[0] == 21_000


def test_harvest_years_mix_two_calendar_years() -> None:
    found = done("Y")
    assert found.other_deaths[BEFORE - 1] == pytest.approx((21_000 + 42_000) / 2)


def test_rolls_keep_the_dead_and_no_deaths_are_booked() -> None:
    found = done("H", share=0.5)
    assert not found.deaths_held
    assert found.stocks[0] - complete(truth()).stocks[0] == pytest.approx(0.5 * 1.5 * 28_000)


def test_those_who_leave_are_missed_by_counts_and_stocks() -> None:
    found = done("M", share=0.01)
    before = complete(truth())
    assert before.people[5].sum() == found.people[5].sum()
    assert before.people[6].sum() - found.people[6].sum() == pytest.approx(10_000, rel=0.03)
    assert before.stocks[6] - found.stocks[6] == pytest.approx(2 * 10_000, rel=0.05)
    assert (found.people >= 0).all()


def settled() -> Truth:
    """Return people whose births, deaths and stocks agree: nobody comes or goes."""
    rates = death_rates()
    years = LATER_COUNT
    kept = np.stack([lexis.survival(rates)] * years)
    fertility = np.stack([4.5 * FERTILITY] * years)
    none, people = np.zeros((years, *rates.shape)), truth().stocks[0]
    stocks, steps = project(people, kept, fertility, none, np.asarray(100 / 206))
    deaths = lexis.by_age(steps.deaths, rates).sum(1)[:YEARS]
    return Truth("Dale", 1900, 2, stocks, deaths[:, 0], deaths[:, 1:].sum(1), steps.births.sum(-1)[:YEARS])


def test_people_who_flee_are_gone_and_the_declared_share_is_back() -> None:
    """Of those of six and more at the end: children not born to them are missing beside them."""
    hidden = settled()
    end = BEFORE + 2

    def missing(at: int, **values: float) -> np.ndarray:
        drawn = {"share": 0.02, "families": 0.5, "men": 0.7, "back": 0.0, **values}
        found = BY_LETTER["D"].apply(complete(hidden), drawn, stream(1, "test"))
        return np.asarray(hidden.stocks[at] - found.people[at])[:, 6:]

    people = hidden.stocks[BEFORE].sum()
    assert missing(BEFORE).sum() == 0
    # half in each year; a hundredth of them would have died
    assert missing(BEFORE + 1, families=0.0).sum() == pytest.approx(0.01 * people, rel=0.02)
    assert missing(end, families=0.0).sum() == pytest.approx(0.02 * people, rel=0.03)
    for back in (0.1, 0.6):
        assert missing(end, back=back) == pytest.approx(missing(end))
        assert missing(end + RETURN, back=back) == pytest.approx((1 - back) * missing(end + RETURN))
        halfway = missing(end + RETURN // 2, back=back)
        assert halfway == pytest.approx((1 - back / 2) * missing(end + RETURN // 2))
    men = missing(end, families=0.0)[1].sum() / missing(end, families=0.0).sum()
    assert men == pytest.approx(0.7, abs=0.01)
    alike = missing(BEFORE + 1, families=1.0) / hidden.stocks[BEFORE + 1][:, 6:]
    assert alike[:, :80] == pytest.approx(np.full_like(alike[:, :80], 0.01), rel=0.1)


def test_accounts_of_those_who_stayed_close_but_for_who_left_and_came_back() -> None:
    hidden = settled()
    moved = {"share": 0.02, "families": 0.5, "men": 0.6, "back": 0.4}

    def net(t: Truth) -> np.ndarray:
        totals = t.stocks[: YEARS + 1].sum((1, 2))
        return np.asarray(np.diff(totals) - t.births + t.deaths)

    assert net(hidden) == pytest.approx(np.zeros(YEARS), abs=1e-3)
    stayed = BY_LETTER["D"].apply(complete(hidden), moved, stream(1, "test")).truth
    left, end = 0.02 * hidden.stocks[BEFORE].sum(), BEFORE + 2
    found = net(stayed)
    assert found[:BEFORE] == pytest.approx(np.zeros(BEFORE), abs=1e-3)
    assert found[BEFORE:end] == pytest.approx(np.full(2, -left / 2), rel=0.05)
    assert found[end : end + RETURN] == pytest.approx(np.full(RETURN, 0.4 * left / RETURN), rel=0.2)
    assert np.abs(found[end + RETURN :]).max() < 0.02 * left


def test_displaced_windows_bring_d_beside_the_tier_s_own_letters() -> None:
    usual, displaced = (plan([truth()], TIERS[4], 4, 1, displaced=d) for d in (False, True))
    assert [r.letters + "D" for r in usual] == [r.letters for r in displaced]
    for before, after in zip(usual, displaced, strict=True):
        assert after.drawn == {**before.drawn, "D": after.drawn["D"]}
        assert set(after.drawn["D"]) == {"share", "families", "men", "back"}


def test_counts_heap_at_round_ages_and_leave_out_soldiers() -> None:
    found = done("C", omitted=0.0, heaped=0.2, error=0.0, soldiers=0.1)
    counted, true = found.counts["second"], complete(truth()).people[11]
    assert counted.sum() == pytest.approx(true.sum() - 0.1 * counted[1, 18:35].sum() / 0.9, rel=1e-9)
    assert counted[0, 40] > 1.3 * true[0, 40]
    assert counted[0, 41] == pytest.approx(0.8 * true[0, 41])


def test_soldiers_have_the_ages_of_the_case(tmp_path: Path) -> None:
    text = CASE + "trials: {soldiers: {ages_from: 20, ages_to: 43, source: assumed}}\n"
    assert soldiers_of(load(write_case(tmp_path / "own", text))) == (20, 43)
    assert soldiers_of(load(write_case(tmp_path / "silent"))) == SOLDIERS == (18, 35)
    with pytest.raises(CaseError, match=r"ages_to \(20\) is not above ages_from \(43\)"):
        load(write_case(tmp_path / "wrong", text.replace("from: 20, ages_to: 43", "from: 43, ages_to: 20")))
    hidden = replace(truth(), soldiers=(20, 43))
    values = {"omitted": 0.0, "heaped": 0.0, "error": 0.0, "soldiers": 0.5}
    counted = BY_LETTER["C"].apply(complete(hidden), values, stream(1, "test")).counts["second"]
    absent = 1 - counted / hidden.stocks[11]
    assert absent[1, 20:43] == pytest.approx(0.5)
    assert np.abs(absent[1, [19, 43]]).max() == np.abs(absent[0]).max() == pytest.approx(0)
    compared = groups("second", (20, 43)).sum(0)
    assert list(np.flatnonzero(compared[1] == 0)) == [*range(5), *range(20, 45)]
    # the men of these ages are taken from the women: half of them missing changes nothing
    assert people_of_first_count(counted, (20, 43)) == pytest.approx(
        people_of_first_count(hidden.stocks[11], (20, 43)), rel=1e-6
    )


def test_a_later_count_brings_single_ages_and_a_survey() -> None:
    found = done("S", omitted=0.0, error=0.0, survey=0.0)
    assert found.counts["later"] == pytest.approx(truth().stocks[29])
    assert np.isfinite(found.fertility).all()


@pytest.mark.parametrize("letter", [one.letter for one in DEGRADATIONS])
def test_none_makes_a_number_that_is_none_or_touches_the_truth(letter: str) -> None:
    hidden = truth()
    one, rng = BY_LETTER[letter], np.random.default_rng(3)
    bad = {name: end for name, (_, end) in one.ranges.items()}
    found = one.apply(complete(hidden), bad, rng)
    for figures in (found.infant_deaths, found.other_deaths, found.births, found.stocks):
        assert np.isfinite(figures).all()
        assert (figures >= 0).all()
    again = truth()
    assert (hidden.deaths == again.deaths).all()
    assert (hidden.stocks == again.stocks).all()


def test_rungs_only_ever_add() -> None:
    letters = [set(TIERS[n].letters) for n in range(1, 7)]
    assert all(low < high for low, high in pairwise(letters))


def test_the_plan_hangs_on_the_seed_alone() -> None:
    def drawn(seed: int) -> list[object]:
        return [(r.letters, r.drawn, r.truth.first) for r in plan([truth()], TIERS[7], 8, seed)]

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)
    first = plan([truth()], TIERS[4], 4, 1)
    assert [r.corner for r in first] == [False, False, False, True]
    assert first[3].drawn["K"]["fall"] > 0.02 + 0.8 * 0.28
    # more replicates never move the ones before
    assert [r.drawn for r in plan([truth()], TIERS[4], 8, 1)][:4] == [r.drawn for r in first]


def test_rung_seven_goes_beyond_the_priors() -> None:
    for r in plan([truth()], TIERS[7], 20, 2):
        assert len(set(r.letters) & set("MLF")) == 1
        assert set(r.tier.letters) < set(r.letters)


def test_own_degradations() -> None:
    spec = parse_spec("A, R(complete=0.7:0.8, infants=0.9), K")
    assert spec.letters == "ARK"
    assert spec.ranges["R", "complete"] == (0.7, 0.8)
    assert spec.ranges["R", "infants"] == (0.9, 0.9)
    (one,) = plan([truth()], tier_of("ARK"), 1, 1, spec)
    assert 0.7 <= one.drawn["R"]["complete"] <= 0.8
    assert one.drawn["R"]["infants"] == 0.9
    assert tier_of("A").number == 1
    assert tier_of("ARKC").letters == "ARKC"
    assert tier_of("AB").letters == "AB"  # births are then told to be incomplete
    assert tier_of("AP").letters == "ARKB"  # a lost region's births are lost too


@pytest.mark.parametrize(
    ("text", "told"),
    [("A,Q", "'Q' is no degradation"), ("R(compleet=0.7)", "did you mean 'complete'"),
     ("A,S", "follows the two of C"), ("R(complete=x)", "give a number, or mild:bad"),
     ("R(complete=nan)", "must lie between"), ("K(fall=2)", "must lie between 0 and 0.95"),
     ("L(years=0)", "must lie between 1 and 5"), ("A,A", "given twice"), ("", "no degradation is named"),
     ("H,C", "H gives a population register every year")],
)  # fmt: skip
def test_mistakes_in_own_degradations(text: str, told: str) -> None:
    with pytest.raises(CaseError, match=told.replace("(", r"\(")):
        parse_spec(text)


def test_quiet_and_loud_windows() -> None:
    assert quiet(truth(0.05))
    assert not quiet(truth(0.5))
    q = truth(1.0).quantities()
    assert q.deaths == pytest.approx(4 * 28_000)
    assert q.excess == pytest.approx(2 * 28_000)
    assert q.gross == pytest.approx(0, abs=1)
    assert len(truth().deaths) == YEARS
