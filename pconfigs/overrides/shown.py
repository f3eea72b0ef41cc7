"""Overrides as they may be shown and recorded: without the values of secrets."""

from __future__ import annotations

from contextlib import suppress

from pconfigs.errors.formatting import shown_word, without_value
from pconfigs.errors.paths import PathError
from pconfigs.markers import Required
from pconfigs.overrides.assignments import assignment, with_brackets
from pconfigs.overrides.override import poverride
from pconfigs.overrides.override_target import OverrideRefused, OverrideTarget, slot_at
from pconfigs.tree.edit import pset
from pconfigs.tree.paths import is_secret_path, parse_path, path_from
from pconfigs.tree.walk import meant_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from pconfigs.overrides.assignments import Assignment

LEFT_OUT = "..."
"""The value of a secret, as it is shown and recorded."""


def shown_words(config: Any, words: Iterable[str]) -> list[str]:
    """Return words that apply to a config, as they may be shown: without the values of secrets."""
    return [_shown(config, word) for word in words]


def variant_of_recorded(config: Any, words: Sequence[str]) -> Any:
    """Return the variant that recorded words make; the secrets that they set are open in it.

    Raises:
        OverrideError: Words name nothing, or give no value of their fields.
        LoadError: A file does not fit the config.
        BuildError: The values do not go together.
    """
    known = [word for word in words if not word.endswith(f"={LEFT_OUT}")]
    made = poverride(config, known)
    secrets, public = _left_out(made, [word for word in words if word not in known])
    if public:
        made = poverride(config, [word for word in words if word in known or word in public])
    return pset(made, secrets) if secrets else made


def secrets_left_out(config: Any, words: Iterable[str]) -> list[str]:
    """Return the paths of the secrets that recorded words have set."""
    return [*_left_out(config, [word for word in words if word.endswith(f"={LEFT_OUT}")])[0]]


def with_open_secrets(config: Any, words: Iterable[str]) -> Any:
    """Return a config in which the secrets are open that recorded words have set."""
    secrets = secrets_left_out(config, words)
    return pset(config, dict.fromkeys(secrets, Required)) if secrets else config


def _left_out(config: Any, words: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """Return `Required` by the paths of secrets that words set, and the words that set others."""
    secrets: dict[str, Any] = {}
    public: list[str] = []
    for word in words:
        found = assignment(word.replace(f"[{LEFT_OUT}]", ""))
        slots: list[OverrideTarget] = []
        with suppress(PathError, OverrideRefused):
            slots = [] if found is None else _slots(config, found)
        paths = [str(path_from(one.path.steps[: one.public])) for one in slots if one.secret]
        secrets |= dict.fromkeys(paths, Required)
        if not paths:
            public.append(word)
    return secrets, public


def refused_words(config: Any, words: Iterable[str]) -> list[str]:
    """Return words that may not apply to a config, as they may be shown."""
    return [shown_word(_shown(config, word)) for word in words]


def _shown(config: Any, word: str) -> str:
    found = assignment(word)
    if found is None:
        return shown_word(word)
    try:
        slots = _slots(config, found)
    except PathError as error:
        meant = [parse_path(way).steps for way in error.suggestions]
        return without_value(word) if any(map(is_secret_path, meant)) else shown_word(word)
    except OverrideRefused:
        return shown_word(word)
    return next((slot.shown(word) for slot in slots if slot.secret), word)


def _slots(config: Any, found: Assignment) -> list[OverrideTarget]:
    """Return where a word leads.

    Raises:
        PathError, OverrideRefused: Nowhere.
    """
    several = "*" in found.left
    paths = meant_by(config, with_brackets(found.left)) if several else [found.path]
    return [slot_at(config, path, found.word) for path in paths]
