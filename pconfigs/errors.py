"""Errors: everything that can be refused, in words.

An exception carries the facts as attributes; the words are made here and nowhere else.

    PConfigError
    ├── DeclarationError (TypeError)         a decorator used wrongly
    ├── InheritanceError (ValueError)        what a derived config class constructs is not said
    ├── ReservedNameError (ValueError)       a field whose name or type cannot be
    ├── CycleError (ValueError)              properties that need each other
    ├── BuildError                           problems of one construction, all of them together
    │   ├── BuildTypeError (TypeError)
    │   ├── BuildValueError (ValueError)
    │   └── BuildTypeValueError (both)
    ├── BaseConfigError (ValueError)         a descendant or unrelated config in front
    ├── CheckError (ValueError)              failed `@pcheck` methods of one config
    ├── DefaultError (ValueError)            a second default for a class
    ├── NotADefaultError (TypeError)         something that is no config, registered as default
    ├── DeferredError (TypeError)            working with Required or Pinned as if it were a value
    ├── OpenConfigError (ValueError)         using a config that still has Required in it
    ├── NotConfiguredError (TypeError)       making a configured class without its config
    ├── FrozenError (AttributeError)         setting or deleting an attribute
    ├── FrozenContainerError (TypeError)     changing a list, dict or set of a config
    ├── TargetError                          a target that leads nowhere
    ├── PathError (LookupError)              a path that leads nowhere in a config
    ├── EditError (ValueError)               a change of a config that cannot be made
    └── MissingExtraError (ImportError)      something optional that is not installed
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Protocol

    class Place(Protocol):
        """Somewhere in a source file; see tree/places.py."""

        line: int

        @property
        def column(self) -> int | None: ...
        @property
        def end_line(self) -> int | None: ...
        @property
        def end_column(self) -> int | None: ...
        def source_line(self) -> str | None: ...


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was probably meant to be, or None."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(words), n=1, cutoff=0.6)
    if found:
        return found[0]
    folded = {known.lower().replace("_", ""): known for known in words}
    return folded.get(word.lower().replace("_", ""))


def shorten(value: object, limit: int = 60) -> str:
    """`repr(value)` in at most `limit` characters; a repr that raises is told by its type."""
    try:
        text = _short_repr(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _short_repr(value: object) -> str:
    schema = getattr(type(value), "__pconfig_schema__", None)
    if schema is not None:
        return f"{type(value).__name__}(...)"
    if isinstance(value, (str, bytes)) and len(value) > 200:
        return repr(value[:200])
    if type(value).__repr__ in (list.__repr__, tuple.__repr__) and len(value) > 20:  # type: ignore[arg-type]
        return ", ".join(_short_repr(item) for item in list(value)[:20])  # type: ignore[call-overload]
    return repr(value)


def given_words(value: object) -> str:
    """A value and its type, as messages tell what was given."""
    if isinstance(value, type):
        return f"the class {value.__qualname__}"
    if value is None:
        return "None"
    return f"{shorten(value)} ({type(value).__qualname__})"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _sentence(place: Place | None, headline: str) -> str:
    return headline if place is None else f"{place}: {headline}"


def _pointed(place: Place | None, advice: str) -> str:
    """The source line of `place` with carets below what it spans, and the advice behind them."""
    line = None if place is None else place.source_line()
    if place is None or line is None or place.column is None:
        return f"\n    {advice}" if advice else ""
    text = line.strip()
    start = place.column - (len(line) - len(line.lstrip()))
    whole = place.end_column is not None and place.end_line == place.line
    end = place.end_column - place.column if whole and place.end_column is not None else 0
    width = max(1, min(end or len(text) - start, len(text) - start))
    return f"\n    {text}\n    {' ' * start}{'^' * width} {advice}".rstrip()


class PConfigError(Exception):
    """Base of every error of this library."""


class DeclarationError(PConfigError, TypeError):
    """A decorator was used in a way that cannot work."""


class InheritanceError(PConfigError, ValueError):
    """A class derived from one that constructs something does not say what it constructs."""


class ReservedNameError(PConfigError, ValueError):
    """A field has a name, or under its name a type, that a config class cannot have."""


class CycleError(PConfigError, ValueError):
    """Properties of one config need each other.

    Attributes:
        config_class: The class.
        names: The properties, each needing the next; the first is repeated at the end.
    """

    def __init__(self, config_class: type, names: Sequence[str], advice: str = "") -> None:
        self.config_class = config_class
        self.names = tuple(names)
        name = config_class.__qualname__
        if len(self.names) == 2 and self.names[0] == self.names[1]:
            own = self.names[0]
            words = (
                f"{name}.{own} reads itself: {own} -> {own}\n"
                f"    to start from what was given for it, read pinputs(self).{own}"
            )
        else:
            words = (
                f"properties of {name} need each other: {' -> '.join(self.names)}\n"
                "    let one of them read inputs only, or pinputs(self) where it means what was"
                " given"
            )
        super().__init__(words + (f"\n    {advice}" if advice else ""))

    def __reduce__(self) -> Any:
        return (type(self), (self.config_class, self.names))


class Problem:
    """One thing that is wrong with one construction."""

    is_type_error = True
    is_value_error = False
    place: Place | None = None

    def words(self, config_name: str, place: Place | None) -> str:
        raise NotImplementedError(type(self).__name__)


class UnknownField(Problem):
    """A keyword that names no field."""

    def __init__(
        self, name: str, place: Place | None, suggestion: str | None, known: Sequence[str]
    ) -> None:
        self.name, self.place, self.suggestion, self.known = name, place, suggestion, known

    def words(self, config_name: str, place: Place | None) -> str:
        if self.suggestion:
            advice = f"did you mean {self.suggestion}?"
        elif self.known:
            more = "" if len(self.known) <= 8 else f" and {len(self.known) - 8} more"
            advice = f"its fields are {', '.join(self.known[:8])}{more}"
        else:
            advice = "it has no fields"
        headline = _sentence(self.place or place, f"{config_name} has no field {self.name!r}")
        return headline + _pointed(self.place, advice)


class WrongType(Problem):
    """A value that does not fit its field."""

    def __init__(
        self,
        path: str,
        place: Place | None,
        expected: str,
        value: object,
        advice: str,
        broken_rule: bool,
    ) -> None:
        self.path, self.place, self.expected, self.value, self.advice = (
            path,
            place,
            expected,
            value,
            advice,
        )
        self.is_value_error = broken_rule

    def words(self, config_name: str, place: Place | None) -> str:
        headline = (
            f"{config_name}.{self.path} must be {self.expected}, but got {given_words(self.value)}"
        )
        return _sentence(self.place or place, headline) + _pointed(self.place, self.advice)


class PinnedSet(Problem):
    """A user set a field that code pins."""

    is_type_error = False
    is_value_error = True

    def __init__(
        self, name: str, place: Place | None, computed_by: str, reads: Sequence[str]
    ) -> None:
        self.name, self.place, self.computed_by, self.reads = name, place, computed_by, reads

    def words(self, config_name: str, place: Place | None) -> str:
        if self.computed_by and self.reads:
            advice = (
                f"remove it; {self.computed_by} computes it from {listed(self.reads)}: set those"
            )
        elif self.computed_by:
            advice = f"remove it; {self.computed_by} computes it"
        else:
            advice = (
                "remove it; only the module that defines the class gives it, as Pin(...)"
                " in its default"
            )
        headline = f"{config_name}.{self.name} is a pinned field and cannot be set"
        return _sentence(self.place or place, headline) + _pointed(self.place, advice)


class MissingFields(Problem):
    """Fields that nobody gave."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self.fields = fields

    def words(self, config_name: str, place: Place | None) -> str:
        count = len(self.fields)
        headline = f"{config_name} misses {count} field{'s' if count > 1 else ''}"
        width = max(len(name) for name, _ in self.fields)
        shown = [f"\n      {name + ':':{width + 1}} {hint}" for name, hint in self.fields[:20]]
        more = "" if count <= 20 else f"\n      and {count - 20} more"
        advice = "give as keywords, or register a default: pdefaults += "
        return (
            _sentence(place, headline)
            + _pointed(place, f"{advice}{config_name}(...)")
            + "".join(shown)
            + more
        )


class BadBase(Problem):
    """Something in front of the keywords that cannot be inherited from."""

    def __init__(
        self, index: int, place: Place | None, headline: str, advice: str, is_value_error: bool
    ) -> None:
        self.index, self.place, self.headline, self.advice = index, place, headline, advice
        self.is_type_error = not is_value_error
        self.is_value_error = is_value_error

    def words(self, config_name: str, place: Place | None) -> str:
        return _sentence(self.place or place, self.headline) + _pointed(self.place, self.advice)


class BuildError(PConfigError):
    """A config could not be built.

    Attributes:
        config_class: The class that was to be built.
        place: Where the call stands.
        problems: Everything that is wrong with it.
    """

    def __init__(
        self, config_class: type, place: Place | None, problems: Sequence[Problem]
    ) -> None:
        self.config_class, self.place, self.problems = config_class, place, tuple(problems)
        name = config_class.__qualname__.rpartition("<locals>.")[2]
        super().__init__("\n".join(problem.words(name, place) for problem in problems))

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))


class BuildTypeError(BuildError, TypeError):
    """Unknown names, missing fields, wrong types."""


class BuildValueError(BuildError, ValueError):
    """Pinned fields that were set."""


class BuildTypeValueError(BuildTypeError, BuildValueError):
    """Problems of both kinds, or a value of the right type that breaks a rule."""


def _rebuild_error(error_class: type[PConfigError], words: str) -> PConfigError:
    error = error_class.__new__(error_class)
    error.args = (words,)
    return error


def build_error(config_class: type, place: Place | None, problems: Sequence[Problem]) -> BuildError:
    """The error that reports `problems`: a TypeError, a ValueError, or both."""
    types = any(problem.is_type_error for problem in problems)
    values = any(problem.is_value_error for problem in problems)
    if types and values:
        return BuildTypeValueError(config_class, place, problems)
    return (BuildTypeError if types else BuildValueError)(config_class, place, problems)


class CheckError(PConfigError, ValueError):
    """Checks of one config failed.

    Attributes:
        config_class: The class whose checks they are.
        failures: (check name, exception) of each.
    """

    def __init__(
        self, config_class: type, place: Place | None, failures: Sequence[tuple[str, BaseException]]
    ) -> None:
        self.config_class, self.place, self.failures = config_class, place, tuple(failures)
        name = config_class.__qualname__.rpartition("<locals>.")[2]
        count = len(self.failures)
        lines = [_sentence(place, f"{name} fails {count} check{'s' if count > 1 else ''}")]
        for check, error in self.failures:
            said = str(error) or type(error).__name__
            kind = (
                ""
                if isinstance(error, (ValueError, AssertionError))
                else f" ({type(error).__name__})"
            )
            lines.append(f"    {check}{kind}: {said}")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))


class DefaultError(PConfigError, ValueError):
    """A class has its default already.

    Attributes:
        config_class: The class.
        first, second: Where each default was registered.
    """

    def __init__(
        self, config_class: type, first: Place | None, second: Place | None, changed: Sequence[str]
    ) -> None:
        self.config_class, self.first, self.second, self.changed = (
            config_class,
            first,
            second,
            tuple(changed),
        )
        name = config_class.__qualname__
        what = f"{name} has a default already"
        if changed:
            fields = listed([f"{name}.{field}" for field in self.changed])
            what = (
                f"the default of {name} is completed by its open fields only, but this"
                f" changes {fields}"
            )
        at = f", registered at {first}" if first is not None else ""
        super().__init__(
            _sentence(second, what + at)
            + _pointed(second, f"merge the two, or make this an experiment: config = {name}(...)")
        )

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))


class NotADefaultError(PConfigError, TypeError):
    """Something that is no config was registered or looked up as a default."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(
            f"a default is a config, but got {given_words(value)}\n"
            f"    write pdefaults += SomeConfig(...)"
        )


class DeferredError(PConfigError, TypeError):
    """An operation needs a value that is not known yet.

    Attributes:
        marker: `Required` or `Pinned`.
        operation: What was tried.
    """

    def __init__(self, marker: str, operation: str) -> None:
        self.marker, self.operation = marker, operation
        super().__init__(
            f"{marker} stands for a value that is not known yet: {operation} needs the value"
        )


class OpenConfigError(PConfigError, ValueError):
    """A config with open fields was to be used.

    Attributes:
        paths: Where the open fields are.
    """

    def __init__(self, config_class: type, action: str, paths: Sequence[str]) -> None:
        self.config_class, self.action, self.paths = config_class, action, tuple(paths)
        name = config_class.__qualname__
        shown = ", ".join(self.paths[:12]) + (
            f" and {len(paths) - 12} more" if len(paths) > 12 else ""
        )
        first = self.paths[0] if self.paths else "field"
        keyword = first if first.isidentifier() else first.partition(".")[0].partition("[")[0]
        super().__init__(
            f"{name} cannot {action}: {len(self.paths)} required"
            f" value{'s are' if len(paths) > 1 else ' is'}"
            f" not given yet: {shown}\n    complete it: {name}(config, {keyword}=...)"
        )


class NotConfiguredError(PConfigError, TypeError):
    """A configured class was to be made without its config."""

    def __init__(self, configured_class: type, config_name: str, action: str) -> None:
        name = configured_class.__qualname__
        self.configured_class = configured_class
        super().__init__(
            f"{name}(...) {action}: {name} is made from its config\n"
            f"    write {config_name}(...).construct(), or {name}(config={config_name}(...))"
        )


class FrozenError(PConfigError, AttributeError):
    """An attribute of something that never changes was to be set or deleted."""


def frozen_config(config: object, name: str, action: str, fields: Iterable[str]) -> FrozenError:
    """The error for `config.name = …` or `del config.name`."""
    config_name = type(config).__name__
    known = list(fields)
    if name in known:
        advice = f"make a variant: {config_name}(config, {name}=...)"
    else:
        suggestion = nearest(name, known)
        advice = f"it has no field {name!r}" + (
            f"; did you mean {suggestion!r}?" if suggestion else ""
        )
    return FrozenError(
        f"{config_name}.{name} cannot be {action}: a config never changes\n    {advice}"
    )


class FrozenContainerError(PConfigError, TypeError):
    """A list, dict or set inside a config was to be changed."""

    def __init__(self, kind: str, operation: str, variant: str) -> None:
        self.kind, self.operation = kind, operation
        super().__init__(
            f"this {kind} belongs to a config and never changes ({operation})\n"
            f"    make a variant: {variant}"
        )


class TargetError(PConfigError):
    """A target leads nowhere, or to something that cannot be used so.

    Attributes:
        target: What was typed.
    """

    def __init__(self, target: str, problem: str, advice: Sequence[str] = ()) -> None:
        self.target, self.problem, self.advice = target, problem, tuple(advice)
        super().__init__("\n".join([f"{target}: {problem}", *(f"    {line}" for line in advice)]))


class PathError(PConfigError, LookupError):
    """A path leads nowhere in a config, or is none.

    Attributes:
        path: The path as given.
        suggestions: Paths that may have been meant.
    """

    def __init__(self, path: str, problem: str, suggestions: Sequence[str] = ()) -> None:
        self.path, self.problem, self.suggestions = path, problem, tuple(suggestions)
        words = f"{path!r}: {problem}"
        if self.suggestions:
            words += f"\n    did you mean {listed([repr(s) for s in self.suggestions], 'or')}?"
        super().__init__(words)

    def __reduce__(self) -> Any:
        return (type(self), (self.path, self.problem, self.suggestions))


class EditError(PConfigError, ValueError):
    """A change of a config cannot be made.

    Attributes:
        problems: What is wrong, one sentence each.
    """

    def __init__(self, problems: Sequence[str], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        super().__init__("\n".join(self.problems) + (f"\n    {advice}" if advice else ""))

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))


class UnhashableError(PConfigError, TypeError):
    """A list or dict of a config holds something that cannot be hashed.

    Attributes:
        path: Where, as a suffix: `[2]['k']`.
        value: What.
    """

    def __init__(self, path: str, value: object) -> None:
        self.path, self.value = path, value
        super().__init__(f"{path} cannot be hashed: {given_words(value)}")

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))


class UnknownNameError(PConfigError, NameError):
    """An annotation names something that does not exist.

    Attributes:
        config_class: The class.
        field: The annotated name.
        missing: The name that cannot be found.
    """

    def __init__(
        self, config_class: type, field: str, missing: str, annotation: str, suggestion: str | None
    ) -> None:
        self.config_class, self.field, self.missing = config_class, field, missing
        advice = (
            f"did you mean {suggestion}?"
            if suggestion
            else "import or define it where the class is defined"
        )
        super().__init__(
            f"{config_class.__qualname__}.{field}: {annotation}\n"
            f"    name {missing!r} is not defined in {config_class.__module__}: {advice}",
            name=missing,
        )

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))


class MissingExtraError(PConfigError, ImportError):
    """Something optional is not installed.

    Attributes:
        package: What is missing.
        extra: The extra of this library that brings it.
    """

    def __init__(self, package: str, extra: str, purpose: str, advice: str = "") -> None:
        self.package, self.extra = package, extra
        super().__init__(
            f"{purpose} needs {package}, which is not installed\n"
            f"    {advice or f'pip install pconfigs[{extra}]'}"
        )

    def __reduce__(self) -> Any:
        return (_rebuild_error, (type(self), self.args[0]))
