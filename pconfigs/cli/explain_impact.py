"""`python -m pconfigs.explain --impact PATH=VALUE TARGET`: what else would change."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from pconfigs.cli.arguments import is_override
from pconfigs.cli.explain import explained
from pconfigs.cli.output import write, write_json
from pconfigs.cli.overrides import overridden
from pconfigs.errors.targets import UsageError
from pconfigs.reports.diff import change_data, change_lines
from pconfigs.tree.changes import Changes
from pconfigs.tree.diff import pdiff


def command(asked: Namespace) -> int:
    """Show what else would change if values were others."""
    config = explained(asked)
    changes = pdiff(config, _if_it_were(config, asked.impact))
    if asked.json:
        write_json(change_data(changes.derived))
    elif changes.derived:
        write("\n".join(change_lines(Changes(changes.derived))))
    else:
        write("nothing else would change")
    return 0


def _if_it_were(config: Any, words: list[str]) -> Any:
    """Return the variant that assignments make."""
    for word in words:
        if not is_override(word):
            raise UsageError(
                "explain", f"{word!r} must be PATH=VALUE", ["such as --impact base_lr=1e-4"]
            )
    return overridden("explain", config, words)
