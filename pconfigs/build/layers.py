"""Layers: which input wins, and from where.

Keywords come first, then the bases from left to right, then the default of the class, or else
those of its ancestors, nearest first.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import kind_of
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.inheritance import fallback_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from pconfigs.errors.build import BadBase
    from pconfigs.schema.class_schema import Schema


def layers_below(
    schema: Schema, bases: tuple[Any, ...], code: CodeType, lasti: int
) -> tuple[tuple[Any, ...], tuple[Any, ...], list[BadBase]]:
    """Bases to inherit from, defaults to fall back on, and what is wrong with the other bases."""
    good: list[Any] = []
    wrong: list[BadBase] = []
    for index, base in enumerate(bases):
        if can_inherit(schema, base):
            good.append(base)
        else:
            from pconfigs.build.problems import bad_base

            wrong.append(bad_base(schema, index, base, code, lasti))
    return tuple(good), fallback_of(schema), wrong


def can_inherit(schema: Schema, base: Any) -> bool:
    """Whether a config of the class can be made from `base`: of the class or of an ancestor."""
    return (
        is_config(base)
        and issubclass(schema.cls, schema_of(base).cls)
        and not getattr(kind_of(base), "__pconfig_reader__", False)
    )
