"""The columns of a table of persons, and the names under which other programs write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "sex", "number", "flag", "day", "text"]


@dataclass(frozen=True)
class Column:
    """One column of a table of persons.

    Attributes
    ----------
    kind : id and text = as written; sex = 1 male, 2 female; flag = 0, 1 or 99 (not known); day = days since
        the start of recall; number = a plain number
    meaning : what it holds, with its unit
    others : plain forms (see `plain`) of the names that other programs give it
    """

    name: str
    kind: Kind
    meaning: str
    others: tuple[str, ...] = ()


def _event(name: str, meaning: str, flags: tuple[str, ...], days: tuple[str, ...]) -> tuple[Column, Column]:
    return (
        Column(name, "flag", f"{meaning} in the recall period: 1 yes, 0 no, 99 not known", flags),
        Column(f"{name}_day", "day", f"day on which the person {meaning}", days),
    )


COLUMNS = (
    Column("household", "id", "number of the household, unique in its cluster",
           ("hh", "hh_id", "hhid", "household_id", "household_number", "hh_number", "menage",
            "parent_index")),
    Column("cluster", "id", "cluster: the unit that was drawn first",
           ("cluster_number", "cluster_id", "clusterid", "psu", "grappe", "cluster_no", "v021")),
    Column("stratum", "id", "stratum of the draw", ("strata", "strate", "v022", "stratum_id")),
    Column("district", "text", "district or other part of the area: it gets rates of its own",
           ("admin2", "health_district", "region", "county", "zone")),
    Column("sex", "sex", "1 male, 2 female", ("gender", "sexe", "sex_roster")),
    Column("age", "number", "age in completed years", ("age_years", "age_year", "age_in_years", "ageyears")),
    Column("age_months", "number", "age in completed months, for small children",
           ("age_month", "age_mois", "months")),
    Column("head", "flag", "1 for the head of the household",
           ("is_head", "household_head", "head_of_household", "chef_menage")),
    *_event("born", "was born", ("birth", "born_in_recall", "born_during_recall", "ne"),
            ("date_birth", "birth_date", "birthdate", "date_of_birth", "dob", "born_date")),
    *_event("joined", "joined the household", ("join", "arrived", "arrival", "joiner"),
            ("date_joined", "date_join", "join_date", "joined_date", "date_arrived", "arrived_date",
             "arrival_date")),
    *_event("left", "left the household", ("leave", "departed", "departure", "leaver"),
            ("date_left", "left_date", "leave_date", "date_departed", "departed_date", "departure_date")),
    *_event("died", "died", ("death", "dead", "deceased", "deces"),
            ("date_death", "date_died", "death_date", "died_date", "date_of_death")),
    Column("died_cause", "text", "cause of death, as the survey codes it",
           ("cause", "cause_death", "cause_of_death", "death_cause")),
    Column("interview_day", "day", "day of the interview, the end of recall",
           ("interview_date", "date_interview", "survey_date", "date_dc", "date", "today")),
    Column("start_day", "day", "first day on which the person was observed", ("start_date", "obs_start")),
    Column("end_day", "day", "last day on which the person was observed", ("end_date", "obs_end")),
    Column("person_days", "number", "days at risk", ("persontime", "person_time", "obstime", "obs_time")),
    Column("weight", "number", "weight of the survey: the inverse of the probability of selection",
           ("wt", "survey_weight", "surv_weight", "wgt", "v005", "pond")),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
EVENTS = ("born", "joined", "left", "died")
DATED = {
    f"{column.name.removesuffix('_day')}_date": column.name for column in COLUMNS if column.kind == "day"
}
# other spellings of the columns that need no map
SAME = {"age_years": "age"} | DATED

_IDENTIFIER = re.compile(
    r"(^|_)(name|names|nom|prenom|surname|firstname|lastname|phone|telephone|tel|mobile|gsm|email|mail|"
    r"gps|geopoint|geolocation|latitude|longitude|lat|lon|lng|altitude|address|adresse|imei|deviceid|"
    r"device_id|simserial|simid|subscriberid|phonenumber|username|passport|national_id|signature|photo)(_|$)"
)
_PLACE_NAME = re.compile(
    r"(^|_)(village|district|cluster|camp|county|region|zone|place|province|site|ward|commune|stratum|team|"
    r"area|admin\d?|settlement|section)_?(name|nom)s?(_|$)"
)


def plain(name: str) -> str:
    """Return the name of a column in small letters, digits and single underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_")


def identifiers(names: Iterable[str]) -> list[str]:
    """Return the columns whose names say that they identify a person, a telephone or a spot on the map."""
    return [one for one in names if _IDENTIFIER.search(plain(one)) and not _PLACE_NAME.search(plain(one))]


def own_name(name: str) -> str | None:
    """Return which column a name is that needs no map; None where it needs one."""
    return name if name in BY_NAME else SAME.get(name)


def needed_missing(names: Iterable[str]) -> list[str]:
    """Return what a table of persons lacks, each as the words of a mistake."""
    found = set(names)
    missing = [f"'{name}' ({BY_NAME[name].meaning})" for name in ("household", "cluster", "died")
               if name not in found]  # fmt: skip
    if not ({"start_day", "end_day"} <= found or "interview_day" in found or "person_days" in found):
        missing.append("'interview_day', or 'start_day' and 'end_day', or 'person_days' (the time at risk)")
    return missing
