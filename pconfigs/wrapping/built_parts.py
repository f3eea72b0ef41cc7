"""Built parts: what the configs inside a value construct, each config once.

A field `Built[ModelConfig]` of a config with `calls=` or `mocks=` gives the call the model, and not
its config. What several fields share is constructed once, however deep it is.
"""

from __future__ import annotations

from _thread import get_ident

from pconfigs.errors.wrapping import cannot_build
from pconfigs.markers import Built
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.validation.frozen import thaw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Thread id -> config id -> the config and what it constructed, while a call is being prepared.
_sharing: dict[int, dict[int, tuple[Any, Any]]] = {}


def built_names(config: Any) -> frozenset[str]:
    """Return the names of the fields whose configs are constructed for the call."""
    fields = schema_of(config).fields.values()
    return frozenset(field.name for field in fields if Built in field.markers)


def build_parts(owner: type, values: dict[str, Any]) -> dict[str, Any]:
    """Return values of fields of a config class with what the configs in them construct.

    Raises:
        DeclarationError: A config constructs nothing.
        Exception: What constructing raises, with a note on the path.
    """
    thread = get_ident()
    outermost = thread not in _sharing
    shared = _sharing.setdefault(thread, {})
    try:
        return {name: _built(value, f".{name}", owner, shared) for name, value in values.items()}
    finally:
        if outermost:
            del _sharing[thread]


def _built(value: Any, path: str, owner: type, shared: dict[int, tuple[Any, Any]]) -> Any:
    """Return a value with its configs constructed; containers are ordinary ones."""
    if is_config(value):
        if id(value) not in shared:
            shared[id(value)] = value, _constructed(value, path, owner)
        return shared[id(value)][1]
    if isinstance(value, dict):
        return {k: _built(item, f"{path}[{k!r}]", owner, shared) for k, item in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        items = [_built(item, f"{path}[{n}]", owner, shared) for n, item in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    construct = getattr(value, "construct", None)
    if construct is not None:
        return construct()  # NoneConfig
    return thaw(value)


def _constructed(config: Any, path: str, owner: type) -> Any:
    """Return what a config constructs; the result of a call for a function's config."""
    outside = schema_of(config).outside
    is_call = outside is not None and outside.how in ("calls", "own")
    if not is_call and not hasattr(config, "construct"):
        raise cannot_build(owner, path.lstrip("."), type(config))
    try:
        return config() if is_call else config.construct()
    except Exception as error:
        error.add_note(f"while constructing {owner.__name__}{path}")
        raise
