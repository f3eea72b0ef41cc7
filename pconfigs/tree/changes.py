"""Changes: the differences between two configs, as `pdiff` returns them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pconfigs.annotations.kinds import Sentinel
from pconfigs.errors.formatting import class_names, cut, shorten
from pconfigs.provenance.origins import HIDDEN, Origin, origin_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.properties import pproperty
from pconfigs.tree.paths import Item, Path

CHANGED, ADDED, REMOVED, CLASS, MOVED = "changed", "added", "removed", "class", "moved"


ABSENT: Any = Sentinel("(none)")
"""The value on the side where there is none."""


class FoundCauses(NamedTuple):
    """The changed inputs that a made value follows from; if not exact, some may not matter."""

    paths: tuple[Path, ...]
    exact: bool


@dataclass(slots=True, eq=False)
class PropertyOrigin:
    """A property that made values.

    Attributes:
        path: Of the field that it computes.
        at, at_before: Of the config that it belongs to, after and before.
        owners: That config, before and after.
    """

    path: Path
    at: Path
    at_before: Path
    owners: tuple[Any, Any]

    @property
    def name(self) -> str:
        return str(self.path.step)


@dataclass(slots=True, eq=False)
class ComparedPair:
    """Two values in the same place, and how the walk got there.

    Attributes:
        path, path_before: Where they are; they differ below list items that have shifted.
        before, after: The values.
        owners: The configs that hold them, in a field or in containers there.
        field: The name of that field.
        source: The property that made the values; None for inputs.
        given_to: The property that they were given to, which may have made others of them.
        given: For made values, the pair of what was given to that property, if it may differ.
        is_secret: Whether the values are those of a `Secret` field.
    """

    path: Path
    path_before: Path
    before: Any
    after: Any
    owners: tuple[Any, Any] = (None, None)
    field: str = ""
    source: PropertyOrigin | None = None
    given_to: pproperty | None = None
    given: ComparedPair | None = None
    is_secret: bool = False

    def below(
        self, path: Path, before: Any, after: Any, step_before: Item | None = None
    ) -> ComparedPair:
        """Return the pair one item further; `step_before` is its step before, if another one."""
        path_before = path
        if step_before is not None or self.path_before is not self.path:
            path_before = Path(self.path_before, step_before or path.step)
        return ComparedPair(
            path, path_before, before, after, self.owners, self.field, self.source, self.given_to
        )

    def field_below(
        self, path: Path, name: str, before: Any, after: Any, is_secret: bool
    ) -> ComparedPair:
        """Return the pair of a field of these two configs."""
        path_before = path if self.path_before is self.path else Path(self.path_before, name)
        return ComparedPair(
            path, path_before, before, after, (self.before, self.after), name,
            self.source, self.given_to, None, is_secret,
        )  # fmt: skip


class Change:
    """One difference between two configs.

    Attributes:
        path: Where it is: in the second config, or in the first for what was removed.
        path_before: Where it is in the first config; list items may have shifted.
        kind: `changed`, `added`, `removed`, `moved`, or `class` for a config of another class.
        before, after: The values; ABSENT on the side where there is none. For `class`, the classes.
        property: Path of the property that made the value; None for an input.
    """

    def __init__(self, kind: str, pair: ComparedPair, before: Any, after: Any) -> None:
        if pair.is_secret:
            before = before if before is ABSENT else HIDDEN
            after = after if after is ABSENT else HIDDEN
            # Changes are pickled.
            pair = replace(pair, before=before, after=after, given=None)
        self.kind, self.before, self.after = kind, before, after
        self.path, self.path_before = pair.path, pair.path_before
        self.property = None if pair.source is None else pair.source.path
        self.pair = pair
        self.find_causes: Callable[[PropertyOrigin], FoundCauses] | None = None

    @property
    def is_input(self) -> bool:
        """Whether it was set, rather than made by a property."""
        return self.property is None

    @property
    def causes(self) -> tuple[Path, ...]:
        """Paths of the changed inputs that a made value follows from; nothing for an input."""
        return self._found_causes.paths

    @property
    def causes_exact(self) -> bool:
        """Whether the causes are known; if not, some of them may not matter."""
        return self._found_causes.exact

    @property
    def _found_causes(self) -> FoundCauses:
        if self.pair.source is None or self.find_causes is None:
            return FoundCauses((), True)
        return self.find_causes(self.pair.source)

    @property
    def origin_before(self) -> Origin | None:
        return self._origin(0)

    @property
    def origin_after(self) -> Origin | None:
        return self._origin(1)

    def _origin(self, side: int) -> Origin | None:
        owner, name = self.pair.owners[side], self.pair.field
        if not is_config(owner) or name not in schema_of(owner).fields:
            return None
        return origin_of(owner, name)

    def __str__(self) -> str:
        if self.kind == MOVED:
            return f"{self.path}: moved from {self.path_before}"
        where = self.path or "(class)"
        if self.kind == CLASS:
            return f"{where}: {' -> '.join(class_names([self.before, self.after]))}"
        one, other = _contrast(_written(self.before), _written(self.after))
        return f"{where}: {one} -> {other}"

    def __repr__(self) -> str:
        return f"<{self.kind} {self}>"


def _written(value: Any) -> str:
    return repr(value) if isinstance(value, (str, bytes)) else shorten(value, 10_000)


def _contrast(one: str, other: str, limit: int = 60) -> tuple[str, str]:
    """Return two texts, cut if they are long so that their first difference remains."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    start = max(0, same - limit // 3) if max(len(one), len(other)) > limit else 0
    shown = [f"...{text[start + 3 :]}" if start > 3 else text for text in (one, other)]
    return cut(shown[0], limit), cut(shown[1], limit)


class Changes(list[Change]):
    """Differences in the order of the fields; empty if there are none."""

    @property
    def inputs(self) -> list[Change]:
        """The values that were set."""
        return [change for change in self if change.is_input]

    @property
    def derived(self) -> list[Change]:
        """The values that follow from them."""
        return [change for change in self if not change.is_input]

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "no differences"

    def __repr__(self) -> str:
        return str(self)
