"""Recorded reads: which fields of a config code has read meanwhile.

Each field has a hook on its class until all configs of that class have been read: from then on it
costs again what reading an attribute costs.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import MISSING
from pconfigs.provenance.origins import asked_by_library
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.paths import Path
from pconfigs.tree.walk import pwalk

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any, Self


class ReadRecorder:
    """Record what is read of the configs in a tree between `with` and its end.

    What this library reads itself, to print a config or to make a variant of it, does not count.

    Args:
        config: The tree.
        most: Reads of a field after which all configs of its class count as read; None: never.
    """

    def __init__(self, config: Any, most: int | None = None) -> None:
        self._config, self._most = config, most
        self._hooks: list[_Hook] = []

    def __enter__(self) -> Self:
        parts: dict[type, dict[int, Any]] = {}
        for _, _, part in pwalk(self._config):
            if is_config(part):
                parts.setdefault(type(part), {})[id(part)] = part
        for cls, ones in parts.items():
            for name in schema_of(cls).fields:
                hook = _Hook(name, cls, _values(name, ones), self._most)
                type.__setattr__(cls, name, hook)
                self._hooks.append(hook)
        return self

    def __exit__(self, *failure: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def paths(self) -> list[str]:
        """Return the paths of the fields that were read, in the order of the walk."""
        seen = {(hook.name, key) for hook in self._hooks for key in hook.seen}
        return [
            str(Path(path, name))
            for path, _, part in pwalk(self._config)
            if is_config(part)
            for name in schema_of(part).fields
            if (name, id(part)) in seen
        ]


def _values(name: str, parts: dict[int, Any]) -> dict[int, Any]:
    """Return the values of a field, without secrets that did not travel with their config."""
    found: dict[int, Any] = {}
    for key, part in parts.items():
        try:
            # Not by `__dict__`: with it, reading any attribute of a config would take longer.
            found[key] = object.__getattribute__(part, name)
        except AttributeError:
            continue
    return found


class _Hook:
    """Watch a field of a class in place of its attribute.

    Attributes:
        name: Of the field.
        seen: Ids of the configs of which it was read.
    """

    __slots__ = ("_before", "_cls", "_left", "_values", "name", "seen")

    def __init__(
        self,
        name: str,
        cls: type | None = None,
        values: dict[int, Any] | None = None,
        most: int | None = None,
    ) -> None:
        self.name, self.seen = name, set[int]()
        self._cls, self._values, self._left = cls, values or {}, most
        self._before = MISSING if cls is None else cls.__dict__.get(name, MISSING)

    def __get__(self, config: Any, owner: type | None = None) -> Any:
        if config is None:
            raise AttributeError(f"type object {owner!r} has no attribute {self.name!r}")
        if self._cls is None:  # of a class that was pickled by its value
            owners = type(config).__mro__
            self._cls = next(one for one in owners if one.__dict__.get(self.name) is self)
        key = id(config)
        if not asked_by_library():
            self._note(key)
        if key in self._values:
            return self._values[key]
        try:
            return config.__dict__[self.name]  # one that was made meanwhile
        except KeyError:
            raise AttributeError(self.name) from None

    def __set__(self, config: Any, value: Any) -> None:
        config.__dict__[self.name] = value
        self._values.pop(id(config), None)

    def __delete__(self, config: Any) -> None:
        del config.__dict__[self.name]
        self._values.pop(id(config), None)

    def __reduce__(self) -> Any:
        # In a class that is pickled by its value: nothing is recorded in another process.
        return _Hook, (self.name,)

    def _note(self, key: int) -> None:
        if key in self._values:
            self.seen.add(key)
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.seen.update(self._values)
        if len(self.seen) == len(self._values):
            self.remove()

    def remove(self) -> None:
        """Give the class back what it had."""
        if self._cls is None or self._cls.__dict__.get(self.name) is not self:
            return
        if self._before is MISSING:
            try:
                type.__delattr__(self._cls, self.name)
            except AttributeError:
                pass  # another thread has just done it
        else:
            type.__setattr__(self._cls, self.name, self._before)
