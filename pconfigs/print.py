"""`python -m pconfigs.print TARGET`: print what a target resolves to."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("print"))
