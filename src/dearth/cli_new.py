"""The verb that makes a case: new."""

from pathlib import Path
from typing import Annotated

import typer

from dearth.cli_case import JsonOption
from dearth.cli_new_case import NewCase
from dearth.cli_options import (
    AllAgesOption,
    DayOption,
    DisplacementOption,
    FromAreasOption,
    FromBirthsOption,
    FromCaseOption,
    FromCensusesOption,
    FromDeathsOption,
    FromEnaOption,
    FromHmdOption,
    FromIndirectOption,
    FromListsOption,
    FromSurveyOption,
    FromWppOption,
    IdentifiersOption,
    KindOption,
    LocationOption,
    MapOption,
    MeanAgeOption,
    NewWindowOption,
    PeopleOption,
    PredictorsOption,
    SheetOption,
)
from dearth.show.progress import print_json, say


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the new case; dearth makes the folder ./NAME.")
    ],
    from_case: FromCaseOption = None,
    from_hmd: FromHmdOption = None,
    from_wpp: FromWppOption = None,
    from_censuses: FromCensusesOption = None,
    from_lists: FromListsOption = None,
    from_deaths: FromDeathsOption = None,
    location: LocationOption = "",
    window: NewWindowOption = "",
    from_survey: FromSurveyOption = None,
    from_ena: FromEnaOption = None,
    map_file: MapOption = None,
    from_births: FromBirthsOption = None,
    from_indirect: FromIndirectOption = None,
    from_areas: FromAreasOption = None,
    people: PeopleOption = None,
    predictors: PredictorsOption = None,
    displacement: DisplacementOption = None,
    kind: KindOption = "",
    day: DayOption = "",
    mean_age: MeanAgeOption = None,
    sheet: SheetOption = "",
    allow_identifiers: IdentifiersOption = False,
    all_ages: AllAgesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a case folder from a template, as a copy of a bundled case, or from files that you downloaded.

    [bold]Examples[/bold]

    dearth new my-case

    dearth new my-valley --from-case valley

    dearth new sweden --from-hmd ./SWE --window 1772-1773

    dearth new north --from-survey persons.csv

    dearth new north --from-survey kobo.xlsx --sheet members

    dearth new china --from-wpp WPP2024.csv.gz --location China --window 1958-1961

    dearth new my-country --from-censuses two-censuses.csv

    dearth new malawi --from-births MWBR7AFL.DTA

    dearth new panama --from-indirect boys.csv --kind children --day 1976-09-15

    dearth new south --from-areas surveys.csv --people people.csv --predictors rain.csv

    dearth new valley-victims --from-lists lists.csv --location Valley --window 1999-03-20/1999-06-22

    dearth new albania --from-deaths world_mortality.csv --location Albania --window 2020-03-01/2020-12-31
    """
    asked = NewCase(
        Path(name), from_hmd, from_wpp, from_censuses, from_lists, from_deaths, from_survey, from_ena,
        location, window, map_file, allow_identifiers, all_ages, sheet,
        from_indirect, kind, day, mean_age, from_births, from_areas, people, tuple(predictors or ()),
        displacement, from_case,
    )  # fmt: skip
    asked.refuse_contradictions()
    with asked.as_text() as plain:
        made = plain.make()
    if as_json:
        print_json({"schema": "dearth/new/v1", "name": made.name, "folder": str(made)})
    say(f"made {made}; next:  dearth check {name}  and  {asked.next_command}")


def add_new(app: typer.Typer) -> None:
    """Give `app` the verb of this file."""
    app.command()(new)
