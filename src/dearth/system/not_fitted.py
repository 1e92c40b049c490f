"""The words that stand wherever a simulation is shown."""

NOT_FITTED = "not fitted, not an estimate"


def standing(fit: str) -> str:
    """Return what a simulation rests on; `fit` is the registration scenario of its fit, "" without one."""
    return f"fitted to records, registration scenario {fit}" if fit else NOT_FITTED
