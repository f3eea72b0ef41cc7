"""One experiment for each algorithm, and `toy`, which they have in common."""
