"""`python -m pconfigs.init [DIR]`: a new project that runs and passes its tests."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("init"))
