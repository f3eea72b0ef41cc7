"""`python -m pconfigs.help --schema TARGET_OR_CLASS`: the JSON Schema of its files."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.help import subject_of
from pconfigs.cli.output import write_json
from pconfigs.cli.overrides import overridden
from pconfigs.imports import resolve
from pconfigs.reports.json_schema import json_schema


def command(asked: Namespace) -> int:
    """Write the JSON Schema of a config class."""
    subject = overridden("help", subject_of(resolve(asked.target)), asked.overrides)
    write_json(json_schema(subject if isinstance(subject, type) else type(subject)))
    return 0
