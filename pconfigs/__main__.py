"""`python -m pconfigs <command>`, and the console script `pconfigs`."""

from __future__ import annotations

import sys

from pconfigs.cli import main as cli

READERS = (
    "print",
    "print_code",
    "explain",
    "diff",
    "graph",
    "list",
    "help",
)  # commands whose process has nothing to tidy up


def main() -> int:
    """Exit code of `pconfigs <command> …`, as typed."""
    code = cli.main()
    return cli.leave(code) if sys.argv[1:] and sys.argv[1] in READERS else code


if __name__ == "__main__":
    sys.exit(main())
