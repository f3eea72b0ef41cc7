"""`python -m pconfigs.print TARGET`: everything it resolves to."""

from __future__ import annotations

from pconfigs.cli.output import write
from pconfigs.dotpaths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def command(words: list[str]) -> int:
    """Print what a target resolves to, in the form that the options ask for."""
    if len(words) == 1 and not words[0].startswith("-"):
        # The plain call is what people wait for: it does without argparse (7 ms).
        from pconfigs.text.code import to_code

        write(to_code(resolve(words[0]).object))
        return 0
    return _print_as_asked(_read(words))


def _read(words: list[str]) -> Namespace:
    from pconfigs.cli.arguments import Arguments

    parser = Arguments("print", "Print everything that a target resolves to, as Python code.")
    parser.add_target()
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--values", action="store_true", help="leave out imports and notes, as str() does"
    )
    form.add_argument("--flat", action="store_true", help="one sorted 'path = value' line per leaf")
    form.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--depth", type=_depth, metavar="N", help="show configs up to N levels deep"
    )
    parser.add_argument(
        "--only", metavar="PATH", help="show what lies at PATH, e.g. model.blocks[2]"
    )
    return parser.read(words)


def _depth(word: str) -> int:
    depth = int(word)
    if depth < 0:
        raise ValueError(word)
    return depth


_depth.__name__ = "depth"  # argparse names the type of a bad value by this


def _print_as_asked(asked: Namespace) -> int:
    from pconfigs.cli.overrides import overridden

    found = overridden("print", resolve(asked.target).object, asked.overrides)
    options = {"depth": asked.depth, "only": asked.only}
    if asked.json:
        from pconfigs.text.code import to_json

        write(to_json(found, **options))
    elif asked.flat:
        from pconfigs.text.code import flat_lines

        write("\n".join(flat_lines(found, **options)))
    else:
        from pconfigs.text.code import to_code, to_values

        write((to_values if asked.values else to_code)(found, **options))
    return 0
