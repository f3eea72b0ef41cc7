"""`python -m pconfigs <command>`, and the console script `pconfigs`."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
