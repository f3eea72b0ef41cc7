"""`python -m pconfigs.derive TARGET name=value … -o FILE`: a variant as a file that inherits."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("derive"))
