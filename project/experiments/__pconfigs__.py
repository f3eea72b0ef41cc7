"""The experiments of both systems."""
