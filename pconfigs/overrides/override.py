"""Overrides: `name=value` words that make a variant of a config.

The words are read in order, each by the field that it sets; problems of all of them are reported
together, before anything is built.
"""

from __future__ import annotations

from pconfigs.declare.penv import variables_of
from pconfigs.errors.formatting import SECRET_NAMES
from pconfigs.errors.overrides import (
    SECRET,
    BadOverride,
    OverrideError,
    added_twice,
    cannot_add,
    cannot_remove,
    given_twice,
    left_out,
    many_values,
    no_such_path,
    not_an_override,
    not_in,
    replaced_later,
    set_by_variable,
    undone_later,
    wrong_value,
)
from pconfigs.errors.paths import PathError
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.imports import import_defined
from pconfigs.imports.own_packages import OwnPackages
from pconfigs.markers import Omitted, is_deferred
from pconfigs.overrides.applied import AppliedOverride, around, starts
from pconfigs.overrides.assignments import assignment, with_brackets
from pconfigs.overrides.files import groups_of, laid_over
from pconfigs.overrides.habits import answer
from pconfigs.overrides.override_target import (
    OverrideRefused,
    OverrideTarget,
    continued,
    modules_in,
    new_key,
    packages_in,
    refusal,
    slot_at,
    without_value,
)
from pconfigs.overrides.parse import CommandLineTexts
from pconfigs.overrides.removing import without_items, without_keys
from pconfigs.overrides.suggestions import suggestion
from pconfigs.overrides.switching import default_part, names_class, switched
from pconfigs.provenance.origins import CommandLineLocation
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.serialization.texts.base import Ambiguous
from pconfigs.serialization.texts.parsers import text_parser_of
from pconfigs.serialization.texts.tokens import unquoted
from pconfigs.tree.edit import edited
from pconfigs.tree.paths import ROOT, Path, key_text, parse_path, path_from
from pconfigs.tree.walk import meant_by, pget, pwalk
from pconfigs.validation.base import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeVar

    from pconfigs.overrides.assignments import Assignment
    from pconfigs.validation.base import Validator

    C = TypeVar("C")


def poverride(config: C, words: Iterable[str], /) -> C:
    """Return a variant of a config, by words as they are typed on a command line.

    `poverride(config, ["base_lr=3e-4", "model.depth=8", "tags+=[wide]"])`. A word `@patch.yaml`
    lays a file over the config. Words apply in order: those after a file change what it has made.

    Raises:
        OverrideError: Words name nothing, give no value of their fields, or undo each other.
        LoadError: A file does not fit the config.
        BuildError: The values do not go together.
    """
    if isinstance(words, str):
        raise TypeError(f"words must be a list of strings, got {words!r}: write [{words!r}]")
    made: C = overridden(config, words)[0]
    return made


def overridden(config: Any, words: Iterable[str]) -> tuple[Any, list[str]]:
    """Return the variant that words make, and what was kept and dropped where parts were switched.

    Raises:
        OverrideError, LoadError, BuildError: As of `poverride`.
    """
    notes: list[str] = []
    for file, group in groups_of(words):
        if file is None:
            overrides = Overrides(config, group)
            config = overrides.applied()
            notes += overrides.notes
        else:
            config = laid_over(config, file)
    return config, notes


def shown_words(config: Any, words: Iterable[str]) -> list[str]:
    """Return words that apply to a config, as they may be shown: without the values of secrets."""
    shown: list[str] = []
    for word in words:
        found = assignment(word)
        try:
            slot = None if found is None else slot_at(OverrideTarget(config), found.path, word)
        except (PathError, OverrideRefused):
            slot = None
        shown.append(word if slot is None else _shown(word, slot))
    return shown


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
        self.settings: list[AppliedOverride] = []
        self._problems: list[BadOverride] = []
        self._places: list[tuple[Path, str]] = []
        self.notes: list[str] = []
        self._own = OwnPackages(modules_in(config))
        for word in words:
            self._take(word)
        if self._problems:
            self._add_effects()
        self._refuse()

    @property
    def changes(self) -> dict[Path, Any]:
        """The settings by path, with later arguments applied to the values of earlier ones."""
        return {setting.path: self._final(setting) for setting in self.settings}

    def applied(self) -> Any:
        """Return the variant.

        Raises:
            OverrideError: A property puts something else where a word sets a value.
            BuildError: The values do not go together.
        """
        if not self.settings:
            return self.config
        changes = self.changes
        made = edited(self.config, changes, (CommandLineLocation.of(self._places), 0))
        for setting in self.settings:
            self._check_effect(setting, changes[setting.path], made)
        self._refuse()
        return made

    def _add_effects(self) -> None:
        """Find the words that a property makes void as well, if the others can be built."""
        try:
            made = edited(self.config, self.changes, (CommandLineLocation.of(self._places), 0))
        except Exception:  # reported when the other problems are fixed
            return
        for setting in self.settings:
            self._check_effect(setting, self._final(setting), made)

    def _refuse(self) -> None:
        if self._problems:
            raise OverrideError(self._problems)

    def _take(self, word: str) -> None:
        found = assignment(word)
        if found is None:
            self._problems.append(answer(word, self.config) or not_an_override(word))
            return
        path = ROOT
        try:
            if "*" in found.left:
                for path in meant_by(self.config, with_brackets(found.left)):
                    self._place(found, path)
                return
            path = found.path
            self._place(found, path)
        except PathError as error:
            ways = [continued(way, path) for way in error.suggestions]
            right = word[len(found.left) :]
            if self._is_near_secret(path, ways):
                right = f"{found.sign}..."
            variable = self._variable(path)
            if variable:
                self._problems.append(set_by_variable(found.left + right, str(path), variable))
            else:
                shown = found.left + right
                advice = "" if ways else new_key(self.config, path, right)
                self._problems.append(no_such_path(shown, right, error.problem, ways, advice))
        except OverrideRefused as refused:
            self._problems.append(refused.problem)

    def _is_near_secret(self, path: Path, ways: list[str]) -> bool:
        """Return whether a path that leads nowhere may have been meant for a secret."""
        paths = (path, *map(parse_path, ways))
        return any(step in SECRET_NAMES for way in paths for step in way.steps)

    def _variable(self, path: Path) -> str:
        """Return the environment variable that a path means, or nothing."""
        if path.steps[-2:-1] != ("environment",):
            return ""
        config: Any = pget(self.config, path_from(path.steps[:-2]))
        known = schema_of(config).environment if is_config(config) else None
        found = variables_of(known).get(str(path.step)) if known is not None else None
        return "" if found is None else found.name

    def _place(self, found: Assignment, path: Path) -> None:
        """Read a word, and put what it sets where it belongs."""
        settings, root, start = self.settings, OverrideTarget(self.config), ROOT
        while (holder := around(settings, root, path, found.word)) is not None:
            if len(holder.path) == len(path):
                self._again(found, holder, start)
                return
            if holder.value is Omitted:
                self._problems.append(left_out(_shown(found.word, holder.slot), holder.word))
                return
            # The way goes on in what an earlier word has put there.
            path = path_from(path.steps[len(holder.path) :])
            start = path_from((*start.steps, *holder.path.steps))
            settings, root = holder.inner, OverrideTarget(holder.value, holder.slot)
        whole = slot_at(root, path, found.word, start)
        inside = [one for one in settings if starts(one.path, whole.path)]
        word = _shown(found.word, whole)
        if inside and not found.adds:
            problem = undone_later if found.removes else replaced_later
            self._problems.append(problem(word, inside[0].word))
            return
        at = path_from((*start.steps, *whole.path.steps))
        value = self._value(found, word, whole, at)
        if value is not _WRONG:
            self._places.append((at, word))
            setting = AppliedOverride(whole.path, word, whole, value)
            for one in inside:
                # Adding leaves what was changed in it before.
                settings.remove(one)
                one.path = path_from(one.path.steps[len(whole.path) :])
                setting.inner.append(one)
            settings.append(setting)

    def _again(self, found: Assignment, earlier: AppliedOverride, start: Path) -> None:
        """Add to what an earlier word has given; anything else would be giving it twice."""
        word = _shown(found.word, earlier.slot)
        if not found.changes:
            self._problems.append(given_twice(word, earlier.word))
            return
        if found.removes and earlier.inner:
            self._problems.append(undone_later(word, earlier.inner[0].word))
            return
        slot = OverrideTarget(earlier.value, earlier.slot)
        slot.path = earlier.path
        at = path_from((*start.steps, *earlier.path.steps))
        value = self._value(found, word, slot, at)
        if value is not _WRONG:
            earlier.value = value
            self._places.append((at, word))

    def _value(self, found: Assignment, word: str, slot: OverrideTarget, at: Path) -> Any:
        """Return the value of an argument, or `_WRONG` if it has a problem."""
        place = CommandLineLocation.of([(at, word)]).below(at)
        typed = CommandLineTexts(
            lambda text: self._find(text, slot.validator),
            lambda cls: default_part(cls, slot.validator, place),
        )
        try:
            if found.removes:
                return self._removed(typed, found, word, slot)
            if found.adds:
                return self._added(typed, found, word, slot)
            written = found.text
            if slot.may_be_omitted and written == "Omitted":
                return Omitted
            if slot.may_be_omitted and unquoted(written) == "Omitted":
                written = "Omitted"
            value = text_parser_of(slot.validator).value(written, typed)
            return self._switched(value, found, slot, at, place)
        except InvalidValue as mismatch:
            text = SECRET if slot.secret else mismatch.value
            inside = f"{slot.inside}{mismatch.path}"
            if isinstance(mismatch, Ambiguous):
                where = f"{slot.name}{inside}"
                self._problems.append(many_values(word, where, text, mismatch.ways))
                return _WRONG
            advice = ""
            if found.removes or (found.adds and isinstance(slot.value, tuple)):
                advice = "" if slot.secret else mismatch.advice
            elif not slot.secret:
                path = "" if found.adds else str(at)
                advice = suggestion(mismatch, found.text, slot.validator, typed, path)
            problem = wrong_value(word, slot.name, inside, text, mismatch.expected, advice)
            self._problems.append(problem)
            return _WRONG

    def _added(
        self, typed: CommandLineTexts, found: Assignment, word: str, slot: OverrideTarget
    ) -> Any:
        old = slot.value
        if not isinstance(old, (list, tuple, set, frozenset, dict)) or hasattr(old, "_fields"):
            kind = "None" if old is None else type(old).__name__
            self._problems.append(cannot_add(word, slot.name + slot.inside, kind))
            return _WRONG
        more: Any = text_parser_of(slot.validator).parse(found.text, typed)
        kinds = (list, tuple, dict, (set, frozenset))
        if not any(isinstance(old, kind) and isinstance(more, kind) for kind in kinds):
            raise InvalidValue("", found.text, type(old).__name__.removeprefix("Frozen").lower())
        if isinstance(old, dict):
            twice = [key_text(key) for key in more if key in old]
            if twice:
                self._problems.append(added_twice(word, str(slot.path), twice))
                return _WRONG
            whole = dict(old)
            whole.update(more)
            return slot.validator.validate(whole)
        if isinstance(old, (set, frozenset)):
            return slot.validator.validate(type(more)([*old, *more]))
        joined = [*old, *more]
        return slot.validator.validate(tuple(joined) if isinstance(old, tuple) else joined)

    def _removed(
        self, typed: CommandLineTexts, found: Assignment, word: str, slot: OverrideTarget
    ) -> Any:
        """Return a container without the items, or the keys, that a word names."""
        old = slot.value
        if not isinstance(old, (list, tuple, set, frozenset, dict)) or hasattr(old, "_fields"):
            kind = "None" if old is None else type(old).__name__
            self._problems.append(cannot_remove(word, slot.name + slot.inside, kind))
            return _WRONG
        if isinstance(old, dict):
            rest, absent = without_keys(old, found.text)
        else:
            gone = text_parser_of(slot.validator).parse(found.text, typed)
            rest, absent = without_items(old, gone)
        if absent:
            self._problems.append(not_in(word, slot.name + slot.inside, absent))
            return _WRONG
        return slot.validator.validate(rest)

    def _switched(
        self,
        value: Any,
        found: Assignment,
        slot: OverrideTarget,
        at: Path,
        place: CommandLineLocation,
    ) -> Any:
        """Return a part that takes the place of another, with what was set in that one."""
        old = slot.value
        if not (is_config(value) and is_config(old)):
            return value
        if type(value) is type(old) and names_class(found.text, type(old)):
            return value  # the class itself: back to its default
        done = switched(old, value, (place, 0))
        note = done.note(str(at))
        if note:
            self.notes.append(note)
        return done.config

    def _find(self, text: str, validator: Validator) -> Any:
        """Return the object that a dotted path of the project leads to."""
        try:
            return self._own.find(text)
        except ImportFailedError:
            raise
        except TargetError as error:
            top = text.partition(".")[0]
            if top in packages_in(validator) and not self._own.has(top):
                # A field of type[torch.optim.Optimizer] takes torch.optim.SGD.
                try:
                    return import_defined(text)
                except TargetError:
                    pass
            advice = error.advice[0] if error.advice else ""
            raise InvalidValue(
                "", text, validator.description, f"{error.problem}; {advice}".strip("; ")
            ) from None

    def _final(self, setting: AppliedOverride) -> Any:
        if not setting.inner:
            return setting.value
        changes = {inner.path: self._final(inner) for inner in setting.inner}
        place = CommandLineLocation.of(self._places).below(setting.path)
        return edited(setting.value, changes, (place, 0))

    def _check_effect(self, setting: AppliedOverride, value: Any, made: Any) -> None:
        """Refuse a word whose value a property has replaced by its own."""
        if not setting.slot.computed:
            return
        path, config, field = setting.slot.computed[0]
        try:
            held = pget(made, setting.path)
        except PathError:
            held = _WRONG
        if held is _WRONG and is_deferred(pget(made, path)):
            return  # it waits, as in a template: what was given is what others read
        if any(one.leaves_out_in(path) for one in self.settings):
            # The items that remain have other indices.
            if same_value(pget(made, path), pget(self.config, path)):
                self._problems.append(refusal(setting.word, path, config, field))
            return
        has_parts = any(is_config(part) for _, _, part in pwalk(value))
        if value is Omitted or same_value(held, value):
            return
        # The property may make another value of what is given: then the word has an effect.
        if held is not _WRONG and (has_parts or setting.path == path):
            before = pget(self.config, setting.path)
            if not same_value(held, before):
                return
        self._problems.append(refusal(setting.word, path, config, field))


class _Wrong:
    """Represents a value that a word does not give."""


_WRONG: Any = _Wrong()


def _shown(word: str, slot: OverrideTarget) -> str:
    """Return a word as it may be shown: without the value of a secret."""
    return without_value(word) if slot.secret else word
