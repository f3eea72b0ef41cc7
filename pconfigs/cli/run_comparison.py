"""A rerun compared with the run that it repeats."""

from __future__ import annotations

from pconfigs.cli.output import flush, print_error
from pconfigs.runs.changes.comparison import metric_differences, metric_lines, surroundings_lines
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.reading.rows import logged_values
from pconfigs.runs.reading.runs import Run, run_in
from pconfigs.runs.status import DONE

SHOWN = 10
"""Lines on other packages and hardware that are shown."""


def compare_with(before: Run, folder: RunFolder, code: int) -> int:
    """Print whether a rerun has logged what the run did; return 1 where it has not.

    Other packages, another Python and another machine are named before.
    """
    after = run_in(folder.path)
    if after is None:
        return code
    flush()  # what the run printed comes first, also where both streams are one
    lines = surroundings_lines(before, after)
    if lines:
        more = [f"  and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        print_error("\n".join([f"ran with other packages or hardware than {before.id}:",
                               *lines[:SHOWN], *more]))  # fmt: skip
    if code or before.state != DONE:
        return code
    differences = metric_differences(before, after)
    if not differences:
        count = len(logged_values(after))
        print_error(f"all {count} logged values are those of {before.id}")
        return 0
    print_error(f"metrics differ from those of {before.id}:")
    print_error("\n".join(metric_lines(differences)))
    return 1
