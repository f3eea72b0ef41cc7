"""`python -m pconfigs.print --flat TARGET`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.output import write
from pconfigs.cli.print import SECRET, found_at, selected
from pconfigs.imports.path_syntax import parse_steps, steps_text
from pconfigs.reports.flat_listing import flat_lines


def command(asked: Namespace) -> int:
    """Print a line for each leaf; the paths are those from the target on, also with `--only`."""
    target, found = found_at(asked)
    if target is None:
        write(SECRET)
        return 0
    selected(target, found, asked.only)  # refuses a path that leads nowhere
    lines = flat_lines(found, depth=asked.depth)
    if asked.only is not None:
        start = steps_text(parse_steps(asked.only))
        inside_it = (f"{start} ", f"{start}.", f"{start}[")
        lines = [line for line in lines if line.startswith(inside_it)]
    write("\n".join(lines))
    return 0
