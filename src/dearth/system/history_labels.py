"""A history as labelled arrays: coordinates, units and long names, in memory and as NetCDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dearth.numerics.optional_packages import needed
from dearth.system.flows import USES
from dearth.system.history import History
from dearth.system.recorded_variables import DIMENSIONS
from dearth.system.state import AGES
from dearth.system.variables import DERIVED, FLOWS, STATE

if TYPE_CHECKING:
    import xarray

KNOWN = {v.name: v for v in (*STATE, *FLOWS, *DERIVED)}
SEXES = ("women", "men")
AXES = {
    "draw": "draw from the priors; one run has the single draw 0",
    "month": "first day of the month",
    "place": "rural place or town",
    "granary_area": "area that one granary of the state serves",
    "level": "level of the administration",
    "use": "use of labour",
    "sex": "sex",
    "age": "age reached in the calendar year",
}
CHARACTERS = "utf-8"  # how names are stored: classic NetCDF has characters and no strings


def attributes(name: str) -> dict[str, str]:
    """Return unit and long name of a record."""
    return {"units": KNOWN[name].unit, "long_name": KNOWN[name].definition}


def coordinates(history: History) -> dict[str, NDArray[Any]]:
    """Return the labels of each axis; months as days since the first day of the history's first year."""
    starts = np.arange(12 * len(history.years)).astype("timedelta64[M]")
    first = np.datetime64(f"{history.first_year}-01", "M")
    days = (first + starts).astype("datetime64[D]") - first.astype("datetime64[D]")
    return {
        "draw": np.arange(history.draws, dtype=np.int32),
        "month": days.astype(np.int32),
        "place": np.array(history.places),
        "granary_area": np.array(history.granary_areas),
        "level": np.array(history.levels.names),
        "use": np.array(USES),
        "sex": np.array(SEXES),
        "age": np.arange(AGES, dtype=np.int32),
    }


def facts(history: History) -> dict[str, tuple[NDArray[Any], dict[str, str]]]:
    """Return what is fixed of each place [place]: its granary area, whether it is a town, its land."""
    return {
        "granary_area_of_place": (np.array(history.granary_areas)[history.granary_area],
                                  {"long_name": "granary area that the place lies in"}),
        "town": (history.urban.astype(np.int8),
                 {"long_name": "1 in a town, 0 in a rural place", "units": "1"}),
        "land": (np.asarray(history.land, float), {"long_name": "arable land at the start", "units": "ha"}),
    }  # fmt: skip


def days_since(history: History) -> str:
    """Return the unit of the months of a history."""
    return f"days since {history.first_year}-01-01"


def to_xarray(history: History) -> "xarray.Dataset":
    """Return every record with its axes [draw, month, ...], labels, units and long names.

    Raises
    ------
    ImportError
        When xarray is not installed; it comes with the ``all`` extra.
    """
    package = needed("xarray")
    axes = coordinates(history)
    start = np.datetime64(f"{history.first_year}-01-01", "s")
    axes["month"] = start + axes["month"].astype("timedelta64[D]").astype("timedelta64[s]")
    labels = {name: (name, values, {"long_name": AXES[name]}) for name, values in axes.items()}
    places = {name: ("place", values, more) for name, (values, more) in facts(history).items()}
    records = {
        name: (("draw", "month", *DIMENSIONS[name]), np.asarray(values), attributes(name))
        for name, values in history.records.items()
    }
    found: xarray.Dataset = package.Dataset(records, coords={**labels, **places})
    return found


def save_netcdf(history: History, path: Path, title: str) -> None:
    """Write every record with its axes, labels and units as NetCDF (classic format with 64-bit offsets)."""
    from scipy.io import netcdf_file

    with netcdf_file(path, "w", version=2) as file:
        file.title = title
        for name, values in coordinates(history).items():
            file.createDimension(name, len(values))
            made = _variable(file, name, (name,), values)
            made.long_name = AXES[name]
            if name == "month":
                made.units, made.calendar = days_since(history), "standard"
        for name, (values, more) in facts(history).items():
            made = _variable(file, name, ("place",), values)
            for key, text in more.items():
                setattr(made, key, text)
        for name, values in history.records.items():
            made = file.createVariable(name, "f4", ("draw", "month", *DIMENSIONS[name]))
            made[:] = values
            for key, text in attributes(name).items():
                setattr(made, key, text)
            if "place" in DIMENSIONS[name]:
                made.coordinates = " ".join(facts(history))


def _variable(file: Any, name: str, axes: tuple[str, ...], values: NDArray[Any]) -> Any:
    """Return a new variable that holds numbers, or texts as characters with a last axis of their own."""
    if values.dtype.kind != "U":
        made = file.createVariable(name, values.dtype, axes)
        made[:] = values
        return made
    encoded = np.char.encode(values, CHARACTERS)
    width = max(1, encoded.dtype.itemsize)
    file.createDimension(f"{name}_characters", width)
    made = file.createVariable(name, "c", (*axes, f"{name}_characters"))
    made[:] = encoded.astype(f"S{width}").view("S1").reshape(len(values), width)
    made._Encoding = CHARACTERS
    return made
