"""One experiment for each algorithm: `config`, and `smoke`, the same in a moment."""
