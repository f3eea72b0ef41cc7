"""`python -m pconfigs.agents`: rules for coding agents, and their way into AGENTS.md."""

from __future__ import annotations

import sys

from pconfigs.cli.main import main_of

if __name__ == "__main__":
    sys.exit(main_of("agents"))
