"""`python -m pconfigs.explain --unused TARGET`: settings that have no effect."""

from __future__ import annotations

from argparse import Namespace
from json import load
from typing import Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.atomic_files import regular
from pconfigs.cli.explain import explained
from pconfigs.cli.output import write, write_json
from pconfigs.errors.targets import UsageError, no_explanation
from pconfigs.reports.unused import unused_data, unused_lines
from pconfigs.schema.class_schema import is_config
from pconfigs.tree.unused import unused


def command(asked: Namespace) -> int:
    """List settings without effect; return 1 if there are any."""
    return write_unused(asked, explained(asked), [])


def write_unused(asked: Namespace, config: Any, records: list[str]) -> int:
    """Write the settings of a config without effect; return 1 if there are any.

    Args:
        asked: The options.
        config: The config.
        records: Files with what was read, besides the one of `--reads`.

    Raises:
        TargetError: The target leads to several configs.
        UsageError: A record of reads is missing.
    """
    if not is_config(config):
        raise no_explanation(asked.target, config)
    files = records if asked.reads is None else [asked.reads, *records]
    reads = frozenset().union(*map(_paths_read, files)) if files else None
    found = unused(config, reads)
    if asked.json:
        write_json(unused_data(found))
    elif found:
        write("\n".join(unused_lines(found)))
    return 1 if any(one.reason != "unknown" for one in found) else 0


def _paths_read(file: str) -> frozenset[str]:
    """Return the paths in a record of what a run read."""
    advice = ['what run --record-reads writes: {"read": ["path", ...]}']
    try:
        with open(file, encoding="utf-8", opener=regular) as opened:
            data: Any = load(opened)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError("explain", f"{file} cannot be read: {why}", advice) from None
    paths = data.get("read") if is_dict(data) else None
    if not is_sequence(paths) or not all(isinstance(path, str) for path in paths):
        raise UsageError("explain", f"{file} is not a record of reads", advice)
    return frozenset(paths)
