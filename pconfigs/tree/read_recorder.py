"""Reads: which fields of a config code has read, while somebody watched.

Watching costs what a Python function costs at every read, so nobody watches unless asked to.
"""

from __future__ import annotations

from pconfigs.provenance.origins import asked_by_library
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.paths import Path
from pconfigs.tree.walk import pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from typing_extensions import Self

HOOK = "__getattribute__"


class ReadRecorder:
    """Watches the configs in a tree between `with` and its end, then tells what was read.

    What this library reads itself, to print a config or to make a variant of it, does not count.
    The classes of the tree's configs are watched, so that configs keep their class.
    """

    def __init__(self, config: Any) -> None:
        self._config = config
        self._seen: dict[int, set[str]] = {}
        self._before: list[tuple[Any, Any]] = []

    def __enter__(self) -> Self:
        parts = [value for _, _, value in pwalk(self._config) if is_config(value)]
        self._seen = {id(part): set() for part in parts}
        for cls in dict.fromkeys(map(type, parts)):
            self._before.append((cls, cls.__dict__.get(HOOK)))
            setattr(cls, HOOK, _noting(getattr(cls, HOOK), schema_of(cls).fields, self._seen))
        return self

    def __exit__(self, *failure: object) -> None:
        for cls, before in reversed(self._before):
            if before is None:
                delattr(cls, HOOK)
            else:
                setattr(cls, HOOK, before)
        self._before = []

    def paths(self) -> list[str]:
        """Paths of the fields that were read, in the order of the walk."""
        return [
            str(Path(path, name))
            for path, _, part in pwalk(self._config)
            if is_config(part)
            for name in schema_of(part).fields
            if name in self._seen.get(id(part), ())
        ]


def _noting(
    read: Callable[[Any, str], Any], fields: Collection[str], seen: dict[int, set[str]]
) -> Callable[[Any, str], Any]:
    def __getattribute__(self: Any, name: str) -> Any:
        # Variants that are made meanwhile are not of the tree.
        if name in fields and id(self) in seen and not asked_by_library():
            seen[id(self)].add(name)
        return read(self, name)

    return __getattribute__
