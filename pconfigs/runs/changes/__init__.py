"""Changes: the code and the values of a run compared with those of today, or of another run."""
