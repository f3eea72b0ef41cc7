"""Overrides: `name=value` after a target, which make a variant of it."""

from __future__ import annotations

from pconfigs.cli.output import print_error
from pconfigs.cli.targets import resolve_target
from pconfigs.errors.formatting import shown_word, without_value
from pconfigs.errors.targets import UsageError
from pconfigs.imports import is_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def overridden(command: str, found: Any, words: Sequence[str]) -> Any:
    """Return the object of a target, with the overrides in `words` applied.

    Raises:
        UsageError: The target is not a config, so nothing can be set in it.
        OverrideError: The words cannot be applied.
    """
    if not words:
        return found
    if not is_config(found):
        kind = found.__qualname__ if isinstance(found, type) else type(found).__qualname__
        advice = [f"the target leads to {kind}, which is not a config"]
        shown = " ".join(without_value(shown_word(word)) for word in words)
        raise UsageError(command, f"nothing can be set by {shown}", advice)
    made, notes = _overriding()[0].overridden(found, words)
    for note in notes:
        print_error(note)
    return made


def _overriding() -> tuple[Any, Any]:
    """Return what applies and shows overrides; without any, it is not loaded (it needs ast)."""
    from pconfigs.overrides import override, shown

    return override, shown


def shown(target: str, found: Any, words: Sequence[str]) -> str:
    """Return a target with its overrides, as they may be shown: without the values of secrets."""
    return " ".join([target, *shown_words_of(found, words)]) if words else target


def shown_words_of(found: Any, words: Sequence[str]) -> list[str]:
    """Return the overrides of a config, as they may be shown: without the values of secrets."""
    if not words:
        return []
    shown_words: list[str] = _overriding()[1].shown_words(found, words)
    return shown_words


def variant_of(command: str, target: str, words: Sequence[str]) -> Any:
    """Return the object of a target, with overrides applied.

    Raises:
        TargetError: It leads nowhere.
        OverrideError: The words cannot be applied.
    """
    return overridden(command, resolve_target(target).object, words)
