"""One writing and one reading of plain data, as converters see them.

`dump.Dump` and `load_context.Load` add what is about configs. They use converters themselves, which
know them by what is declared here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import given_words, shorten
from pconfigs.errors.serialization import Drift
from pconfigs.markers import Omitted, Pinned, Required, Secret
from pconfigs.provenance.data_files import DataFile
from pconfigs.schema.class_schema import Schema
from pconfigs.schema.fields import Field
from pconfigs.serialization.allowlist import ImportAllowlist, NotPermittedError
from pconfigs.serialization.conversion.plain_forms import PlainForms
from pconfigs.serialization.conversion.plain_helpers import path_text
from pconfigs.serialization.conversion.tags import DEEPEST, INVALID
from pconfigs.serialization.conversion.text_values import (
    class_named,
    read_key,
    read_text,
    tagged_value,
)
from pconfigs.serialization.conversion.union_choice import choose
from pconfigs.validation.base import InvalidValue


class Dump(Protocol):
    """One writing of a config; see `serialization.dump`."""

    steps: list[Any]
    ties: dict[int, Any]

    def config(self, config: Any, decided: bool) -> dict[str, Any]: ...
    def computed(self, converter: Any, value: Any) -> Any: ...
    def foreign(self, value: Any) -> Any: ...
    def refuse(self, value: Any, reason: str) -> Any: ...
    def compiled(self, writer: Any) -> Callable[[Any, Any, bool], dict[str, Any]]: ...


class Reading:
    """One reading of plain data: where it is, and what is wrong.

    Args:
        top: All of the data.
        permitted: What may be named.
        classes: Config classes that may be where any value may be.
        ours: Whether the data was written by `pdump`, and so is complete.
        drift: What to do where code computes other values today.
        call: What counts as where the configs were made: the code and instruction, or the file,
            as one whose lines are known or not.

    Attributes:
        here: The code and instruction, where it is not a file.
        problems, drifts: What is wrong, and what has changed.
        changed_defaults: Path, kept value and today's default of fields whose default has changed.
        steps: The way to what is being read: field names, indices, `Item`s; None between.
        deepest: How many steps there may be.
        secret: The path and type of the secret field around, or None.
        compares: Whether computed values are compared with those of today.
        keeps: Whether computed values are being read, to be kept as they were saved.
        warns: Whether changed defaults are noted.
    """

    deepest = DEEPEST

    def __init__(
        self,
        top: Any,
        permitted: ImportAllowlist,
        classes: tuple[type, ...],
        ours: bool,
        drift: str,
        call: tuple[Any, int] | str | DataFile,
    ) -> None:
        self.top, self.permitted, self.classes = top, permitted, classes
        self.ours, self.drift, self.call = ours, drift, call
        self.here = call if isinstance(call, tuple) else None
        self.problems: list[Problem] = []
        self.drifts: list[Drift] = []
        self.changed_defaults: list[tuple[str, Any, Any]] = []
        self.steps: list[Any] = []
        self.secret: tuple[str, str] | None = None
        self.compares = drift != "accept"
        self.keeps = False
        self.warns = True

    @property
    def path(self) -> str:
        """The path of what is being read."""
        return path_text(self.steps)

    def note(self, words: str, hint: str = "") -> Any:
        """Note a problem of what is being read; return INVALID."""
        return self.note_at(self.path, words, hint)

    def note_at(self, path: str, words: str, hint: str = "") -> Any:
        """Note a problem at a path; inside of a secret field, without what was given."""
        if self.secret is not None:
            path, description = self.secret
            hint = ""
            words = f"must be {description} (the value given is secret and not shown)"
        problem = Problem(path, words, hint)
        if self.secret is None or str(problem) not in map(str, self.problems):
            self.problems.append(problem)
        return INVALID

    def note_below(self, name: Any, words: str, hint: str = "") -> Any:
        """Note a problem of a field of what is being read."""
        return self.note_at(path_text([*self.steps, name]), words, hint)

    def note_default(self, name: str, kept: Any, today: Any) -> None:
        """Note a field that keeps what was its default once."""
        if self.secret is None:
            self.changed_defaults.append((path_text([*self.steps, name]), kept, today))

    def note_misfit(self, path: str, expected: str, value: Any, advice: str) -> None:
        """Note a value that is not what it must be; None is null in a file."""
        got = "null" if value is None and self.here is None else given_words(value)
        self.note_at(path, f"must be {expected}, but got {got}", advice)

    def note_invalid(self, path: str, invalid: InvalidValue) -> None:
        """Note why a validator refuses the value at a path."""
        self.note_misfit(f"{path}{invalid.path}", invalid.expected, invalid.value, invalid.advice)

    def check(self, field: Field, value: Any) -> None:
        """Note a value that does not fit its field."""
        if value is Required or value is Omitted or value is Pinned:
            return
        try:
            field.validator.validate(value)
        except InvalidValue as invalid:
            path = path_text([*self.steps, field.name])
            with self.inside(field, path):
                self.note_invalid(path, invalid)

    @contextmanager
    def inside(self, field: Field, path: str = "") -> Generator[None]:
        """Hide what is given for a field, if it is secret."""
        before = self.secret
        if Secret in field.markers:
            self.enter_secret(field, path)
        try:
            yield
        finally:
            self.secret = before

    def enter_secret(self, field: Field, path: str = "") -> None:
        """Hide what is given for a secret field, until `secret` is set back."""
        if self.secret is None:
            self.secret = path or self.path, field.validator.description

    def quietly(self, function: Callable[..., Any], node: Any) -> Any:
        """Return what a function of plain data returns, or INVALID, with nothing noted."""
        before = len(self.problems), len(self.steps), self.compares, self.warns
        self.compares = self.warns = False
        value = function(node, self)
        count, depth, self.compares, self.warns = before
        del self.steps[depth:]
        if len(self.problems) > count:
            del self.problems[count:]
            return INVALID
        return value

    # A recorded run writes its config and reads none: converters reach what only reads from here.
    # Each returns INVALID where there is no value, with the reason noted.

    def tried(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what a function returns."""
        try:
            return function(*args)
        except NotPermittedError as error:
            return self.note(error.problem, error.advice)
        except ValueError as error:
            return self.note(f"{shorten(args[0], 40)} does not fit: {error}")

    def text(self, text: str, forms: PlainForms) -> Any:
        """Return the value of a string."""
        return self.tried(read_text, text, forms, self.permitted)

    def key(self, text: Any, forms: PlainForms) -> Any:
        """Return the key of a mapping."""
        return self.tried(read_key, text, forms, self.permitted)

    def tagged(self, tag: str, text: Any) -> Any:
        """Return the value of a tag that holds one string."""
        return self.tried(tagged_value, tag, text, self.permitted)

    def chosen(self, node: dict[Any, Any], classes: Sequence[type]) -> Any:
        """Return which of several classes a mapping is of."""
        return self.tried(choose, node, classes)

    def class_named(self, name: Any, forms: PlainForms) -> Any:
        """Return the class that a mapping names."""
        return self.tried(class_named, name, forms, self.permitted, self.classes)

    # What `Load` has.

    def foreign(self, tag: str, node: Any) -> Any:
        """Return the value of a tag of values with parts."""
        raise NotImplementedError

    def config(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping."""
        raise NotImplementedError

    def part(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping as `pdump` writes it, without its class, or UNREAD."""
        raise NotImplementedError

    def same_config(self, text: Any, converter: Any) -> Any:
        """Return the config at another path of the data."""
        raise NotImplementedError

    def compiled(self, converter: Any) -> Callable[..., Any] | None:
        """Return straight code that reads the configs of one class; see `compiled_reader`."""
        raise NotImplementedError

    def migrated(self, schema: Schema, node: dict[Any, Any]) -> Any:
        """Return plain data of inputs and of computed values, by the names of today."""
        raise NotImplementedError

    def is_given(self, schema: Schema, node: Any) -> bool:
        """Return whether plain data lists fields of a class; note what is wrong."""
        raise NotImplementedError

    def build(self, converter: Any, inputs: dict[str, Any]) -> Any:
        """Return the config of these inputs."""
        raise NotImplementedError

    def comparison(self) -> Dump:
        """Return what writes values of today, to be compared with saved ones."""
        raise NotImplementedError

    def is_same_config(self, node: dict[Any, Any], config: Any, converter: Any) -> bool:
        """Return whether a mapping is that of a config which code computes today."""
        raise NotImplementedError

    def changed(self, config: Any, field: Field, node: Any, converter: Any) -> None:
        """Note, or keep, a computed value that is another one today."""
        raise NotImplementedError
