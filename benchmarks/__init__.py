"""What pconfigs costs, next to a hand-written dataclass and the alternatives (run.py)."""
