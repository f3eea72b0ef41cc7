"""`python -m pconfigs.print_code TARGET`: the older name of `print`."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("print_code"))
