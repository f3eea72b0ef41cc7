"""Files laid over configs, as `@patch.yaml` among overrides."""

from __future__ import annotations

from typing import Any

from pconfigs.errors.paths import BadOverride, OverrideError
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.load import pload_file


def laid_over(config: Any, file: str) -> Any:
    """Return a config with a file laid over it; `${mul:a,b}` and other arithmetic is computed."""
    try:
        return pload_file(file, type(config), base=config, resolvers=ARITHMETIC)
    except FileNotFoundError:
        problem = BadOverride(f"@{file}", "must be a file that is there", "check its name")
        raise OverrideError([problem]) from None
