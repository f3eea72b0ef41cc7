"""`python -m pconfigs.list [PATH|PACKAGE]`: the experiments of a project, without running any."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from pconfigs.cli.output import print_error, write, write_json
from pconfigs.errors.targets import TargetError
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.discovery import Catalogue
from pconfigs.imports.source_index import index_here
from pconfigs.reports import experiment_list as experiments


def command(asked: Namespace) -> int:
    """List the experiments in a file, below a folder, or in a package."""
    make_current_folder_importable()
    catalogue = Catalogue(index_here())
    found = catalogue.experiments(_folder(asked.place), asked.all)
    for file, why in catalogue.unread.items():
        print_error(f"{file} is left out: {why}")
    if asked.json:
        write_json(experiments.experiment_data(found))
        return 0
    lines = (experiments.family_lines if asked.tree else experiments.experiment_lines)(found)
    if lines:
        write("\n".join(lines))
    return 0


def _folder(place: str) -> Path:
    """Return the file or folder that a path or a dotted name means."""
    dotted = Path(*place.split(".")) if place.strip(".") else Path()
    for candidate in (Path(place), dotted, dotted.with_suffix(".py") if dotted.name else dotted):
        if candidate.exists():
            return candidate
    raise TargetError(place, "there is no such file, folder or package here")
