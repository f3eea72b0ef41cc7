"""The values in a config.json as one flat dict by path, read without importing anything."""

from __future__ import annotations

from typing import Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.serialization.conversion import tags

_FLOATS = ("nan", "inf", "-inf")
MOST = 200_000
"""Values that are listed before references are shown as such: a few lines of them make millions."""


def flat_values(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a saved config by dotted path: `{"model.depth": 3, "steps": 10}`.

    A part whose class the file names has that class's name at its own path. A list of scalars is
    one value; what is in other lists has paths such as `blocks[0].width`.
    """
    return flatten(data)[0]


def flatten(data: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Return the values of a saved config by path, and the paths of what was given.

    Those are the fields that are not at the default of their class, and all of a class without one.
    """
    flattening = _Flattening(data)
    flattening.config("", data)
    return flattening.flat, flattening.given


class _Flattening:
    def __init__(self, top: dict[str, Any]) -> None:
        self.top = top
        self.flat: dict[str, Any] = {}
        self.given: set[str] = set()
        self.depth = 0

    def config(self, path: str, data: dict[str, Any]) -> None:
        """Add what a mapping of fields holds; computed values replace the inputs of them."""
        kind = data.get(tags.TYPE)
        if path and isinstance(kind, str):
            self.flat[path] = kind.rpartition(".")[2]
        start = f"{path}." if path else ""
        computed, given = data.get(tags.COMPUTED), data.get(tags.GIVEN)
        computed = computed if is_dict(computed) else {}
        given = given if is_sequence(given) else data
        for name, value in data.items():
            if name not in tags.OF_CONFIGS:
                inside = f"{start}{name}" if name.isidentifier() else f"{path}[{name!r}]"
                if name in given:
                    self.given.add(inside)
                self.value(inside, computed.get(name, value))

    def value(self, path: str, value: Any) -> None:
        """Add one value, or what is in it."""
        value = self._plain(value)
        self.depth += 1
        if is_dict(value):
            if value:
                self.config(path, value)
            else:
                self.flat[path] = {}
        elif is_sequence(value) and any((is_dict(one) or is_sequence(one)) for one in value):
            for index, one in enumerate(value):
                self.value(f"{path}[{index}]", one)
        else:
            self.flat[path] = value
        self.depth -= 1

    def _plain(self, value: Any) -> Any:
        """Return a value without the mapping of one key that marks its kind."""
        if is_sequence(value):
            return [self._plain(item) for item in value]
        if not is_dict(value) or not value:
            return value
        key = next(iter(value))
        if len(value) != 1 or not key.startswith("$") or key in tags.OF_CONFIGS:
            return value
        inner = value[key]
        if key == tags.SAME:
            endless = self.depth > tags.DEEPEST or len(self.flat) > MOST
            return f"<{inner}>" if endless or not isinstance(inner, str) else self._at(inner)
        if key == tags.FLOAT:
            return float(inner) if inner in _FLOATS else inner
        if key == tags.PIN or key in tags.SEQUENCES:
            return self._plain(inner)
        if key == tags.DICT and is_sequence(inner) and all(map(_is_pair, inner)):
            return {str(self._plain(name)): self._plain(item) for name, item in inner}
        if key in (tags.ENUM, tags.OBJECT):
            return str(inner).rpartition(".")[2]
        return f"<{inner}>" if key in (tags.MARKER, tags.UNSAVED) else inner

    def _at(self, path: str) -> Any:
        """Return what lies at a path of the file."""
        found: Any = self.top
        for step in path.replace("[", ".[").split("."):
            if not step:
                continue
            key: Any = step
            if step.startswith("["):
                text = step[1:-1]
                key = int(text) if text.isdecimal() else text.strip("'\"")
            try:
                found = _unwrapped(found)[key]
            except (LookupError, TypeError):
                return f"<{path}>"
        # Only what was written in full is referred to.
        return f"<{path}>" if is_dict(found) and tags.SAME in found else found


def _is_pair(value: object) -> bool:
    return is_sequence(value) and len(value) == 2


def _unwrapped(value: Any) -> Any:
    """Return what a mark of a sequence or a pin holds."""
    if is_dict(value) and len(value) == 1:
        key = next(iter(value))
        if key == tags.PIN or key in tags.SEQUENCES:
            return _unwrapped(value[key])
    return value
