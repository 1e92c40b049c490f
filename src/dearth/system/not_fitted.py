"""The words that stand wherever a simulation is shown, until a scenario can be fitted to records."""

FITTED = False  # no scenario is fitted; JSON has it as `fitted`
NOT_FITTED = "not fitted, not an estimate"
