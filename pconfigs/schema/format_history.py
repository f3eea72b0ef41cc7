"""History: how the fields of a class came to be what they are, for reading what was saved before.

@pconfig(
    renamed={"lr": "base_lr"},            # old name -> name today
    removed={"momentum": 0.0},            # old name -> the value that made no difference
    added={"dropout": 0.0},               # new field -> the value that was there before it
    version=2,                            # of new files; older ones have a lower one
    upgrade=step,                         # one version on: step(data, version)
    formerly="project.old.TrainerConfig", # dotted names that the class has had
)
"""

from __future__ import annotations

from pconfigs.errors.declare import DeclarationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Upgrade = Callable[[dict[str, Any], int], dict[str, Any]]


class History:
    """Describe the past of a class.

    Attributes:
        renamed: Old names of fields, and their names today.
        removed: Names of fields that are gone, and what becomes of their values.
        added: Fields that came later, and the values that mean their absence.
        version: The version of its saved form; 1 where nothing is declared.
        upgrade: Makes today's plain data of older ones.
        formerly: Dotted names that the class has had.
        extra: The field that takes keys which the class does not have; empty where none does.
    """

    __slots__ = ("added", "extra", "formerly", "removed", "renamed", "upgrade", "version")

    def __init__(
        self,
        renamed: Mapping[str, str] | None = None,
        removed: Mapping[str, Any] | None = None,
        added: Mapping[str, Any] | None = None,
        version: int = 1,
        upgrade: Upgrade | None = None,
        formerly: str | tuple[str, ...] = (),
        extra: str = "",
    ) -> None:
        self.renamed = dict(renamed or {})
        self.removed = dict(removed or {})
        self.added = dict(added or {})
        self.version = version
        self.upgrade = upgrade
        self.formerly = (formerly,) if isinstance(formerly, str) else tuple(formerly)
        self.extra = extra

    def refuse_contradictions(self, cls: type, fields: Sequence[str]) -> None:
        """Refuse what cannot be meant, given the names of the fields of `cls`.

        Raises:
            DeclarationError: It contradicts itself, or the class.
        """
        name = cls.__qualname__
        for old, new in self.renamed.items():
            if old in fields:
                raise DeclarationError(
                    f"{name} has renamed={{{old!r}: {new!r}}}, but also a field {old!r}"
                )
            if new not in fields and new not in self.renamed and new not in self.removed:
                raise DeclarationError(
                    f"{name} has renamed={{{old!r}: {new!r}}}, but no field {new!r}"
                )
        for old in self.removed:
            if old in fields:
                raise DeclarationError(f"{name} has removed={{{old!r}: ...}}, but also the field")
        for new in self.added:
            if new not in fields:
                raise DeclarationError(f"{name} has added={{{new!r}: ...}}, but no such field")
        if self.extra and self.extra not in fields:
            raise DeclarationError(
                f"{name}: extra must name a field, got {self.extra!r}\n"
                f"    declare it: {self.extra}: dict[str, Any]"
            )
        if type(self.version) is not int or self.version < 1:
            raise DeclarationError(f"{name}: version is a number from 1 on, not {self.version!r}")
        if self.upgrade is not None and self.version == 1:
            raise DeclarationError(f"{name} has an upgrade, so version has to be at least 2")

    def name_today(self, name: str) -> str:
        """Return the name that a field of that name has today."""
        seen = {name}
        while name in self.renamed and self.renamed[name] not in seen:
            name = self.renamed[name]
            seen.add(name)
        return name

    def first_name(self, name: str) -> str:
        """Return the name that a field had at first."""
        before = {new: old for old, new in self.renamed.items()}
        seen = {name}
        while name in before and before[name] not in seen:
            name = before[name]
            seen.add(name)
        return name


NO_HISTORY = History()


def history_of(schema: Any) -> History:
    """Return the history of a class: its own, and of its fields that of its ancestors, too."""
    history: History | None = schema.past
    if history is None:
        own = schema.history or NO_HISTORY
        history = History(version=own.version, upgrade=own.upgrade, formerly=own.formerly)
        for ancestor in schema.lineage:
            declared = ancestor.history
            if declared is not None:
                history.renamed.update(declared.renamed)
                history.removed.update(declared.removed)
                history.added.update(declared.added)
                history.extra = history.extra or declared.extra
        schema.past = history
    return history


def names_of(cls: type) -> tuple[str, ...]:
    """Return the names that a class has had, the first one last."""
    schema: Any = cls.__dict__.get("__pconfig_schema__")
    history: History | None = None if schema is None else schema.history
    return history.formerly if history is not None else ()
