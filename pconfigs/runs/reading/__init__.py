"""Reading: runs of a store as objects, found by name, filtered, listed, compared."""
