"""The experiments of the three algorithms."""
