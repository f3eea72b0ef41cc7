"""Results: all runs as one table, in text, frames and files; curves; one page with all of them."""
