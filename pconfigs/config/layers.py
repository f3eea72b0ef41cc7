"""Layers: which input wins, and from where.

Keywords come first, then the bases from left to right, then the default of the class, or else
those of its ancestors, nearest first.
"""

from __future__ import annotations

from pconfigs.config.defaults import fallback_of
from pconfigs.errors.building import BadBase
from pconfigs.errors.words import given_words
from pconfigs.markers import Pinned
from pconfigs.schema.record import raw_inputs
from pconfigs.schema.table import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pconfigs.errors.building import Problem
    from pconfigs.schema.fields import Field
    from pconfigs.schema.table import Schema


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Stands for an input that nobody gave."""


def layers_below(
    schema: Schema, bases: tuple[Any, ...]
) -> tuple[tuple[Any, ...], tuple[Any, ...], list[tuple[int, str, str, bool]]]:
    """Bases to inherit from, defaults to fall back on, and what is wrong with the other bases.

    A wrong base is told as its index, a headline, advice, and whether it is a ValueError.
    """
    good, wrong = [], []
    for index, base in enumerate(bases):
        found = _wrong_base(schema, base)
        if found is None:
            good.append(base)
        else:
            wrong.append((index, *found))
    return tuple(good), fallback_of(schema), wrong


def _wrong_base(schema: Schema, base: Any) -> tuple[str, str, bool] | None:
    name = schema.cls.__qualname__
    if not is_config(base):
        headline = (
            f"{name} takes only configs in front of the keywords, but got {given_words(base)}"
        )
        if isinstance(base, type):
            return headline, f"inherit from an object: {base.__name__}(...)", False
        return headline, "give values as keywords: field=...", False
    base_class = schema_of(base).cls
    if getattr(type(base), "__pconfig_reader__", False):
        return (
            f"{name} is to inherit from {base_class.__qualname__}, which is still being built",
            "",
            True,
        )
    if issubclass(schema.cls, base_class):
        return None
    base_name = base_class.__qualname__
    if issubclass(base_class, schema.cls):
        return (
            f"{name} cannot inherit from {base_name}, which is a class derived from it",
            f"write {base_name}(...), or pass its fields as keywords",
            True,
        )
    return (
        f"{name} cannot inherit from {base_name}, which is neither its class nor an ancestor",
        "pass what is meant as keywords: field=other.field",
        True,
    )


def bad_bases(wrong: Sequence[tuple[int, str, str, bool]], places: Any) -> list[Problem]:
    """The problems for wrong bases; `places` tells where a positional argument stands."""
    return [BadBase(index, places(index), *words) for index, *words in wrong]


def inherited_input(field: Field, sources: Sequence[Any]) -> tuple[Any, Any]:
    """The first input for `field` among configs, and which has it; (ABSENT, None) if none has.

    A pin that is not known yet gives way to one that is.
    """
    unknown = ABSENT, None
    for source in sources:
        found = _input_from(field, source)
        if found is Pinned and unknown[0] is ABSENT:
            unknown = found, source
        elif found is not ABSENT and found is not Pinned:
            return found, source
    return unknown


def _input_from(field: Field, source: Any) -> Any:
    name = field.name
    theirs = schema_of(source).fields.get(name)
    if theirs is None or (field.pinned and not theirs.pinned):
        return ABSENT
    if theirs.property is None:
        value = getattr(source, name)
        return ABSENT if value is Pinned and not field.pinned else value
    if field.property is None and not field.pinned:
        return getattr(source, name)
    return raw_inputs(source).get(name, ABSENT)
