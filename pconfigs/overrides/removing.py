"""Removing: containers without some of their items or keys."""

from __future__ import annotations

from pconfigs.errors.formatting import shorten
from pconfigs.schema.equality import same_value
from pconfigs.serialization.texts.tokens import braced, split_items, unquoted
from pconfigs.tree.paths import UnquotedKey, find_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def without_keys(old: dict[Any, Any], text: str) -> tuple[dict[Any, Any], list[str]]:
    """Return a dict without the keys that a text lists, and those that it does not have."""
    inside = text.strip()
    items = split_items(inside) if braced(inside, "[]") else [inside]
    words = [unquoted(item) or item.strip() for item in items]
    keys = [find_key(old, UnquotedKey(word)) for word in words]
    absent = [word for word, key in zip(words, keys, strict=True) if key not in old]
    return {key: item for key, item in old.items() if key not in keys}, absent


def without_items(old: Any, gone: Any) -> tuple[Any, list[str]]:
    """Return a list, tuple or set without some items, and the items that it does not have."""
    absent = [shorten(item) for item in gone if not _has(old, item)]
    rest = [item for item in old if not _has(gone, item)]
    if isinstance(old, list):
        return rest, absent
    kind = tuple if isinstance(old, tuple) else frozenset if isinstance(old, frozenset) else set
    return kind(rest), absent


def _has(items: Any, item: Any) -> bool:
    return any(same_value(item, one) for one in items)
