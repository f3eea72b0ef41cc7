"""Example systems: what they are made of, and experiments with them."""
