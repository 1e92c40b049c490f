"""Rows and small tables of a posterior. Persons unless said otherwise."""

from dataclasses import dataclass

from dearth.numerics.interval import Interval


@dataclass(frozen=True)
class Diagnostics:
    """How well chains agree: the worst of every quantity that is judged.

    Attributes
    ----------
    rhat_max : largest R-hat
    ess_bulk_min, ess_tail_min : smallest effective sample sizes
    divergences, draws : paths that diverged, of how many draws
    """

    rhat_max: float
    ess_bulk_min: float
    ess_tail_min: float
    divergences: int
    draws: int | None = None


@dataclass(frozen=True)
class BirthDeficit:
    """Births lost: gross in the years of the deficit, recovered later, net of the two.

    Attributes
    ----------
    gross_of_social_decline : what the declared social decline alone would have cost
    """

    gross: Interval
    recovered: Interval
    net: Interval
    gross_of_social_decline: Interval


@dataclass(frozen=True)
class Migration:
    """Net migrants of the window, inward positive."""

    net: Interval


@dataclass(frozen=True)
class Completeness:
    """Shares registered: deaths outside the crisis and in it, births."""

    normal: Interval
    crisis: Interval
    births: Interval


@dataclass(frozen=True)
class YearRates:
    """True rates of a year per 1000, true deaths and births, and the deaths registered."""

    year: int
    cdr: Interval
    cbr: Interval
    deaths: Interval
    births: Interval
    deaths_registered: float | None


@dataclass(frozen=True)
class AgeOfYear:
    """Deaths of an age group in a year.

    Attributes
    ----------
    excess_deaths : None outside the crisis
    registered_in_their_year : deaths registered in the year they happened, as the model has them
    registered : as the register holds them; None where it does not
    """

    year: int
    age: str
    deaths: Interval
    excess_deaths: Interval | None
    registered_in_their_year: Interval
    registered: float | None


@dataclass(frozen=True)
class PyramidRow:
    """Medians of people at the end by sex and age, as it was and without the crisis."""

    sex: str
    age: int
    people: float
    without_crisis: float


@dataclass(frozen=True)
class UnknownSummary:
    """One unknown before and after the records.

    Attributes
    ----------
    mean_in_prior_sd : posterior mean, in standard deviations of the prior from its mean
    sd_ratio : posterior over prior standard deviation
    prior, posterior : in the unknown's own unit
    """

    unknown: str
    mean_in_prior_sd: float
    sd_ratio: float
    prior: Interval
    posterior: Interval


@dataclass(frozen=True)
class WithoutSource:
    """Excess deaths of a fit without one evidence source; None where it is refused."""

    without: str
    diagnostics: Diagnostics
    refused: list[str]
    excess_deaths: Interval | None


@dataclass(frozen=True)
class PlaceboPlace:
    """One place of the placebo: log growth of its townspeople, and rise of its registered deaths per 1000."""

    place: str
    log_growth_of_towns: float
    rise_of_registered_cdr: float


@dataclass(frozen=True)
class PlaceboTable:
    """Whether registered deaths of the places rose with inward migration: see `placebo_test`.

    Attributes
    ----------
    slope, slope_se : rise of registered deaths per 1000 over log growth of towns, and its standard error
    mean_log_growth : of towns
    implied_struck_per_1000, implied_struck_sd_per_1000 : removed entries among the registered
        deaths of a year, per 1000 people, and their sd
    """

    places: list[PlaceboPlace]
    slope: float
    slope_se: float
    mean_log_growth: float
    implied_struck_per_1000: float
    implied_struck_sd_per_1000: float


@dataclass(frozen=True)
class SourcePrediction:
    """How well a scenario predicts a source it was not given.

    Attributes
    ----------
    elpd : expected log predictive density of all figures of the source; None where the fit was refused
    figures : how many there are
    """

    source: str
    elpd: float | None
    figures: int


@dataclass(frozen=True)
class PredictedFigure:
    """One observed figure beside what the posterior says it should be, its error included.

    Attributes
    ----------
    source : evidence source
    what : the figure in words
    year : of the figure; of a census its date, 1964.5 is 1 July 1964
    born_from, born_to : years of birth of a census group; None for other figures
    observed : as recorded
    predicted : 90 % interval of new records of the same history
    inside : whether the figure lies in it
    """

    source: str
    what: str
    year: float
    born_from: int | None
    born_to: int | None
    observed: float
    predicted: Interval
    inside: bool


@dataclass(frozen=True)
class RegionEvidence:
    """The evidence for one scenario inside the encompassing one.

    Attributes
    ----------
    ratio : posterior over prior mass of its region; above 1 the records support it; None without prior mass
    prior_mass, posterior_mass : share of the encompassing scenario's draws inside the region
    region : [low, high] of completeness in normal years and in the crisis
    """

    ratio: float | None
    prior_mass: float
    posterior_mass: float
    region: list[list[float]]


@dataclass(frozen=True)
class Encompassing:
    """What the encompassing scenario says of registration.

    Attributes
    ----------
    scenario : its name
    p_fell, prior_p_fell : probability that completeness was lower in the crisis than in normal years
    evidence : by name of every other scenario
    """

    scenario: str
    p_fell: float
    prior_p_fell: float
    evidence: dict[str, RegionEvidence]


@dataclass(frozen=True)
class TrialRecord:
    """How often intervals made alike contained the truth in trials on places with full records.

    Attributes
    ----------
    tier : of data quality, and what it means
    windows : trials with a printed interval
    held : of them, 90 % intervals of excess deaths that contained the truth
    held_or_warned : of them, intervals that contained it or carried a warning
    not_covered : what no trial of this kind covers
    displaced_windows, displaced_held, displaced_held_or_warned : the same of trials in which people left in
        the crisis; 0 windows where none is on record
    refused : trials whose posterior missed the gates, so that no interval was printed
    """

    tier: int
    what: str
    windows: int
    held: int
    held_or_warned: int
    not_covered: str
    displaced_windows: int = 0
    displaced_held: int = 0
    displaced_held_or_warned: int = 0
    refused: int = 0


@dataclass(frozen=True)
class BirthsAccount:
    """Births of the window under the same account as excess deaths."""

    places_sum: Interval
    nation: Interval
    discrepancy: Interval
    rest: Interval
    gap_sd: float


@dataclass(frozen=True)
class Coherence:
    """Excess deaths under one account: whole = places + people in no place + difference of definition.

    Attributes
    ----------
    places_sum, nation : of the window, reconciled
    discrepancy : by which the definitions of the two sides differ
    rest : of people in no place, never negative where the whole's are not
    places_sum_before, nation_before : excess deaths as fitted apart
    gap_sd : gap of the account as fitted apart, in its standard deviations
    births : the account of births; None of posteriors without draws of births by place
    """

    scenario: str
    places_sum: Interval
    nation: Interval
    discrepancy: Interval
    rest: Interval
    places_sum_before: Interval
    nation_before: Interval
    gap_sd: float
    births: BirthsAccount | None = None
