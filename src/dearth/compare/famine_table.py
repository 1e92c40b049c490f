"""Famines and chronic mortality of the package's tables, as rows of a comparison."""

import csv
from importlib.resources import files

from dearth.compare.results import ChronicMortality, FamineYear


def famine_years() -> tuple[FamineYear, ...]:
    """Return every year of the table: deaths over normal deaths less one, source and grade."""
    text = files("dearth.reconstruction").joinpath("famine_death_rates.csv").read_text(encoding="utf-8")
    return tuple(
        FamineYear(
            row["place"], int(row["year"]), float(row["deaths_over_normal"]) - 1, _rate(row["crisis_rate"]),
            _rate(row["normal_rate"]), row["basis"], row["source"], row["grade"], row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def _rate(text: str) -> float | None:
    return float(text) if text else None


def chronic_mortality() -> tuple[ChronicMortality, ...]:
    """Return high death rates of years without a famine, with source and grade."""
    text = files("dearth.compare").joinpath("chronic_mortality.csv").read_text(encoding="utf-8")
    return tuple(
        ChronicMortality(
            row["place"], int(row["first_year"]), int(row["last_year"]), float(row["death_rate"]),
            row["basis"], row["source"], row["grade"], row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip
