"""Errors of a built config: used before it is complete, or changed."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import class_name, given_words, nearest, pointed, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from pconfigs.errors.formatting import Place

    class Field(Protocol):
        """What is asked of a field; see schema/fields.py."""

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
            f"{marker} stands for a value that is not known yet: {operation} needs the value"
        )


class OpenConfigError(PConfigError, ValueError):
    """A config with open fields was to be used.

    Attributes:
        paths: Where the open fields are.
        place: Where the config was made; None where that is not known.
    """

    def __init__(
        self, config_class: type, action: str, paths: Sequence[str], place: Place | None = None
    ) -> None:
        self.config_class, self.action, self.paths = config_class, action, tuple(paths)
        self.place = place
        name = class_name(config_class)
        shown = ", ".join(self.paths[:12]) + (
            f" and {len(paths) - 12} more" if len(paths) > 12 else ""
        )
        first = self.paths[0] if self.paths else "field"
        keyword = first if first.isidentifier() else first.partition(".")[0].partition("[")[0]
        many = len(self.paths) > 1
        headline = (
            f"{name} cannot {action}: {len(self.paths)} required value{'s are' if many else ' is'}"
            f" not given yet: {shown}"
        )
        advice = f"complete it: {name}(config, {keyword}=...)"
        super().__init__(sentence(place, headline) + pointed(place, advice))


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
            f" without it\n"
            f"    give it again: {name}(config, {field}=...), or read it from the environment"
        )


class FrozenError(PConfigError, AttributeError):
    """An attribute of something that never changes was to be set or deleted."""


def frozen_config(
    config: object, name: str, action: str, fields: Mapping[str, Field]
) -> FrozenError:
    """The error for `config.name = …` or `del config.name`."""
    config_name = type(config).__name__
    known = list(fields)
    if name in known and fields[name].pinned:
        advice = "it is pinned: no variant sets it, only what it is computed from"
        if fields[name].property is None:
            advice = "it is pinned: only the default of its class gives it, as Pin(...)"
    elif name in known:
        advice = f"make a variant: {config_name}(config, {name}=...)"
    else:
        suggestion = nearest(name, known)
        advice = f"it has no field {name!r}" + (
            f"; did you mean {suggestion!r}?" if suggestion else ""
        )
    return FrozenError(
        f"{config_name}.{name} cannot be {action}: a config never changes\n    {advice}"
    )


class FrozenContainerError(PConfigError, TypeError):
    """A list, dict or set inside a config was to be changed."""

    def __init__(self, kind: str, operation: str, variant: str) -> None:
        self.kind, self.operation = kind, operation
        super().__init__(
            f"this {kind} belongs to a config and never changes ({operation})\n"
            f"    make a variant: {variant}"
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
