"""Names under which an object can be imported: the modules that hold it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def names_of(value: object, made_by: object) -> Iterator[tuple[str, str, str]]:
    """Yield module, attribute and file of each name that an object has in a loaded module.

    Args:
        value: The object itself; others that equal it do not count.
        made_by: The code or the location that made it; the module of that file comes first, as
            others import from it.
    """
    made_in = os.path.abspath(getattr(made_by, "co_filename", getattr(made_by, "file", "")))
    found: list[tuple[str, str, str]] = []
    for module_name, module in list(sys.modules.items()):
        held = getattr(module, "__dict__", {})
        file = held.get("__file__")
        if isinstance(file, str):
            path = os.path.abspath(file)
            found += [(module_name, name, path) for name, one in list(held.items()) if one is value]
    yield from sorted(found, key=lambda entry: entry[2] != made_in)
