"""One estimate's choices, and the list of choices a case leaves open (the multiverse)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product

from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.case.schema import Transfer
from dearth.estimate.baselines import ADJUSTED, Baseline, parse_baseline
from dearth.estimate.completeness import Option, complete, parse_option
from dearth.estimate.estimators import COUNT, RATE, estimators
from dearth.estimate.windows import Window, parse_window

# names of choices in JSON and CSV, in the order of their columns
CHOICES = ("method", "series", "baseline", "births_adjusted", "baseline_basis", "completeness",
           "birth_completeness", "births_from", "window", "window_kind", "transfer")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the user fixed on the command line; None leaves a choice open."""

    method: str | None = None
    series: str | None = None
    baseline: str | None = None
    completeness: str | None = None
    window: str | None = None
    window_kind: str | None = None
    basis: str | None = None
    transfer: str | None = None
    birth_baseline: str | None = None
    birth_completeness: str | None = None
    births_from: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything was fixed."""
        return any(getattr(self, field.name) is not None for field in fields(self))


@dataclass(frozen=True)
class Choice:
    """All assumptions behind one estimate."""

    method: str
    series: str
    baseline: Baseline
    adjusted: bool
    completeness: Option
    window: Window
    birth_baseline: Baseline
    birth_completeness: Option
    births_from: str = "registered"
    basis: str = "corrected"
    transfer: str | None = None

    @property
    def baseline_name(self) -> str:
        """Baseline with its birth adjustment, as the user would write it."""
        return self.baseline.name + (ADJUSTED if self.adjusted else "")

    @property
    def identifiers(self) -> dict[str, str | float | bool | None]:
        """Every choice by its name in JSON and CSV, as the user would write it."""
        return {
            "method": self.method,
            "series": self.series,
            "baseline": self.baseline.name,
            "births_adjusted": self.adjusted,
            "baseline_basis": self.basis,
            "completeness": self.completeness.name,
            "birth_completeness": self.birth_completeness.name,
            "births_from": self.births_from,
            "window": self.window.name,
            "window_kind": self.window.kind,
            "transfer": self.transfer,
        }

    @property
    def label(self) -> str:
        """Everything assumed, in one line; it goes wherever the figure goes."""
        parts = [
            "excess deaths among persons born",
            f"{self.method} method",
            self.series,
            f"baseline {self.baseline_name}",
            f"completeness {self.completeness.label}",
            f"window {self.window.label}",
        ]
        if self.adjusted or estimators()[self.method].uses_births:
            parts.append(f"births {self.births_from}, completeness {self.birth_completeness.label}")
        if self.transfer:
            parts.append(f"transfer {self.transfer}")
        return "; ".join(parts)


def _pick(asked: str | None, allowed: tuple[str, ...], option: str) -> list[str]:
    if asked is None:
        return list(allowed)
    if asked not in allowed:
        raise mistake(option, f"'{asked}' is unknown{did_you_mean(asked, allowed)}")
    return [asked]


def _transfer(case: Case, asked: str | None) -> list[str | None]:
    if asked is None:
        return [None]
    return [*_pick(asked, tuple(case.settings.transfers), "transfer")]


def named_transfer(case: Case, name: str) -> Transfer:
    """Return a transfer the case declares."""
    return case.settings.transfers[_pick(name, tuple(case.settings.transfers), "transfer")[0]]


def _baselines(case: Case, asked: str | None) -> list[tuple[Baseline, bool]]:
    if asked is not None:
        adjusted = asked.endswith(ADJUSTED)
        baseline = parse_baseline(asked.removesuffix(ADJUSTED), "--baseline")
        if adjusted and case.settings.infant_mortality is None:
            raise mistake("case.yaml", f"{ADJUSTED} needs infant_mortality in the case")
        return [(baseline, adjusted)]
    found = [parse_baseline(text, "case.yaml: baselines") for text in case.settings.baselines]
    both = (False, True) if case.settings.infant_mortality else (False,)
    return [(baseline, adjusted) for baseline in found for adjusted in both]


def _options(case: Case, asked: str | None) -> list[Option]:
    declared = case.settings.completeness
    if asked is not None:
        return [parse_option(asked, declared)]
    return [parse_option(name, declared) for name in declared] or [complete()]


def _windows(case: Case, asked: Asked) -> list[Window]:
    kinds = [asked.window_kind] if asked.window_kind else list(case.settings.window_kinds)
    if asked.window is not None:
        kinds = [asked.window_kind or "calendar"]
        return [parse_window(asked.window, kind) for kind in kinds]
    texts = (case.settings.window, *case.settings.other_windows)
    found = [parse_window(text, kind, "case.yaml: window") for text in texts for kind in kinds]
    return list(dict.fromkeys(found))  # a window of dates has one kind


def whole_registers(case: Case) -> tuple[str, ...]:
    """Return the registers of the whole, in the order of the case file."""
    return tuple(name for name, spec in case.settings.registers.items() if not spec.places)


def birth_choice(case: Case, asked: Asked) -> tuple[Baseline, Option, str]:
    """Return normal births, their completeness and where births are taken from."""
    s = case.settings
    text = asked.birth_baseline or s.default_scenario.birth_baseline
    text = text or (s.birth_baselines[0] if s.birth_baselines else None)
    baseline = parse_baseline(text or s.default_scenario.baseline, "--birth-baseline")
    option = parse_option(asked.birth_completeness or "1", s.birth_completeness)
    source = _pick(asked.births_from, ("registered", "fertility"), "births_from")[0]
    return baseline, option, source


def _methods(case: Case, asked: Asked) -> list[tuple[str, str]]:
    """Return every estimator with every register that has what it needs.

    Raises
    ------
    CaseError
        When no register has what the estimator asked for needs.
    """
    found = []
    known = estimators()
    for method, series in product(
        _pick(asked.method, tuple(known), "method"), _pick(asked.series, whole_registers(case), "series")
    ):
        if known[method].fits(case, series):
            found.append((method, series))
    if not found and asked.method is not None:
        needs = known[asked.method].needs
        raise mistake("method", f"the method '{asked.method}' is for registers with {needs}; the case has "
                      f"none: {', '.join(whole_registers(case))}")  # fmt: skip
    return found


def choices(case: Case, asked: Asked) -> Iterator[Choice]:
    """Yield every combination the case leaves open, those fixed by the user held fixed.

    Reconstructed series are corrected already and are taken at completeness 1 only. The balance
    method does not use registered deaths in the crisis; its births are taken at every completeness
    the case declares. The mixed basis appears only when it is asked for.
    """
    if not case.settings.registers:
        raise mistake("case.yaml", "the case has no register", field="registers")
    births, birth_option, source = birth_choice(case, asked)
    basis = _pick(asked.basis, ("corrected", "registered"), "basis")[0] if asked.basis else "corrected"
    birth_options = [birth_option]
    if asked.birth_completeness is None and not asked.any:
        declared = case.settings.birth_completeness
        birth_options = [parse_option(n, declared) for n in declared] or [birth_option]
    for method, series in _methods(case, asked):
        fixed = case.settings.registers[series].kind == "reconstructed"
        open_choice = fixed and asked.completeness is None
        options = [complete()] if open_choice else _options(case, asked.completeness)
        for (base, adjusted), option, window, move in product(
            _baselines(case, asked.baseline),
            options,
            _windows(case, asked),
            _transfer(case, asked.transfer),
        ):
            for birth in birth_options if estimators()[method].uses_births and not fixed else [birth_option]:
                yield Choice(
                    method, series, base, adjusted, option, window, births, birth, source, basis,
                    move,
                )  # fmt: skip


def register_method(case: Case, register: str) -> str:
    """Return the method that uses the register's deaths: by rates, or by counts without a population."""
    known = register in case.settings.registers
    return COUNT.name if known and COUNT.fits(case, register) else RATE.name


def default_choice(case: Case) -> Choice:
    """Return the one set of choices drawn where a single line is needed."""
    d = case.settings.default_scenario
    asked = Asked(
        register_method(case, d.register_name),
        d.register_name,
        d.baseline,
        d.completeness,
        case.settings.window,
    )
    return next(choices(case, asked))
