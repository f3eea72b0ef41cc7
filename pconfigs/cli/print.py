"""`python -m pconfigs.print TARGET`: everything it resolves to."""

from __future__ import annotations

from pconfigs.cli.output import write
from pconfigs.cli.targets import as_printed, resolve_target
from pconfigs.imports import inside, is_config, passes_secret
from pconfigs.imports.path_syntax import parse_steps, steps_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from pconfigs.cli.arguments import Arguments
    from pconfigs.imports import Target


def command(words: list[str]) -> int:
    """Print what a target resolves to, in the form that the options ask for."""
    if len(words) == 1 and not words[0].startswith("-"):
        # The plain call is what people wait for: it does without argparse (7 ms).
        from pconfigs.codegen.printer import to_listing

        target = resolve_target(words[0], into_secrets=True)
        if _is_secret(target, ""):
            write("Secret(...)")
            return 0
        shown = as_printed(target.object)
        _write_code(to_listing(shown), shown)
        return 0
    return _print_as_asked(parser().read(words))


def _is_secret(target: Target, only: str) -> bool:
    """Return whether a target, or what `only` selects in it, is a secret or inside one."""
    steps = parse_steps(target.attribute)
    return passes_secret(target.module, steps) or passes_secret(target.object, parse_steps(only))


def _write_code(code: str, found: object) -> None:
    """Write what `print(repr(found))` would: the code of a config ends its last line itself."""
    if type(found) is str:
        # As code on its own it is in parentheses, lest it be a docstring.
        from pconfigs.codegen.literals import quoted

        code = quoted(found)
    write(code if is_config(found) else code.rstrip("\n"))


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments

    parser = Arguments("print", "Print everything that a target resolves to, as Python code.")
    parser.add_target()
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--values", action="store_true", help="leave out imports and notes, as str() does"
    )
    form.add_argument("--flat", action="store_true", help="one sorted 'path = value' line per leaf")
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument(
        "--why", metavar="PATH", action="append", help="where the value at PATH comes from"
    )
    parser.add_depth("show configs up to N levels deep")
    parser.add_argument(
        "--only", metavar="PATH", help="show what lies at PATH, e.g. model.blocks[2]"
    )
    parser.add_max_items("show N items of lists and dicts that take several lines")
    return parser


def _print_as_asked(asked: Namespace) -> int:
    from pconfigs.cli.overrides import overridden

    _refuse_what_has_no_effect(asked)
    target = resolve_target(asked.target, into_secrets=True)
    if _is_secret(target, asked.only or ""):
        write('"Secret(...)"' if asked.json else "Secret(...)")
        return 0
    found = as_printed(overridden("print", target.object, asked.overrides))
    if asked.why:
        from pconfigs.cli.explain import why

        why(found, asked.why)
        return 0
    part = inside(target.dotted, found, asked.only) if asked.only is not None else found
    if asked.flat:
        _print_flat(found, asked.only, asked.depth)
    elif asked.json:
        from pconfigs.reports.printed_json import to_json

        write(to_json(part, depth=asked.depth).rstrip("\n"))
    else:
        from pconfigs.codegen.printer import to_code, to_listing

        write_as = to_code if asked.values else to_listing
        _write_code(write_as(part, depth=asked.depth, max_items=asked.max_items), part)
    return 0


def _refuse_what_has_no_effect(asked: Namespace) -> None:
    """Raise UsageError if options are combined that do not go together."""
    from pconfigs.errors.targets import UsageError

    form = next((f"--{name}" for name in ("why", "flat", "json") if getattr(asked, name)), None)
    useless = ["max_items"] if form else []
    useless += ["depth", "only"] if form == "--why" else []
    for name in useless:
        if getattr(asked, name) is not None:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(
                "print", f"{option} has no effect with {form}", ["leave out one of them"]
            )


def _print_flat(found: object, only: str | None, depth: int | None) -> None:
    """One line per leaf; the paths are those from the target on, also with `only`."""
    from pconfigs.reports.flat_listing import flat_lines

    lines = flat_lines(found, depth=depth)
    if only is not None:
        start = steps_text(parse_steps(only))
        inside_it = (f"{start} ", f"{start}.", f"{start}[")
        lines = [line for line in lines if line.startswith(inside_it)]
    write("\n".join(lines))
