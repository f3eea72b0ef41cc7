"""Clients: one module for each outside API, which nothing else in the library imports."""
