"""Overrides: `name=value` words that make a variant of a config.

The words are read in order, each by the field that it sets; what is wrong with any of them is told
together, before anything is built.
"""

from __future__ import annotations

from pconfigs.config.seats import Refused, Seat, refusal, seat_at
from pconfigs.dotpaths.own import OwnPackages
from pconfigs.errors.building import BuildError
from pconfigs.errors.overriding import (
    BadOverride,
    OverrideError,
    added_twice,
    cannot_add,
    given_twice,
    many_values,
    no_such_path,
    not_an_override,
    replaced_later,
    wrong_value,
)
from pconfigs.errors.reading import PathError
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.errors.words import listed
from pconfigs.schema.equality import same_value
from pconfigs.schema.kinds import is_a, kind_of
from pconfigs.schema.table import is_config, schema_of
from pconfigs.schema.value_checks import Mismatch
from pconfigs.text.typed import Ambiguous, Typed
from pconfigs.tree.assignments import assignment
from pconfigs.tree.edit import edited
from pconfigs.tree.origins import CommandLine, credit
from pconfigs.tree.paths import ROOT, Path, key_text, parse_path, path_from
from pconfigs.tree.walk import pget, pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeVar

    from pconfigs.schema.value_checks import Check
    from pconfigs.tree.assignments import Assignment

    C = TypeVar("C")


def poverride(config: C, words: Iterable[str], /) -> C:
    """A variant of a config, by words as they are typed on a command line.

    `poverride(config, ["base_lr=3e-4", "model.depth=8", "tags+=[wide]"])`

    Raises:
        OverrideError: Words name nothing, say no value of their fields, or undo each other.
        BuildError: The values do not go together.
    """
    made: C = Overrides(config, words).applied()
    return made


def shown_words(config: Any, words: Iterable[str]) -> list[str]:
    """Words that apply to a config, as they may be shown: without the values of secrets."""
    shown: list[str] = []
    for word in words:
        found = assignment(word)
        try:
            seat = None if found is None else seat_at(Seat(config), found.path, word)
        except (PathError, Refused):
            seat = None
        shown.append(word if seat is None else _shown(word, seat))
    return shown


class Setting:
    """A value that a word gives, and what later words change in it."""

    __slots__ = ("inner", "path", "seat", "value", "word")

    def __init__(self, path: Path, word: str, seat: Seat, value: Any) -> None:
        self.path, self.word, self.seat, self.value = path, word, seat, value
        self.inner: list[Setting] = []


class Overrides:
    """Words and the config that they are for.

    Attributes:
        config: The config as it is without them.
        settings: What the words set, in order.

    Raises:
        OverrideError: Any of the words cannot be applied.
    """

    def __init__(self, config: Any, words: Iterable[str]) -> None:
        self.config = config
        self.settings: list[Setting] = []
        self._problems: list[BadOverride] = []
        self._places: list[tuple[Path, str]] = []
        self._own = OwnPackages(_modules_in(config))
        for word in words:
            self._take(word)
        if self._problems:
            self._add_effects()
        self._refuse()

    @property
    def changes(self) -> dict[Path, Any]:
        """What is set where, with later words worked into the values of earlier ones."""
        return {setting.path: self._final(setting) for setting in self.settings}

    def applied(self) -> Any:
        """The variant.

        Raises:
            OverrideError: A property puts something else where a word sets a value.
            BuildError: The values do not go together.
        """
        if not self.settings:
            return self.config
        changes = self.changes
        made = edited(self.config, changes, (CommandLine.of(self._places), 0))
        for setting in self.settings:
            self._check_effect(setting, changes[setting.path], made)
        self._refuse()
        return made

    def _add_effects(self) -> None:
        """Find the words that a property makes void as well, if the others can be built."""
        try:
            made = edited(self.config, self.changes, (CommandLine.of(self._places), 0))
        except Exception:  # told when the words that are wrong anyway are put right
            return
        for setting in self.settings:
            self._check_effect(setting, self._final(setting), made)

    def _refuse(self) -> None:
        if self._problems:
            raise OverrideError(self._problems)

    def _take(self, word: str) -> None:
        found = assignment(word)
        if found is None:
            self._problems.append(not_an_override(word))
            return
        path = ROOT
        try:
            path = found.path
            self._place(found, path)
        except PathError as error:
            ways = [_continued(way, path) for way in error.suggestions]
            self._problems.append(no_such_path(word, word[len(found.left) :], error.problem, ways))
        except Refused as refused:
            self._problems.append(refused.problem)

    def _place(self, found: Assignment, path: Path) -> None:
        """Read a word, and put what it sets where it belongs."""
        settings, root, start = self.settings, Seat(self.config), ROOT
        while (around := _around(settings, root, path, found.word)) is not None:
            if len(around.path) == len(path):
                self._again(found, around, start)
                return
            # The way goes on in what an earlier word has put there.
            path = path_from(path.steps[len(around.path) :])
            start = path_from((*start.steps, *around.path.steps))
            settings, root = around.inner, Seat(around.value, around.seat)
        whole = seat_at(root, path, found.word, start)
        inside = [one for one in settings if _starts(one.path, whole.path)]
        word = _shown(found.word, whole)
        if inside and not found.adds:
            self._problems.append(replaced_later(word, inside[0].word))
            return
        at = path_from((*start.steps, *whole.path.steps))
        value = self._value(found, word, whole, at)
        if value is not _WRONG:
            self._places.append((at, word))
            setting = Setting(whole.path, word, whole, value)
            for one in inside:
                # Adding leaves what was changed in it before.
                settings.remove(one)
                one.path = path_from(one.path.steps[len(whole.path) :])
                setting.inner.append(one)
            settings.append(setting)

    def _again(self, found: Assignment, earlier: Setting, start: Path) -> None:
        """Add to what an earlier word has given; anything else would be giving it twice."""
        word = _shown(found.word, earlier.seat)
        if not found.adds:
            self._problems.append(given_twice(word, earlier.word))
            return
        seat = Seat(earlier.value, earlier.seat)
        seat.path = earlier.path
        at = path_from((*start.steps, *earlier.path.steps))
        value = self._value(found, word, seat, at)
        if value is not _WRONG:
            earlier.value = value
            self._places.append((at, word))

    def _value(self, found: Assignment, word: str, seat: Seat, at: Path) -> Any:
        """What a word says, or `_WRONG` where that is a problem."""
        place = CommandLine.of([(at, word)]).below(at)
        typed = Typed(
            lambda text: self._find(text, seat.check), lambda cls: _default(cls, seat.check, place)
        )
        try:
            if not found.adds:
                return typed.value(found.text, seat.check)
            return self._added(typed, found, word, seat)
        except Mismatch as mismatch:
            text = "a secret" if seat.secret else mismatch.value
            advice = "" if seat.secret else mismatch.advice
            inside = f"{seat.inside}{mismatch.path}"
            if isinstance(mismatch, Ambiguous):
                where = f"{seat.name}{inside}"
                self._problems.append(many_values(word, where, text, mismatch.ways))
                return _WRONG
            problem = wrong_value(word, seat.name, inside, text, mismatch.expected, advice)
            self._problems.append(problem)
            return _WRONG

    def _added(self, typed: Typed, found: Assignment, word: str, seat: Seat) -> Any:
        old = seat.value
        if not is_a(old, (list, tuple, set, frozenset, dict)) or hasattr(old, "_fields"):
            kind = "None" if old is None else type(old).__name__
            self._problems.append(cannot_add(word, seat.name + seat.inside, kind))
            return _WRONG
        more: Any = typed.read(found.text, seat.check)
        kinds = (list, tuple, dict, (set, frozenset))
        if not any(is_a(old, kind) and is_a(more, kind) for kind in kinds):
            raise Mismatch("", found.text, type(old).__name__.removeprefix("Frozen").lower())
        if is_a(old, dict):
            twice = [key_text(key) for key in more if key in old]
            if twice:
                self._problems.append(added_twice(word, str(seat.path), twice))
                return _WRONG
            whole = dict(old)
            whole.update(more)
            return seat.check.take(whole)
        if is_a(old, (set, frozenset)):
            return seat.check.take(kind_of(more)([*old, *more]))
        joined = [*old, *more]
        return seat.check.take(tuple(joined) if is_a(old, tuple) else joined)

    def _find(self, text: str, check: Check) -> Any:
        """What a dotted path of the project leads to."""
        try:
            return self._own.find(text)
        except ImportFailedError:
            raise
        except TargetError as error:
            advice = error.advice[0] if error.advice else ""
            raise Mismatch(
                "", text, check.words, f"{error.problem}; {advice}".strip("; ")
            ) from None

    def _final(self, setting: Setting) -> Any:
        if not setting.inner:
            return setting.value
        changes = {inner.path: self._final(inner) for inner in setting.inner}
        place = CommandLine.of(self._places).below(setting.path)
        return edited(setting.value, changes, (place, 0))

    def _check_effect(self, setting: Setting, value: Any, made: Any) -> None:
        """Refuse a word whose value a property has replaced by its own."""
        if not setting.seat.computed:
            return
        path, config, field = setting.seat.computed[0]
        try:
            held = pget(made, setting.path)
        except PathError:
            held = _WRONG
        has_parts = any(is_config(part) for _, _, part in pwalk(value))
        if same_value(held, value):
            return
        if has_parts and held is not _WRONG:
            before = pget(self.config, setting.path)
            if not same_value(held, before):
                return
        self._problems.append(refusal(setting.word, path, config, field))


def _starts(path: Path, start: Path) -> bool:
    return path.steps[: len(start)] == start.steps


class _Wrong:
    """Stands for a value that a word does not say."""


_WRONG: Any = _Wrong()


def _default(cls: type, check: Check, place: CommandLine) -> Any:
    """The default config of a class, which counts as made by the command line."""
    try:
        made = cls()
    except BuildError as error:
        missing = [name for problem in error.problems for name, _ in getattr(problem, "fields", ())]
        advice = f"{cls.__name__} has no default for {listed(missing)}: give an experiment"
        raise Mismatch("", cls, check.words, advice) from None
    credit(made, (place, 0))
    return made


def _around(settings: list[Setting], root: Seat, path: Path, word: str) -> Setting | None:
    """The setting of the value at a path, or of what it is in."""
    for count in range(1, len(path) + 1 if settings else 0):
        try:
            part = seat_at(root, path_from(path.steps[:count]), word).path
        except (PathError, Refused):
            return None
        for setting in settings:
            if setting.path.steps == part.steps:
                return setting
    return None


def _continued(way: str, path: Path) -> str:
    """A path that may have been meant, with the rest of what was typed behind it."""
    steps = parse_path(way).steps
    if steps[:-1] != path.steps[: len(steps) - 1]:
        return way
    return str(path_from((*steps, *path.steps[len(steps) :])))


def _shown(word: str, seat: Seat) -> str:
    """A word as it may be shown: without the value of a secret."""
    if not seat.secret:
        return word
    found = assignment(word)
    return word if found is None else f"{found.left}{'+' if found.adds else ''}=..."


def _modules_in(config: Any) -> set[str]:
    """Names of the modules whose classes make up a config."""
    found: set[str] = set()
    for _, _, value in pwalk(config):
        if is_config(value):
            found |= {schema.cls.__module__ for schema in schema_of(value).lineage}
    return found
