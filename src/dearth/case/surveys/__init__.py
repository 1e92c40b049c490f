"""Mortality surveys: files of persons, read, mapped and checked."""
