"""Protocols of what converters are given: one writing, one reading, the converter of parts.

`dump.Dump`, `load_context.Load` and `converters.Converter` are these; they use converters
themselves, so that converters know them by what they can do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pconfigs.schema.class_schema import Schema
from pconfigs.schema.fields import Field
from pconfigs.serialization.allowlist import ImportAllowlist
from pconfigs.serialization.conversion.plain_forms import PlainForms


class Dump(Protocol):
    """One writing of a config; see `serialization.dump`."""

    steps: list[Any]
    ties: dict[int, Any]

    def config(self, config: Any, decided: bool) -> dict[str, Any]:
        """Return the plain form of a config."""
        ...

    def computed(self, converter: Any, value: Any) -> Any:
        """Return the plain form of what code computes."""
        ...

    def refuse(self, value: Any, reason: str) -> Any:
        """Note a value without a plain form."""
        ...


class Load(Protocol):
    """One reading of plain data; see `serialization.load_context`."""

    deepest: int
    ours: bool
    permitted: ImportAllowlist
    classes: tuple[type, ...]
    problems: list[Any]
    steps: list[Any]
    secret: tuple[str, str] | None
    compares: bool
    keeps: bool
    warns: bool

    def note(self, words: str, hint: str = "") -> Any:
        """Note a problem of what is being read."""
        ...

    def note_below(self, name: Any, words: str, hint: str = "") -> Any:
        """Note a problem of a field of what is being read."""
        ...

    def note_default(self, name: str, kept: Any, today: Any) -> None:
        """Note a field that keeps what was its default once."""
        ...

    def tried(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what a function returns, or INVALID, with the reason noted."""
        ...

    def text(self, text: str, forms: PlainForms) -> Any:
        """Return the value of a string, or INVALID."""
        ...

    def key(self, text: Any, forms: PlainForms) -> Any:
        """Return the key of a mapping, or INVALID."""
        ...

    def tagged(self, tag: str, text: Any) -> Any:
        """Return the value of a tag that holds one string, or INVALID."""
        ...

    def chosen(self, node: dict[Any, Any], classes: Sequence[type]) -> Any:
        """Return which of several classes a mapping is of, or INVALID."""
        ...

    def class_named(self, name: Any, forms: PlainForms) -> Any:
        """Return the class that a mapping names, or INVALID."""
        ...

    def compiled(self, converter: Any) -> Callable[..., Any] | None:
        """Return straight code that reads the configs of one class."""
        ...

    def enter_secret(self, field: Field, path: str = "") -> None:
        """Hide what is given for a secret field."""
        ...

    def check(self, field: Field, value: Any) -> None:
        """Note a value that does not fit its field."""
        ...

    def quietly(self, function: Callable[..., Any], node: Any) -> Any:
        """Return what a function of plain data returns, with nothing noted."""
        ...

    def comparison(self) -> Dump:
        """Return what writes values of today."""
        ...

    def config(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping."""
        ...

    def part(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping as `pdump` writes it, or UNREAD."""
        ...

    def same_config(self, text: Any, converter: Any) -> Any:
        """Return the config at another path of the data."""
        ...

    def build(self, converter: Any, inputs: dict[str, Any]) -> Any:
        """Return the config of these inputs."""
        ...

    def migrated(self, schema: Schema, node: dict[Any, Any]) -> Any:
        """Return plain data of inputs and of computed values, by the names of today."""
        ...

    def is_given(self, schema: Schema, node: Any) -> bool:
        """Return whether plain data lists fields of a class."""
        ...

    def is_same_config(self, node: dict[Any, Any], config: Any, converter: Any) -> bool:
        """Return whether a mapping is that of a config which code computes today."""
        ...

    def changed(self, config: Any, field: Field, node: Any, converter: Any) -> None:
        """Note, or keep, a computed value that is another one today."""
        ...


class Converter(Protocol):
    """Writes and reads the values of one validator; see `conversion.converters`."""

    def dump(self, value: Any, out: Any) -> Any:
        """Return the plain form of a value."""
        ...

    def load(self, node: Any, data: Any) -> Any:
        """Return the value of plain data, or INVALID."""
        ...
