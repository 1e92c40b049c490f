"""Each named baseline by itself, and what is refused."""

import numpy as np
import pytest

from dearth.case.problems import CaseError
from dearth.estimate.baselines import normal_rate, parse_baseline, refuse_years

YEARS = (1953, 1954, 1955, 1956, 1957, 1958)
RATES = np.array([[20.0, 18.0, 17.0, 15.0, 14.0, 30.0]])


def at(text: str, year: int) -> float:
    return float(normal_rate(parse_baseline(text), YEARS, RATES)[0, YEARS.index(year)])


def test_level() -> None:
    assert at("level:1957", 1958) == 14


def test_mean() -> None:
    assert at("mean:1955-1957", 1958) == pytest.approx(46 / 3)
    assert at("mean:1953,1955-1956", 1958) == pytest.approx(52 / 3)


def test_mean2() -> None:
    assert at("mean2:1953,1957", 1958) == 17


def test_line_goes_through_its_two_years_and_on() -> None:
    assert at("line:1953-1957", 1955) == pytest.approx(17)
    assert at("line:1953-1957", 1957) == pytest.approx(14)
    assert at("line:1953-1957", 1958) == pytest.approx(12.5)


def test_ols_is_the_least_squares_line() -> None:
    slope, level = np.polyfit(YEARS[:5], RATES[0, :5], 1)
    assert at("ols:1953-1957", 1958) == pytest.approx(slope * 1958 + level)


def test_loglinear_is_the_line_of_the_logarithm() -> None:
    slope, level = np.polyfit(YEARS[:5], np.log(RATES[0, :5]), 1)
    assert at("loglinear:1953-1957", 1958) == pytest.approx(np.exp(slope * 1958 + level))


def test_constant() -> None:
    assert at("constant:10.5", 1958) == 10.5


@pytest.mark.parametrize(
    "text",
    ["level:1957", "mean:1955-1957", "mean2:1953,1957", "line:1953-1957", "ols:1953-1957",
     "loglinear:1953-1957", "constant:12", "mean:1953-1954,1957"],
)  # fmt: skip
def test_names_come_back(text: str) -> None:
    assert parse_baseline(text).name == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("levle:1957", "did you mean 'level'"),
        ("level", "is not a baseline"),
        ("level:1955-1957", "names 3 years"),
        ("line:1957", "names 1 years"),
        ("mean:57x", "not a list of years"),
        ("mean:1957-1955", "backwards"),
        ("constant:ten", "not a rate"),
        ("constant:-3", "between 0 and 200"),
        ("constant:nan", "between 0 and 200"),
    ],
)
def test_wrong_names_say_what_is_right(text: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        parse_baseline(text)


def test_refused_years() -> None:
    nothing: frozenset[int] = frozenset()
    level = parse_baseline("level:1958")
    assert "crisis year" in refuse_years(level, (1958,), YEARS, nothing)
    assert "the series has 1953-1958" in refuse_years(parse_baseline("level:1960"), (1958,), YEARS, nothing)
    assert "holds out" in refuse_years(parse_baseline("level:1957"), (1958,), YEARS, frozenset({1957}))
    assert refuse_years(parse_baseline("level:1957"), (1958,), YEARS, nothing) == ""
