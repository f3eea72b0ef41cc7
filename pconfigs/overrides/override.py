"""Overrides: `name=value` words that make a variant of a config.

The words are read in order, each by the field that it sets; problems of all of them are reported
together, before anything is built.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import CONTAINERS, MISSING
from pconfigs.declare.penv import variables_of
from pconfigs.errors.formatting import SECRET_NAMES, shown_word
from pconfigs.errors.paths import (
    SECRET,
    BadOverride,
    OverrideError,
    PathError,
    added_twice,
    given_twice,
    many_values,
    no_such_path,
    not_a_container,
    not_an_override,
    not_in,
    replaced_later,
    set_by_variable,
    undone_later,
    wrong_value,
)
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.imports import import_defined
from pconfigs.imports.own_packages import OwnPackages
from pconfigs.markers import Omitted, is_deferred
from pconfigs.overrides.assignments import assignment, with_brackets
from pconfigs.overrides.files import groups_of, laid_over
from pconfigs.overrides.habits import answer
from pconfigs.overrides.override_target import (
    AppliedOverride,
    OverrideRefused,
    OverrideTarget,
    continued,
    modules_in,
    new_key,
    packages_in,
    refusal,
    slot_at,
    starts,
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


class Overrides:
    """Words and the config that they are for.

    Attributes:
        config: The config as it is without them.
        settings: What the words set, by path.
        notes: What was kept and dropped where parts were switched.

    Raises:
        OverrideError: Any of the words cannot be applied.
    """

    def __init__(self, config: Any, words: Iterable[str]) -> None:
        self.config = config
        self.settings: dict[Path, AppliedOverride] = {}
        self.notes: list[str] = []
        self._problems: list[BadOverride] = []
        self._places: list[tuple[Path, str]] = []
        self._own = OwnPackages(modules_in(config))
        for word in words:
            self._take(word)
        if self._problems:
            try:
                # The words that a property makes void are among the problems, too.
                self._built()
            except Exception:  # noqa: S110 - reported when the other problems are fixed
                pass
            raise OverrideError(self._problems)

    def applied(self) -> Any:
        """Return the variant.

        Raises:
            OverrideError: A property puts something else where a word sets a value.
            BuildError: The values do not go together.
        """
        made = self._built()
        if self._problems:
            raise OverrideError(self._problems)
        return made

    def _built(self) -> Any:
        """Return the variant; words whose values a property has replaced become problems."""
        outer = [one for at, one in self.settings.items() if self._around(at) is None]
        changes = {one.slot.path: self._final(one) for one in outer}
        if not changes:
            return self.config
        made = edited(self.config, changes, (CommandLineLocation.of(self._places), 0))
        for setting in outer:
            self._check_effect(setting, changes[setting.slot.path], made)
        return made

    def _around(self, path: Path) -> AppliedOverride | None:
        """Return the setting of the nearest value around the one at a path."""
        while path.parent is not None:
            path = path.parent
            if path in self.settings:
                return self.settings[path]
        return None

    def _final(self, setting: AppliedOverride) -> Any:
        """Return the value of a setting with what other words set in it."""
        path = setting.slot.path
        changes = {
            path_from(at.steps[len(path) :]): self._final(one)
            for at, one in self.settings.items()
            if self._around(at) is setting
        }
        if not changes:
            return setting.value
        return edited(setting.value, changes, (CommandLineLocation.of(self._places).below(path), 0))

    def _take(self, word: str) -> None:
        """Read a word, and put what it sets where it belongs."""
        found = assignment(word)
        if found is None:
            shown = shown_word(word)
            self._problems.append(answer(shown, self.config) or not_an_override(shown))
            return
        try:
            several = "*" in found.left
            paths = meant_by(self.config, with_brackets(found.left)) if several else [found.path]
        except PathError as error:
            self._refuse(self._leads_nowhere(found, ROOT, error))
            return
        for path in paths:
            try:
                self._place(found, path)
            except PathError as error:
                self._refuse(self._leads_nowhere(found, path, error))
            except OverrideRefused as refused:
                self._refuse(refused.problem)

    def _refuse(self, problem: BadOverride) -> None:
        # A pattern may have one problem at several paths.
        if str(problem) not in map(str, self._problems):
            self._problems.append(problem)

    def _leads_nowhere(self, found: Assignment, path: Path, error: PathError) -> BadOverride:
        """Return the problem of a word whose path leads nowhere."""
        ways = [continued(way, path) for way in error.suggestions if self._leads_on(way)]
        left, right = found.left, found.word[len(found.left) :]
        is_near = self._is_near_secret(path, ways) or shown_word(found.word) != found.word
        is_near = is_near or "environment" in path.steps[:-1]  # of secret variables
        if is_near:
            right = f"{found.sign}..."
        if error.path.endswith("[...]"):  # a key of a secret dict
            left = error.path
        variable = self._variable(path)
        if variable:
            return set_by_variable(left + right, str(path), variable)
        advice = "" if ways or is_near else new_key(self.config, path, right)
        return no_such_path(left + right, right, error.problem, ways, advice)

    def _leads_on(self, way: str) -> bool:
        """Return whether a path of the config leads somewhere after what words have replaced."""
        try:
            slot_at(self.config, parse_path(way), way, self.settings)
        except OverrideRefused:
            return True  # the reason is worth more than no suggestion
        except PathError:
            return False
        return True

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
        """Note what a word sets at a path.

        Raises:
            PathError: It leads nowhere.
            OverrideRefused: Nothing can be set there, the value is wrong, or an earlier word would
                be without effect.
        """
        slot = slot_at(self.config, path, found.word, self.settings)
        word, at = slot.shown(found.word), slot.path
        earlier = self.settings.get(at)
        if earlier is not None and not found.changes:
            raise OverrideRefused(given_twice(word, earlier.word))
        inside = [one for own, one in self.settings.items() if own != at and starts(own, at)]
        if inside and not found.adds:  # adding leaves what was changed in it before
            problem = undone_later if found.removes else replaced_later
            raise OverrideRefused(problem(word, inside[0].word))
        value = self._value(found, word, slot)
        self._places.append((at, word))
        if earlier is None:
            self.settings[at] = AppliedOverride(word, slot, value)
        else:
            earlier.value = value

    def _value(self, found: Assignment, word: str, slot: OverrideTarget) -> Any:
        """Return the value that a word gives for a slot.

        Raises:
            OverrideRefused: It gives none.
        """
        place = CommandLineLocation.of([(slot.path, word)]).below(slot.path)
        typed = CommandLineTexts(
            lambda text: self._find(text, slot.validator),
            lambda cls: default_part(cls, slot.validator, place),
        )
        try:
            if found.changes:
                return slot.validator.validate(self._changed(typed, found, word, slot))
            written = found.text
            if slot.may_be_omitted and written == "Omitted":
                return Omitted
            if slot.may_be_omitted and unquoted(written) == "Omitted":
                written = "Omitted"
            value = text_parser_of(slot.validator).value(written, typed)
            return self._switched(value, found, slot, place)
        except InvalidValue as mismatch:
            problem = self._wrong(mismatch, typed, found, word, slot)
        raise OverrideRefused(problem)

    def _wrong(
        self,
        mismatch: InvalidValue,
        typed: CommandLineTexts,
        found: Assignment,
        word: str,
        slot: OverrideTarget,
    ) -> BadOverride:
        """Return the problem of a word whose value does not fit."""
        # A text may be meant for a part that has secrets.
        said = found.text if slot.secret else shown_word(found.text)
        hides = slot.secret or said != found.text
        word = f"{found.left}{found.sign}{said}" if said != found.text else word
        text = SECRET if hides else mismatch.value
        inside = slot.inside if hides else f"{slot.inside}{mismatch.path}"
        if isinstance(mismatch, Ambiguous):
            return many_values(word, f"{slot.name}{inside}", text, mismatch.ways)
        advice = ""
        if found.removes or (found.adds and isinstance(slot.value, tuple)):
            advice = "" if hides else mismatch.advice
        elif not hides:
            path = "" if found.adds else str(slot.path)
            advice = suggestion(mismatch, found.text, slot.validator, typed, path)
        return wrong_value(word, slot.name, inside, text, mismatch.expected, advice)

    def _changed(
        self, typed: CommandLineTexts, found: Assignment, word: str, slot: OverrideTarget
    ) -> Any:
        """Return a container with or without the items, or the keys, that a word names."""
        old = slot.value
        where = slot.name + slot.inside
        if not isinstance(old, CONTAINERS) or hasattr(old, "_fields"):
            kind = "None" if old is None else type(old).__name__
            raise OverrideRefused(not_a_container(word, where, kind, adds=found.adds))
        if found.removes and isinstance(old, dict):
            rest, absent = without_keys(old, found.text)
        else:
            items: Any = text_parser_of(slot.validator).parse(found.text, typed)
            if found.adds:
                return self._added(old, items, found, word, slot)
            rest, absent = without_items(old, items)
        if absent:
            raise OverrideRefused(not_in(word, where, absent, slot.secret))
        return rest

    def _added(
        self, old: Any, more: Any, found: Assignment, word: str, slot: OverrideTarget
    ) -> Any:
        """Return a container with more items or keys."""
        kinds = (list, tuple, dict, (set, frozenset))
        if not any(isinstance(old, kind) and isinstance(more, kind) for kind in kinds):
            raise InvalidValue("", found.text, type(old).__name__.removeprefix("Frozen").lower())
        if isinstance(old, dict) and isinstance(more, dict):
            twice = [key_text(key) for key in more if key in old]
            if twice:
                raise OverrideRefused(added_twice(word, str(slot.path), twice, slot.secret))
            return {**old, **more}
        joined = [*old, *more]
        return joined if isinstance(old, list) else type(more)(joined)

    def _switched(
        self, value: Any, found: Assignment, slot: OverrideTarget, place: CommandLineLocation
    ) -> Any:
        """Return a part that takes the place of another, with what was set in that one."""
        old = slot.value
        if not (is_config(value) and is_config(old)):
            return value
        if type(value) is type(old) and names_class(found.text, type(old)):
            return value  # the class itself: back to its default
        config, note = switched(old, value, slot.path, (place, 0))
        self.notes += [note] if note else []
        return config

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

    def _check_effect(self, setting: AppliedOverride, value: Any, made: Any) -> None:
        """Refuse a word whose value a property has replaced by its own."""
        if not setting.slot.computed:
            return
        at = setting.slot.path
        path, config, field = setting.slot.computed[0]
        try:
            held = pget(made, at)
        except PathError:
            held = MISSING
        if held is MISSING and is_deferred(pget(made, path)):
            return  # it waits, as in a template: what was given is what others read
        has_effect = value is Omitted or same_value(held, value)
        if any(one.leaves_out_in(path) for one in self.settings.values()):
            # The items that remain have other indices.
            has_effect = not same_value(pget(made, path), pget(self.config, path))
        elif not has_effect and held is not MISSING:
            # The property may make another value of what is given: then the word has an effect.
            has_parts = any(is_config(part) for _, _, part in pwalk(value))
            may_differ = has_parts or at == path
            has_effect = may_differ and not same_value(held, pget(self.config, at))
        if not has_effect:
            self._problems.append(refusal(setting.word, path, config, field))
