"""Listing: a config as one line for each leaf, `model.blocks[2].width = 64`, sorted.

Configs, lists, tuples and dicts are entered; empty ones are leaves, and so is everything else.
Where a field allows configs of several classes, a line `optimizer = Adam(...)` names the class.
Only fields are listed. The lines are sorted as plain text, so that `comm` and `join` work on them.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_enum_class
from pconfigs.codegen.config_body import Entries
from pconfigs.codegen.documents import BRACKETS, DICTS, one_line
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.literals import SCALARS
from pconfigs.codegen.nodes import Collapsed, Unprintable
from pconfigs.schema.class_schema import SCHEMA, is_config_class, schema_of
from pconfigs.tree.paths import key_text
from pconfigs.validation.base import alternatives
from pconfigs.validation.constraints import ConstrainedValidator
from pconfigs.validation.containers import DictValidator, ListValidator, TupleValidator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.validation.base import Validator

    # Path, value, and the validator of the place, where that is known.
    _Place = tuple[str, Any, Validator | None]


def leaves(value: Any, depth: int | None = None) -> Iterator[tuple[str, Any]]:
    """Yield path and value of each leaf, in print order; below `depth` levels configs are leaves.

    A config whose class its field does not decide comes as a leaf, too, before those inside it.
    """
    return _leaves(("", value, None), depth, {}, set())


def _leaves(
    place: _Place, depth: int | None, known: dict[type, Entries], around: set[int]
) -> Iterator[tuple[str, Any]]:
    path, value, validator = place
    kind = type(value)
    is_config = hasattr(kind, SCHEMA)
    if is_config and depth == 0:
        yield path, Collapsed(kind)
        return
    if id(value) in around:
        yield path, Unprintable(f"<{kind.__name__} that contains itself>")
        return
    inside = None if kind in SCALARS else inside_of(place, known)
    if not inside:
        yield path, value
        return
    if is_config and path and _only_class(validator) is not kind:
        yield path, Collapsed(kind)
    around.add(id(value))
    below = depth if depth is None else depth - is_config
    for inner in inside:
        yield from _leaves(inner, below, known, around)
    around.discard(id(value))


def _only_class(validator: Validator | None) -> type | None:
    """Return the class of which a config in some place must be; None if there are several."""
    members = [] if validator is None else [*alternatives(validator)]
    classes = [cls for member in members for cls in member.instances if is_config_class(cls)]
    others = [member for member in members if not _holds_no_configs(member)]
    return classes[0] if len(classes) == 1 and len(others) == 1 else None


def _holds_no_configs(validator: Validator) -> bool:
    """Return whether a validator refuses configs; `NoneConfig` is not one."""
    if validator.instances and not validator.containers:
        return not any(map(is_config_class, validator.instances))
    return validator.never_holds_configs


def flat_lines(value: Any, *, depth: int | None = None) -> list[str]:
    """Return the sorted lines `path = value` of a config; of another value, one without a path.

    Args:
        value: A config, or any other value.
        depth: How many levels of configs are entered; deeper ones are `Name(...)`.
    """
    formatter = ForeignCode()
    lines: list[str] = []
    for path, leaf in leaves(value, depth):
        scalar = SCALARS.get(type(leaf))
        code = (scalar(leaf) if scalar is not None else None) or one_line(leaf, formatter)
        lines.append(f"{path} = {code}" if path else code)
    return sorted(lines)


def inside_of(place: _Place, known: dict[type, Entries]) -> list[_Place] | None:
    """Return what is directly inside a value; None where it is not entered."""
    path, value, validator = place
    kind = type(value)
    if hasattr(kind, SCHEMA):
        entries = known.get(kind)
        if entries is None:
            entries = known[kind] = Entries(kind, class_vars=False)
        dot = f"{path}." if path else ""
        fields = schema_of(kind).fields
        values = zip(entries.names, entries.values(value), strict=True)
        return [(f"{dot}{name}", item, fields[name].validator) for name, item in values]
    if kind in BRACKETS:
        validators = _item_validators(validator, value)
        items = zip(value, validators, strict=True)
        return [(f"{path}[{index}]", item, own) for index, (item, own) in enumerate(items)]
    if kind in DICTS:
        own = validator.item if isinstance(validator, DictValidator) else None
        return [(f"{path}[{_key(key)}]", item, own) for key, item in value.items()]
    return None


def _item_validators(validator: Validator | None, value: Any) -> list[Validator | None]:
    while isinstance(validator, ConstrainedValidator):
        validator = validator.inner
    if isinstance(validator, ListValidator):
        return [validator.item] * len(value)
    if isinstance(validator, TupleValidator):
        return [*validator.for_items(value)]
    return [None] * len(value)


def _key(key: Any) -> str:
    # Paths quote as Python does, and join flags; other keys are shown as their code.
    if type(key) in SCALARS or is_enum_class(type(key)):
        return key_text(key)
    return one_line(key, ForeignCode())
