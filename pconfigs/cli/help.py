"""`python -m pconfigs.help TARGET_OR_CLASS`: what can be set, and what each field means."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from pconfigs.cli.output import write, write_json
from pconfigs.cli.overrides import overridden
from pconfigs.cli.terminal import styled
from pconfigs.errors.targets import TargetError
from pconfigs.imports import Target, resolve
from pconfigs.reports.help import entries, help_lines
from pconfigs.schema.class_schema import is_config, is_config_class


def command(asked: Namespace) -> int:
    """Print every field of a config or config class."""
    target = resolve(asked.target)
    subject = overridden("help", subject_of(target), asked.overrides)
    if asked.json:
        write_json([entry.to_json() for entry in entries(subject, asked.depth)])
        return 0
    for line in help_lines(subject, target.text, asked.depth):
        write(styled(line, "bold") if line.endswith(":") and line[:1] != " " else line)
    return 0


def subject_of(target: Target) -> Any:
    """Return the config or config class of a target; for a configured class, its config class.

    Raises:
        TargetError: It means none.
    """
    found = target.object
    configured = getattr(found, "__pconfigured__", None)
    if configured is not None:
        home = vars(sys.modules[configured.cls.__module__])
        found = home.get(configured.config_name, found)
    if is_config(found) or is_config_class(found):
        return found
    kind = type(found).__qualname__
    raise TargetError(target.text, f"this is neither a config nor a config class: a {kind}")
