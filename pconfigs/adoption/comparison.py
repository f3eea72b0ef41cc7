"""Comparison of the result with its source, value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pconfigs.adoption.given import LEFT_OUT, REQUIRED
from pconfigs.annotations.kinds import Sentinel
from pconfigs.markers import Omitted
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.inheritance import input_of

_ADDED: Any = Sentinel("ADDED")
"""What the source has where the result alone has a value."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A value of the result, and that of the source.

    Attributes:
        path: Where it is; of a secret, where the secret is.
    """

    path: str
    made: Any
    expected: Any
    is_secret: bool = False

    @property
    def is_added(self) -> bool:
        """Return whether the source does not have the value."""
        return self.expected is _ADDED

    def __str__(self) -> str:
        if self.is_secret:
            return f"{self.path}: differs from the source (the value is secret)"
        where = f"{self.path}: " if self.path else ""
        theirs = "not there" if self.is_added else repr(self.expected)
        return f"{where}{self.made!r}, and {theirs} in the source"


def pairs(made: Any, expected: Any, path: str = "", is_secret: bool = False) -> Iterator[Pair]:
    """Yield each value of a config, and what is expected of it; nothing for what is open."""
    if expected is REQUIRED or expected is LEFT_OUT:
        return
    found: list[tuple[str, Any, Any]]
    secrets: Iterable[str] = ()
    if isinstance(expected, dict) and is_config(made):
        dot = "." if path else ""
        secrets = [f"{dot}{name}" for name in schema_of(made).secret_names]
        values = {**expected, **dict.fromkeys(_added(made, expected), _ADDED)}
        found = [(f"{dot}{name}", getattr(made, name), value) for name, value in values.items()]
    elif isinstance(expected, dict) and isinstance(made, dict) and list(made) == list(expected):
        found = [(f"[{key!r}]", made[key], value) for key, value in expected.items()]
    elif _are_sequences(made, expected) and len(made) == len(expected):
        both = zip(made, expected, strict=True)
        found = [(f"[{n}]", one, other) for n, (one, other) in enumerate(both)]
    else:
        yield Pair(path, made, expected, is_secret)
        return
    for step, one, other in found:
        where = path if is_secret else f"{path}{step}"
        yield from pairs(one, other, where, is_secret or step in secrets)


def _are_sequences(*values: Any) -> bool:
    return all(isinstance(value, (list, tuple)) for value in values)


def _added(config: Any, expected: dict[Any, Any]) -> Iterator[str]:
    """Yield the fields of a config that the source does not have, and that are not left out.

    A property may give them a value, and so may the signature of a target.
    """
    schema = schema_of(config)
    if schema.outside is None:
        for name, field in schema.fields.items():
            if name not in expected and input_of(config, field) is not Omitted:
                yield name


def differences(found: Iterable[Pair], is_same: Callable[[Any, Any], bool]) -> list[str]:
    """Return the pairs of different values as lines; one for each secret."""
    wrong = [pair for pair in found if not is_same(pair.made, pair.expected)]
    return list(dict.fromkeys(map(str, wrong)))


def is_same(made: Any, expected: Any) -> bool:
    """Return whether two values are equal and of one type; an int is as good as a float."""
    return _kind(made) is _kind(expected) and bool(made == expected or made != made)


def _kind(value: Any) -> Any:
    return float if type(value) is int else type(value)
