"""Mortality surveys: death rates by the design, plausibility, excess deaths."""
