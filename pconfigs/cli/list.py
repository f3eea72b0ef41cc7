"""`python -m pconfigs.list [PATH|PACKAGE]`: the experiments of a project, without running any."""

from __future__ import annotations

from pconfigs.cli.output import print_error, write, write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from pconfigs.cli.arguments import Arguments


def command(words: list[str]) -> int:
    """List the experiments in a file, below a folder, or in a package."""
    asked = parser().parse_args(words)
    from pconfigs.imports import make_current_folder_importable
    from pconfigs.imports.discovery import Catalogue
    from pconfigs.reports import experiment_list as experiments

    make_current_folder_importable()
    catalogue = Catalogue()
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


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments

    parser = Arguments("list", "List the experiments of a project, without running any.")
    parser.add_argument(
        "place", nargs="?", default=".", metavar="PATH|PACKAGE", help="a file, folder or package"
    )
    parser.add_argument("--all", action="store_true", help="also those in tests")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--tree", action="store_true", help="who inherits from whom, and changes what"
    )
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser


def _folder(place: str) -> Path:
    """Return the file or folder that a path or a dotted name means.

    Raises:
        TargetError: There is none.
    """
    from pathlib import Path

    from pconfigs.errors.targets import TargetError

    dotted = Path(*place.split(".")) if place.strip(".") else Path()
    for candidate in (Path(place), dotted, dotted.with_suffix(".py") if dotted.name else dotted):
        if candidate.exists():
            return candidate
    raise TargetError(place, "there is no such file, folder or package here")
