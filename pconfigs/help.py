"""`python -m pconfigs.help TARGET_OR_CLASS`: what can be set, and what each field means."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("help"))
