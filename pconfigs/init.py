"""`python -m pconfigs.init [DIR]`: a new project that runs and passes its tests."""

from __future__ import annotations

import sys

from pconfigs.cli.main import leave, main_of

if __name__ == "__main__":
    sys.exit(leave(main_of("init")))
