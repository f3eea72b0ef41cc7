"""Settings: what a point of a sweep sets, as text for names of folders, tables and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pconfigs.errors.formatting import cut, shorten
from pconfigs.errors.paths import PathError
from pconfigs.provenance.origins import is_secret
from pconfigs.schema.class_schema import is_config
from pconfigs.tree.paths import ROOT, Path, parse_path
from pconfigs.tree.walk import meant_by, step_into

_LONGEST = 60


def setting_words(config: Any, settings: Mapping[str, Any]) -> list[str]:
    """Return `path=value` for each setting; the value of a secret is left out."""
    return [
        f"{path}=..." if holds_secret(config, path) else f"{path}={value_word(value)}"
        for path, value in settings.items()
    ]


def value_word(value: object) -> str:
    """Return a value as one short word: a string as it is, a config by the name of its class."""
    if isinstance(value, str):
        return cut(value, _LONGEST)
    if is_config(value):
        return type(value).__name__
    if isinstance(value, type) or callable(value):
        return str(getattr(value, "__name__", shorten(value, _LONGEST)))
    return shorten(value, _LONGEST)


def holds_secret(config: Any, text: str) -> bool:
    """Return whether a path or a pattern, or what it was probably meant to be, passes a secret."""
    try:
        paths = list(meant_by(config, text))
    except PathError as error:
        paths = [parse_path(suggestion) for suggestion in error.suggestions]
    return any(_passes_secret(config, path) for path in paths)


def _passes_secret(config: Any, path: Path) -> bool:
    value, at = config, ROOT
    for step in path.steps:
        if isinstance(step, str) and is_config(value) and is_secret(value, step):
            return True
        try:
            value = step_into(value, step, at, config, path)
        except PathError as error:  # a suggestion is a path that is there
            return any(_passes_secret(config, parse_path(way)) for way in error.suggestions)
        at = Path(at, step)
    return False
