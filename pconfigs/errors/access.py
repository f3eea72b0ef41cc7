"""Errors of a built config: used before it is complete, or changed."""

from __future__ import annotations

import sys

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import (
    class_name,
    clauses,
    counted,
    did_you_mean,
    given_words,
    pointed,
    sentence,
    some,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Protocol

    from pconfigs.errors.place import Place

    class Field(Protocol):
        """The attributes of a field; see schema/fields.py."""

        @property
        def pinned(self) -> bool: ...
        @property
        def property(self) -> object: ...


class DeferredError(PConfigError, TypeError):
    """An operation needs a value that is not known yet.

    Attributes:
        marker: `Required` or `Pinned`.
        operation: What was tried.
    """

    def __init__(self, marker: str, operation: str) -> None:
        self.marker, self.operation = marker, operation
        super().__init__(
            f"{marker} marks a value that is not known yet: {operation} needs the value"
        )


class OpenConfigError(PConfigError, ValueError):
    """A config with open values was to be used.

    Attributes:
        paths: Where the open values are.
        reasons: Why those are open that are not `Required`, by path.
        place: Where the config was made; None where that is not known.
    """

    def __init__(
        self,
        config_class: type,
        action: str,
        paths: Sequence[str],
        place: Place | None = None,
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        self.config_class, self.action, self.paths = config_class, action, tuple(paths)
        self.place, self.reasons = place, dict(reasons or {})
        required = [path for path in self.paths if path not in self.reasons]
        parts = []
        if required:
            are = "are" if len(required) > 1 else "is"
            count = counted(len(required), "required value")
            parts.append(f"{count} {are} not given yet: {some(required, 12)}")
        if self.reasons:
            known = [f"{path} {reason}" for path, reason in self.reasons.items()]
            start = "\n    " if parts or len(known) > 1 else ""
            parts.append(start + some(known, 6, start or ", "))
        headline = f"{class_name(config_class)} cannot {action}: {'; '.join(parts)}"
        super().__init__(sentence(place, headline) + pointed(place, self._advice(required)))

    def _advice(self, required: Sequence[str]) -> str:
        if required or not self.reasons:
            path = required[0] if required else "field"
            keyword = path if path.isidentifier() else path.partition(".")[0].partition("[")[0]
            return f"complete it: {class_name(self.config_class)}(config, {keyword}=...)"
        path, reason = next(iter(self.reasons.items()))
        if "nothing pins it" in reason:
            return f"pin {path} where its config is made: {path.rpartition('.')[2]}=Pin(...)"
        waits_for = reason.removeprefix("waits for ").partition(",")[0]
        if waits_for.startswith("the environment variable "):
            return f"set it: export {waits_for.rpartition(' ')[2]}=..., or give {path}"
        part, _, name = waits_for.rpartition(".")
        if not part:
            return f"complete it: {class_name(self.config_class)}(config, {waits_for}=...)"
        return (
            f"pin what {waits_for} waits for, or let {path} read what was given for it:"
            f" pinputs(self.{part}).{name}"
        )


class SecretNotHeldError(PConfigError, AttributeError):
    """A secret was read in a config that was pickled, which leaves secrets out.

    Attributes:
        config_class: The class of the config.
        field: The name of the field.
    """

    def __init__(self, config_class: type, field: str) -> None:
        self.config_class, self.field = config_class, field
        name = class_name(config_class)
        super().__init__(
            f"{name}.{field} is a secret, and secrets are not pickled: this config was restored"
            " without it",
            f"give it again: {name}(config, {field}=...), or read it from the environment",
        )


class NoSuchAttributeError(PConfigError, AttributeError):
    """A property read a name that its config does not have.

    Attributes:
        config_class: The class of the config.
        name: The name.
    """

    def __init__(self, config_class: type, name: str, fields: Iterable[str]) -> None:
        self.config_class, self.fields = config_class, fields
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        # Worded when it is shown: a property may ask for names that need not be there.
        attributes = [one for one in dir(self.config_class) if not one.startswith("_")]
        words = f"{class_name(self.config_class)!r} has no field or attribute {self.name!r}"
        return clauses(words, did_you_mean(str(self.name), [*self.fields, *attributes]))


class FrozenError(PConfigError, AttributeError):
    """An attribute of something that never changes was to be set or deleted.

    That of a config is a `dataclasses.FrozenInstanceError`, too.
    """


_classes: list[type[FrozenError]] = []


def _frozen_instance_error(message: str, *hints: str) -> FrozenError:
    """Return a FrozenError that code which knows frozen dataclasses catches."""
    dataclasses: Any = sys.modules.get("dataclasses")
    if dataclasses is None:  # so nothing can catch what it has
        return FrozenError(message, *hints)
    if not _classes:
        bases = (FrozenError, dataclasses.FrozenInstanceError)
        body = {"__doc__": FrozenError.__doc__, "__reduce__": _reduced}
        _classes.append(type("FrozenError", bases, {"__module__": FrozenError.__module__, **body}))
    return _classes[0](message, *hints)


def _reduced(error: FrozenError) -> Any:
    return (_frozen_instance_error, error.args)


def built_twice(config: object) -> FrozenError:
    """Return the error for `config.__init__(...)` of a built config."""
    name = type(config).__name__
    return FrozenError(
        f"{name}.__init__ must be called once, by {name}(...): a config never changes",
        f"make a variant: {name}(config, field=...)",
    )


def frozen_config(
    config: object, name: str, action: str, fields: Mapping[str, Field]
) -> FrozenError:
    """Return the error for `config.name = …` or `del config.name`."""
    config_name = type(config).__name__
    known = list(fields)
    if name in known and fields[name].pinned:
        advice = "it is pinned: no variant sets it, only what it is computed from"
        if fields[name].property is None:
            advice = "it is pinned: only the default of its class can set it, as Pin(...)"
    elif name in known:
        advice = f"make a variant: {config_name}(config, {name}=...)"
    else:
        advice = clauses(f"it has no field {name!r}", did_you_mean(name, known))
    return _frozen_instance_error(
        f"{config_name}.{name} cannot be {action}: a config never changes", advice
    )


class FrozenContainerError(PConfigError, TypeError):
    """A list, dict or set inside a config was to be changed."""

    def __init__(self, kind: str, operation: str, variant: str) -> None:
        self.kind, self.operation = kind, operation
        super().__init__(
            f"this {kind} belongs to a config and never changes ({operation})",
            f"make a variant: {variant}",
        )


class UnhashableError(PConfigError, TypeError):
    """A list or dict of a config holds something that cannot be hashed.

    Attributes:
        path: Where, as a suffix: `[2]['k']`.
        value: What.
    """

    def __init__(self, path: str, value: object) -> None:
        self.path, self.value = path, value
        super().__init__(f"{path} cannot be hashed: {given_words(value)}")
