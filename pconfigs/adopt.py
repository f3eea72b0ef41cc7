"""`python -m pconfigs.adopt SOURCE -o PACKAGE`: config classes for a config of another tool."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("adopt"))
