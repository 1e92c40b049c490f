"""Figures, tables and the report; each chart is made once and used everywhere."""
