"""Estimators against hidden truths: full records are degraded, estimated and compared."""
