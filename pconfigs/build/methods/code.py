"""Configs as code, as `repr`, `str` and `print_code` show them."""

from __future__ import annotations

from pconfigs.build.evaluation import evaluation_of
from pconfigs.codegen.printer import to_code, to_listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def code_of(config: Any) -> str:
    """Return a config as code."""
    return to_code(_printable(config))


def listing_of(config: Any) -> str:
    """Return a config as code, with the imports that it needs."""
    return to_listing(_printable(config))


def _printable(config: Any) -> Any:
    """Return the config, or what is known of it where its properties still run."""
    evaluation = evaluation_of(config)
    return config if evaluation is None else evaluation.snapshot()
