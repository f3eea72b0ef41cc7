"""The cost of pconfigs, next to a hand-written dataclass and the alternatives (run.py)."""
