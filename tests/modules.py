"""Modules of folders that tests make, which other tests must not find."""

from __future__ import annotations

import sys
from pathlib import Path


def forget_modules(folder: Path) -> None:
    """Forget the modules in a folder, namespace packages among them."""
    for name in list(sys.modules):
        facts = vars(sys.modules[name])  # a module may have a `__getattr__`
        places = [str(facts.get("__file__")), *facts.get("__path__", ())]
        if any(place.startswith(str(folder)) for place in places):
            del sys.modules[name]
