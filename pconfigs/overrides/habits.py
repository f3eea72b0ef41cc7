"""Habits of other command lines: words of Hydra and others, answered with what is written here."""

from __future__ import annotations

from pconfigs.errors.overrides import BadOverride
from pconfigs.overrides.assignments import outside_of_brackets

SWEEP = "a list of variants is an experiment: sweep = psweep(config, grid={'lr': [0.1, 0.2]})"
OPTIONS = {
    "-m": SWEEP,
    "--multirun": SWEEP,
    "--config-name": "an experiment is the target itself: pconfigs run package.module",
    "-cn": "an experiment is the target itself: pconfigs run package.module",
    "--config-path": "an experiment is the target itself: pconfigs run package.module",
    "--config-dir": "an experiment is the target itself: pconfigs run package.module",
    "-cp": "an experiment is the target itself: pconfigs run package.module",
    "--cfg": "the resolved config: pconfigs print TARGET",
    "--resolve": "values are always resolved: pconfigs print TARGET",
    "--info": "where values come from: pconfigs explain TARGET PATH",
    "--hydra-help": "fields and their documentation: pconfigs help TARGET",
    "--config": "the target itself, or a file over it: TARGET @changes.yaml",
}
"""Options of other tools, and what takes their place."""


def is_habit(word: str) -> bool:
    """Return whether a word is one of Hydra's: `+x=1`, `++x=1`, `~x`."""
    name = word.removeprefix("~") if word[:1] == "~" else word.removeprefix("+").removeprefix("+")
    return name != word and (name[:1].isalpha() or name[:1] == "_")


def answer(word: str) -> BadOverride | None:
    """Return the problem of a word of Hydra, with what is written here; None for other words."""
    if not is_habit(word):
        return None
    sign = word[: len(word) - len(word.lstrip("+~"))]
    rest = word[len(sign) :]
    if sign == "~":
        path = rest.partition("=")[0]
        holder, _, key = path.rpartition(".")
        hint = f"write {path}=None, or {path}=Omitted where the field may be left out"
        if holder:
            hint += f"; from a dict: {holder}-=[{key}]"
        return BadOverride(word, "~ is not used here", hint)
    path, _, text = rest.partition("=")
    holder, _, key = path.rpartition(".")
    hint = f"write {rest}"
    if sign == "+" and holder:
        hint += f", or in a dict {holder}+={{{key}: {text}}}"
    return BadOverride(word, f"{sign} is not used here", hint)


def several_values(text: str) -> list[str]:
    """Return the values of `1,2,3`, which Hydra sweeps over; none for other texts."""
    found: list[str] = []
    start = 0
    while (at := outside_of_brackets(text, ",", start)) != 0:
        found.append(text[start:at])
        start = at + 1
    return [*found, text[start:]] if found and text[:1] not in "[({'\"" else []
