"""Settings: what a point of a sweep sets, as text for names of folders, tables and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pconfigs.errors.formatting import (
    cut,
    given_words,
    shorten,
    shown_word,
    type_words,
    with_article,
)
from pconfigs.errors.paths import PathError
from pconfigs.provenance.origins import is_secret
from pconfigs.schema.class_schema import is_config
from pconfigs.tree.paths import ROOT, Path, parse_path, shown_path
from pconfigs.tree.walk import meant_by, step_into

_LONGEST = 60


def setting_words(config: Any, settings: Mapping[str, Any]) -> list[str]:
    """Return `path=value` for each setting; the value of a secret is left out.

    Paths of words on a command line may end in the sign of `+=` or `-=`.
    """
    return [
        f"{shown_setting(path, config)}=..."
        if holds_secret(config, path.rstrip("+-"))
        else f"{path}={value_word(value)}"
        for path, value in settings.items()
    ]


def shown_setting(path: str, config: Any = None) -> str:
    """Return a path, and the sign after it, as it may be shown: without keys of a secret dict."""
    bare = path.rstrip("+-")
    try:
        meant = meant_by(config, bare) if config is not None and "*" not in bare else []
        return f"{shown_path(str(meant[0]) if meant else bare)}{path[len(bare) :]}"
    except PathError:
        return path


def given_for(path: object, given: object) -> str:
    """Return what was given in the place of the values of a path, as messages show it."""
    if not may_be_secret(path):
        return given_words(given)
    return f"{with_article(type_words(type(given)))} (the value is secret and not shown)"


def may_be_secret(path: object) -> bool:
    """Return whether a path has the name of a secret, or nearly; the config is not known."""
    word = f"{path}=..."
    return shown_word(f"{word}.") == word


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
