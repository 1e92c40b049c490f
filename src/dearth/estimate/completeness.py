"""Completeness of registration: a number, a yearly series, or a prior drawn by Monte Carlo."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from dearth.case.evidence import Floats
from dearth.case.problems import did_you_mean, mistake
from dearth.case.read import Case
from dearth.case.schema import Completeness, Prior
from dearth.case.years import window_years
from dearth.estimate.measured_completeness import measured_completeness
from dearth.numerics.plain_float import plain_float
from dearth.numerics.random_streams import stream


@dataclass(frozen=True)
class Option:
    """One named choice of completeness; `name` is the number itself where it is one."""

    name: str | float
    spec: Completeness

    @property
    def full(self) -> bool:
        """Whether every event is taken to be registered."""
        return self.spec.normal == 1 and self.spec.crisis in (None, 1)

    @property
    def label(self) -> str:
        """The choice as it stands in assumption labels."""
        return f"{self.name:g}" if isinstance(self.name, float) else self.name


def complete() -> Option:
    """Return full completeness, the scenario of the records as they stand."""
    return Option(1.0, Completeness(normal=1.0))


def parse_option(
    text: str, declared: Mapping[str, Completeness | float], where: str = "--completeness"
) -> Option:
    """Return the choice called `text`: ``0.85``, ``normal=0.65,crisis=0.9`` or a declared name.

    Raises
    ------
    CaseError
        A number outside (0, 1] or an unknown name.
    """
    text = text.strip()
    if text in declared:
        spec = declared[text]
        if isinstance(spec, Completeness):
            return Option(text, spec)
        return Option(text, Completeness(normal=_share(spec, text, where)))
    parts = dict(part.partition("=")[::2] for part in text.split(","))
    if set(parts) == {"normal", "crisis"}:
        normal, crisis = (_share(parts[key], text, where) for key in ("normal", "crisis"))
        return Option(text, Completeness(normal=normal, crisis=crisis))
    try:
        value = plain_float(text)
    except ValueError:
        hint = did_you_mean(text, declared)
        raise mistake(
            where,
            f"'{text}' is neither a share such as 0.85, nor normal=0.65,crisis=0.9, "
            f"nor a completeness of the case{hint}",
        ) from None
    share = _share(value, text, where)
    return Option(share, Completeness(normal=share))


def _share(value: float | str, text: str, where: str) -> float:
    try:
        share = plain_float(value)
    except ValueError:
        raise mistake(where, f"'{text}': '{value}' is not a share between 0 and 1") from None
    if not 0 < share <= 1:
        raise mistake(where, f"'{text}': completeness is above 0 and at most 1")
    return share


def _draw(spec: float | Prior, draws: int, seed: int, name: str) -> Floats:
    return draw_share(spec, draws, stream(seed, "completeness", name))


def draw_share(spec: float | Prior, draws: int, random: np.random.Generator) -> Floats:
    """Return draws of a share from its prior, (draws,); of a number that number alone, (1,).

    Raises
    ------
    CaseError
        A heavy-tailed prior, which is none of a share.
    """
    if not isinstance(spec, Prior):
        return np.full(1, spec)
    if spec.dist == "beta":
        return random.beta(spec.a or 1, spec.b or 1, draws)
    if spec.dist == "logit_normal":
        assert spec.mean is not None
        assert spec.sd is not None
        return np.asarray(expit(logit(spec.mean) + spec.sd * random.standard_normal(draws)))
    if spec.dist == "heavy_tailed":
        raise mistake("case.yaml", "a heavy_tailed prior of a share; use logit_normal, triangular or uniform",
                      field="completeness")  # fmt: skip
    low = spec.low if spec.low is not None else 0.0
    high = spec.high if spec.high is not None else 1.0
    if spec.dist == "uniform":
        return random.uniform(low, high, draws)
    if spec.dist == "triangular":
        return random.triangular(low, spec.mode or low, high, draws)
    return _truncated_normal(random, spec.mean or 0.0, spec.sd or 1.0, low, high, draws)


def _truncated_normal(
    random: np.random.Generator, mean: float, sd: float, low: float, high: float, draws: int
) -> Floats:
    kept = np.empty(0)
    for _ in range(1000):
        more = random.normal(mean, sd, draws)
        kept = np.concatenate([kept, more[(more > low) & (more <= high)]])
        if kept.size >= draws:
            return kept[:draws]
    raise mistake("case.yaml", f"a normal prior ({mean}, {sd}) hardly meets {low} to {high}")


def shares(
    option: Option, case: Case, years: tuple[int, ...], draws: int, seed: int, of: str = "deaths"
) -> Floats:
    """Return completeness by draw and year, shape (1 or D, Y), in (0, 1].

    Inside the case's crisis window ``crisis`` holds, outside it ``normal``; the stream's name is the
    option's, so that every estimate that uses it sees the same draws.
    """
    spec = option.spec
    if spec.two_censuses is not None:
        return np.full((1, len(years)), measured_completeness(case, spec.two_censuses, option.label, of))
    if spec.series is not None:
        missing = case.evidence.series(spec.series).by_year
        # years without a figure stay nan: a window or baseline that needs one is refused
        return np.array([[1 - missing.get(year, np.nan) / 100 for year in years]])
    assert spec.normal is not None  # the schema allows one form only
    normal = _draw(spec.normal, draws, seed, f"{of}/{option.label}/normal")
    crisis = normal
    if spec.crisis is not None:
        crisis = _draw(spec.crisis, draws, seed, f"{of}/{option.label}/crisis")
    inside = np.isin(years, window_years(case.settings.window))
    normal, crisis = np.broadcast_arrays(normal, crisis)
    k = np.where(inside[None, :], crisis[:, None], normal[:, None])
    if k.min() <= 0 or k.max() > 1:
        raise mistake(
            "case.yaml", f"completeness '{option.label}' leaves (0, 1]: {k.min():.3g}-{k.max():.3g}"
        )
    return k
