"""china-1958's scenario cut to its first years: what the tests of the normal years run."""

from functools import cache

from dearth.case.read import find
from dearth.system.scenario import Scenario, read_scenario


@cache
def china() -> Scenario:
    return read_scenario(find("china-1958"))


def until(last: int) -> Scenario:
    """Return the scenario to the end of a year: what begins later is left out, what ends later is cut."""
    whole = china()
    dated = []
    for d in whole.timeline:
        if d.first is None or int(d.first[:4]) <= last:
            later = d.last is not None and int(d.last[:4]) > last
            dated.append(d.model_copy(update={"last": f"{last}-12"}) if later else d)
    return whole.model_copy(
        update={
            "years": f"{whole.span[0]}-{last}",
            "timeline": tuple(dated),
            "disasters": tuple(d for d in whole.disasters if d.year <= last),
            "events": tuple(e for e in whole.events if int(e.month[:4]) <= last),
        }
    )
