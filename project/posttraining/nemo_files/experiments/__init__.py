"""The public files as experiments."""
