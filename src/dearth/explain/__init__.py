"""Why: a simulator fitted to the evidence, shares of causes, counterfactuals, value of information."""
