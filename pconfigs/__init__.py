"""Reproducible experiments as importable Python objects."""
