"""Edit: a variant of a config, changed at paths.

Only configs on the way to a change are built again, from their inputs and not from the values that
their properties made of these; everything else is shared with the config before.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_dict
from pconfigs.errors.formatting import given_words
from pconfigs.errors.paths import EditError
from pconfigs.markers import Pinned
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.class_schema import is_config, require_config, schema_of
from pconfigs.schema.inheritance import input_of
from pconfigs.tree.edit_tree import UNCHANGED, Node, built, pin_words
from pconfigs.tree.paths import ROOT, Item, Path, find_key
from pconfigs.tree.walk import meant_by, missing_field, step_into

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Never, TypeVar

    from pconfigs.tree.edit_tree import Call

    C = TypeVar("C")


def pset(config: C, changes: Mapping[str, Any] | None = None, /, **fields: Never) -> C:
    """Return a new config with other values at some paths; properties are computed again.

    `pset(config, {"model.blocks[2].width": 64, "heads['cls'].dim": 8})`; a pattern sets all that it
    selects: `pset(config, {"model.blocks[*].width": 64})`. Items that are `Omitted` are left out:
    `pset(config, {"model.blocks[0]": Omitted})`. Indices are those of the config as it is.

    Raises:
        TypeError: `changes` is not a mapping, or keywords are given.
        PathError: There is nothing at a path; the nearest that is there is named.
        EditError: A path leads to or through a pinned field, or into what another path sets.
        BuildError: A value does not fit.
        CheckError: A config that was changed fails its checks.
    """
    require_config("pset", config)
    if fields or changes is None or not hasattr(changes, "items"):
        paths = ", ".join([f'"{name}": ...' for name in fields or ("model.width",)])
        given = "keywords" if fields else given_words(changes)
        raise TypeError(
            f"pset must get a mapping of paths to values, got {given}\n"
            f"    write pset(config, {{{paths}}})"
        )
    return edited(config, changes, user_call_site())


def edited(config: C, changes: Mapping[str, Any] | Mapping[Path, Any], call: Call) -> C:
    """Return the config that `pset` does; it counts as made by `call`."""
    root = Node(config, ROOT)
    for text, value in changes.items():
        for path in meant_by(config, text):
            _place_change(root, path, value)
    new: C = built(root, call)
    return new


def _place_change(root: Node, path: Path, value: Any) -> None:
    if not path:
        raise EditError(["the path '' is the config itself: nothing would be left of it"])
    node = root
    for step in path.steps:
        if node.new is not UNCHANGED:
            raise EditError([f"{str(path)!r} leads into {str(node.path)!r}, which is set as well"])
        key = _child_key(node, step, root.old, path)
        child = node.children.get(key)
        if child is None:
            old = _input_at(node, step, key, root.old, path)
            child = node.add(key, old, step)
        node = child
    if node.new is not UNCHANGED:
        raise EditError([f"{str(path)!r} is set twice"])
    if node.children:
        inner = next(iter(node.children.values())).path
        raise EditError([f"{str(inner)!r} leads into {str(path)!r}, which is set as well"])
    node.new = value


def _child_key(node: Node, step: str | Item, root: Any, path: Path) -> Any:
    """Return the field name, index or key of a step; -1 and the last index are the same."""
    if isinstance(step, str):
        return step
    step_into(node.old, step, node.path, root, path)
    if is_dict(node.old):
        return find_key(node.old, step.key)
    return step.key + len(node.old) if step.key < 0 else step.key


def _input_at(node: Node, step: str | Item, key: Any, root: Any, path: Path) -> Any:
    """Return what was given at one step from `node`."""
    if isinstance(step, Item):
        return node.old[key]
    config = node.old
    if config is Pinned and node.path:
        raise EditError(
            [f"{path} leads into {node.path}, which its property makes from nothing given"]
        )
    if not is_config(config) or step not in schema_of(config).fields:
        raise missing_field(config, step, node.path, root, path)
    field = schema_of(config).fields[step]
    if field.pinned:
        raise EditError([f"{Path(node.path, step)} is pinned: {pin_words(type(config), field)}"])
    return input_of(config, field)
