"""Formats of data: JSON, YAML, TOML, namespaces and trees of OmegaConf; the references in them.

References are resolved where data has some (dataclasses).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.serialization.formats import (
        omegaconf_format as omegaconf_format,
        references as references,
    )

_MODULES = {
    "omegaconf_format": "pconfigs.serialization.formats.omegaconf_format",
    "references": "pconfigs.serialization.formats.references",
}
__getattr__ = loader_of(__name__, _MODULES)
