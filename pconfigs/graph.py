"""`python -m pconfigs.graph TARGET -o FILE`: a picture of a config."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("graph"))
