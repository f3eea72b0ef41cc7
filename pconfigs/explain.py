"""`python -m pconfigs.explain TARGET [PATH…]`: where values come from, and what they feed."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("explain"))
