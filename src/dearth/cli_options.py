"""Options of the long verbs of the command line, each with its help text."""

from pathlib import Path
from typing import Annotated

import typer

from dearth.cli_case import complete_case, complete_words

# --- of several verbs ----------

SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the random draws.")]
QuickOption = Annotated[
    bool,
    typer.Option(
        "--quick",
        help="Use fewer draws: 200 of completeness (not 4000; claims: not 2000) and 8 simulations (not 48). "
        "A fit starts with 400 draws a chain (not 1000), without leave-one-source-out and places.",
    ),
]
ReconstructOption = Annotated[
    bool,
    typer.Option(
        "--reconstruct",
        help="Fit the reconstruction now, which takes minutes. Without it, dearth uses the posterior that "
        "ships with the case or an earlier fit.",
    ),
]
PriorSimulationOption = Annotated[
    bool,
    typer.Option(
        "--with-prior-simulation",
        help="Simulate a case from priors where it has no fit. Such a simulation is not an estimate. A case "
        "with a fit is simulated from it in any case.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]

ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Where the work is done: tcp://HOST:PORT (a Dask scheduler), local:N (Dask here, N workers), "
        "processes:N (N processes, no Dask) or in-process. The numbers do not depend on it.",
    ),
]

# --- new ----------

FromHmdOption = Annotated[
    Path | None,
    typer.Option("--from-hmd", metavar="DIR", help="Folder with files of the Human Mortality Database."),
]
FromCaseOption = Annotated[
    str | None,
    typer.Option(
        metavar="CASE",
        help="Name of a bundled case (dearth cases) to copy, so that you can change the copy.",
        autocompletion=complete_case,
    ),
]
FromWppOption = Annotated[
    Path | None,
    typer.Option("--from-wpp", metavar="FILE", help="CSV file of UN World Population Prospects."),
]
FromCensusesOption = Annotated[
    Path | None,
    typer.Option(
        "--from-censuses",
        metavar="FILE",
        help="CSV file or workbook (.xlsx) of two censuses by age and sex with the deaths between them.",
    ),
]
FromListsOption = Annotated[
    Path | None,
    typer.Option(
        "--from-lists", metavar="FILE", help="CSV file or workbook (.xlsx) of incomplete lists of victims."
    ),
]
FromDeathsOption = Annotated[
    Path | None,
    typer.Option("--from-deaths", metavar="FILE", help="File of deaths by week, month or quarter."),
]
LocationOption = Annotated[
    str,
    typer.Option(
        help="Place in the file of --from-wpp or --from-deaths, or the place of the lists; e.g. China.",
        show_default=False,
    ),
]
NewWindowOption = Annotated[
    str,
    typer.Option(
        help="The crisis: years (1772-1773), or with --from-deaths also its first and last day "
        "(2020-03-01/2020-12-31).",
        show_default=False,
    ),
]
FromSurveyOption = Annotated[
    Path | None,
    typer.Option(
        "--from-survey", metavar="FILE", help="Table (CSV or .xlsx) of the persons of a mortality survey."
    ),
]
FromEnaOption = Annotated[
    Path | None,
    typer.Option("--from-ena", metavar="FILE", help="Person sheet of ENA for SMART (CSV or .xlsx)."),
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", metavar="FILE", help="With --from-survey or --from-ena: what the columns mean."),
]
FromIndirectOption = Annotated[
    Path | None,
    typer.Option(
        "--from-indirect", metavar="FILE",
        help="Answers about children, parents, brothers, sisters or household deaths (CSV or .xlsx).",
    ),
]  # fmt: skip
FromBirthsOption = Annotated[
    Path | None,
    typer.Option(
        "--from-births", metavar="FILE",
        help="Births recode (.dta) of a demographic and health survey, or its columns as CSV.",
    ),
]  # fmt: skip
FromAreasOption = Annotated[
    Path | None,
    typer.Option(
        "--from-areas", metavar="FILE", help="Surveys of districts, one row a survey (CSV or .xlsx)."
    ),
]
PeopleOption = Annotated[
    Path | None,
    typer.Option("--people", metavar="FILE", help="With --from-areas: people by district."),
]
PredictorsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictors", metavar="FILE",
        help="With --from-areas: predictors by district and month; repeat it for more files.",
    ),
]  # fmt: skip
DisplacementOption = Annotated[
    Path | None,
    typer.Option(
        "--displacement", metavar="FILE", help="With --from-areas: arrivals and departures by district."
    ),
]
KindOption = Annotated[
    str,
    typer.Option(
        "--kind",
        help="With --from-indirect: children, mothers, fathers, brothers, sisters or household_deaths.",
        show_default=False,
    ),
]
DayOption = Annotated[
    str,
    typer.Option(
        "--day", help="With --from-indirect: day of the census or survey (1997-10-16).", show_default=False
    ),
]
MeanAgeOption = Annotated[
    float | None,
    typer.Option(
        "--mean-age", help="With --kind mothers or fathers: mean age at the birth of their children."
    ),
]
SheetOption = Annotated[
    str,
    typer.Option(
        "--sheet", metavar="TITLE",
        help="Sheet of a workbook (.xlsx) to read; not needed where one sheet alone is filled in.",
    ),
]  # fmt: skip
IdentifiersOption = Annotated[
    bool,
    typer.Option(
        "--allow-identifiers",
        help="Pass over columns with names, telephones or coordinates; never copied.",
    ),
]
AllAgesOption = Annotated[
    bool,
    typer.Option(
        "--all-ages", help="With --from-hmd: take single ages of every year, which dearth recover needs."
    ),
]

# --- estimate ----------

MethodOption = Annotated[
    str | None,
    typer.Option(help="Method: rate, balance or count.", autocompletion=complete_words("estimators")),
]
SeriesOption = Annotated[str | None, typer.Option(help="Register of the case, by its identifier.")]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        help="Normal death rate: level:1957 (of one year), mean:1955-1957, mean2:1957,1964, "
        "line:1957-1964, the trends ols:1950-1957 and loglinear:1950-1957, or constant:10. Add "
        "+births_adjusted to let infant deaths follow births."
    ),
]
CompletenessOption = Annotated[
    str | None,
    typer.Option(
        help="Share of deaths registered: 0.85, or normal=0.65,crisis=0.9, or a name that the case declares."
    ),
]
WindowOption = Annotated[
    str | None,
    typer.Option(help="Crisis: years (1958-1961), or first and last day (2020-03-01/2020-12-31)."),
]
WindowKindOption = Annotated[
    str | None, typer.Option(help="Calendar years (calendar) or harvest years (july_june).")
]
BasisOption = Annotated[
    str | None,
    typer.Option(
        help="Whether the normal rate is corrected for completeness: corrected, or registered. The "
        "second mixes two bases and is left out of every range."
    ),
]
TransferOption = Annotated[
    str | None, typer.Option(help="Transfer of deaths between years that the case declares.")
]
BirthBaselineOption = Annotated[
    str | None, typer.Option(help="Normal birth rate, written as for --baseline.")
]
BirthCompletenessOption = Annotated[
    str | None, typer.Option(help="Share of births registered, written as for --completeness.")
]
BirthsFromOption = Annotated[
    str | None, typer.Option(help="Where births come from: registered, or fertility (a survey).")
]
LeaveOneOutOption = Annotated[
    bool, typer.Option(help="With --reconstruct: fit again without each evidence source.")
]
OldLeaveOneOutOption = Annotated[bool, typer.Option(hidden=True)]
PlacesOption = Annotated[bool, typer.Option(help="With --reconstruct: fit each place too.")]

# --- simulate ----------

RegimeOption = Annotated[
    str,
    typer.Option(
        help="Policy line, for example as_it_was, normal or no_exports; a case may declare more.",
        autocompletion=complete_words("regimes"),
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="MECHANISM.PARAMETER=VALUE",
        help="Set one parameter for every month. Repeat it for more; dearth mechanisms lists them.",
    ),
]
OffOption = Annotated[
    list[str] | None,
    typer.Option(
        "--off",
        metavar="MECHANISM",
        help="Switch one mechanism off. Repeat it for more.",
        autocompletion=complete_words("mechanisms"),
    ),
]
DrawsOption = Annotated[
    int | None,
    typer.Option(
        help="Number of runs. By default 48 draws of the fit; without a fit one run at the settings as they "
        "are. More runs without a fit draw uncertain parameters from their priors. Several give intervals."
    ),
]
PriorOption = Annotated[
    bool, typer.Option("--prior", help="Simulate from priors, although a fit of the case passed its gates.")
]
ResolutionOption = Annotated[
    str,
    typer.Option(
        help="Size of the places: place (as the scenario has them), country, or a level that the scenario "
        "declares below the centre."
    ),
]
StoryOption = Annotated[
    str,
    typer.Option(
        "--story",
        metavar="PLACE",
        help="Place to show month by month; by default the rural place with the highest death rate.",
    ),
]
ParquetOption = Annotated[
    bool,
    typer.Option("--parquet", help="With --out: write every month and place as Parquet too (needs pyarrow)."),
]
YearlyOption = Annotated[
    bool,
    typer.Option(
        "--yearly",
        help="Keep the yearly measures of every draw and not its monthly records: for thousands of draws.",
    ),
]
SimulationSeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of the weather and of the draws from priors.")
]

# --- recover ----------

CasesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="CASE...",
        help="One or more cases with complete records; their periods are tested together.",
        autocompletion=complete_case,
    ),
]
TierOption = Annotated[
    int,
    typer.Option(
        "--tier",
        help="Data quality: 1 totals; 2 a share of the deaths; 3 a smaller share in the crisis; 4 two "
        "censuses; 5 a later census too; 6 a region without records; 7 outside the priors.",
    ),
]
OldTierOption = Annotated[int | None, typer.Option("--rung", hidden=True)]
ReplicatesOption = Annotated[int, typer.Option(help="Number of trials.")]
DegradeOption = Annotated[
    str | None,
    typer.Option(
        metavar="SPEC",
        help="Degradations in place of a tier: letters, with ranges from mild to bad, for example "
        "A,R(complete=0.8:0.7),K.",
    ),
]
WindowsOption = Annotated[
    str,
    typer.Option(
        help="Periods to test: own (of each case), years (1772-1773,1808-1809), all, quiet, epidemic, "
        "emigration or displacement; of a case with a scenario: simulated or histories."
    ),
]
TrialsSeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the degradations and draws.")]
CalibrateOption = Annotated[
    bool,
    typer.Option(
        "--calibrate",
        help="Draw truths and records from the estimator's own model, to check its intervals.",
    ),
]
LikeOption = Annotated[
    str | None,
    typer.Option(
        "--like", metavar="CASE:SCENARIO", help="Priors and scenario of a case in place of neutral ones."
    ),
]
TrialsOutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for tables, charts and a page.")
]
LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE",
        help="Language of the report's first screen, titles, captions and controls: en or zh; or the path of "
        "a file of words of your own (xx.toml).",
    ),
]
