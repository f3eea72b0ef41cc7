"""Clients: one module for each outside API, which nothing else in the library imports.

Packages without types, and those whose types are not needed, are imported by their names.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from pconfigs.errors.base import MissingExtraError


def imported(module: str, package: str, extra: str, purpose: str) -> Any:
    """Return a module of a package that may not be installed.

    Raises:
        MissingExtraError: It is not.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(package, extra, purpose) from error


def without_accounts(text: str) -> str:
    """Return what a client reports without the users and passwords in its addresses."""
    return re.sub(r"(?<=://)[^/\s]*@", "***@", text)
