"""`python -m pconfigs.runs check`: which runs are stale, and by what; exits 1 where any is."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter

from pconfigs.cli.output import print_error, write, write_json
from pconfigs.errors.base import with_hints
from pconfigs.errors.formatting import at_most
from pconfigs.errors.targets import UsageError
from pconfigs.imports import make_current_folder_importable
from pconfigs.runs.changes.reasons import NOT_SEEN, STATIC, Reason, Today, is_traced
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.selection import runs_named
from pconfigs.runs.status import DONE
from pconfigs.runs.store import find_store

_SHOWN = 5


def command(asked: Namespace) -> int:
    """Compare the code and values of runs with those of today; return 1 if any is stale."""
    store = find_store()
    if store is None:
        raise UsageError("runs check", "the project has no store of runs")
    make_current_folder_importable()
    runs = [run for run in runs_named(store, asked.names) if asked.names or run.state == DONE]
    today = Today(store.folder)
    found = [(run, today.reasons(run)) for run in runs]
    stale = [(run, reasons) for run, reasons in found if reasons]
    if asked.json:
        write_json([_data(run, reasons) for run, reasons in found])
    else:
        _write(found, stale)
    return 1 if stale else 0


def _data(run: Run, reasons: list[Reason]) -> dict[str, object]:
    return {
        "run": run.id,
        "stale": bool(reasons),
        "traced": is_traced(run),
        "reasons": [{"kind": one.kind, "name": one.name, "text": one.text} for one in reasons],
    }


def _write(found: list[tuple[Run, list[Reason]]], stale: list[tuple[Run, list[Reason]]]) -> None:
    for run, reasons in stale:
        lines = [str(reason).replace("\n", "\n    ") for reason in reasons]
        write(with_hints(run.id, *at_most(lines, _SHOWN)))
    names = Counter(name for _, reasons in stale for name in {one.name for one in reasons})
    by = ", ".join(f"{count} by {name}" for name, count in names.most_common(_SHOWN))
    current = len(found) - len(stale)
    line = f"checked {len(found)}: {current} up to date, {len(stale)} stale"
    write(f"{line} ({by})" if by else line)
    if any(not is_traced(run) for run, _ in found):
        print_error(STATIC)
    print_error(NOT_SEEN)
