"""One table of variables: what each field of the state and the ledger is, its unit, the works behind it."""

from typing import NamedTuple


class Variable(NamedTuple):
    """One quantity; `axes` names its dimensions, long axis last.

    `works` has the keys of the works its definition or its equation was taken from; empty where it is plain
    accounting or a choice of this project (the pages of the mechanisms grade those).
    """

    name: str
    axes: str
    unit: str
    definition: str
    works: tuple[str, ...] = ()


_V = Variable
STATE: tuple[Variable, ...] = (
    _V(
        "people",
        "sex age place",
        "persons",
        "living at month's end, by age reached in the calendar year",
        ("preston2001",),
    ),
    _V("pregnancies", "term place", "births", "children to be born, by months to term", ("preston2001",)),
    _V("postponed", "place", "births", "births put off and not yet made up or forgone"),
    _V(
        "body_mass",
        "node place",
        "kg/m2",
        "body mass index of each node of a place's people",
        ("clingendael2024", "famine_models2024"),
    ),
    _V("body_share", "node place", "1", "share of the living at each node", ("clingendael2024",)),
    _V("energy_past", "place", "kcal/head/day", "energy eaten, averaged over the last months"),
    _V("store", "place", "t", "original grain in the hands of the villagers or the town"),
    _V("concealed", "place", "t", "original grain that a rural place keeps and does not report"),
    _V("granary", "granary_area", "t", "original grain in state stock"),
    _V("on_order", "granary_area", "t", "grain bought abroad and not arrived; outside the grain account"),
    _V("sown", "place", "1", "area to be sown over that of a normal year"),
    _V("seeded", "place", "1", "seed sown over seed needed, for the standing crop"),
    _V("animals", "place", "1", "large animals and pigs over normal"),
    _V("tools", "place", "1", "farm tools and pumps over normal"),
    _V("irrigated", "place", "1", "share of the land irrigated since the start"),
    _V("terraced", "place", "1", "share of the land terraced since the start"),
    _V("works", "place", "ha", "land works built and not yet of use"),
    _V("skill", "place", "months/worker", "technical training"),
    _V("clustered", "place", "1", "share of a town's workers housed beside their work"),
    _V("plots", "place", "1", "share of arable land tilled as private plots"),
    _V(
        "halls", "place", "1", "share of people who eat in dining halls", ("chang_wen1997", "liu_wen_wei2014")
    ),
    _V("undiscovered", "place", "t", "coal and oil not found, coal equivalent"),
    _V("reserves", "place", "t", "coal and oil found and in the ground, coal equivalent"),
    _V("machinery", "", "1", "industrial plant over normal; it feeds the farm capital of the harvests"),
    _V("debt", "", "t", "foreign debt in grain it would take to pay it, since the start"),
    _V("weather", "place", "1", "log of the last harvest's yield over normal, by weather", ("meng2015",)),
    _V("damage", "place", "1", "share of the standing crop lost to dated events"),
    _V(
        "season_work",
        "place",
        "months",
        "farm work since the last harvest, in months of normal labour",
    ),
    _V("window_work", "place", "1", "farm work of the last two months over normal"),
    _V("effort", "place", "1", "effort of a worker over the reference team's", ("lin1988", "dong_dow1993")),
    _V("padded", "place", "1", "how far self-assessed points have crept up to one high grade, 0 to 1"),
    _V("technique", "place", "1", "yield multiplier of the technique campaigns"),
    _V("reaped", "place", "t", "harvest of the calendar year so far"),
    _V("past_harvests", "year place", "t", "harvests of the last three years, latest first"),
    _V(
        "bias",
        "step place",
        "1",
        "log inflation added by each level below the centre",
        ("fan2016", "kung_chen2011"),
    ),
    _V("deterred", "step place", "1", "effect of audits on what a level adds, -1 to 1"),
    _V("urged", "step place", "1", "log ratio that partial auditors make a level add"),
    _V("targets", "step place", "t", "harvest of the year asked of each level below the centre"),
    _V("claims", "level place", "t", "year's harvest as each level last reported it", ("fan2016",)),
    _V("beliefs", "level place", "t", "year's harvest as each level believes it to be", ("fan2016",)),
    _V("quota", "place", "t", "procurement quota of the grain year", ("meng2015",)),
    _V("arrears", "place", "t", "quota due and not delivered"),
    _V("export_plan", "", "t", "grain to be exported in the year"),
    _V("delivered", "place", "t", "grain collected since the quota was set"),
    _V("counted", "place", "persons", "mean number of people of the last years, on which quotas rest"),
    _V("alarm", "place", "1", "registered deaths over normal ones, less 1, as the centre knows them"),
    _V("register", "place", "persons", "persons on the population register", ("sun2016",)),
    _V(
        "unregistered",
        "place",
        "persons",
        "deaths not registered that may still be registered",
        ("preston2001",),
    ),
)
FLOWS: tuple[Variable, ...] = (
    _V("present", "place", "persons", "all living as the month opens"),
    _V("adults", "sex place", "persons", "living of 15-59 as the month opens"),
    _V("normal_deaths", "place", "persons", "deaths of the month had hazards been normal"),
    _V("normal_births", "place", "births", "births of the month had fertility been normal"),
    _V("mouths", "place", "persons", "living, weighed by what their age and sex needs"),
    _V("output", "place", "t", "grain harvested", ("lin1992", "tang1984")),
    _V("seed", "place", "t", "grain sown"),
    _V("feed", "place", "t", "grain fed to animals"),
    _V("eaten", "place", "t", "grain eaten"),
    _V(
        "lost",
        "place",
        "t",
        "grain lost in store, kitchen, flood and on the way, or used by industry and army",
    ),
    _V("procured", "place", "t", "grain collected under the quota", ("meng2015",)),
    _V("searched", "place", "t", "concealed grain found and taken"),
    _V("ration", "place", "t", "grain issued to towns", ("lin_yang2000",)),
    _V("resale", "place", "t", "grain sold back to rural places"),
    _V("relief", "place", "t", "grain sent in recognised want"),
    _V("sent", "place", "t", "grain shared out to neighbouring places, less what was lost on the way"),
    _V("received", "place", "t", "grain got from neighbouring places"),
    _V("exports", "granary_area", "t", "grain shipped abroad"),
    _V("imports", "granary_area", "t", "grain landed from abroad"),
    _V("moved_out", "granary_area", "t", "state grain moved to other granary areas, less what was lost"),
    _V("moved_in", "granary_area", "t", "state grain got from other granary areas"),
    _V("lost_state", "granary_area", "t", "state grain lost in store and on the way"),
    _V("export_order", "", "t", "grain wanted abroad beyond the plan"),
    _V("labour", "use place", "persons", "workers by use"),
    _V(
        "vigour",
        "place",
        "1",
        "log of a worker's strength over that of one well fed",
        ("li_yang2005", "strauss1986"),
    ),
    _V("need", "place", "1", "energy needed a head over that of the start, less 1"),
    _V("appetite", "place", "1", "intake wanted above the norm"),
    _V("spoiled", "place", "1", "share of what is cooked that is wasted"),
    _V("equalised", "place", "1", "share of the spread of intake taken away"),
    _V("skimmed", "place", "1", "share of cooked grain taken before it is shared out"),
    _V("other_energy", "place", "kcal/head/day", "food other than grain"),
    _V("energy", "place", "kcal/head/day", "energy eaten by an ordinary eater"),
    _V("hunger", "place", "1/month", "excess hazard of death", ("clingendael2024", "famine_models2024")),
    _V(
        "maternal",
        "place",
        "persons",
        "mothers who die of births, beyond those of normal years",
        ("hogberg_wall1986",),
    ),
    _V("deaths", "place", "persons", "deaths"),
    _V(
        "deaths_by_age",
        "sex age",
        "persons",
        "deaths in the whole area, by age reached in the year",
        ("ashton1984",),
    ),
    _V("mothers_lost", "place", "1", "share of women of 15-49 who died"),
    _V("births", "sex place", "persons", "live births"),
    _V("left", "place", "persons", "people who left"),
    _V("came", "place", "persons", "people who arrived"),
    _V(
        "deaths_registered",
        "place",
        "persons",
        "deaths registered in the month, late registrations included",
        ("preston2001",),
    ),
    _V("births_registered", "place", "persons", "births registered in the month", ("preston2001",)),
    _V("iron", "place", "t", "usable iron of rural furnaces"),
    _V("slag", "place", "t", "iron unfit for use"),
    _V("coal", "place", "t", "coal and oil brought up, coal equivalent; nothing in the model burns it"),
    _V("fuel_saved", "place", "1", "share of cooking fuel saved; nothing in the model answers it"),
    _V("building", "place", "dwellings", "dwellings built, in village dwellings they would pay for"),
    _V("aid", "", "t", "plant received on credit, in grain it is worth"),
    _V("service", "", "t", "debt service, in grain it is worth"),
)
DERIVED: tuple[Variable, ...] = (
    _V("population", "place", "persons", "all living at month's end"),
    _V("people_by_age", "sex age", "persons", "all living in the whole area"),
    _V("error_place_grain", "place", "1", "relative error of the grain account of a place"),
    _V("error_state_grain", "granary_area", "1", "relative error of the grain account of the state"),
    _V("error_people", "place", "1", "relative error of the account of people"),
)
UNITS = {v.name: v.unit for v in (*STATE, *FLOWS, *DERIVED)}
