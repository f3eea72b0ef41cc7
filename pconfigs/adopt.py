"""`python -m pconfigs.adopt SOURCE -o PACKAGE`: config classes for a config of another tool."""

from __future__ import annotations

import sys

from pconfigs.cli.main import leave, main_of

if __name__ == "__main__":
    sys.exit(leave(main_of("adopt")))
