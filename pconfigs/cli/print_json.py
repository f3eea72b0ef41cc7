"""`python -m pconfigs.print --json TARGET`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import write
from pconfigs.cli.print import SECRET, found_at, selected
from pconfigs.reports.printed_json import to_json


def command(asked: Namespace) -> int:
    """Print what a target resolves to as JSON."""
    target, found = found_at(asked)
    if target is None:
        write(f'"{SECRET}"')
        return 0
    write(to_json(selected(target, found, asked.only), depth=asked.depth).rstrip("\n"))
    return 0
