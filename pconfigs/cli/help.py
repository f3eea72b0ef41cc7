"""`python -m pconfigs.help TARGET_OR_CLASS`: what can be set, and what each field means."""

from __future__ import annotations

import sys

from pconfigs.cli.output import write, write_json
from pconfigs.cli.terminal import styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.cli.arguments import Arguments
    from pconfigs.imports import Target


def command(words: list[str]) -> int:
    """Tell every field of a config or config class."""
    asked = parser().read(words)
    from pconfigs.cli.overrides import overridden
    from pconfigs.imports import resolve
    from pconfigs.reports.help import entries, help_lines

    target = resolve(asked.target)
    subject = overridden("help", _subject(target), asked.overrides)
    if asked.schema:
        from pconfigs.reports.json_schema import json_schema

        write_json(json_schema(subject if isinstance(subject, type) else type(subject)))
        return 0
    if asked.json:
        write_json([entry.to_json() for entry in entries(subject, asked.depth)])
        return 0
    for line in help_lines(subject, target.text, asked.depth):
        write(styled(line, "bold") if line.endswith(":") and line[:1] != " " else line)
    return 0


def _subject(target: Target) -> Any:
    """Return the config or config class of a target; for a configured class, its config class.

    Raises:
        TargetError: It means none.
    """
    from pconfigs.errors.targets import TargetError
    from pconfigs.schema.class_schema import is_config, is_config_class

    found = target.object
    configured = getattr(found, "__pconfigured__", None)
    if configured is not None:
        home = vars(sys.modules[configured.cls.__module__])
        found = home.get(configured.config_name, found)
    if is_config(found) or is_config_class(found):
        return found
    kind = type(found).__qualname__
    raise TargetError(target.text, f"this is neither a config nor a config class: a {kind}")


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments

    about = "Tell what can be set in a config or config class, and what each field means."
    parser = Arguments("help", about)
    parser.add_target()
    parser.add_depth("enter configs N levels deep", least=1)
    parser.add_argument("--json", action="store_true", help="as JSON")
    text = "JSON Schema of its files, for editors to complete and check"
    parser.add_argument("--schema", action="store_true", help=text)
    return parser
