"""`python -m pconfigs.runs table|plot`: runs joined in one table, and their curves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pconfigs.atomic_files import replace_file
from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments
from pconfigs.cli.output import print_error, write
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

NAMES_HELP = "experiments by name, runs by @, or the dotted path of a config or sweep; default: all"


def table(words: list[str]) -> int:
    """Join runs that are done in one table."""
    parser = _parser("table", "Join runs that are done in one table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    parser.add_argument(
        "--over", action="append", default=[], metavar="FIELD",
        help="average over a field, such as seed: mean ± standard deviation, and the count",
    )  # fmt: skip
    parser.add_argument("--by", metavar="COLUMN", help="sort: accuracy (descending), 'min loss'")
    parser.add_argument(
        "--sql", metavar="QUERY", help="what a query of the tables runs and metrics selects"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=".csv .json .md .html .parquet")
    parser.add_argument("--json", action="store_true", help="as JSON")
    asked = parser.parse_args(words)
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
        write_table(found, output)
        print_error(f"wrote {output}")
    elif as_json:
        write(text_of(found, "json").rstrip("\n"))
    else:
        write("\n".join(found.lines()))
    if found.left_out:
        print_error(f"{found.left_out} configs have no run that is done; they are left out")


def plot(words: list[str]) -> int:
    """Draw the curves of metrics."""
    parser = _parser("plot", "Draw curves of metrics over steps.")
    parser.add_argument(
        "metrics", metavar="METRIC", help="names with commas between: loss,accuracy"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    parser.add_argument("--color", metavar="FIELD", help="what colours mean; the run by default")
    parser.add_argument("--facet", metavar="FIELD", help="a panel for each value of a field")
    parser.add_argument(
        "--smooth", type=float, default=0.0, metavar="W", help="weight of the past, in [0, 1)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help=".html .svg .png .pdf"
    )
    asked = parser.parse_args(words)
    runs = selected(asked.names).where(*asked.where)
    names = list(names_of(asked.metrics))
    curves = curves_of(runs, names, color=asked.color, facet=asked.facet, smooth=asked.smooth)
    save_curves(curves, asked.output)
    print_error(f"wrote {asked.output}")
    return 0


def page(words: list[str]) -> int:
    """Write one page with all runs."""
    parser = _parser("page", "Write one page with all runs, which needs no network.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=NAMES_HELP)
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=".html")
    asked = parser.parse_args(words)
    if not asked.output.lower().endswith((".html", ".htm")):
        raise UsageError("runs page", f"a file must end in .html, got {asked.output}")
    runs = selected(asked.names).where(*asked.where)
    title = f"runs of {os.path.basename(project_folder())}"
    replace_file(asked.output, page_of(runs, title).encode("utf-8", "backslashreplace"))
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


def _parser(name: str, about: str) -> Arguments:
    parser = Arguments(f"runs {name}", about)
    parser.add_argument(
        "--where", action="append", default=[], metavar="CONDITION",
        help="state=done, accuracy>0.9, model.depth=3 (repeatable)",
    )  # fmt: skip
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser
