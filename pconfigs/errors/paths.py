"""Errors of paths into a config, and of edits, `psetter` and overrides, which go by them."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError, Problem
from pconfigs.errors.formatting import class_name, cut, listed, nearest, shorten, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pconfigs.errors.place import Place

SECRET = object()
"""Represents a text that is not shown."""


class PathError(PConfigError, LookupError):
    """A path leads nowhere in a config, or is malformed.

    Attributes:
        path: The path as given.
        suggestions: Paths that may have been meant.
    """

    def __init__(self, path: str, problem: str, suggestions: Sequence[str] = ()) -> None:
        self.path, self.problem, self.suggestions = path, problem, tuple(suggestions)
        meant = listed([repr(one) for one in self.suggestions], "or")
        super().__init__(f"{path!r}: {problem}", meant and f"did you mean {meant}?")

    def __reduce__(self) -> Any:
        return (type(self), (self.path, self.problem, self.suggestions))


class EditError(PConfigError, ValueError):
    """A change of a config cannot be made.

    Attributes:
        problems: What is wrong, one sentence each.
    """

    def __init__(self, problems: Sequence[str], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        super().__init__("\n".join(self.problems), advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))


class Conflict:
    """One thing that two variants set to different values.

    Attributes:
        path, other_path: Where it is; the second is inside the first, or the same.
        first, second: The values, as they may be shown.
        first_place, second_place: The lines that set them.
    """

    __slots__ = ("first", "first_place", "other_path", "path", "second", "second_place")

    def __init__(
        self, path: str, first: str, first_place: str, other_path: str, second: str, place: str
    ) -> None:
        self.path, self.first, self.first_place = path, first, first_place
        self.other_path, self.second, self.second_place = other_path, second, place

    def __str__(self) -> str:
        other = "" if self.other_path == self.path else f"{self.other_path} "
        return (
            f"{self.path} is set to {self.first} at {self.first_place},"
            f" and {other}to {self.second} at {self.second_place}"
        )


class MergeError(PConfigError, ValueError):
    """Variants that set the same thing to different values.

    Attributes:
        conflicts: All such places.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        hint = "set it in the base, or leave it out of one of the variants"
        super().__init__("\n".join(map(str, self.conflicts)), hint)


class SetterUseError(PConfigError, TypeError):
    """`psetter` was called in a way that means nothing."""

    def __init__(self, problem: str, advice: str = "") -> None:
        usage = (
            "psetter(config), psetter(type=SomeConfig) or psetter(type=SomeConfig,"
            " inputs=config) begins, psetter(construct=view) ends"
        )
        super().__init__(f"psetter: {problem}", advice or usage)


class NoSuchFieldError(PConfigError, AttributeError, TypeError):
    """A view of `psetter` was asked for, or given, an unknown name.

    Attributes:
        config_class: The class whose fields are viewed.
        field: The name.
        path: Where the view is, or nothing for the whole.
        suggestion: The field that was probably meant, or None.
    """

    def __init__(self, config_class: type, field: str, path: str, known: Sequence[str]) -> None:
        self.config_class, self.field, self.path = config_class, field, path
        self.suggestion = nearest(field, known)
        name = class_name(config_class)
        at = f" (at {path})" if path else ""
        if self.suggestion is not None:
            advice = f"did you mean {self.suggestion!r}?"
        elif known:
            advice = f"its fields are {some(known)}"
        else:
            advice = "it has no fields"
        super().__init__(f"{name}{at} has no field {field!r}", advice)


class BadOverride(Problem):
    """One word that cannot set what it names.

    Its path is the word as it was typed, but for the value of a secret.
    """

    __slots__ = ()

    @property
    def where(self) -> str:
        """The word, on one short line."""
        return shorten_word(self.path)


class OverrideError(PConfigError, ValueError):
    """Overrides that cannot be applied, all of them together.

    Attributes:
        problems: One `BadOverride` each.
    """

    def __init__(self, problems: Sequence[BadOverride]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> Any:
        return (type(self), (self.problems,))


def shorten_word(word: str) -> str:
    """Return a word on one short line."""
    return cut(word if word.isprintable() else repr(word)[1:-1], 60)


def not_an_override(word: str) -> BadOverride:
    """Return the problem of a word that sets nothing."""
    return BadOverride(
        word, "this is not an override", "overrides are path=value, such as model.depth=8"
    )


def no_such_path(
    word: str, right: str, problem: str, ways: Sequence[str], advice: str = ""
) -> BadOverride:
    """Return the problem of a path that leads nowhere; `right` is what follows it in the word."""
    meant = [shorten_word(f"{path}{right}") for path in ways]
    return BadOverride(word, problem, f"did you mean {listed(meant, 'or')}?" if meant else advice)


def no_part_yet(word: str, path: str, names: Sequence[str]) -> BadOverride:
    """Return the problem of a path into a part that is None, and can be given by these names."""
    ways = [f"{path}={name} {shorten_word(word)}" for name in names]
    advice = f"give the part first: {listed(ways, 'or')}"
    return BadOverride(word, f"{path} is None and has no fields", advice)


def wrong_value(
    word: str, where: str, inside: str, text: Any, expected: str, advice: str
) -> BadOverride:
    """Return the problem of a text that does not fit its field."""
    got = " (the value is secret and not shown)" if text is SECRET else f", but got {shorten(text)}"
    problem = f"{where}{inside} must be {expected}{got}"
    return BadOverride(word, problem, advice)


def many_values(word: str, where: str, text: Any, ways: Sequence[str]) -> BadOverride:
    """Return the problem of a text that its field can take in several ways."""
    if text is SECRET:
        return BadOverride(word, f"{where} could take this secret in {len(ways)} ways")
    problem = f"{where} could take {shorten(text)} in {len(ways)} ways"
    return BadOverride(word, problem, f"write {listed(ways, 'or')}")


def computed_field(
    word: str, where: str, pinned: bool, by: str, place: Place | None, reads: Sequence[str]
) -> BadOverride:
    """Return the problem of a field whose value users cannot give."""
    state = "pinned" if pinned else "computed"
    if not by:
        advice = "only the module of its class can set it, as Pin(...)"
        return BadOverride(word, f"{where} is pinned", advice)
    at = f" at {place}" if place is not None else ""
    advice = f"{by}{at} computes it"
    if reads:
        advice += f"; set what that reads: {listed(reads, 'or')}"
    return BadOverride(word, f"{where} is {state}", advice)


def given_twice(word: str, earlier: str) -> BadOverride:
    """Return the problem of a value that two words set."""
    return BadOverride(word, f"{shorten_word(earlier)} sets the same field", "leave one out")


def replaced_later(word: str, earlier: str) -> BadOverride:
    """Return the problem of a word that would undo an earlier one."""
    problem = f"it would discard {shorten_word(earlier)}"
    return BadOverride(word, problem, "give the whole part first, then the fields inside it")


def left_out(word: str, earlier: str) -> BadOverride:
    """Return the problem of a word for what an earlier one leaves out."""
    return BadOverride(word, f"{shorten_word(earlier)} leaves it out", "leave one out")


def undone_later(word: str, earlier: str) -> BadOverride:
    """Return the problem of a word that would move or remove what an earlier one has set."""
    problem = f"it would move or remove what {shorten_word(earlier)} sets"
    return BadOverride(word, problem, f"give {shorten_word(word)} first")


def set_by_variable(word: str, where: str, variable: str) -> BadOverride:
    """Return the problem of a word for an environment variable."""
    problem = f"{where} is read from the environment variable {variable}"
    return BadOverride(word, problem, f"set it before the command: {variable}=...")


def not_a_container(word: str, where: str, kind: str, adds: bool) -> BadOverride:
    """Return the problem of `+=` or `-=` for a value that is not a container."""
    change = "to which nothing can be added" if adds else "from which nothing can be removed"
    signs = "+= adds to" if adds else "-= removes from"
    return BadOverride(
        word, f"{where} is {kind}, {change}", f"{signs} lists, tuples, sets and dicts"
    )


def added_twice(word: str, where: str, keys: Sequence[str], secret: bool = False) -> BadOverride:
    """Return the problem of `+=` for keys that a dict has."""
    if secret:
        return BadOverride(word, f"{where} has such keys already", "give the whole dict")
    problem = f"{where} has {listed(keys)} already"
    ways = [f"{where}[{key}]=..." for key in keys]
    return BadOverride(word, problem, f"to change what is there: {listed(ways)}")


def not_in(word: str, where: str, items: Sequence[str], secret: bool = False) -> BadOverride:
    """Return the problem of `-=` for items that are not there."""
    shown = "what is to be removed" if secret else listed(items)
    return BadOverride(word, f"{where} does not contain {shown}", "check their spelling")
