"""Layers: which input wins, and from where.

Keywords come first, then the bases from left to right, then the default of the class, or else
those of its ancestors, nearest first.
"""

from __future__ import annotations

from pconfigs.errors.building import BadBase
from pconfigs.errors.words import class_name, given_words
from pconfigs.schema.inherited import fallback_of
from pconfigs.schema.kinds import kind_of
from pconfigs.schema.table import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.errors.words import Place
    from pconfigs.schema.table import Schema


def layers_below(
    schema: Schema, bases: tuple[Any, ...], places: Callable[[int], Place | None]
) -> tuple[tuple[Any, ...], tuple[Any, ...], list[BadBase]]:
    """Bases to inherit from, defaults to fall back on, and what is wrong with the other bases.

    `places` tells where a positional argument stands.
    """
    good: list[Any] = []
    wrong: list[BadBase] = []
    for index, base in enumerate(bases):
        found = _wrong_base(schema, base)
        if found is None:
            good.append(base)
        else:
            headline, advice, is_value_error = found
            wrong.append(BadBase(index, places(index), headline, advice, is_value_error))
    return tuple(good), fallback_of(schema), wrong


def _wrong_base(schema: Schema, base: Any) -> tuple[str, str, bool] | None:
    """Why nothing can be inherited from `base`: a headline, advice, whether it is a ValueError."""
    name = class_name(schema.cls)
    if not is_config(base):
        headline = (
            f"{name} takes only configs in front of the keywords, but got {given_words(base)}"
        )
        if isinstance(base, type):
            return headline, f"inherit from an object: {base.__name__}(...)", False
        if schema.outside is not None and schema.outside.how in ("calls", "own"):
            return headline, f"to call it, make a config first: {name}()(...)", False
        return headline, "give values as keywords: field=...", False
    base_class = schema_of(base).cls
    if getattr(kind_of(base), "__pconfig_reader__", False):
        return (
            f"{name} is to inherit from {class_name(base_class)}, which is still being built",
            "",
            True,
        )
    if issubclass(schema.cls, base_class):
        return None
    base_name = class_name(base_class)
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
