"""Recorded reads: which fields of a config code has read meanwhile.

Recording costs what a Python function costs at every read, so nothing is recorded unless asked for.
"""

from __future__ import annotations

from typing import Any, Self

from pconfigs.provenance.origins import asked_by_library
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.class_hooks import ClassHooks, Read
from pconfigs.tree.paths import Path
from pconfigs.tree.walk import pwalk


class ReadRecorder:
    """Record what is read of the configs in a tree between `with` and its end.

    What this library reads itself, to print a config or to make a variant of it, does not count.
    """

    def __init__(self, config: Any) -> None:
        self._config = config
        self._seen: dict[int, set[str]] = {}
        self._hooks = ClassHooks(self._hook)

    def __enter__(self) -> Self:
        parts = [value for _, _, value in pwalk(self._config) if is_config(value)]
        self._seen = {id(part): set() for part in parts}
        for cls in dict.fromkeys(map(type, parts)):
            self._hooks.install(cls)
        return self

    def __exit__(self, *failure: object) -> None:
        self._hooks.remove()

    def paths(self) -> list[str]:
        """Return the paths of the fields that were read, in the order of the walk."""
        return [
            str(Path(path, name))
            for path, _, part in pwalk(self._config)
            if is_config(part)
            for name in schema_of(part).fields
            if name in self._seen.get(id(part), ())
        ]

    def _hook(self, cls: type, read: Read) -> Read:
        fields, seen = schema_of(cls).fields, self._seen

        def __getattribute__(config: Any, name: str) -> Any:
            # Variants that are made meanwhile are not of the tree.
            if name in fields and id(config) in seen and not asked_by_library():
                seen[id(config)].add(name)
            return read(config, name)

        return __getattribute__
