"""Typed texts: the value of a text, parsed by a validator.

A `str` takes the text as it is. All else is a Python literal, whose texts inside of brackets may
go without quotes, since shells take those away: `[a, b]`. Enum members are written by name or
value, classes, functions and configs by dotted path. Nothing is evaluated.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a
from pconfigs.errors.formatting import listed
from pconfigs.imports.own_packages import BUILTIN_TYPES
from pconfigs.overrides.parse_scalars import (
    BOOLS,
    LITERALS,
    NUMBERS,
    Ambiguous,
    literal_member,
    read_literal,
    read_made,
    read_member,
    read_number,
)
from pconfigs.overrides.switching import named_part, names_of_parts
from pconfigs.overrides.tokens import braced, literal, parse_call, split_items, split_pair, unquoted
from pconfigs.schema.class_schema import is_config_class
from pconfigs.schema.equality import same_value
from pconfigs.serialization.conversion.scalar_codecs import is_enum, scalar_codec_of
from pconfigs.validation.base import (
    AnyValidator,
    CallableValidator,
    ClassValidator,
    InvalidValue,
    LiteralValidator,
    ProtocolValidator,
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
    from collections.abc import Callable
    from typing import Any, TypeAlias

    # The object at a dotted path. Raises Mismatch if there is none that may be used.
    Find: TypeAlias = Callable[[str], Any]


class TextParser:
    """Reads texts.

    Args:
        find: Gives the object at a dotted path.
        make: Gives the default config of a class.
    """

    def __init__(self, find: Find, make: Callable[[type], Any]) -> None:
        self._find, self._make = find, make

    def value(self, text: str, validator: Validator) -> Any:
        """Return the value of `text`, as a config holds it.

        Raises:
            Mismatch: There is none, or more than one.
        """
        try:
            return validator.validate(self.read(text, validator))
        except RecursionError:
            raise InvalidValue("", text, "less deeply nested", constraint=True) from None

    def read(self, text: str, validator: Validator, inner: bool = False) -> Any:
        """Return the value of `text`; `inner` if it is within brackets.

        Raises:
            Mismatch: There is none, or more than one.
        """
        if isinstance(validator, ConstrainedValidator):
            return self.read(text, validator.inner, inner)
        if isinstance(validator, RecursiveAlias):
            return self.read(text, validator.known(), inner)
        if isinstance(validator, UnionValidator):
            return self._one_of(text, validator, inner)
        if isinstance(validator, ClassValidator):
            return self._instance(text, validator, inner)
        if isinstance(validator, LiteralValidator):
            return literal_member(text, validator, inner)
        if isinstance(validator, (TypeValidator, CallableValidator, ProtocolValidator)):
            builtin = isinstance(validator, TypeValidator) and text in BUILTIN_TYPES
            return self._find(text) if builtin or _dotted(text) else read_literal(text, validator)
        if isinstance(validator, AnyValidator):
            return read_literal(text, validator)
        return self._container(text.strip(), validator)

    def _one_of(self, text: str, validator: UnionValidator, inner: bool) -> Any:
        """Return the value of a text for a union: all members that can parse it must agree."""
        members: tuple[Validator, ...] = validator.members
        if any(type(None) in member.types for member in members):
            if text in NOTHING:
                return None
            quoted = unquoted(text)
            if quoted is not None and quoted in NOTHING:
                text = quoted
                members = tuple(one for one in members if type(None) not in one.types)
        explicit = parse_call(text)
        if explicit is not None:
            meant = [member for member in members if explicit[0] in _names_of(member)]
            if len(meant) == 1:
                return self._explicit(explicit, meant[0])
        found: list[tuple[Any, Validator]] = []
        wrong: list[InvalidValue] = []
        for member in members:
            try:
                value = member.validate(self.read(text, member, inner))
            except InvalidValue as mismatch:
                wrong.append(mismatch)
                continue
            if inner and isinstance(value, str) and unquoted(text) is not None:
                return value
            if not any(type(value) is type(o) and same_value(value, o) for o, _ in found):
                found.append((value, member))
        if len(found) > 1 and text.lstrip()[:1] in ("{", "["):
            # A dict or list that a string could be as well is meant as what it looks like.
            found = [one for one in found if not isinstance(one[0], str)] or found
            found = _as_typed(text, found) or found
        if len(found) > 1:
            ways = [f"{_name_for(value, member)}({text})" for value, member in found]
            raise Ambiguous(text, ways)
        if found:
            if all(isinstance(value, str) for value, _ in found):
                _refuse_broken(text, wrong)
            return found[0][0]
        self._refuse_part(text, validator, *(getattr(one, "cls", object) for one in members))
        advised = next((mismatch for mismatch in wrong if mismatch.advice), None)
        if advised is None or advised.path:
            return read_literal(text, validator)
        suggestion, broken = advised.suggestion, advised.constraint
        raise InvalidValue("", text, validator.description, suggestion, broken)

    def _explicit(self, explicit: tuple[str, str], member: Validator) -> Any:
        """Return the value of `int(5)`: the text in the brackets, for the named member."""
        name, inside = explicit
        if isinstance(member, LiteralValidator):
            same = tuple(value for value in member.values if type(value).__name__ == name)
            return literal_member(inside, LiteralValidator(same), inner=False)
        return self.read(inside, member)

    def _instance(self, text: str, validator: ClassValidator, inner: bool) -> Any:
        cls: Any = validator.cls
        quoted = unquoted(text) if inner else None
        if "__pconfig_words__" in vars(cls) and text.strip() == cls.__pconfig_words__:
            return cls()  # the one object of a class such as that of NoneConfig
        if is_enum(cls):
            return read_member(text if quoted is None else quoted, validator)
        if issubclass(cls, str):
            plain = (text.strip() if inner else text) if quoted is None else quoted
            return plain if cls is str else cls(plain)
        if cls is bool:
            return BOOLS[text.strip()] if text.strip() in BOOLS else read_literal(text, validator)
        if cls in NUMBERS:
            return read_number(text, validator)
        if cls.__module__.partition(".")[0] == "pathlib":
            call = parse_call(text)
            if call is not None and call[0].endswith("Path") and unquoted(call[1]) is not None:
                quoted = unquoted(call[1])
            return cls(text if quoted is None else quoted)
        if cls not in LITERALS and scalar_codec_of(cls) is not None:
            return read_made(text if quoted is None else quoted, validator)
        if _dotted(text):
            found = self._find(text)
            # A class means its default: the config that it builds without arguments.
            if is_config_class(found) and not isinstance(found, cls):
                return self._make(found)
            return found
        if is_config_class(cls):
            part = named_part(text.strip(), cls)
            if part is not None:
                return self._make(part) if isinstance(part, type) else part
            self._refuse_part(text, validator, cls)
        return read_literal(text, validator)

    def _refuse_part(self, text: str, validator: Validator, *classes: type) -> None:
        """Refuse a text that names no part, where it can be nothing else."""
        if not classes or not all(map(is_config_class, classes)):
            return
        advice = "the dotted path of a config class or an experiment"
        known = list(dict.fromkeys(name for cls in classes for name in names_of_parts(cls)))
        if text.strip().isidentifier() and known:
            advice = f"{listed(known[:8], 'or')}, or {advice}"
        advice = f"give {advice}"
        raise InvalidValue("", text, validator.description, advice)

    def _container(self, text: str, validator: Validator) -> Any:
        if isinstance(validator, AbcContainer):
            kinds: dict[str, type] = {"[": list, "(": tuple, "{": dict, "f": frozenset}
            kind: type | None = kinds.get(text[:1])
            if kind is dict and not _is_dict(text):
                kind = set
            for known, route in validator.routes:
                if known is kind:
                    return self._container(text, route)
        if isinstance(validator, ListValidator) and braced(text, "[]"):
            return [self._item(at, one, validator.item) for at, one in enumerate(split_items(text))]
        if isinstance(validator, SetValidator):
            return self._set(text, validator)
        if isinstance(validator, TupleValidator) and braced(text, "()"):
            return self._tuple(text, validator)
        if isinstance(validator, NamedTupleValidator) and braced(text, "()"):
            texts = split_items(text)
            if len(texts) == len(validator.checks):
                made = [self._item(at, one, validator.checks[at]) for at, one in enumerate(texts)]
                return validator.cls(*made)
        if isinstance(validator, (DictValidator, TypedDictValidator)) and braced(text, "{}"):
            return self._dict(text, validator)
        return read_literal(text, validator)

    def _item(self, key: Any, text: str, validator: Validator) -> Any:
        try:
            return validator.validate(self.read(text, validator, inner=True))
        except InvalidValue as mismatch:
            raise mismatch.inside(f"[{key!r}]") from None

    def _set(self, text: str, validator: SetValidator) -> Any:
        call = parse_call(text)
        inside = call[1].strip() if call is not None and call[0] in ("set", "frozenset") else text
        if braced(inside, "{}") and (split_items(inside) or inside is not text):
            items = [
                self._item(at, one, validator.item) for at, one in enumerate(split_items(inside))
            ]
        elif inside or call is None:
            return read_literal(text, validator)
        else:
            items = []
        try:
            return validator.kind(items)
        except TypeError:
            said = "its members cannot be hashed"
            raise InvalidValue("", text, validator.description, said) from None

    def _tuple(self, text: str, validator: TupleValidator) -> Any:
        texts = split_items(text)
        middle = len(texts) - len(validator.before) - len(validator.after)
        if middle < 0 or (middle and validator.repeated is None):
            return read_literal(text, validator)
        repeated = (validator.repeated,) * middle if validator.repeated is not None else ()
        checks = (*validator.before, *repeated, *validator.after)
        return tuple([self._item(at, one, checks[at]) for at, one in enumerate(texts)])

    def _dict(self, text: str, validator: DictValidator | TypedDictValidator) -> Any:
        found: dict[Any, Any] = {}
        for one in split_items(text):
            pair = split_pair(one)
            if pair is None:
                raise InvalidValue("", one, f"key: value, in {validator.description}")
            key_check = validator.key if isinstance(validator, DictValidator) else _TEXT
            key = self._item(pair[0], pair[0], key_check)
            if isinstance(validator, DictValidator):
                item_check = validator.item
            else:
                item_check = validator.members.get(key, _ANY)
            try:
                twice = key in found
            except TypeError:
                raise InvalidValue("", one, "a key that can be hashed") from None
            if twice:
                raise InvalidValue("", one, "given once", f"{key!r} is there already", True)
            found[key] = self._item(key, pair[1], item_check)
        return found


NOTHING = ("None", "null")
"""Words for None, where it is allowed; in quotes they are text."""
_TEXT = ClassValidator(str)
_ANY = AnyValidator()


def _dotted(text: str) -> bool:
    """Whether a text may be a dotted path: at least two names."""
    head = text.strip().partition("[")[0]
    return "." in head and all(part.isidentifier() for part in head.split("."))


def _names_of(validator: Validator) -> set[str]:
    """Return the names of a member of a union: `int`, `Path`, `PosixPath`."""
    if isinstance(validator, ConstrainedValidator):
        return _names_of(validator.inner)
    if isinstance(validator, LiteralValidator):
        return {type(value).__name__ for value in validator.values}
    if not isinstance(validator, ClassValidator):
        return set()
    if validator.cls.__module__.partition(".")[0] == "pathlib":
        return {"Path", "PosixPath", "PurePath", "WindowsPath"}
    return {validator.cls.__name__}


def _as_typed(text: str, found: list[tuple[Any, Validator]]) -> list[tuple[Any, Validator]]:
    """Return those of several values that are what the text is as a Python literal."""
    try:
        value = literal(text)
    except ValueError:
        return []
    return [one for one in found if same_value(one[0], value)]


def _refuse_broken(text: str, wrong: list[InvalidValue]) -> None:
    """Refuse a dict or list with a wrong item, which could be nothing but a string."""
    if not braced(text.strip(), "{}") and not braced(text.strip(), "[]"):
        return
    for one in wrong:
        if one.path:
            advice = f"{one.advice}; as a text: str({text})".removeprefix("; ")
            raise InvalidValue(one.path, one.value, one.expected, advice, one.constraint)


def _name_for(value: Any, validator: Validator) -> str:
    names = _names_of(validator)
    own = type(value).__name__.replace("Frozen", "").lower()
    own = own if is_a(value, (list, dict, set)) else type(value).__name__
    return own if own in names and len(names) == 1 else min(names or {own})


def _is_dict(text: str) -> bool:
    found = split_items(text) if braced(text, "{}") else []
    return not found or split_pair(found[0]) is not None
