"""Plain forms: what an untagged plain value can be under a validator.

Writing and reading ask the same question: is a string in this place a string, a path, a member of
an enum? Where the type of the field leaves one answer only, the plain form is used as it is; where
it does not, it is tagged.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import JSON_SCALARS
from pconfigs.serialization.conversion.scalar_codecs import is_enum, scalar_codec_of
from pconfigs.validation.base import (
    ANY,
    AnyValidator,
    ClassValidator,
    UnionValidator,
    Validator,
    alternatives,
)
from pconfigs.validation.containers import (
    DictValidator,
    ListValidator,
    SetValidator,
    TupleValidator,
    TypedDictValidator,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NAME = object()
"""Placeholder of classes and functions, which are written as their dotted names."""


def is_absence(cls: type) -> bool:
    """Return whether `cls` is the type of `NoneConfig`."""
    return getattr(cls, "__pconfig_words__", "") == "NoneConfig"


class PlainForms:
    """The values that an untagged plain value can mean to one validator.

    Attributes:
        validator: The validator.
        any: Whether it takes everything, or values of a class without a plain form.
        takes_all: Whether it takes everything.
        accepts_none_config: Whether null is `NoneConfig`.
        scalars: The types among int, float, bool, str and None that it takes.
        texts: What else is written as a string: types with a `ScalarCodec`, enums, `NAME`.
        lists: What is written as a list: the container's type and its validators.
        dicts: Validators of what is written as a mapping, config classes aside.
        configs: The config classes.
        literals: The values of `Literal`s.
        text_type: What an untagged string is: str, one of `texts`, or None where that is not
            decided.
        float_words: Whether the strings `nan`, `inf` and `-inf` are floats.
        list: What an untagged list is, or None.
        mapping: What an untagged mapping is: `dict`, a validator, a config class, or None.
        decided: The config class whose configs are written without its name, or None.
    """

    def __init__(self, validator: Validator) -> None:
        self.validator = validator
        self.any = self.accepts_none_config = False
        self.scalars: set[type] = set()
        self.texts: list[Any] = []
        self.lists: dict[type, list[Validator]] = {}
        self.dicts: list[Validator] = []
        self.configs: list[type] = []
        self.literals: list[Any] = []
        self.takes_all = False
        self._members: dict[str, Validator] | None = None
        self._unions: dict[tuple[Validator, ...], Validator] = {}
        for member in alternatives(validator):
            self._add(member)
        if self.any:
            self.scalars |= JSON_SCALARS
        self.accepts_none_config &= type(None) not in self.scalars and not self.any
        self.text_type = self._only_text_type()
        self.float_words = float in self.scalars and not self.texts and str not in self.scalars
        self.list = self._only_list()
        self.mapping = self._only_mapping()
        is_decided = len(self.configs) == 1 and self.mapping is self.configs[0] and not self.any
        self.decided: type | None = self.configs[0] if is_decided else None

    def _add(self, validator: Validator) -> None:
        self.literals += validator.literals
        for cls in validator.instances:
            self._add_class(cls)
        if validator.names_objects:
            self.texts.append(NAME)
        for kind, route in validator.containers:
            if kind is dict:
                self.dicts.append(route)
            else:
                self.lists.setdefault(kind, []).append(route)
        if not (validator.instances or validator.names_objects or validator.containers):
            self.any = True
            self.takes_all |= isinstance(validator, AnyValidator)

    def _add_class(self, cls: type) -> None:
        if cls in JSON_SCALARS:
            self.scalars.add(cls)
        elif is_absence(cls):
            self.accepts_none_config = True
        elif hasattr(cls, "__pconfig_schema__"):
            if cls not in self.configs:
                self.configs.append(cls)
        elif is_enum(cls) or scalar_codec_of(cls) is not None:
            if cls not in self.texts:
                self.texts.append(cls)
        else:
            self.any = True

    def _only_text_type(self) -> Any:
        if str in self.scalars:
            return str
        codecs = [scalar_codec_of(one) if isinstance(one, type) else None for one in self.texts]
        kinds = {id(codec or one) for codec, one in zip(codecs, self.texts)}
        return self.texts[0] if len(kinds) == 1 else None

    def _only_list(self) -> type | None:
        if self.any or list in self.lists:
            return list
        return next(iter(self.lists)) if len(self.lists) == 1 else None

    def _only_mapping(self) -> Any:
        if self.any:
            return dict
        if self.dicts:
            return self.dicts[0] if len(self.dicts) == 1 else None
        return self.configs[0] if len(self.configs) == 1 else None

    # Where several containers of one kind fit, neither the type of a value nor plain data decides
    # which of them it is: what is inside of it may be what is inside of each.

    def items(self, kind: type, length: int) -> Validator | tuple[Validator, ...]:
        """Return the validator of all items of a list, tuple or set, or one for each of them."""
        validators = self.lists.get(kind, ())
        if self.takes_all or not validators:
            return ANY
        found = [_items(one, length) for one in validators]
        if not any(isinstance(one, tuple) for one in found):
            return self._either(found)
        rows = [one if isinstance(one, tuple) else (one,) * length for one in found]
        rows = [one for one in rows if len(one) == length] or rows[-1:]
        return tuple([self._either(column) for column in zip(*rows, strict=True)])

    def entry(self) -> tuple[Validator, Validator]:
        """Return the validators of the keys and the values of a dict."""
        found = [one for one in self.dicts if isinstance(one, DictValidator)]
        if self.takes_all or not found:
            return ANY, ANY
        keys = [one.key for one in found]
        if any(isinstance(one, TypedDictValidator) for one in self.dicts):
            keys.append(_TEXT)
        return self._either(keys), self._either([one.item for one in found])

    @property
    def members(self) -> dict[str, Validator]:
        """The validators of known keys: those of a TypedDict or NamedTuple."""
        if self.mapping is not None or self.takes_all:
            members: dict[str, Validator] = getattr(self.mapping, "members", {})
            return members
        if self._members is None:
            items = [one.item for one in self.dicts if isinstance(one, DictValidator)]
            typed = [one.members for one in self.dicts if isinstance(one, TypedDictValidator)]
            self._members = {
                name: self._either([*[one[name] for one in typed if name in one], *items])
                for name in dict.fromkeys(name for one in typed for name in one)
            }
        return self._members

    def _either(self, validators: Sequence[Validator]) -> Validator:
        """Return the validator of a value that one of some fits."""
        kept = tuple({id(one): one for one in validators}.values())
        if len(kept) == 1:
            return kept[0]
        known = self._unions.get(kept)
        if known is None:
            known = self._unions[kept] = UnionValidator(kept)
        return known


def _items(validator: Any, length: int) -> Any:
    """Return the validator of all items of a list, tuple or set of a length, or one for each."""
    if isinstance(validator, TupleValidator):
        if validator.repeated is not None and not validator.before and not validator.after:
            return validator.repeated
        middle = length - len(validator.before) - len(validator.after)
        repeated = (validator.repeated or ANY,) * max(0, middle)
        return (*validator.before, *repeated, *validator.after)[:length]
    return validator.item if isinstance(validator, (ListValidator, SetValidator)) else ANY


_TEXT = ClassValidator(str)


def plain_forms_of(validator: Validator) -> PlainForms:
    """Return the plain forms of a validator, kept on it."""
    forms: PlainForms | None = getattr(validator, "plain_forms", None)
    if forms is None:
        forms = PlainForms(validator)
        validator.plain_forms = forms  # type: ignore[attr-defined]
    return forms
