"""Bayesian cohort-component reconstruction: one posterior of deaths, births, migration and registration."""
