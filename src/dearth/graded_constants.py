"""Constants of the code that say something about the world or set a bound of judgement, with their grades.

Parameters of mechanisms and priors carry their own grades. A test compares this table with the modules: a new
constant must be graded here or be named there as a setting of numerics, of layout or of the sampler.
"""

from dataclasses import dataclass

from dearth.bibliography.grade import Basis, assumed, published, recalled, transferred


@dataclass(frozen=True)
class GradedConstant:
    """A constant of a module.

    Attributes
    ----------
    module : below `dearth`, for example ``population.lexis``
    names : the constants of the module that share one basis
    meaning : what they are, with their unit
    """

    module: str
    names: tuple[str, ...]
    meaning: str
    basis: Basis

    @property
    def room(self) -> str:
        """The room of the module, for example ``population``."""
        return self.module.partition(".")[0]


def _of(module: str, names: str, meaning: str, basis: Basis) -> GradedConstant:
    return GradedConstant(module, tuple(names.split()), meaning, basis)


CASE = (
    _of("case.periods", "DAYS_A_YEAR", "days of a year in rates a year", assumed(note="the Julian year")),
    _of("case.plausibility.units", "AGREES", "factor within which a figure agrees with another", assumed()),
    _of("case.plausibility.deaths_and_people", "HIGH_DEATHS HIGH_BIRTHS LOW IMPOSSIBLE_LOW USUAL",
        "bounds of plausible death and birth rates, per 1000", assumed()),
    _of("case.plausibility.deaths_and_people", "FEW", "events that may be chance", assumed()),
    _of("case.plausibility.neighbours", "FEW UNLIKELY IMPOSSIBLE",
        "factors between a figure and the rows around it", assumed()),
    _of("case.plausibility.rates_and_counts", "ROUNDING UNLIKELY IMPOSSIBLE",
        "difference between a printed rate and the counts: per 1000, share, factor", assumed()),
    _of("case.plausibility.ages_and_totals", "UNLIKELY TOO_MANY TOO_FEW",
        "ages added up over the total", assumed()),
    _of("case.plausibility.stocks_and_flows", "UNLIKELY", "change of a stock in a year, share", assumed()),
    _of("case.plausibility.surveys_and_registers", "LEAST",
        "rate of a survey over the register's before the crisis", assumed()),
    _of("case.reconstruction_blocks", "YEARS_BEFORE YEARS_AFTER",
        "normal years on each side of a window in a new case", assumed()),
)  # fmt: skip
POPULATION = (
    _of("population.lexis", "BORN", "share of the risk under age one that is run in the year of birth",
        assumed("hmd_protocol2021", note="near the splits observed in full registers")),
    _of("population.migration_ages", "YOUNG YOUNG_FALL WORK WORK_FALL WORK_MEAN WORK_RISE CONSTANT",
        "model schedule of migration by age", recalled("rogers_castro1981", note="without retirement")),
    _of("population.migration_ages", "MEN", "share of men among those who move for work",
        assumed(note="three in five overseas emigrants before 1914 were men")),
)  # fmt: skip
METHODS = (  # of methods that a case may use; `dearth sources` does not list them
    _of("population.death_distribution", "PUBLISHED_ERROR", "error of completeness by two censuses, share",
        published("murray2010")),
    _of("population.extinct_generations", "WIDEST_DELTA", "largest correction of growth, a year", assumed()),
    _of("estimate.lists.dependence_range", "ZERO", "added to the figures of two lists", assumed()),
    _of("estimate.lists.matching_errors", "FAR", "share of the people seen by which a table may be off",
        assumed()),
    _of("estimate.lists.list_estimates", "RATIOS ERRORS", "odds ratios and errors of matching that are tried",
        assumed()),
    _of("estimate.lists.dependence_range", "JUST_FITS", "share of the declared odds ratios", assumed()),
    _of("estimate.age_quality", "ROUGH INACCURATE", "Whipple's and the age-sex index that call for a warning",
        recalled("un_accuracy1952")),
    _of("estimate.spline_baseline", "YEARS_A_KNOT", "years between two knots of the trend",
        published("acosta_irizarry2022")),
    _of("estimate.spline_baseline", "LEAST_YEARS", "years a baseline must have", assumed()),
    _of("estimate.dated_excess", "LEVEL", "level of the intervals of dated deaths", assumed()),
    _of("estimate.surveys.plausibility", "P_AGE P_SEX SHARE_MOVED SHARE_SEVERAL RATE",
        "limits of the plausibility checks of a survey", recalled(note="as the R package healthyr has them")),
    _of("estimate.surveys.rates", "LEVEL", "level of the intervals of a survey",
        assumed(note="as the field prints them")),
)  # fmt: skip
RECONSTRUCTION = (
    _of("reconstruction.age_patterns", "BOYS", "boys per girl at birth", assumed(note="1.03-1.07 is usual")),
    _of("reconstruction.population_model", "CONCEIVED_BEFORE",
        "share of a year's births that were conceived in the year before", assumed(note="nine months")),
    _of("reconstruction.population_model", "CHILD", "smooth share of the child pattern by age", assumed()),
    _of("reconstruction.unknowns", "PATTERN_KNOTS LATER_KNOTS SHOCK_AGES START_KNOTS COHORT_KNOTS "
        "REBOUND_YEARS", "ages and years at which the model may bend", assumed()),
    _of("reconstruction.migration", "LAST",
        "last years whose mean migration goes on until the later census", assumed()),
    _of("reconstruction.coherence", "DEFINITION_SD",
        "sd of the difference of definition between whole and places, share", assumed()),
    _of("reconstruction.coherence", "REST_SD",
        "sd of the log of the excess death rate of people in no place over the whole's", assumed()),
    _of("reconstruction.famine_priors", "MIDDLE FAR", "quantiles of famines that set the prior of a crisis",
        assumed("dearth_famine_tables")),
    _of("reconstruction.convergence_gates", "RHAT ESS", "gates of R-hat and of effective draws",
        published("vehtari2021")),
    _of("reconstruction.convergence_gates", "DIVERGENT", "largest share of divergent draws", assumed()),
    _of("reconstruction.conflicts", "CONFLICT",
        "bound of a prior-data conflict, over what chance would do",
        assumed("evans_moshonov2006", note="chance alone exceeds it once in twenty fits of 180 unknowns")),
    _of("reconstruction.conflicts", "INFORMED CONTRADICTION EDGE",
        "least share of variance removed; bounds in prior standard deviations", assumed()),
    _of("reconstruction.judgement", "UNTOLD",
        "share of the variance of excess deaths that migration may explain without a warning", assumed()),
    _of("reconstruction.value_of_measurements", "SETTLED LITTLE", "evidence, natural log of a Bayes factor",
        published("kass_raftery1995")),
    _of("reconstruction.value_of_measurements", "FEWEST WIDEST", "bounds of the search for an error",
        assumed()),
)  # fmt: skip
ESTIMATE = (
    _of("estimate.identification", "PATHS", "yearly fall of normal mortality",
        assumed("un_wpp2024", note="zero, and about what UN series show in calm decades")),
    _of("estimate.case_checks", "CENSUS_TOLERANCE RESIDUAL_TOLERANCE",
        "shares of the stock by which a census or the accounts may differ without a warning", assumed()),
    _of("estimate.posterior_sentences", "CLEAR LEAST_RATIO",
        "bounds below which two predictions are called about equal", assumed()),
    _of("estimate.posterior", "NEARLY", "R-hat below which longer chains may pass", assumed()),
)  # fmt: skip
SYSTEM = (
    _of("system.flows", "NEEDS", "energy needed by sex and age over the mean", recalled()),
    _of("system.flows", "WORKING", "ages of those who work", assumed()),
    _of("system.mechanisms.bodies", "OPENING_MEAN OPENING_SD", "body mass index of rural adults at the start",
        recalled(note="China, 1957")),
    _of("system.mechanisms.bodies", "RETURN", "return of body mass to normal a month",
        transferred("clingendael2024", note="0.091 and the fall of need with mass")),
    _of("system.mechanisms.deaths", "RANGES", "excess hazard by age over all ages: default, low, high",
        recalled("ashton1984")),
    _of("system.mechanisms.harvest", "PANEL", "elasticities of output: land, labour, capital, manure",
        recalled("lin1992")),
    _of("system.mechanisms.harvest", "TANG", "elasticities of output, the rival set", recalled("tang1984")),
    _of("system.mechanisms.labour", "WORK_DAYS", "days a worker works in a month", assumed()),
    _of("system.mechanisms.land_works", "CADRES", "administrators over farm workers", assumed()),
    _of("system.mechanisms.commune", "NORMAL_FUND", "farm labour in machine shops, normal years", assumed()),
    _of("system.mechanisms.work_incentives", "MONITORED PADDED", "how far effort is seen, by form of payment",
        recalled("dong_dow1993")),
    _of("system.mechanisms.work_incentives", "QUALITY TIME BY_HEAD MEMBERS",
        "yield lost to haste, labour spent in meetings, and the reference team", recalled()),
)  # fmt: skip
TRIALS = (
    _of("trials.age_tables", "MORTALITY MEN_DIE GROWTH", "pattern of normal mortality and growth of a place "
        "that is little known", assumed()),
    _of("trials.age_tables", "MEAN_AGE AGE_SD", "age of mothers, years",
        transferred("hmd", note="31-33 in the Nordic countries before 1900")),
    _of("trials.tiers", "NO_OPINION SMALL_CHILDREN_SD", "priors of completeness and of small children",
        assumed()),
    _of("trials.windows", "CLOSE RISE HELD LEFT", "what makes a window quiet, an epidemic or an emigration",
        assumed()),
    _of("trials.scores", "SEEN TOLL BOUNDS", "bounds of the scores of trials", assumed()),
    _of("trials.simulated_histories", "DEAD", "share of deaths above which a history is left out", assumed()),
    _of("trials.trial_plan", "BAD LIMITS", "worst corner and ends of degradations", assumed()),
    _of("trials.degradations", "DEGRADATIONS", "ranges of the degradations", assumed()),
    _of("trials.list_trials", "FEWEST_HIDDEN MOST_HIDDEN LARGEST_SHARE", "ranges of made-up lists",
        assumed()),
    _of("trials.outside_priors", "FAR", "prior standard deviations", assumed()),
)  # fmt: skip
GRADED = (*CASE, *POPULATION, *METHODS, *RECONSTRUCTION, *ESTIMATE, *SYSTEM, *TRIALS)


def constants_behind(reconstruction: bool, scenario: bool) -> tuple[GradedConstant, ...]:
    """Return the constants behind a case, by whether it has a reconstruction and a scenario."""
    return (
        *CASE,
        *POPULATION,
        *ESTIMATE,
        *(RECONSTRUCTION if reconstruction else ()),
        *(SYSTEM if scenario else ()),
    )
