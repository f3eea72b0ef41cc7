"""Lineage: which artifacts a run produced and consumed, and the graph that they make."""
