"""Inputs that are made from others: parts exchanged, texts cut and joined.

Making one takes a few microseconds, where hypothesis takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

Text = TypeVar("Text", str, bytes)


def parts(value: Any) -> Iterator[Any]:
    """Yield a value and all that is in its lists, tuples and dictionaries."""
    yield value
    if isinstance(value, (list, tuple, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from parts(part)


class Mutator:
    """Makes new inputs of a reader from those that it had.

    Values of dictionaries become anything. All other parts keep their type, and numbers outside
    of dictionaries are exchanged, not changed: readers count on both.
    """

    def __init__(self, random: Random, corpus: Sequence[Any]) -> None:
        self.random = random
        self.corpus = corpus

    def make(self) -> Any:
        """Return a new input, from one to four changes of one in the corpus."""
        value = self.random.choice(self.corpus)
        for _ in range(self.random.randint(1, 4)):
            value = self.changed(value, self.random.choice(self.corpus), free=False)
        return value

    def changed(self, value: Any, donor: Any, *, free: bool) -> Any:
        """Return a value with one change; parts may come from a donor of the same shape."""
        if free and self.random.random() < 0.2:
            return self.random.choice(list(parts(donor)))
        if type(value) is not type(donor) and not free:
            return value
        if isinstance(value, dict):
            return self.changed_dict(value, donor)
        if isinstance(value, tuple):
            return self.changed_tuple(value, donor)
        if isinstance(value, list):
            return self.changed_list(value, donor, free=free)
        if isinstance(value, (str, bytes)):
            found = [part for part in parts(donor) if type(part) is type(value)]
            return self.spliced(value, self.random.choice(found or [value]))
        return self.random.choice([donor, 0, -1, 2**63, 0.5, True, None]) if free else donor

    def changed_dict(self, value: dict[Any, Any], donor: Any) -> dict[Any, Any]:
        made = dict(value)
        others = donor if isinstance(donor, dict) and donor else made
        if made and self.random.random() < 0.7:
            key = self.random.choice(list(made))
            inside = others.get(key, donor)
            made[key] = self.changed(made[key], inside, free=True)
        elif made and self.random.random() < 0.5:
            key = self.random.choice(list(made))
            held = made.pop(key)
            if isinstance(key, str) and self.random.random() < 0.5:
                made[self.spliced(key, str(self.random.choice([*others, key])))] = held
        elif others:
            key = self.random.choice(list(others))
            made[key] = others[key]
        return made

    def changed_tuple(self, value: tuple[Any, ...], donor: Any) -> tuple[Any, ...]:
        if len(value) != len(donor) or not value:
            return value
        at = self.random.randrange(len(value))
        exchanged = self.random.random() < 0.3
        new = donor[at] if exchanged else self.changed(value[at], donor[at], free=False)
        return (*value[:at], new, *value[at + 1 :])

    def changed_list(self, value: list[Any], donor: Any, *, free: bool) -> list[Any]:
        others = donor if isinstance(donor, list) and donor else value
        at = self.random.randint(0, len(value))
        kind = self.random.random()
        if value and kind < 0.6:
            at = min(at, len(value) - 1)
            new = self.changed(value[at], self.random.choice(others), free=free)
            return [*value[:at], new, *value[at + 1 :]]
        if kind < 0.8:
            return [*value[:at], *value[at + self.random.randint(1, 3) :]]
        first = self.random.randint(0, len(others))
        return [*value[:at], *others[first : first + 3], *value[at:]][:200]

    def spliced(self, text: Text, other: Text) -> Text:
        """Return a text with a piece cut out, and a piece of another one put there."""
        at = self.random.randint(0, len(text))
        cut = self.random.choice([0, 0, 1, self.random.randint(0, 40)])
        first = self.random.randint(0, len(other))
        piece = other[first : first + self.random.choice([0, 1, 3, 40, 6000])]
        return (text[:at] + piece + text[at + cut :])[:20_000]
