"""Causes: which changed inputs the value of a property follows from."""

from __future__ import annotations

from pconfigs.schema.build_record import reads_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.static_reads import ignores_input, mentions, reads_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from pconfigs.tree.diff import Change
    from pconfigs.tree.paths import Path

    # By the path of a config and the name of its field: the changes of it and inside it.
    Below: TypeAlias = dict[tuple[int, Any], list[Change]]
    # By the path of a property: the changed inputs that it read itself, and what made the rest.
    _Saw: TypeAlias = dict[int, tuple[dict[Path, None], "dict[int, PropertyOrigin]"]]


class PropertyOrigin:
    """A property that made values.

    Attributes:
        path: Of the field that it computes.
        at: Of the config that it belongs to.
        owners: That config, before and after.
    """

    __slots__ = ("at", "name", "owners", "path")

    def __init__(self, at: Path, path: Path, owners: tuple[Any, Any]) -> None:
        self.at, self.path, self.owners = at, path, owners
        self.name = str(path.step)

    @property
    def functions(self) -> list[Any]:
        """What computes it, before and after."""
        found = [schema_of(o).properties.get(self.name) for o in self.owners if is_config(o)]
        return [prop.function for prop in found if prop is not None]


def tell_causes(changes: Sequence[Change]) -> None:
    """Tell each value that a property made which changed inputs it follows from."""
    below: Below = {}
    for change in changes:
        node: Path = change.path
        while node.parent is not None:
            below.setdefault((id(node.parent), node.step), []).append(change)
            node = node.parent
    saw: _Saw = {}
    known: dict[int, tuple[Path, ...]] = {}
    for change in changes:
        source = change.pair.source
        if source is not None:
            if id(source.path) not in known:
                known[id(source.path)] = _causes(source, below, saw)
            change.causes = known[id(source.path)]


def _causes(source: PropertyOrigin, below: Below, saw: _Saw) -> tuple[Path, ...]:
    """Changed inputs that a property read, directly or through other properties."""
    causes: dict[Path, None] = {}
    waiting, seen = [source], {id(source.path)}
    for current in waiting:
        at = id(current.path)
        if at not in saw:
            saw[at] = _inputs_and_sources(_read_changes(current, below))
        inputs, sources = saw[at]
        causes.update(inputs)
        waiting += [inner for known, inner in sources.items() if known not in seen]
        seen.update(sources)
    return tuple(causes)


def _inputs_and_sources(
    changes: list[Change],
) -> tuple[dict[Path, None], dict[int, PropertyOrigin]]:
    """The paths of those that are inputs, and what made the others, each once."""
    inputs: dict[Path, None] = {}
    sources: dict[int, PropertyOrigin] = {}
    for change in changes:
        inner = change.pair.source
        if inner is None:
            inputs[change.path] = None
        else:
            sources[id(inner.path)] = inner
    return inputs, sources


def _read_changes(source: PropertyOrigin, below: Below) -> list[Change]:
    """The changes that a property itself saw."""
    names = [name for owner in source.owners for name in reads_of(owner).get(source.name, ())]
    found: list[Change] = []
    for name in dict.fromkeys(names):
        if name != source.name:
            found += _seen(source, name, below)
    # What was given for the property's own field: it has to ask for it.
    given = [change for change in below.get((id(source.at), source.name), ()) if change.is_input]
    return found + [change for change in given if _asks_for(source, change)]


def _seen(source: PropertyOrigin, name: str, below: Below) -> list[Change]:
    """Changes of a field and inside it, as far as the code that read it goes into them."""
    changes = below.get((id(source.at), name), [])
    made = {id(change.path) for change in changes if not change.is_input}
    # Where a property has made something else of an input, that input was not what was read.
    valid = [change for change in changes if not change.is_input or id(change.path) not in made]
    inner = [change for change in valid if change.path.parent is not source.at]
    functions = source.functions
    named = [
        change
        for change in inner
        if any([mentions(function, str(change.path.step)) for function in functions])
    ]
    return named or valid


def _asks_for(source: PropertyOrigin, change: Change) -> bool:
    path: Path = change.path
    while path.parent is not None and not isinstance(path.step, str):
        path = path.parent
    if path is source.path:
        # An item of it came, went or is another one: whoever goes through the items sees it.
        return not all([ignores_input(function, source.name) for function in source.functions])
    return any(reads_elsewhere(function, str(path.step)) for function in source.functions)
