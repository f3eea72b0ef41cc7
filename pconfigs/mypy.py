"""The mypy plugin: `plugins = ["pconfigs.mypy"]` in the configuration of mypy.

What stubs cannot express: constructors of classes without the base, fields as keywords before
Python 3.13, a property that implements a field declared above it, what `construct()` makes.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from pconfigs.mypy_plugin import plugin

__all__ = ["__version__", "plugin"]


def _digest() -> str:
    sources = sorted((Path(__file__).parent / "mypy_plugin").glob("*.py"))
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


# mypy throws its cache away when this, or the text of this file, changes.
__version__ = _digest()
