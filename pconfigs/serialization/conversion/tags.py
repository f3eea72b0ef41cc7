"""The words of saved data: keys that begin with `$`.

Where the type of a field decides, a value is written plainly: `lr: 0.001`, `root: data/digits`,
`betas: [0.9, 0.95]` for a tuple. Where it does not, a mapping with one key that begins with `$`
names its kind: `{"$tuple": [0.9, 0.95]}`. A config is a mapping of its fields; in addition to
them it may have

    $type      its class, where the field alone does not decide it, and at the top
    $version   the version of its class, where that has one
    $given     the fields that are not at the class's default, where it has one
    $computed  what properties made of their inputs, where loading cannot infer the input from it
    $same      in place of the rest: the path of the config that appears here again
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType

from pconfigs.annotations.kinds import Sentinel
from pconfigs.validation.frozen import FrozenList, FrozenSet

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any

TYPE, VERSION, GIVEN, COMPUTED, SAME = "$type", "$version", "$given", "$computed", "$same"
DICT, LIST, TUPLE, SET, FROZEN = "$dict", "$list", "$tuple", "$set", "$frozenset"
FLOAT, ENUM, OBJECT, MARKER, PIN, UNSAVED, NONE = (
    "$float", "$enum", "$name", "$marker", "$pin", "$unsaved", "$none",
)  # fmt: skip
PARTIAL, ARRAY, COLLECTION = "$partial", "$array", "$collection"
OF_CONFIGS = frozenset((TYPE, VERSION, GIVEN, COMPUTED))
KINDS: dict[type, type] = {
    list: list, FrozenList: list, tuple: tuple, set: set, FrozenSet: set, frozenset: frozenset,
}  # fmt: skip
LIST_TAGS: dict[type, str] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZEN}
SEQUENCES: dict[str, Any] = {tag: kind for kind, tag in LIST_TAGS.items()}
PLAIN: frozenset[type] = frozenset((int, bool, str, type(None)))
"""Types of values that are written as they are."""
FUNCTIONS: frozenset[type] = frozenset(
    (FunctionType, BuiltinFunctionType, MethodType, MethodDescriptorType)
)
DEEPEST = 200
"""Levels of nesting that are read: configs nest at most 100 deep, and containers between them."""

INVALID: Any = Sentinel("INVALID")
"""A value that cannot be read; the reason is among the problems."""
UNREAD: Any = Sentinel("UNREAD")
"""In the place of a config that a compiled reader leaves to the general one."""
