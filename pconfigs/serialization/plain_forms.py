"""Options: what an untagged plain value can stand for under a check.

Writers and readers of plain data ask the same question here: is a text in this place a text, a
path, a member of an enum? Where the type of the field leaves one answer only, the plain form is
used as it is; where it does not, it is tagged.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import kind_of
from pconfigs.serialization.scalar_codecs import is_enum, leaf_of
from pconfigs.validation.base import (
    AnyCheck,
    CallableCheck,
    Check,
    ClassCheck,
    LiteralCheck,
    TypeCheck,
    UnionCheck,
)
from pconfigs.validation.constraints import ConstrainedCheck
from pconfigs.validation.containers import (
    AbstractCheck,
    DictCheck,
    ListCheck,
    NamedTupleCheck,
    SetCheck,
    TupleCheck,
    TypedDictCheck,
)
from pconfigs.validation.factory import LazyCheck

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


class Options:
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

    def __init__(self, check: Check) -> None:
        self.check = check
        self.any = self.absent = False
        self.scalars: set[type] = set()
        self.words: list[Any] = []
        self.lists: dict[type, Check] = {}
        self.dicts: list[Check] = []
        self.configs: list[type] = []
        self.literals: list[Any] = []
        for member in _members(check):
            self._add(member)
        if self.any:
            self.scalars |= _SCALARS
        # Where None itself does not fit, null is `NoneConfig`.
        self.absent = self.absent and type(None) not in self.scalars and not self.any
        self.word = self._only_word()
        self.special = float in self.scalars and not self.words and str not in self.scalars
        self.list = self._only_list()
        self.mapping = self._only_mapping()

    def _add(self, check: Check) -> None:
        if isinstance(check, LiteralCheck):
            self.literals += check.values
            for value in check.values:
                self._add_class(kind_of(value))
        elif isinstance(check, (TypeCheck, CallableCheck)):
            self.words.append(NAME)
        elif isinstance(check, ClassCheck):
            for cls in check.types or (check.cls,):
                self._add_class(cls)
        elif isinstance(check, ListCheck):
            self.lists[list] = check
        elif isinstance(check, TupleCheck):
            self.lists[tuple] = check
        elif isinstance(check, SetCheck):
            self.lists[check.kind] = check
        elif isinstance(check, (DictCheck, TypedDictCheck, NamedTupleCheck)):
            self.dicts.append(check)
        elif isinstance(check, AbstractCheck) and check.routes:
            for kind, route in check.routes:
                if kind is dict:
                    self.dicts.append(route)
                elif kind in (list, tuple, set, frozenset):
                    self.lists[kind] = route
            if issubclass(str, check.cls):
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
        elif is_enum(cls) or leaf_of(cls) is not None:
            if cls not in self.words:
                self.words.append(cls)
        else:
            self.any = True

    def _only_word(self) -> Any:
        """What a text is: str, one of `words`, or None where that is not decided."""
        if str in self.scalars:
            return str
        kinds = {id(leaf_of(one)) if isinstance(one, type) and leaf_of(one) else id(one)
                 for one in self.words}  # fmt: skip
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

    def item(self, kind: type, index: int, length: int) -> Check:
        """The check of an item of a list, tuple or set."""
        check = self.lists.get(kind)
        if isinstance(check, TupleCheck):
            before, after = len(check.before), len(check.after)
            if index < before:
                return check.before[index]
            if index >= length - after:
                return check.after[index - length]
            return check.repeated or ANY
        if isinstance(check, (ListCheck, SetCheck)):
            return check.item
        return ANY

    def entry(self) -> tuple[Check, Check]:
        """The checks of the keys and the values of a dict."""
        for check in self.dicts:
            if isinstance(check, DictCheck):
                return check.key, check.item
        return ANY, ANY


ANY = AnyCheck()


def options_of(check: Check) -> Options:
    """The options of a check, kept on it."""
    found: Options | None = getattr(check, "options", None)
    if found is None:
        found = Options(check)
        check.options = found  # type: ignore[attr-defined]
    return found


def _members(check: Check) -> Iterator[Check]:
    """The checks that a union is made of, aliases and constraints looked through."""
    pending = [check]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, UnionCheck):
            pending.extend(one.members)
        elif isinstance(one, ConstrainedCheck):
            pending.append(one.inner)
        elif isinstance(one, LazyCheck):
            pending.append(one.known())
        else:
            yield one


def classes_in(check: Check) -> Iterator[type]:
    """The classes that a hint mentions, those inside containers included."""
    pending = [check]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for member in _members(one):
            if isinstance(member, TypeCheck):
                yield from member.bases or ()
            elif isinstance(member, ClassCheck):
                yield member.cls
            elif isinstance(member, LiteralCheck):
                yield from map(type, member.values)
            elif isinstance(member, TupleCheck):
                pending += [*member.before, *member.after]
                pending += [member.repeated] if member.repeated else []
            elif isinstance(member, (TypedDictCheck, NamedTupleCheck)):
                yield member.cls if isinstance(member, NamedTupleCheck) else object
                pending += member.members.values()
            elif isinstance(member, DictCheck):
                pending += [member.key, member.item]
            elif isinstance(member, (ListCheck, SetCheck)):
                pending.append(member.item)
            elif isinstance(member, AbstractCheck):
                pending += [member.key, *([member.item] if member.item else [])]
