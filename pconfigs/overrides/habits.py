"""Habits of other command lines: words of Hydra and others, answered with what is written here."""

from __future__ import annotations

from pconfigs.errors.formatting import shown_word
from pconfigs.errors.paths import BadOverride, PathError
from pconfigs.overrides.assignments import outside_of_brackets, with_brackets
from pconfigs.overrides.override_target import OverrideRefused, slot_at
from pconfigs.tree.paths import Item, key_text, parse_path, path_from
from pconfigs.validation.base import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_habit(word: str) -> bool:
    """Return whether a word is one of Hydra's: `+x=1`, `++x=1`, `~x`."""
    name = word.removeprefix("~") if word[:1] == "~" else word.removeprefix("+").removeprefix("+")
    return name != word and (name[:1].isalpha() or name[:1] == "_")


def answer(word: str, config: Any) -> BadOverride | None:
    """Return the problem of a word of Hydra, with what is written here; None for other words."""
    if not is_habit(word):
        return None
    word = shown_word(word)
    sign = word[: len(word) - len(word.lstrip("+~"))]
    rest = word[len(sign) :]
    path, _, text = rest.partition("=")
    if sign == "~":
        return BadOverride(word, "~ is not used here", _removal(path, config))
    holder, _, key = path.rpartition(".")
    hint = f"write {rest}"
    if sign == "+" and holder:
        hint += f", or in a dict {holder}+={{{key}:{text}}}"
    return BadOverride(word, f"{sign} is not used here", hint)


def _removal(left: str, config: Any) -> str:
    """Return the hint on what takes away the value at a path, if anything does."""
    try:
        path = parse_path(with_brackets(left))
        slot = slot_at(config, path, left)
        holder = slot_at(config, path_from(path.steps[:-1]), left)
    except PathError as error:
        near = [f"did you mean {way}?" for way in error.suggestions]
        return "; ".join([error.problem, *near[:1]])
    except OverrideRefused as refused:
        return refused.problem.message
    step, held = slot.path.step, holder.value
    if isinstance(step, Item) and isinstance(held, dict):
        return f"write {holder.path}-=[{key_text(step.key)}]"
    if slot.may_be_omitted:
        return f"write {slot.path}=Omitted"
    try:
        slot.validator.validate(None)
    except InvalidValue as mismatch:
        return f"{slot.name} must be {mismatch.expected}: it cannot be left out"
    return f"write {slot.path}=None"


def several_values(text: str) -> list[str]:
    """Return the values of `1,2,3`, which Hydra sweeps over; none for other texts."""
    found: list[str] = []
    start = 0
    while (at := outside_of_brackets(text, ",", start)) != 0:
        found.append(text[start:at])
        start = at + 1
    return [*found, text[start:]] if found and text[:1] not in "[({'\"" else []
