"""Colour: on a terminal only, and not where NO_COLOR is set."""

from __future__ import annotations

import os
import sys

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def wanted() -> bool:
    """Whether what is written to stdout may be coloured."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, style: str) -> str:
    """`text` in a style, where colour is wanted."""
    return f"\033[{STYLES[style]}m{text}\033[0m" if text and wanted() else text
