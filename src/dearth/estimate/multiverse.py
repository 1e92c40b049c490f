"""From choices to an estimate: all its years and draws, then the figures with what they assume."""

from dataclasses import dataclass, field, replace

import numpy as np

from dearth.case.evidence import Floats
from dearth.case.periods import Period
from dearth.case.problems import CaseError, mistake
from dearth.case.read import Case
from dearth.case.years import format_years, parse_years
from dearth.estimate.baselines import Baseline, births_adjusted, normal_rate, refuse_years
from dearth.estimate.choices import Choice, named_transfer
from dearth.estimate.completeness import shares
from dearth.estimate.estimators import estimators
from dearth.estimate.methods import (
    Corrected,
    Counterfactual,
    birth_deficit,
    births_from_fertility,
    correct,
    counterfactual,
)
from dearth.estimate.mixed_basis import mixed_basis
from dearth.estimate.one_estimate import BirthDeficitDraws, Estimate
from dearth.numerics.interval import interval
from dearth.population.registration_transfers import apply
from dearth.population.vital_registration import VitalRegister, read_register


def over(values: Floats, weights: Floats) -> Floats:
    """Weigh values, (D, Y), over the years that count; years that do not may be unknown."""
    at = np.flatnonzero(weights)
    return np.asarray(values[:, at] @ weights[at])


@dataclass(frozen=True)
class Calculation:
    """All years and draws behind one estimate: (D, Y) by calendar year, (D,) over the window."""

    choice: Choice
    corrected: Corrected
    normal_deaths: Floats
    normal_births: Floats | None
    excess: Floats
    parts: dict[str, Floats]
    full: Counterfactual | None
    births: BirthDeficitDraws
    expected: Floats
    mixed: str = ""
    unrecomputed: Floats | None = None

    @property
    def total(self) -> Floats:
        """Excess deaths over the window, (D,) persons."""
        return np.asarray(sum(over(self.excess, weight) for weight in self.parts.values()))

    @property
    def total_expected(self) -> Floats:
        """Deaths that would have been normal in the same period, (D,) persons."""
        return np.asarray(sum(over(self.expected, weight) for weight in self.parts.values()))

    @property
    def normal_rate(self) -> float | None:
        """Normal death rate of the window, per 1000: median of expected deaths over person-years."""
        register = self.corrected.register
        if register.counts:
            return None
        people = np.broadcast_to(register.person_years, (1, len(register.years)))
        total = float(sum(over(people, weight)[0] for weight in self.parts.values()))
        return float(1000 * np.median(self.total_expected) / total) if total > 0 else None

    def estimate(self) -> Estimate:
        """Return the estimate: its draws over the window, and of each year the interval alone."""
        register = self.corrected.register
        return Estimate(
            self.choice, self.mixed, self.total, self.total_expected,
            {name: interval(over(self.excess, weight)) for name, weight in self.parts.items()},
            self.births, None if self.full is None else interval(self.full.deaths_gap),
            None if self.unrecomputed is None else interval(self.unrecomputed),
            self.normal_rate, register.counts, self.choice.window.split(register.within_years),
        )  # fmt: skip


@dataclass
class Engine:
    """Computes estimates of one case; registers, completeness draws are made once and shared."""

    case: Case
    draws: int = 4000
    seed: int = 1
    _registers: dict[tuple[str, str | None, Period | None], VitalRegister] = field(default_factory=dict)
    _shares: dict[tuple[str, str, tuple[int, ...]], Floats] = field(default_factory=dict)
    _made: dict[tuple[str | None, ...], Corrected] = field(default_factory=dict)
    _deficits: dict[tuple[int, str], BirthDeficitDraws] = field(default_factory=dict)

    def register(self, name: str, transfer: str | None = None, part: Period | None = None) -> VitalRegister:
        """Return a register of the whole after the named transfer, of calendar years or of `part` of each."""
        key = (name, transfer, part)
        if key not in self._registers:
            found = read_register(self.case, name, part=part)
            if transfer is not None:
                found, _ = apply(found, named_transfer(self.case, transfer))
            self._registers[key] = found
        return self._registers[key]

    def _share(self, choice: Choice, years: tuple[int, ...], of: str) -> Floats:
        option = choice.completeness if of == "deaths" else choice.birth_completeness
        key = (of, option.label, years)
        if key not in self._shares:
            self._shares[key] = shares(option, self.case, years, self.draws, self.seed, of)
        return self._shares[key]

    def refusal(self, choice: Choice) -> str:
        """Return why these choices do not go together, or nothing."""
        register, estimator = self.register(choice.series, choice.transfer), estimators()[choice.method]
        held, window = register.years, choice.window
        pieces = self._pieces(choice)
        outside = sorted(set(window.years) - set(register.dead))
        if register.within_years and window.kind == "july_june":
            days = f"{window.first}-07-01/{window.last + 1}-06-30"
            return f"{choice.series} has deaths by parts of a year: give the harvest years as dates, {days}"
        if pieces:
            missing = [window.pieces[year].text for year, one in pieces.items() if year not in one.dead]
            if missing:
                return f"{choice.series} does not have deaths or people for every day of {', '.join(missing)}"
            outside = []
            if choice.transfer or estimator.whole_years:
                what = "a transfer" if choice.transfer else f"the method '{choice.method}'"
                return f"{what} needs whole calendar years; the window has dates"
        if outside:
            return (
                f"the window {window.name} ({window.kind}) needs {outside}; "
                f"{choice.series} has {format_years(register.dead)}"
            )
        at = [register.index[year] for year in window.years]
        if register.counts and choice.baseline.kind == "constant":
            return f"{choice.baseline.name} is a rate per 1000 people; {choice.series} has no population"
        lacking = estimator.lacks(register, at)
        if lacking:
            return f"{choice.series} has no {lacking} in {window.name}"
        if register.kind == "reconstructed" and not choice.completeness.full:
            return f"{choice.series} is corrected already: it is taken at completeness 1 only"
        windows = self.case.settings.births
        if windows and set(choice.birth_baseline.years) & set(parse_years(windows.deficit)):
            return (
                f"the birth baseline {choice.birth_baseline.name} rests on years of the birth deficit "
                f"({windows.deficit}); choose years outside it"
            )
        births = register.births / self._share(choice, held, "births")
        if (choice.adjusted or estimator.uses_births) and not np.isfinite(births[:, at]).all():
            return f"{choice.series} has no births (or no completeness of them) in {window.name}"
        share = self._share(choice, held, "deaths")
        used = [register.index[y] for y in (*window.years, *choice.baseline.years) if y in held]
        if not np.isfinite(share[:, used]).all():
            return f"completeness {choice.completeness.label} lacks years of the window or baseline"
        for one in pieces.values() or [register]:
            why = refuse_years(choice.baseline, window.years, one.rated, one.held_out)
            if why:
                return why
        return ""

    def _pieces(self, choice: Choice) -> dict[int, VitalRegister]:
        """Return the register of the window's dates in each year; empty where calendar years are enough."""
        pieces = choice.window.pieces
        if not pieces or not self.register(choice.series).within_years:
            return {}
        return {year: self.register(choice.series, part=piece) for year, piece in pieces.items()}

    def estimate(self, choice: Choice) -> Estimate:
        """Return the estimate under `choice`; raises as `calculate`."""
        return self.calculate(choice).estimate()

    def calculate(self, choice: Choice) -> Calculation:
        """Return all years and draws of the estimate under `choice`.

        Raises
        ------
        CaseError
            When the choices do not go together; says which and what to do.
        """
        why = self.refusal(choice)
        if why:
            raise mistake("estimate", why)
        corrected = self._corrected(choice)
        normal_births = self._normal_births(choice, corrected)
        normal = self._normal_deaths(choice, corrected, normal_births)
        method = estimators()[choice.method].excess
        excess, expected = method(corrected, normal), normal * corrected.register.person_years / 1000
        parts = choice.window.parts(corrected.register.years)
        pieces = self._pieces(choice)
        if pieces:
            excess, expected = self._of_pieces(choice, pieces, corrected.register.years)
            parts = {name: np.sign(weight) for name, weight in parts.items()}
        full = None
        weights = np.asarray(sum(parts.values()))
        at = np.flatnonzero(weights)
        registered = corrected.births[:, at].sum() + corrected.register.residual[at].sum()
        if normal_births is not None and np.isfinite(registered) and choice.window.period is None:
            full = counterfactual(corrected, normal, normal_births, weights)
        made = Calculation(
            choice, corrected, normal, normal_births, excess, parts, full,
            self._deficit(choice, corrected, normal_births), expected, mixed_basis(choice, self.case),
        )  # fmt: skip
        if choice.transfer is None:
            return made
        before = self._corrected(choice, moved=False)
        stale = normal_rate(choice.baseline, before.register.years, before.death_rate)
        unrecomputed = np.asarray(sum(over(method(corrected, stale), w) for w in parts.values()))
        return replace(made, unrecomputed=unrecomputed)

    def _of_pieces(
        self, choice: Choice, pieces: dict[int, VitalRegister], years: tuple[int, ...]
    ) -> tuple[Floats, Floats]:
        """Return excess and expected deaths, (D, Y), of the window's dates in each year, else nan."""
        made = []
        for year, register in pieces.items():
            shares_of = (self._share(choice, register.years, of) for of in ("deaths", "births"))
            corrected = correct(register, *shares_of)
            normal = self._normal_deaths(choice, corrected, self._normal_births(choice, corrected))
            at = register.index[year]
            excess = estimators()[choice.method].excess(corrected, normal)[:, at]
            made.append((years.index(year), excess, normal[:, at] * register.person_years[at] / 1000))
        draws = max(len(excess) for _, excess, _ in made)
        found = np.full((2, draws, len(years)), np.nan)
        for at, excess, expected in made:
            found[0, :, at], found[1, :, at] = excess, expected
        return found[0], found[1]

    def _corrected(self, choice: Choice, moved: bool = True) -> Corrected:
        key = (choice.series, choice.transfer if moved else None, choice.completeness.label,
               choice.birth_completeness.label, choice.births_from)  # fmt: skip
        if key not in self._made:
            self._made[key] = self._correct(choice, moved)
        return self._made[key]

    def _correct(self, choice: Choice, moved: bool) -> Corrected:
        register = self.register(choice.series, choice.transfer if moved else None)
        births_share = self._share(choice, register.years, "births")
        found = correct(register, self._share(choice, register.years, "deaths"), births_share)
        if choice.births_from == "registered":
            return found
        years = self.case.settings.normal_years
        if years is None or not np.isfinite(register.fertility).any():
            raise mistake("case.yaml", "births from fertility need total_fertility and normal_years")
        births = births_from_fertility(register, births_share, parse_years(years))
        return replace(found, births=births)

    def _normal_deaths(self, choice: Choice, corrected: Corrected, normal_births: Floats | None) -> Floats:
        register = corrected.register
        rates = corrected.death_rate
        if choice.basis == "registered":
            rates = np.broadcast_to(register.death_rate, (1, len(register.years)))
        normal = normal_rate(choice.baseline, register.years, rates)
        infant = self.case.settings.infant_mortality
        if not choice.adjusted or infant is None:
            return normal
        if normal_births is None:
            raise mistake("estimate", "births_adjusted needs normal births; give --birth-baseline")
        return births_adjusted(normal, infant.value, corrected.birth_rate, normal_births)

    def _normal_births(self, choice: Choice, corrected: Corrected) -> Floats | None:
        register, baseline = corrected.register, choice.birth_baseline
        rates = corrected.birth_rate
        if self._birth_refusal(baseline, corrected):
            return None
        return normal_rate(baseline, register.years, rates)

    def _birth_refusal(self, baseline: Baseline, corrected: Corrected) -> str:
        register, windows = corrected.register, self.case.settings.births
        if windows is None:
            return "the case names no windows of births lost"
        crisis = parse_years(windows.deficit)
        why = refuse_years(baseline, crisis, register.years, frozenset())
        if why:
            return why
        at = [register.index[year] for year in baseline.years]
        return "" if np.isfinite(corrected.births[:, at]).all() else "no births in the baseline"

    def _deficit(self, choice: Choice, corrected: Corrected, normal: Floats | None) -> BirthDeficitDraws:
        """Return the birth deficit, computed once for all estimates of one correction and normal rate."""
        key = (id(corrected), choice.birth_baseline.name)
        if key not in self._deficits:
            self._deficits[key] = self._births(corrected, normal)
        return self._deficits[key]

    def _births(self, corrected: Corrected, normal: Floats | None) -> BirthDeficitDraws:
        windows, register = self.case.settings.births, corrected.register
        if normal is None or windows is None:
            return BirthDeficitDraws()
        short = birth_deficit(corrected, normal)

        def over(years: str | None) -> Floats | None:
            at = [register.index.get(year, -1) for year in parse_years(years)] if years else []
            found = short[:, at].sum(axis=1)
            return None if -1 in at or not np.isfinite(found).all() else found

        gross = over(windows.deficit)
        back = over(windows.recovered)
        # signed: years below normal inside the window of return count against it
        recovered = None if back is None else -back
        net = None if gross is None or recovered is None else gross - recovered
        return BirthDeficitDraws(gross, recovered, net)


@dataclass(frozen=True)
class LeftOut:
    """Choices that do not go together, and why."""

    choice: Choice
    why: str


def estimates_of(engine: Engine, options: list[Choice]) -> tuple[list[Estimate], list[LeftOut]]:
    """Return every estimate that can be made, and those left out with the reason."""
    found: list[Estimate] = []
    left_out: list[LeftOut] = []
    for choice in options:
        try:
            found.append(engine.estimate(choice))
        except CaseError as error:
            left_out.append(LeftOut(choice, error.problems[0].message))
    return found, left_out
