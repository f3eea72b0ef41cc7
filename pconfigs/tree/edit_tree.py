"""Trees of edits: values to be set inside a config, and the config that is built with them.

Each config on the way to a change is built once, those inside before those around them.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import CONTAINERS, Sentinel, is_dict
from pconfigs.errors.build import BuildError, CheckError, build_error
from pconfigs.errors.paths import EditError
from pconfigs.markers import Omitted
from pconfigs.provenance.locations import CommandLineLocation, StatementLocations
from pconfigs.provenance.origins import function_place, keyword_place, place_of, set_provenance
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.paths import Item, Path
from pconfigs.validation.frozen import FrozenDict, thawed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, TypeAlias

    from pconfigs.provenance.locations import Location
    from pconfigs.schema.fields import Field

Call: TypeAlias = "tuple[CodeType | Location, int]"


UNCHANGED: Any = Sentinel("UNCHANGED")
"""The value of a place where nothing was set."""
ABSENT: Any = Sentinel("ABSENT")
"""A config that is built from the values set in it, and from defaults, alone."""


class Node:
    """A value on the way to a change, or one that is changed.

    Attributes:
        old: What was given there before.
        path: Where it is.
        new: What is set there; an item that is `Omitted` is left out.
        children: What is inside, by field name, index or key, as far as something there changes.
        made: The class to build, where it is not that of `old`.
        calls: Where each child was set, if each was by a statement of its own.
        is_raw: A property of the config around it decides what becomes of it.
    """

    __slots__ = ("calls", "children", "is_raw", "made", "new", "old", "path")

    def __init__(self, old: Any, path: Path, made: type | None = None) -> None:
        self.old, self.path, self.made = old, path, made
        self.new: Any = UNCHANGED
        self.children: dict[Any, Node] = {}
        self.calls: dict[Any, set[Call]] = {}
        self.is_raw = False

    def add(self, key: Any, old: Any, step: str | Item, made: type | None = None) -> Node:
        """Add and return a child, whose value so far is `old`."""
        child = self.children[key] = Node(old, Path(self.path, step), made)
        config_class = self.config_class
        if config_class is not None:
            child.is_raw = schema_of(config_class).fields[key].property is not None
        return child

    @property
    def config_class(self) -> Any:
        """The class of the config that is built here; None for a container."""
        return self.made or (type(self.old) if is_config(self.old) else None)


def built(root: Node, call: Call) -> Any:
    """Return the value of a node with everything that is set in it; `call` counts as its maker."""
    order = [root]
    for node in order:
        order.extend(node.children.values())
    new: dict[int, Any] = {}
    place = place_of(*call) if root.calls else None
    # Every node comes after its parent: backwards, parts are ready before what holds them.
    for node in reversed(order):
        if node.new is not UNCHANGED:
            new[id(node)] = node.new
            continue
        changes = {k: new[id(child)] for k, child in node.children.items() if id(child) in new}
        if changes or (node is root and node.made is not None):
            at: Any = call
            if isinstance(call[0], CommandLineLocation):
                at = (call[0].below(node.path), 0)
            if place is not None and node.calls:
                single = {name: next(iter(c)) for name, c in node.calls.items() if len(c) == 1}
                at = (StatementLocations(place, single), call[1])
            new[id(node)] = _with_children(node, changes, at)
    return new.get(id(root), root.old)


def _with_children(node: Node, changes: dict[Any, Any], call: Call) -> Any:
    old = node.old
    if node.config_class is not None:
        return rebuilt(old, changes, call, node.made, lazy=node.is_raw and node.made is None)
    gone = [key for key, value in changes.items() if value is Omitted]
    if is_dict(old):
        whole = {**old, **changes}
        if type(old) not in (dict, FrozenDict):
            whole = thawed(old, list(whole.values()))
        for key in gone:
            del whole[key]
        return whole
    items = enumerate(old)
    return like(old, [changes.get(index, item) for index, item in items if index not in gone])


def like(old: Any, items: list[Any]) -> Any:
    """Return `items` in a container of the kind that `old` is."""
    if isinstance(old, list):
        return items
    if hasattr(old, "_make"):
        if len(items) < len(old):
            raise EditError([f"{type(old).__name__} is a NamedTuple, which has all its items"])
        return old._make(items)
    for kind in CONTAINERS:
        if isinstance(old, kind):
            return kind(items)
    raise TypeError(type(old).__name__)


def rebuilt(
    config: Any, changes: dict[str, Any], call: Call, made: Any = None, lazy: bool = False
) -> Any:
    """Return a variant of one config, which counts as made by `call`.

    Args:
        config: What it is based on; ABSENT for nothing.
        changes: The keywords.
        call: Code and instruction.
        made: Its class, if it is not that of `config`.
        lazy: Whether its properties may wait until they are read.
    """
    cls = made or type(config)
    try:
        new = schema_of(cls).building().lazy_variant(config, changes, call) if lazy else None
        if new is not None:
            return new
        new = cls(**changes) if config is ABSENT else cls(config, **changes)
    except BuildError as error:
        if error.config_class is not cls:  # a construction of one of its properties
            raise
        for problem in error.problems:
            problem.place = _blame(problem, call)
        raise build_error(cls, place_of(*call), error.problems) from None
    except CheckError as error:
        if error.config_class is not cls:
            raise
        raise CheckError(cls, place_of(*call), error.failures) from error.__cause__
    set_provenance(new, call)
    return new


def _blame(problem: Any, call: Call) -> Any:
    """Return the place of the value that is wrong, in the call that gave it."""
    name = str(getattr(problem, "name", "") or getattr(problem, "path", "")).split("[")[0]
    return keyword_place(*call, name) or place_of(*call)


def pin_words(cls: type, field: Field) -> str:
    """Return why users of a config class cannot set a pinned field."""
    found = field.property
    if found is None:
        return "only the module of its class can set it, as Pin(...)"
    return f"{cls.__name__}.{field.name} at {function_place(found.function)} computes it"
