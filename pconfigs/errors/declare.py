"""Errors of classes: what a decorator, an annotation or a default may not be."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError, with_hints
from pconfigs.errors.formatting import (
    aligned,
    class_name,
    given_words,
    listed,
    pointed,
    sentence,
    shown_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pconfigs.errors.place import Place


class DeclarationError(PConfigError, TypeError):
    """A decorator was used in a way that cannot work."""


class InheritanceError(PConfigError, ValueError):
    """A class derived from one that constructs something does not name what it constructs."""


class ReservedNameError(PConfigError, ValueError):
    """A field has a name, or under its name a type, that a config class cannot have."""


class CycleError(PConfigError, ValueError):
    """Properties of one config need each other.

    Attributes:
        config_class: The class.
        names: The properties, each needing the next; the first is repeated at the end.
        lines: The file and line of each property, the first one not repeated.
        place: The first of these in words; None if there is none.
    """

    def __init__(
        self,
        config_class: type,
        names: Sequence[str],
        lines: Sequence[tuple[str, int]] = (),
        advice: str = "",
    ) -> None:
        self.config_class = config_class
        self.names = tuple(names)
        self.lines = tuple(lines)
        places = [f"{shown_file(file)}:{line}" for file, line in self.lines]
        self.place = places[0] if places else None
        name, first = class_name(config_class), self.names[0]
        if len(self.names) == 2:
            words = with_hints(
                f"{name}.{first} reads itself: {first} -> {first}",
                f"to start from what was given for it, read pinputs(self).{first}",
            )
        else:
            words = with_hints(
                f"properties of {name} need each other: {' -> '.join(self.names)}",
                *aligned(zip(names, places, strict=False)),
                "let one of them read inputs only, or pinputs(self) where it means what was given",
            )
        at = f"{self.place}: " if self.place else ""
        super().__init__(f"{at}{words}", advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.config_class, self.names, self.lines))


def undecorated(cls: type, declared: Sequence[str], base: type) -> DeclarationError:
    """Return the error for a class that extends a config class without the decorator."""
    name = class_name(cls)
    names = listed(list(dict.fromkeys(declared))[:5])
    return DeclarationError(
        f"{name} declares {names}, but is not a config class: its configs would be those of"
        f" {class_name(base)}",
        f"put @pconfig above class {name}",
    )


def dataclass_above(cls: type) -> DeclarationError:
    """Return the error for `@dataclass` above the decorator of a config class."""
    return DeclarationError(
        f"{class_name(cls)} is a config class, and so a dataclass already",
        "remove @dataclass above @pconfig",
    )


class NotConfiguredError(PConfigError, TypeError):
    """A configured class was to be made without its config."""

    def __init__(self, configured_class: type, config_name: str, action: str) -> None:
        name = class_name(configured_class)
        self.configured_class = configured_class
        super().__init__(
            f"{name}(...) {action}: {name} is made from its config",
            f"write {config_name}(...).construct(), or {name}(config={config_name}(...))",
        )


class UnknownNameError(PConfigError, NameError):
    """An annotation names something that does not exist.

    Attributes:
        config_class: The class.
        field: The annotated name.
        missing: The name that cannot be found.
    """

    def __init__(
        self, config_class: type, field: str, missing: str, annotation: str, suggestion: str | None
    ) -> None:
        self.config_class, self.field, self.missing = config_class, field, missing
        advice = (
            f"did you mean {suggestion}?"
            if suggestion
            else "import or define it where the class is defined"
        )
        super().__init__(
            f"{class_name(config_class)}.{field}: {annotation}",
            f"name {missing!r} is not defined in {config_class.__module__}: {advice}",
            name=missing,
        )


class DefaultError(PConfigError, ValueError):
    """A class has its default already.

    Attributes:
        config_class: The class.
        first, place: Where each default was made.
        changed: Fields of the first that the second would change, where it could complete it.
    """

    def __init__(
        self, config_class: type, first: Place | None, place: Place | None, changed: Sequence[str]
    ) -> None:
        self.config_class, self.first, self.place = config_class, first, place
        self.changed = tuple(changed)
        name = class_name(config_class)
        if changed:
            at = f" at {first}" if first is not None else ""
            fields = listed([f"{name}.{field}" for field in self.changed])
            what = f"this completes the default of {name}{at}, but also changes {fields}"
            todo = f"leave out {listed(self.changed)}"
        else:
            at = f", made at {first}" if first is not None else ""
            what, todo = f"{name} has a default already{at}", "merge the two"
        advice = f"{todo}, or make this an experiment: config = {name}(...)"
        super().__init__(sentence(place, what) + pointed(place, advice))


class NotADefaultError(PConfigError, TypeError):
    """An object other than a config was registered or looked up as a default."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(
            f"a default is a config, but got {given_words(value)}",
            "write pdefaults += SomeConfig(...)",
        )
