"""Entries: what is printed of a config, in which order, and with which comments."""

from __future__ import annotations

from _operator import attrgetter

from pconfigs.markers import Secret
from pconfigs.schema.table import schema_of
from pconfigs.text.shapes import Codeless, Hidden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

COMMA = ","
CLASS_VAR = ",  # ClassVar (omit from config)"
PINNED = ",  # Pinned (omit from config)"


class Environment:
    """Stands for the environment class of a config, to be printed with the texts of its variables."""

    __slots__ = ("cls",)

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def entries(self) -> list[tuple[str, str]]:
        """Variables and their texts, as code would pass them."""
        found: Any = self.cls.__penv_entries__()  # type: ignore[attr-defined]
        return [(f"{variable}=", str(text)) for variable, text in found]


class Entries:
    """The printed entries of one config class.

    Attributes:
        names: Of fields and class variables, in print order.
        before: What stands before each value: `"steps="`.
        after: What stands after it: a comma, and a comment where there is one.
    """

    def __init__(self, cls: type, class_vars: bool = True) -> None:
        schema = schema_of(cls)
        fields = schema.fields
        self.names: list[str] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self._fixed: dict[int, Any] = {}
        for name in schema.entries if class_vars else fields:
            after = CLASS_VAR
            if name in fields:
                after = PINNED if fields[name].pinned else COMMA
                if Secret in fields[name].markers:
                    self._fixed[len(self.names)] = Hidden("Secret")
            elif name == "environment" and hasattr(schema.environment, "__penv_entries__"):
                self._fixed[len(self.names)] = Environment(schema.environment)  # type: ignore[arg-type]
            elif not hasattr(cls, name):
                # A class variable that is announced but has no value.
                continue
            self.names.append(name)
            self.before.append(f"{name}=")
            self.after.append(after)
        self._read = attrgetter(*self.names) if self.names else None

    def values(self, config: Any) -> Sequence[Any]:
        """The values of a config, one for each entry."""
        if self._read is None:
            return ()
        try:
            found = self._read(config)
        except AttributeError:
            found = [getattr(config, name, Codeless("<not set yet>")) for name in self.names]
        else:
            found = (found,) if len(self.names) == 1 else found
        if not self._fixed:
            return found
        return [self._fixed.get(index, value) for index, value in enumerate(found)]

    def of(self, config: Any) -> Iterator[tuple[str, Any, str]]:
        """What stands before each value, the value, and what stands after it."""
        return zip(self.before, self.values(config), self.after)
