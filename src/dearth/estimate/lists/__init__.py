"""Totals from incomplete lists of people: one file a method, arrays in, typed results out."""
