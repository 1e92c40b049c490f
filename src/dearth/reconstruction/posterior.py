"""A posterior as an object: each registration scenario apart, with its diagnostics. Imports no JAX.

Persons unless said otherwise. A scenario that fails a gate has `refused` and no figures.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import InstanceOf

from dearth.numerics.interval import Interval
from dearth.reconstruction.joint_draws import JointDraws
from dearth.reconstruction.measurement_results import Narrowing, Settling
from dearth.reconstruction.place_posterior import PlacePosterior, PlacesSum
from dearth.reconstruction.posterior_tables import (
    AgeOfYear,
    BirthDeficit,
    Coherence,
    Completeness,
    Diagnostics,
    Encompassing,
    Migration,
    PlaceboTable,
    PredictedFigure,
    PyramidRow,
    SourcePrediction,
    TrialRecord,
    UnknownSummary,
    WithoutSource,
    YearRates,
)

if TYPE_CHECKING:
    import pandas
    import xarray

NOTE = "the scenarios are declared priors of one dispute; they are never averaged"


@dataclass(frozen=True)
class ScenarioPosterior:
    """The posterior of one registration scenario.

    Attributes
    ----------
    refused : why it is not printed; with a reason here every figure below is None or empty
    warnings : what a reader of the result must know
    caveats : what the records cannot show, and which record would; said before any figure
    trial_record : how intervals made alike did where the truth is known; None where no trial is on record
    checks : what the maker of the case should look at: records outside the prior's reach, divergences
    excess_deaths, prior_excess_deaths : of the window, before and after the records
    by_year, by_age : excess deaths, by crisis year and by age group
    counterfactual_deaths : excess over the deaths of a history without the crisis
    identity_max_persons : the largest error with which accounts of the two histories close
    infant_mortality_before : deaths under one over births, in the three years before the crisis
    predictive : how well the scenario predicts each source left out
    predicted_figures : every observed figure beside what the posterior says it should be
    variance_shares : share of the variance of excess deaths that each group of unknowns explains
    """

    name: str
    note: str
    diagnostics: Diagnostics
    refused: list[str]
    warnings: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    trial_record: TrialRecord | None = None
    excess_deaths: Interval | None = None
    prior_excess_deaths: Interval | None = None
    by_year: dict[str, Interval] = field(default_factory=dict)
    by_age: dict[str, Interval] = field(default_factory=dict)
    by_year_and_age: list[AgeOfYear] = field(default_factory=list)
    birth_deficit: BirthDeficit | None = None
    migration: Migration | None = None
    completeness: Completeness | None = None
    counterfactual_deaths: Interval | None = None
    identity_max_persons: float | None = None
    infant_mortality_before: Interval | None = None
    rates: list[YearRates] = field(default_factory=list)
    pyramid: list[PyramidRow] = field(default_factory=list)
    variance_shares: dict[str, float] = field(default_factory=dict)
    prior_posterior: list[UnknownSummary] = field(default_factory=list)
    measurements: list[Narrowing] = field(default_factory=list)
    leave_one_source_out: list[WithoutSource] = field(default_factory=list)
    predictive: list[SourcePrediction] = field(default_factory=list)
    predicted_figures: list[PredictedFigure] = field(default_factory=list)
    places: list[PlacePosterior] = field(default_factory=list)
    places_sum: PlacesSum | None = None
    coherence: Coherence | None = None


@dataclass(frozen=True)
class Posterior:
    """The posterior of a case, a scenario each.

    Attributes
    ----------
    years : of the reconstruction
    encompassing : what the widest scenario says of the others; None without one
    coherence : places and whole under one account, of the first scenario printed
    settling : how well each measurement would distinguish two scenarios
    settings : of the sampler
    draws : thinned whole draws of the scenarios that are printed; None where none are kept
    """

    scenarios: list[ScenarioPosterior]
    years: list[int]
    settings: dict[str, float | list[int]]
    settling: list[Settling] = field(default_factory=list)
    placebo: PlaceboTable | None = None
    encompassing: Encompassing | None = None
    coherence: Coherence | None = None
    note: str = NOTE
    draws: InstanceOf[JointDraws] | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, name: str) -> ScenarioPosterior:
        """Return the scenario called `name`.

        Raises
        ------
        KeyError
            When there is none; names those there are.
        """
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        known = ", ".join(one.name for one in self.scenarios)
        raise KeyError(f"no scenario is called '{name}'; there are: {known}")

    @property
    def printed(self) -> list[ScenarioPosterior]:
        """Return the scenarios that passed every gate."""
        return [one for one in self.scenarios if not one.refused]

    def summary(self) -> str:
        """Return excess deaths and births lost of each scenario, a line each."""
        from dearth.reconstruction.posterior_views import summary

        return summary(self)

    def __repr__(self) -> str:
        return self.summary()

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row a scenario, quantity and year: median, low, high and unit."""
        from dearth.reconstruction.posterior_views import to_frame

        return to_frame(self)

    def to_xarray(self) -> "xarray.DataTree":
        """Return the thinned draws as a tree with the group ``posterior``, as ArviZ reads it.

        Raises
        ------
        ValueError
            When no draws are kept.
        ImportError
            When xarray is not installed; it comes with the ``all`` extra.
        """
        from dearth.reconstruction.posterior_views import to_xarray

        return to_xarray(self)
