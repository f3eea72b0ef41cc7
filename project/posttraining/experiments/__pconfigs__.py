"""This folder holds experiments: `ptest` builds every config in it."""
