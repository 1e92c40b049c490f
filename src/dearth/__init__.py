"""dearth: a laboratory for food crises."""
