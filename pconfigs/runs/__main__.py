"""`python -m pconfigs.runs`: list and show the runs of a project."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("runs"))
