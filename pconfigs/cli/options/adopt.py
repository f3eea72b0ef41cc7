"""Options of `python -m pconfigs.adopt`."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.arguments import TRACEBACK_HELP, Arguments

ABOUT = """\
Write typed config classes, defaults and experiments for a config of another tool.

SOURCE is a YAML file (interpolations of OmegaConf, `defaults:` of Hydra or of NeMo), a folder of
them with its main file, a TOML file, a module of dataclasses or pydantic models, or of functions
that return some (which is imported, and these called), or a script with a parser of argparse
(which is not run; script.py:parser imports it, and takes that parser, or what that function
returns). The result is imported and compared with the source, value by value."""


def read(words: list[str]) -> tuple[str, Namespace]:
    """Return the function that does the work, and the options to call it with."""
    return "adopt.command", parser().parse_args(words)


def parser() -> Arguments:
    """Return the parser of the command line."""
    parser = Arguments("adopt", ABOUT)
    parser.add_argument(
        "source", metavar="SOURCE", help="a YAML, TOML or Python file, or a folder of YAML files"
    )
    parser.add_argument(
        "experiments", metavar="EXPERIMENT", nargs="*", help="files that extend SOURCE"
    )
    text = "the package to write, such as project/adopted"
    parser.add_argument("-o", "--output", metavar="PACKAGE", required=True, help=text)
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser
