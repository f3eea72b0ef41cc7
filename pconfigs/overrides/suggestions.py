"""Suggestions for texts that do not fit a field; each works when it is followed."""

from __future__ import annotations

from pconfigs.imports import dotted_name
from pconfigs.overrides.habits import several_values
from pconfigs.serialization.texts.base import MEANT, TextSource
from pconfigs.serialization.texts.parsers import text_parser_of
from pconfigs.validation.base import InvalidValue
from pconfigs.validation.suggestions import Suggestion, code_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.validation.base import Validator

_BRACKETS = (("[", "]"), ("(", ")"), ("{", "}"))
_NOTHING: Any = object()
_DOTTED = "give its dotted path: package.module.name"


def suggestion(
    mismatch: InvalidValue, text: str, validator: Validator, texts: TextSource, path: str = ""
) -> str:
    """Return what to write instead of a text that does not fit, or nothing.

    Args:
        mismatch: Why it does not fit.
        text: The text.
        validator: Of the field.
        texts: What texts may name.
        path: The path that it sets as a whole; without it, no sweep is suggested.
    """
    found: list[str] = []
    if not mismatch.path:
        found = [one for one in _other_texts(text) if _read(one, validator, texts) is not _NOTHING]
    values = several_values(text)
    if found and (values or not mismatch.advice):
        return f"did you mean {found[0]}?"
    read = [_read(value, validator, texts) for value in values]
    if path and read and not any(value is _NOTHING for value in read):
        grid = f"psweep(config, grid={{{path!r}: [{', '.join(map(code_of, read))}]}})"
        return f"for one run with each: {grid}, or add --sweep to the command run"
    return _advice(mismatch)


def _other_texts(text: str) -> Iterator[str]:
    """Yield texts that may have been meant, the likeliest first."""
    word = MEANT.get(text.strip().lower())
    if word is not None and word != text:
        yield word
    for opening, closing in _BRACKETS:
        yield f"{opening}{text}{closing}"


def _read(text: str, validator: Validator, texts: TextSource) -> Any:
    try:
        return text_parser_of(validator).value(text, texts)
    except Exception:  # of a dotted path: that of what it leads to
        return _NOTHING


def _advice(mismatch: InvalidValue) -> str:
    """Return the advice on a command line.

    It takes `2` where code may be `round(1.5)`, and dotted paths where code has classes.
    """
    found = mismatch.suggestion
    if isinstance(found, Suggestion) and isinstance(found.value, type):
        name = dotted_name(found.value)
        return f"did you mean {name.removeprefix('builtins.')}?" if name else _DOTTED
    if mismatch.advice.endswith("not its name"):
        return _DOTTED
    if isinstance(found, Suggestion) and found.code.startswith("round("):
        return f"did you mean {found.value}?"
    return mismatch.advice
