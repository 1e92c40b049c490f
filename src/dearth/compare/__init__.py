"""Comparison: the same measures of several cases on one scale."""
