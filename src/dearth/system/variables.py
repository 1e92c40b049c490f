"""One table of variables: what every field of the state and of the ledger is, its unit and its source."""

from typing import NamedTuple


class Variable(NamedTuple):
    """One quantity; `axes` names its dimensions, long axis last; `source` gives blocks of MECHANISMS."""

    name: str
    axes: str
    unit: str
    definition: str
    source: str


_V = Variable
STATE: tuple[Variable, ...] = (
    _V(
        "people",
        "sex age place",
        "persons",
        "living at month's end, by age reached in the calendar year",
        "13-15",
    ),
    _V("pregnancies", "term place", "births", "children to be born, by months to term", "14"),
    _V("postponed", "place", "births", "births put off and not yet made up or forgone", "14"),
    _V("body_mass", "node place", "kg/m2", "body mass index of each node of a place's people", "13a"),
    _V("body_share", "node place", "1", "share of the living at each node", "13a"),
    _V("energy_past", "place", "kcal/head/day", "energy eaten, averaged over the last months", "1"),
    _V("store", "place", "t", "original grain in the hands of the commune or the town", "0"),
    _V("concealed", "place", "t", "original grain kept in the commune outside its books", "5"),
    _V("granary", "province", "t", "original grain in state stock", "6"),
    _V("on_order", "province", "t", "grain bought abroad and not arrived; outside the grain account", "6"),
    _V("sown", "place", "1", "area to be sown over that of a normal year", "3"),
    _V("seeded", "place", "1", "seed sown over seed needed, for the standing crop", "0"),
    _V("animals", "place", "1", "large animals and pigs over normal", "1"),
    _V("tools", "place", "1", "farm tools and pumps over normal", "11"),
    _V("irrigated", "place", "1", "share of the land irrigated since the start", "11"),
    _V("terraced", "place", "1", "share of the land terraced since the start", "11"),
    _V("works", "place", "ha", "land works built and not yet of use", "11"),
    _V("skill", "place", "months/worker", "technical training held", "20"),
    _V("clustered", "place", "1", "share of a town's workers housed beside their work", "19"),
    _V("plots", "place", "1", "share of arable land tilled as private plots", "9"),
    _V("halls", "place", "1", "share of people who eat in dining halls", "8"),
    _V("undiscovered", "place", "t", "coal and oil not found, coal equivalent", "18"),
    _V("reserves", "place", "t", "coal and oil found and in the ground, coal equivalent", "18"),
    _V("machinery", "", "1", "industrial plant over normal", "12"),
    _V("debt", "", "t", "foreign debt in grain it would take to pay it, since the start", "12"),
    _V("weather", "place", "1", "log of the last harvest's yield over normal, by weather", "1"),
    _V("damage", "place", "1", "share of the standing crop lost to dated events", "1"),
    _V(
        "season_work",
        "place",
        "months",
        "farm work since the last harvest, in months of normal labour",
        "1-2",
    ),
    _V("window_work", "place", "1", "farm work of the last two months over normal", "1-2"),
    _V("effort", "place", "1", "effort of a worker over the reference team's", "10"),
    _V("technique", "place", "1", "yield multiplier of the technique campaigns", "3"),
    _V("reaped", "place", "t", "harvest of the calendar year so far", "1"),
    _V("past_harvests", "year place", "t", "harvests of the last three years, latest first", "5"),
    _V("bias", "step place", "1", "log inflation added by commune, county and province", "4"),
    _V("deterred", "step place", "1", "pull of audits on what a level adds, -1 to 1", "21"),
    _V("urged", "step place", "1", "log ratio that partial auditors make a level add", "21"),
    _V("claims", "level place", "t", "year's harvest as each level last told it", "4"),
    _V("beliefs", "level place", "t", "year's harvest as each level holds it", "4"),
    _V("quota", "place", "t", "procurement quota of the grain year", "5"),
    _V("arrears", "place", "t", "quota due and not delivered", "5"),
    _V("export_plan", "", "t", "grain to be exported in the year", "6"),
    _V("names", "place", "persons", "names on the rolls", "15-16"),
    _V("unbooked", "place", "persons", "deaths in no register that may still be booked", "16"),
)
FLOWS: tuple[Variable, ...] = (
    _V("present", "place", "persons", "all living as the month opens", "13-15"),
    _V("adults", "sex place", "persons", "living of 15-59 as the month opens", "2"),
    _V("normal_deaths", "place", "persons", "deaths of the month had hazards been normal", "16"),
    _V("output", "place", "t", "grain harvested", "1"),
    _V("seed", "place", "t", "grain sown", "0"),
    _V("feed", "place", "t", "grain fed to animals", "0"),
    _V("eaten", "place", "t", "grain eaten", "0"),
    _V(
        "lost",
        "place",
        "t",
        "grain lost in store, kitchen, flood and on the way, or used by industry and army",
        "0",
    ),
    _V("procured", "place", "t", "grain collected under the quota", "5"),
    _V("searched", "place", "t", "concealed grain found and taken", "5"),
    _V("ration", "place", "t", "grain issued to towns", "6"),
    _V("resale", "place", "t", "grain sold back to communes", "6"),
    _V("relief", "place", "t", "grain sent in recognised want", "7"),
    _V("sent", "place", "t", "grain shared out to other communes, less what was lost on the way", "7"),
    _V("received", "place", "t", "grain got from other communes", "7"),
    _V("exports", "province", "t", "grain shipped abroad", "6"),
    _V("imports", "province", "t", "grain landed from abroad", "6"),
    _V("moved_out", "province", "t", "state grain moved to other provinces, less what was lost", "7"),
    _V("moved_in", "province", "t", "state grain got from other provinces", "7"),
    _V("lost_state", "province", "t", "state grain lost in store and on the way", "0"),
    _V("export_order", "", "t", "grain wanted abroad beyond the plan", "12"),
    _V("labour", "use place", "persons", "workers by use", "2"),
    _V("vigour", "place", "1", "log of a worker's strength over that of one well fed", "1"),
    _V("appetite", "place", "1", "intake wanted above the norm", "8"),
    _V("spoiled", "place", "1", "share of what is cooked that is wasted", "8"),
    _V("equalised", "place", "1", "share of the spread of intake taken away", "7"),
    _V("skimmed", "place", "1", "share of cooked grain taken before it is shared out", "7-8"),
    _V("other_energy", "place", "kcal/head/day", "food other than grain", "9"),
    _V("energy", "place", "kcal/head/day", "energy eaten by an ordinary eater", "0"),
    _V("hunger", "place", "1/month", "excess hazard of death", "13"),
    _V("deaths", "place", "persons", "deaths", "13"),
    _V("deaths_by_age", "sex age", "persons", "deaths in the whole area, by age reached in the year", "13e"),
    _V("mothers_lost", "place", "1", "share of women of 15-49 who died", "14"),
    _V("births", "sex place", "persons", "live births", "14"),
    _V("left", "place", "persons", "people who left", "15"),
    _V("came", "place", "persons", "people who arrived", "15"),
    _V("deaths_booked", "place", "persons", "deaths entered in the register, late ones included", "16"),
    _V("births_booked", "place", "persons", "births entered in the register", "16"),
    _V("iron", "place", "t", "usable iron of rural furnaces", "11"),
    _V("slag", "place", "t", "iron unfit for use", "11"),
    _V("coal", "place", "t", "coal and oil brought up, coal equivalent", "18"),
    _V("fuel_saved", "place", "1", "share of cooking fuel saved", "8"),
    _V("building", "place", "dwellings", "dwellings built, in village dwellings they would pay for", "19"),
    _V("aid", "", "t", "plant received on credit, in grain it is worth", "12"),
    _V("service", "", "t", "debt service, in grain it is worth", "12"),
)
DERIVED: tuple[Variable, ...] = (
    _V("population", "place", "persons", "all living at month's end", "13-15"),
    _V("people_by_age", "sex age", "persons", "all living in the whole area", "13-15"),
    _V("error_place_grain", "place", "1", "relative error of the grain account of a place", ""),
    _V("error_state_grain", "province", "1", "relative error of the grain account of the state", ""),
    _V("error_people", "place", "1", "relative error of the account of people", ""),
)
UNITS = {v.name: v.unit for v in (*STATE, *FLOWS, *DERIVED)}
