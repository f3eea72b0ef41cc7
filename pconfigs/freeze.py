"""`python -m pconfigs.freeze TARGET -o FILE`: an experiment as a file that stands alone."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("freeze"))
