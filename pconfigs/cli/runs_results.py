"""`python -m pconfigs.runs table|plot`: runs joined in one table, and their curves."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from pconfigs.atomic_files import replace_file
from pconfigs.cli.output import placed, print_error, write
from pconfigs.clients import matplotlib
from pconfigs.errors.runs import RunNotFoundError
from pconfigs.errors.targets import TargetError, UsageError
from pconfigs.imports import is_config, resolve
from pconfigs.runs.location import project_folder
from pconfigs.runs.results.curves import Curves, colors_of, curves_of
from pconfigs.runs.results.page import page_of
from pconfigs.runs.results.sequence import Runs, pruns
from pconfigs.runs.results.sql import query
from pconfigs.runs.results.tables import Table, names_of
from pconfigs.runs.results.writers import text_of, write_table


def table(asked: Namespace) -> int:
    """Join runs that are done in one table."""
    runs = selected(asked.names).where(*asked.where)
    if asked.sql:
        found = query(runs, asked.sql)
    else:
        over = [name for text in asked.over for name in names_of(text)]
        found = runs.table(over=over, by=asked.by)
    _write_table(found, asked.output, asked.json)
    return 0


def _write_table(found: Table, output: str | None, as_json: bool) -> None:
    if output is not None:
        write_table(found, placed(output))
        print_error(f"wrote {output}")
    elif as_json:
        write(text_of(found, "json").rstrip("\n"))
    else:
        write("\n".join(found.lines()))
    if found.left_out:
        print_error(f"{found.left_out} configs have no run that is done; they are left out")


def plot(asked: Namespace) -> int:
    """Draw the curves of metrics."""
    runs = selected(asked.names).where(*asked.where)
    names = list(names_of(asked.metrics))
    curves = curves_of(runs, names, color=asked.color, facet=asked.facet, smooth=asked.smooth)
    save_curves(curves, placed(asked.output))
    print_error(f"wrote {asked.output}")
    return 0


def page(asked: Namespace) -> int:
    """Write one page with all runs."""
    if not asked.output.lower().endswith((".html", ".htm")):
        raise UsageError("runs page", f"a file must end in .html, got {asked.output}")
    runs = selected(asked.names).where(*asked.where)
    title = f"runs of {os.path.basename(project_folder())}"
    replace_file(placed(asked.output), page_of(runs, title).encode("utf-8", "backslashreplace"))
    print_error(f"wrote {asked.output}")
    return 0


def save_curves(curves: Curves, path: str) -> None:
    """Write curves to a file, whose suffix names the format.

    Raises:
        UsageError: The suffix names none.
        MissingExtraError: It is a picture, and matplotlib is not installed.
    """
    kind = os.path.splitext(path)[1].lower()
    if kind in (".html", ".svg"):
        text = curves.html() if kind == ".html" else curves.svg()
        replace_file(path, text.encode())
    elif kind in (".png", ".pdf"):
        colors = colors_of(curves.labels)
        panels = [
            (panel.title, [(colors[one.label], one.label, one.points) for one in panel.curves])
            for panel in curves.panels
        ]
        matplotlib.save_curves(panels, colors, path)
    else:
        raise UsageError("runs plot", f"a file must end in .html, .svg, .png or .pdf, got {path}")


def selected(names: Sequence[str]) -> Runs:
    """Return the runs that names, references and targets mean, newest first.

    Raises:
        RunNotFoundError: A name means neither runs nor a target.
    """
    if not names:
        return pruns()
    found: list[Runs] = []
    for name in names:
        try:
            found.append(pruns(name))
        except RunNotFoundError:
            if name.startswith("@"):
                raise
            found.append(_of_target(name))
    ids = {run.id for runs in found for run in runs}
    return found[0] if len(found) == 1 else Runs(run for run in pruns() if run.id in ids)


def _of_target(name: str) -> Runs:
    """Return the runs of a config, or of those in a sweep, list or dict."""
    try:
        value = resolve(name).object
    except TargetError:
        if "." in name:
            raise
        pruns(name)  # raises, with what is recorded
        raise
    if is_config(value):
        return pruns(value)
    items: Any = list(value.values()) if isinstance(value, dict) else value
    if not hasattr(items, "__iter__") or not all(map(is_config, items)):
        raise TargetError(name, "it is neither a config nor a list of configs")
    return pruns(list(items))
