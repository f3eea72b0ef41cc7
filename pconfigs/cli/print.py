"""`python -m pconfigs.print TARGET`: everything it resolves to, as code."""

from __future__ import annotations

from pconfigs.cli.output import write
from pconfigs.cli.overrides import overridden
from pconfigs.cli.targets import as_printed, resolve_target
from pconfigs.cli.terminal import is_shown
from pconfigs.codegen.literals import quoted
from pconfigs.codegen.printer import to_code, to_listing
from pconfigs.imports import inside, is_config, passes_secret
from pconfigs.imports.path_syntax import parse_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pconfigs.imports import Target

SECRET = "Secret(...)"
MOST_SHOWN = 100
"""Items of a long list that a terminal shows; a file or a pipe gets all of them."""


def plain(text: str) -> int:
    """Print what a target alone resolves to."""
    target = resolve_target(text, into_secrets=True)
    if _is_secret(target, ""):
        write(SECRET)
        return 0
    shown = as_printed(target.object)
    _write_code(to_listing(shown, max_items=_most_items(None)), shown)
    return 0


def command(asked: Namespace) -> int:
    """Print what a target resolves to as code, in full or without imports and notes."""
    target, found = found_at(asked)
    if target is None:
        write(SECRET)
        return 0
    part = selected(target, found, asked.only)
    write_as = to_code if asked.values else to_listing
    most = _most_items(asked.max_items)
    _write_code(write_as(part, depth=asked.depth, max_items=most), part)
    return 0


def _most_items(asked: int | None) -> int | None:
    return MOST_SHOWN if asked is None and is_shown() else asked


def found_at(asked: Namespace) -> tuple[Target | None, Any]:
    """Return the target and the object to print; no target where a secret would be printed."""
    target = resolve_target(asked.target, into_secrets=True)
    if _is_secret(target, asked.only or ""):
        return None, None
    return target, as_printed(overridden("print", target.object, asked.overrides))


def selected(target: Target, found: Any, only: str | None) -> Any:
    """Return what `only` selects in an object, or all of it."""
    return inside(target.dotted, found, only) if only is not None else found


def _is_secret(target: Target, only: str) -> bool:
    """Return whether a target, or what `only` selects in it, is a secret or inside one."""
    steps = parse_steps(target.attribute)
    return passes_secret(target.module, steps) or passes_secret(target.object, parse_steps(only))


def _write_code(code: str, found: object) -> None:
    """Write what `print(repr(found))` would: the code of a config ends its last line itself."""
    if type(found) is str:
        # As code on its own it is in parentheses, lest it be a docstring.
        code = quoted(found)
    write(code if is_config(found) else code.rstrip("\n"))
