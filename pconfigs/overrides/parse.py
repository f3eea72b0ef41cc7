"""Typed texts: the value that a text stands for where a check says what is wanted.

A `str` takes the text as it is. All else is a Python literal, whose texts inside of brackets may
go without quotes, since shells take those away: `[a, b]`. Enum members are told by name or value,
classes, functions and configs by dotted path. Nothing is evaluated.
"""

from __future__ import annotations

from pconfigs.imports.own_packages import BUILTIN_TYPES
from pconfigs.overrides.parse_scalars import (
    BOOLS,
    MAKERS,
    NUMBERS,
    Ambiguous,
    literal_member,
    read_literal,
    read_made,
    read_member,
    read_number,
)
from pconfigs.overrides.tokens import braced, named_call, pieces, split_pair, unquoted
from pconfigs.schema.class_schema import is_config_class
from pconfigs.schema.equality import same_value
from pconfigs.serialization.scalar_codecs import is_enum
from pconfigs.validation.base import (
    AnyCheck,
    CallableCheck,
    Check,
    ClassCheck,
    LiteralCheck,
    Mismatch,
    ProtocolCheck,
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
    from collections.abc import Callable
    from typing import Any, TypeAlias

    # The object at a dotted path. Raises Mismatch where there is none that may be used.
    Find: TypeAlias = Callable[[str], Any]


class Typed:
    """Reads texts.

    Args:
        find: Gives the object at a dotted path.
        make: Gives the default config of a class.
    """

    def __init__(self, find: Find, make: Callable[[type], Any]) -> None:
        self._find, self._make = find, make

    def value(self, text: str, check: Check) -> Any:
        """The value that `text` stands for, as it is to be held.

        Raises:
            Mismatch: There is none, or more than one.
        """
        try:
            return check.take(self.read(text, check))
        except RecursionError:
            raise Mismatch("", text, "less deeply nested", broken_rule=True) from None

    def read(self, text: str, check: Check, inner: bool = False) -> Any:
        """The value that `text` stands for; `inner` where it stands within brackets.

        Raises:
            Mismatch: There is none, or more than one.
        """
        if isinstance(check, ConstrainedCheck):
            return self.read(text, check.inner, inner)
        if isinstance(check, LazyCheck):
            return self.read(text, check.known(), inner)
        if isinstance(check, UnionCheck):
            return self._one_of(text, check, inner)
        if isinstance(check, ClassCheck):
            return self._instance(text, check, inner)
        if isinstance(check, LiteralCheck):
            return literal_member(text, check, inner)
        if isinstance(check, (TypeCheck, CallableCheck, ProtocolCheck)):
            builtin = isinstance(check, TypeCheck) and text in BUILTIN_TYPES
            return self._find(text) if builtin or _dotted(text) else read_literal(text, check)
        if isinstance(check, AnyCheck):
            return read_literal(text, check)
        return self._container(text.strip(), check)

    def _one_of(self, text: str, check: UnionCheck, inner: bool) -> Any:
        """What a text is for the members of a union: all that can read it must agree."""
        if text == "None" and any(type(None) in member.types for member in check.members):
            return None
        explicit = named_call(text)
        members: tuple[Check, ...] = check.members
        if explicit is not None:
            meant = [member for member in members if explicit[0] in _names_of(member)]
            if len(meant) == 1:
                return self._told(explicit, meant[0])
        found: list[tuple[Any, Check]] = []
        wrong: list[Mismatch] = []
        for member in members:
            try:
                value = member.take(self.read(text, member, inner))
            except Mismatch as mismatch:
                wrong.append(mismatch)
                continue
            if inner and isinstance(value, str) and unquoted(text) is not None:
                return value
            if not any(type(value) is type(o) and same_value(value, o) for o, _ in found):
                found.append((value, member))
        if len(found) > 1:
            ways = [f"{_name_for(value, member)}({text})" for value, member in found]
            raise Ambiguous(text, ways)
        if found:
            return found[0][0]
        told = next((mismatch for mismatch in wrong if mismatch.advice), None)
        if told is None or told.path:
            return read_literal(text, check)
        raise Mismatch("", text, check.words, told.advice, told.broken_rule)

    def _told(self, explicit: tuple[str, str], member: Check) -> Any:
        """What `int(5)` says: the text in the brackets, for the member that is named."""
        name, inside = explicit
        if isinstance(member, LiteralCheck):
            same = tuple(value for value in member.values if type(value).__name__ == name)
            return literal_member(inside, LiteralCheck(same), inner=False)
        return self.read(inside, member)

    def _instance(self, text: str, check: ClassCheck, inner: bool) -> Any:
        cls: Any = check.cls
        quoted = unquoted(text) if inner else None
        if "__pconfig_words__" in vars(cls) and text.strip() == cls.__pconfig_words__:
            return cls()  # the one object of a class such as that of NoneConfig
        if is_enum(cls):
            return read_member(text if quoted is None else quoted, check)
        if issubclass(cls, str):
            plain = (text.strip() if inner else text) if quoted is None else quoted
            return plain if cls is str else cls(plain)
        if cls is bool:
            return BOOLS[text.strip()] if text.strip() in BOOLS else read_literal(text, check)
        if cls in NUMBERS:
            return read_number(text, check)
        if cls.__module__.partition(".")[0] == "pathlib":
            told = named_call(text)
            if told is not None and told[0].endswith("Path") and unquoted(told[1]) is not None:
                quoted = unquoted(told[1])
            return cls(text if quoted is None else quoted)
        if (cls.__module__, cls.__name__) in MAKERS:
            return read_made(text if quoted is None else quoted, check)
        if _dotted(text):
            found = self._find(text)
            # A class stands for its default: what it makes when nothing is given.
            if is_config_class(found) and not isinstance(found, cls):
                return self._make(found)
            return found
        if is_config_class(cls):
            advice = "give the dotted path of a config class or an experiment"
            raise Mismatch("", text, check.words, advice)
        return read_literal(text, check)

    def _container(self, text: str, check: Check) -> Any:
        if isinstance(check, AbstractCheck):
            kinds: dict[str, type] = {"[": list, "(": tuple, "{": dict, "f": frozenset}
            kind: type | None = kinds.get(text[:1])
            if kind is dict and not _is_dict(text):
                kind = set
            for known, route in check.routes:
                if known is kind:
                    return self._container(text, route)
        if isinstance(check, ListCheck) and braced(text, "[]"):
            return [self._item(at, one, check.item) for at, one in enumerate(pieces(text))]
        if isinstance(check, SetCheck):
            return self._set(text, check)
        if isinstance(check, TupleCheck) and braced(text, "()"):
            return self._tuple(text, check)
        if isinstance(check, NamedTupleCheck) and braced(text, "()"):
            texts = pieces(text)
            if len(texts) == len(check.checks):
                made = [self._item(at, one, check.checks[at]) for at, one in enumerate(texts)]
                return check.cls(*made)
        if isinstance(check, (DictCheck, TypedDictCheck)) and braced(text, "{}"):
            return self._dict(text, check)
        return read_literal(text, check)

    def _item(self, key: Any, text: str, check: Check) -> Any:
        try:
            return check.take(self.read(text, check, inner=True))
        except Mismatch as mismatch:
            raise mismatch.inside(f"[{key!r}]") from None

    def _set(self, text: str, check: SetCheck) -> Any:
        told = named_call(text)
        inside = told[1].strip() if told is not None and told[0] in ("set", "frozenset") else text
        if braced(inside, "{}") and (pieces(inside) or inside is not text):
            items = [self._item(at, one, check.item) for at, one in enumerate(pieces(inside))]
        elif inside or told is None:
            return read_literal(text, check)
        else:
            items = []
        try:
            return check.kind(items)
        except TypeError:
            raise Mismatch("", text, check.words, "its members cannot be hashed") from None

    def _tuple(self, text: str, check: TupleCheck) -> Any:
        texts = pieces(text)
        middle = len(texts) - len(check.before) - len(check.after)
        if middle < 0 or (middle and check.repeated is None):
            return read_literal(text, check)
        repeated = (check.repeated,) * middle if check.repeated is not None else ()
        checks = (*check.before, *repeated, *check.after)
        return tuple([self._item(at, one, checks[at]) for at, one in enumerate(texts)])

    def _dict(self, text: str, check: DictCheck | TypedDictCheck) -> Any:
        found: dict[Any, Any] = {}
        for one in pieces(text):
            pair = split_pair(one)
            if pair is None:
                raise Mismatch("", one, f"key: value, in {check.words}")
            key_check = check.key if isinstance(check, DictCheck) else _TEXT
            key = self._item(pair[0], pair[0], key_check)
            if isinstance(check, DictCheck):
                item_check = check.item
            else:
                item_check = check.members.get(key, _ANY)
            try:
                twice = key in found
            except TypeError:
                raise Mismatch("", one, "a key that can be hashed") from None
            if twice:
                raise Mismatch("", one, "given once", f"{key!r} is there already", True)
            found[key] = self._item(key, pair[1], item_check)
        return found


_TEXT = ClassCheck(str)
_ANY = AnyCheck()


def _dotted(text: str) -> bool:
    """Whether a text may be a dotted path: at least two names."""
    head = text.strip().partition("[")[0]
    return "." in head and all(part.isidentifier() for part in head.split("."))


def _names_of(check: Check) -> set[str]:
    """Names by which a member of a union may be told: `int`, `Path`, `PosixPath`."""
    if isinstance(check, ConstrainedCheck):
        return _names_of(check.inner)
    if isinstance(check, LiteralCheck):
        return {type(value).__name__ for value in check.values}
    if not isinstance(check, ClassCheck):
        return set()
    if check.cls.__module__.partition(".")[0] == "pathlib":
        return {"Path", "PosixPath", "PurePath", "WindowsPath"}
    return {check.cls.__name__}


def _name_for(value: Any, check: Check) -> str:
    names = _names_of(check)
    own = type(value).__name__
    return own if own in names and len(names) == 1 else min(names or {own})


def _is_dict(text: str) -> bool:
    found = pieces(text) if braced(text, "{}") else []
    return not found or split_pair(found[0]) is not None
