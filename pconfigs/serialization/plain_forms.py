"""Options: what an untagged plain value can stand for under a check.

Writers and readers of plain data ask the same question here: is a text in this place a text, a
path, a member of an enum? Where the type of the field leaves one answer only, the plain form is
used as it is; where it does not, it is tagged.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import kind_of
from pconfigs.serialization.scalar_codecs import is_enum, scalar_codec_of
from pconfigs.validation.base import (
    AnyValidator,
    CallableValidator,
    ClassValidator,
    LiteralValidator,
    TypeValidator,
    UnionValidator,
    Validator,
)
from pconfigs.validation.constraints import ConstrainedValidator
from pconfigs.validation.containers import (
    AbcContainer,
    DictValidator,
    ListValidator,
    NamedTupleValidator,
    SetValidator,
    TupleValidator,
    TypedDictValidator,
)
from pconfigs.validation.factory import RecursiveAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SCALARS: frozenset[type] = frozenset((int, float, bool, str, type(None)))
NAME = object()
"""Stands for a class or function, written as its dotted name."""


def is_absence(cls: type) -> bool:
    """Whether `cls` is the type of `NoneConfig`."""
    return getattr(cls, "__pconfig_words__", "") == "NoneConfig"


class PlainForms:
    """What can stand under one check.

    Attributes:
        check: The check.
        any: Whether everything can.
        absent: Whether `NoneConfig` can.
        scalars: Those of int, float, bool, str and None that can.
        words: What else is written as text: types with a `Leaf`, enums, `NAME`.
        lists: What is written as a list: the container's type and its check.
        dicts: Checks of what is written as a mapping, config classes aside.
        configs: The config classes.
        literals: The values of `Literal`s.
        word: What an untagged text is: str, one of `words`, or None where that is not decided.
        special: Whether the texts `nan`, `inf` and `-inf` are floats.
        list: What an untagged list is, or None.
        mapping: What an untagged mapping is: `dict`, a check, a config class, or None.
    """

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.any = self.absent = False
        self.scalars: set[type] = set()
        self.words: list[Any] = []
        self.lists: dict[type, Validator] = {}
        self.dicts: list[Validator] = []
        self.configs: list[type] = []
        self.literals: list[Any] = []
        for member in _members(validator):
            self._add(member)
        if self.any:
            self.scalars |= _SCALARS
        # Where None itself does not fit, null is `NoneConfig`.
        self.absent = self.absent and type(None) not in self.scalars and not self.any
        self.word = self._only_word()
        self.special = float in self.scalars and not self.words and str not in self.scalars
        self.list = self._only_list()
        self.mapping = self._only_mapping()

    def _add(self, validator: Validator) -> None:
        if isinstance(validator, LiteralValidator):
            self.literals += validator.values
            for value in validator.values:
                self._add_class(kind_of(value))
        elif isinstance(validator, (TypeValidator, CallableValidator)):
            self.words.append(NAME)
        elif isinstance(validator, ClassValidator):
            for cls in validator.types or (validator.cls,):
                self._add_class(cls)
        elif isinstance(validator, ListValidator):
            self.lists[list] = validator
        elif isinstance(validator, TupleValidator):
            self.lists[tuple] = validator
        elif isinstance(validator, SetValidator):
            self.lists[validator.kind] = validator
        elif isinstance(validator, (DictValidator, TypedDictValidator, NamedTupleValidator)):
            self.dicts.append(validator)
        elif isinstance(validator, AbcContainer) and validator.routes:
            for kind, route in validator.routes:
                if kind is dict:
                    self.dicts.append(route)
                elif kind in (list, tuple, set, frozenset):
                    self.lists[kind] = route
            if issubclass(str, validator.cls):
                self.scalars.add(str)
        else:
            self.any = True

    def _add_class(self, cls: type) -> None:
        if cls in _SCALARS:
            self.scalars.add(cls)
        elif is_absence(cls):
            self.absent = True
        elif hasattr(cls, "__pconfig_schema__"):
            if cls not in self.configs:
                self.configs.append(cls)
        elif is_enum(cls) or scalar_codec_of(cls) is not None:
            if cls not in self.words:
                self.words.append(cls)
        else:
            self.any = True

    def _only_word(self) -> Any:
        """What a text is: str, one of `words`, or None where that is not decided."""
        if str in self.scalars:
            return str
        codecs = [scalar_codec_of(one) if isinstance(one, type) else None for one in self.words]
        kinds = {id(codec or one) for codec, one in zip(codecs, self.words)}
        return self.words[0] if len(kinds) == 1 else None

    def _only_list(self) -> type | None:
        if self.any or list in self.lists:
            return list
        return next(iter(self.lists)) if len(self.lists) == 1 else None

    def _only_mapping(self) -> Any:
        """What an untagged mapping is: `dict`, a check, a config class, or None."""
        if self.any:
            return dict
        if self.dicts:
            return self.dicts[0] if len(self.dicts) == 1 else None
        return self.configs[0] if len(self.configs) == 1 else None

    def item(self, kind: type, index: int, length: int) -> Validator:
        """The check of an item of a list, tuple or set."""
        validator = self.lists.get(kind)
        if isinstance(validator, TupleValidator):
            before, after = len(validator.before), len(validator.after)
            if index < before:
                return validator.before[index]
            if index >= length - after:
                return validator.after[index - length]
            return validator.repeated or ANY
        if isinstance(validator, (ListValidator, SetValidator)):
            return validator.item
        return ANY

    def entry(self) -> tuple[Validator, Validator]:
        """The checks of the keys and the values of a dict."""
        for validator in self.dicts:
            if isinstance(validator, DictValidator):
                return validator.key, validator.item
        return ANY, ANY


ANY = AnyValidator()


def plain_forms_of(validator: Validator) -> PlainForms:
    """The options of a check, kept on it."""
    found: PlainForms | None = getattr(validator, "options", None)
    if found is None:
        found = PlainForms(validator)
        validator.options = found  # type: ignore[attr-defined]
    return found


def _members(validator: Validator) -> Iterator[Validator]:
    """The checks that a union is made of, aliases and constraints looked through."""
    pending = [validator]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, UnionValidator):
            pending.extend(one.members)
        elif isinstance(one, ConstrainedValidator):
            pending.append(one.inner)
        elif isinstance(one, RecursiveAlias):
            pending.append(one.known())
        else:
            yield one


def classes_in(validator: Validator) -> Iterator[type]:
    """The classes that a hint mentions, those inside containers included."""
    pending = [validator]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for member in _members(one):
            if isinstance(member, TypeValidator):
                yield from member.bases or ()
            elif isinstance(member, ClassValidator):
                yield member.cls
            elif isinstance(member, LiteralValidator):
                yield from map(type, member.values)
            elif isinstance(member, TupleValidator):
                pending += [*member.before, *member.after]
                pending += [member.repeated] if member.repeated else []
            elif isinstance(member, (TypedDictValidator, NamedTupleValidator)):
                yield member.cls if isinstance(member, NamedTupleValidator) else object
                pending += member.members.values()
            elif isinstance(member, DictValidator):
                pending += [member.key, member.item]
            elif isinstance(member, (ListValidator, SetValidator)):
                pending.append(member.item)
            elif isinstance(member, AbcContainer):
                pending += [member.key, *([member.item] if member.item else [])]
