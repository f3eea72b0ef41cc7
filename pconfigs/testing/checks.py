"""Checks of experiments, as the plugin of pytest needs them."""

from __future__ import annotations

from pconfigs.errors.targets import TargetError
from pconfigs.testing.discovery import find_modules
from pconfigs.testing.report import CheckOptions
from pconfigs.testing.run_checks import check, printing_line
from pconfigs.testing.smoke import run_small

__all__ = ["CheckOptions", "TargetError", "check", "find_modules", "printing_line", "run_small"]
