"""The methods in words and formulas, as the report prints them."""

from dataclasses import dataclass

from dearth.estimate.estimators import estimators
from dearth.estimate.record_estimators import RECORD_ESTIMATORS


@dataclass(frozen=True)
class Method:
    """A method as the report prints it: its name, its formula as plain text, and what it does."""

    name: str
    formula: str
    text: str


_OTHER = (
    Method(
        name="Accounts",
        formula="residual = (N_t - N_t-1) - (births_t - deaths_t) - net migration_t",
        text="Year-end stocks against the births and deaths registered between them, and net migration "
        "where the case has it. A residual is migration that the case does not have, or error.",
    ),
    Method(
        name="Intercensal balance",
        formula="deaths = N0 - N1 + births + net migration; E = deaths - normal deaths",
        text="For two censuses without a register; over the whole time between the censuses. Without births "
        "it gives people missing: excess deaths and births lost together.",
    ),
    Method(
        name="Death rate of a survey",
        formula="E = (rate - normal rate) x people x days",
        text="Over the days of the survey's row that lie in the window; the interval is that of the rate.",
    ),
    Method(
        name="P-score",
        formula="P = E / expected deaths of the same period",
        text="Expected deaths are the normal deaths of exactly the days of the window, never of one year.",
    ),
    Method(
        name="Births adjusted",
        formula="B' = B - q0 (b0 - b)",
        text="Fewer births mean fewer infants at risk and so fewer deaths that would have been "
        "normal; q0 is normal infant mortality, b0 and b normal and actual birth rates.",
    ),
    Method(
        name="Birth deficit",
        formula="gross - recovered = net; each = sum_t (b0 - b_t) P_t / 1000, signed",
        text="Births below the normal birth rate. Gross over the window of the deficit, recovered over the "
        "declared window after it. Never added to deaths.",
    ),
    Method(
        name="Full counterfactual",
        formula="N* - N = (B* - B) + (D - D*) - (M - M*)",
        text="Accounting line only: normal rates on the population that would have lived. D* holds "
        "the later deaths of survivors and of the unborn. Closes to rounding.",
    ),
    Method(
        name="July-June years",
        formula="E(y/y+1) = E(y)/2 + E(y+1)/2",
        text="Deaths and person-years are assumed to be spread evenly within a calendar year.",
    ),
    Method(
        name="Births from fertility",
        formula="births_t = TFR_t P_t mean(b / TFR over normal years)",
        text="Uses a fertility survey in place of the registers of the crisis; the age pattern of "
        "women is kept as in the normal years.",
    ),
    Method(
        name="Identification",
        formula="deaths = N0 - N1 + births + M;  normal rate = (deaths - E) / person-years;  "
        "completeness = registered / required",
        text="Between two censuses, what a number of excess deaths requires of normal mortality and "
        "of registration outside and inside the crisis, for each scenario of births and each path of "
        "normal mortality.",
    ),
    Method(
        name="Transfers",
        formula="D_registered - x, D_happened + x; stocks between - x",
        text="Late registrations move deaths to named years. Corrections of the population register remove "
        "false names. No deaths are created, and every baseline is recomputed. An author's figure on "
        "the baseline that was not recomputed stands beside it.",
    ),
)


def methods() -> tuple[Method, ...]:
    """Return every method with its formula and text; estimators of registers first, of records last."""
    own = (Method(one.title, one.formula, one.text) for one in estimators().values())
    records = (Method(one.title, one.formula, one.text) for one in RECORD_ESTIMATORS)
    return (_OTHER[0], *own, *_OTHER[1:], *records)
