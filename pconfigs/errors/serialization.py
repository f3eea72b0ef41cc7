"""Errors of saving and loading: values without a plain form, and data that is invalid."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import class_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

SHOWN = 40


class Unsavable:
    """One value that has no plain form.

    Attributes:
        path: Where it is.
        type_name: Its type.
        reason: Why it has none.
        advice: What to do.
    """

    __slots__ = ("advice", "path", "reason", "type_name")

    def __init__(self, path: str, type_name: str, reason: str, advice: str = "") -> None:
        self.path, self.type_name, self.reason, self.advice = path, type_name, reason, advice

    def __str__(self) -> str:
        words = f"{self.path} ({self.type_name}): {self.reason}"
        return f"{words}\n    {self.advice}" if self.advice else words


class UnsavableError(PConfigError, TypeError):
    """Values of a config cannot be saved.

    Attributes:
        config_class: The class of the config.
        problems: What is in the way; all of it.
    """

    def __init__(self, config_class: type, problems: Sequence[Unsavable]) -> None:
        self.config_class, self.problems = config_class, tuple(problems)
        count = len(self.problems)
        name = class_name(config_class)
        lines = [f"{name} cannot be saved: {count} value{'s' * (count > 1)} without a plain form"]
        lines += ["    " + str(one).replace("\n", "\n    ") for one in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"    and {count - SHOWN} more")
        super().__init__("\n".join(lines))


class LoadProblem:
    """One thing that is wrong with what is loaded.

    Attributes:
        path: Where it is; empty for the whole.
        problem: What is wrong.
        advice: What to do.
        place: The file and line, such as `conf.yaml:3`, where they are known.
    """

    __slots__ = ("advice", "path", "place", "problem")

    def __init__(self, path: str, problem: str, advice: str = "") -> None:
        # A key of a file may have line breaks, which would pass for lines of the message.
        self.path = path.replace("\n", "\\n").replace("\t", "\\t")
        self.problem, self.advice, self.place = problem, advice, ""

    def __str__(self) -> str:
        words = ": ".join(filter(None, (self.place, self.path, self.problem)))
        return f"{words}\n    {self.advice}" if self.advice else words


class LoadError(PConfigError, ValueError):
    """Data that does not fit the requested class.

    Attributes:
        source: The file, or nothing.
        problems: What is wrong; all of it.
    """

    def __init__(
        self, problems: Sequence[LoadProblem], source: str = "", action: str = "loaded"
    ) -> None:
        self.problems, self.source = tuple(problems), source
        lines = [f"{source} cannot be {action}"] if source else []
        lines += [str(one) for one in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(lines))


class FormatError(LoadError):
    """A file that is malformed, or uses a feature that is refused for safety."""


class Drift:
    """One computed value that differs from the saved one.

    Attributes:
        path: Where it is.
        before: The saved value.
        after: What is computed today.
        cause: What computes it, with its place.
    """

    __slots__ = ("after", "before", "cause", "path", "words")

    def __init__(self, path: str, before: Any, after: Any, words: str, cause: str) -> None:
        self.path, self.before, self.after, self.cause = path, before, after, cause
        self.words = words

    def __str__(self) -> str:
        return f"{self.path} {self.words}: {self.cause}"


class DriftError(LoadError):
    """Today's code computes other values than those that were saved.

    Attributes:
        changes: Each of them.
    """

    def __init__(self, changes: Sequence[Drift], source: str = "") -> None:
        self.changes = tuple(changes)
        super().__init__([LoadProblem("", str(change)) for change in self.changes], source)
        count = len(self.changes)
        start = f"{source}: " if source else ""
        differ = "computed value differs" if count == 1 else "computed values differ"
        lines = [f"{start}{count} {differ} from the saved one{'s' * (count > 1)}"]
        lines += [f"    {change}" for change in self.changes[:SHOWN]]
        if count > SHOWN:
            lines.append(f"    and {count - SHOWN} more")
        lines.append(
            '    load with drift="accept" for the values of today, or drift="as-saved" for those'
            " of the file"
        )
        self.args = ("\n".join(lines),)


class DefaultChangedWarning(UserWarning):
    """A file has a value that was the default when it was saved; the default has changed."""

    __module__ = "pconfigs.errors"
