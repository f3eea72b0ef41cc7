"""Methods of configs: equality, hashes, pickles, values by name, and what is open."""

from __future__ import annotations

from pconfigs import errors
from pconfigs.build.pickling import reduce_config
from pconfigs.provenance.origins import built_at, shown_value
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.equality import hash_of, same_fields
from pconfigs.tree.missing import pmissing, without_followers
from pconfigs.validation.frozen import thaw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["hash_of", "open_paths", "reduce_config", "refuse_open", "same_fields", "shown_values"]


def shown_values(config: Any) -> dict[str, Any]:
    """Return the values by field, one level deep, as ordinary copies; secrets are hidden."""
    return {name: thaw(shown_value(config, name)) for name in schema_of(config).fields}


def open_paths(config: Any) -> list[str]:
    """Return the paths of all open values in a config, in field order."""
    return [str(missing.path) for missing in pmissing(config)]


def refuse_open(config: Any, action: str) -> None:
    """Raise OpenConfigError if anything in a config is open."""
    missing = pmissing(config)
    if missing:
        # What follows from the others is not worth a word more.
        missing = without_followers(missing)
        raise errors.OpenConfigError(
            type(config),
            action,
            [str(one.path) for one in missing],
            built_at(config),
            {str(one.path): one.reason for one in missing if not one.required},
        )
