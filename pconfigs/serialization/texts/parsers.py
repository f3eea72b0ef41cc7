"""The parser of each validator: texts of environment variables and overrides as typed values.

A `str` takes the text as it is. All else is a Python literal, whose texts inside of brackets may
go without quotes, since shells take those away: `[a, b]`. Enum members are written by name or
value, classes, functions and configs by dotted path.
"""

from __future__ import annotations

from pconfigs.schema.equality import same_value
from pconfigs.serialization.conversion.text_words import CLEAR, NOTHING
from pconfigs.serialization.texts.base import Ambiguous, TextParser, TextSource, read_literal
from pconfigs.serialization.texts.containers import (
    AbstractParser,
    DictParser,
    ListParser,
    NamedTupleParser,
    SetParser,
    TupleParser,
    TypedDictParser,
)
from pconfigs.serialization.texts.scalars import (
    AnythingParser,
    LiteralParser,
    NameParser,
    TypeParser,
    class_parser,
)
from pconfigs.serialization.texts.tokens import braced, literal, parse_call, unquoted
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

TYPE_CHECKING = False  # every module of environment variables imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    _Found: TypeAlias = list[tuple[Any, TextParser]]


def text_parser_of(validator: Validator) -> TextParser:
    """Return the parser of texts of a validator, kept on it."""
    parser: TextParser | None = getattr(validator, "text_parser", None)
    if parser is None:
        kinds = type(validator).__mro__
        make = next((_PARSERS[kind] for kind in kinds if kind in _PARSERS), TextParser)
        parser = make(validator, text_parser_of)
        validator.text_parser = parser  # type: ignore[attr-defined]
    return parser


class ConstrainedParser(TextParser):
    """Parses what the inner validator takes; the rules are those of the validator."""

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self._inner = inner = parser_of(validator.inner)
        self.is_simple, self.options, self.names = inner.is_simple, inner.options, inner.names

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        return self._inner.parse(text, source, inner)


class AliasParser(TextParser):
    """Parses what a named type means, which may name itself."""

    @property
    def is_simple(self) -> bool:  # type: ignore[override]
        return self.parser_of(self.validator.known()).is_simple

    @property
    def description(self) -> str:
        return self.parser_of(self.validator.known()).description

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        return self.parser_of(self.validator.known()).parse(text, source, inner)


class UnionParser(TextParser):
    """Parses what one of several validators takes."""

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self._members = [parser_of(member) for member in validator.members]
        self._others = [one for one in self._members if type(None) not in one.validator.types]
        self.is_simple = all(one.is_simple for one in self._members)
        self.options = tuple(option for one in self._members for option in one.options)

    @property
    def description(self) -> str:
        return " or ".join(one.description for one in self._members)

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        members = self._members
        if len(self._others) < len(members):
            if text in NOTHING:
                return None
            quoted = unquoted(text) if source.explicit else None
            if quoted is not None and quoted in NOTHING:
                text, members = quoted, self._others
        call = parse_call(text) if source.explicit else None
        if call is not None:
            meant = [member for member in members if call[0] in member.names]
            if len(meant) == 1:
                return meant[0].explicit(*call, source)
        found, wrong = _tried(text, members, source, inner)
        if inner and unquoted(text) is not None:
            # Quotes within brackets mean a string.
            found = [one for one in found if isinstance(one[0], str)][:1] or found
        if len(found) > 1:
            return source.one_of(text, found)
        if not found:
            return self._refused(text, source, wrong)
        value = found[0][0]
        if isinstance(value, str):
            _refuse_broken(text, wrong)
        return value

    def _refused(self, text: str, source: TextSource, wrong: list[InvalidValue]) -> Any:
        """Raise the error for a text that no member can parse."""
        source.refuse_part(text, self.validator)
        advised = next((mismatch for mismatch in wrong if mismatch.advice), None)
        if advised is None or advised.path:
            return read_literal(text, self.validator)
        suggestion, broken = advised.suggestion, advised.constraint
        raise InvalidValue("", text, self.validator.description, suggestion, broken)


def _tried(
    text: str, members: list[TextParser], source: TextSource, inner: bool
) -> tuple[_Found, list[InvalidValue]]:
    """Return the different values of a text for members of a union, and why others refuse it."""
    found: _Found = []
    wrong: list[InvalidValue] = []
    for member in members:
        try:
            value = member.validator.validate(member.parse(text, source, inner))
        except InvalidValue as mismatch:
            wrong.append(mismatch)
            continue
        if not any(type(value) is type(o) and same_value(value, o) for o, _ in found):
            found.append((value, member))
    if len(found) > 1 and text.strip() not in CLEAR:
        # yes and 1 are booleans where nothing else fits.
        found = [one for one in found if type(one[0]) is not bool] or found
    if len(found) > 1 and text.lstrip()[:1] in ("{", "["):
        # A dict or list that a string could be as well is meant as what it looks like.
        found = [one for one in found if not isinstance(one[0], str)] or found
        found = _as_typed(text, found) or found
    return found, wrong


def _as_typed(text: str, found: _Found) -> _Found:
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


def refuse_ambiguous(text: str, found: _Found) -> Any:
    """Raise the error for a text that may be several values of a union."""
    # Quotes are part of the text, and are taken off once more where one is written like this.
    inside = text if unquoted(text) is None else repr(text)
    raise Ambiguous(text, [f"{_name_for(value, member)}({inside})" for value, member in found])


def _name_for(value: Any, member: TextParser) -> str:
    own = type(value).__name__.replace("Frozen", "").lower()
    own = own if isinstance(value, (list, dict, set)) else type(value).__name__
    return own if own in member.names and len(member.names) == 1 else min(member.names or {own})


_PARSERS: dict[type[Validator], Callable[[Any, Callable[[Validator], TextParser]], TextParser]] = {
    AbcContainer: AbstractParser,
    AnyValidator: AnythingParser,
    CallableValidator: NameParser,
    ClassValidator: class_parser,
    ConstrainedValidator: ConstrainedParser,
    DictValidator: DictParser,
    ListValidator: ListParser,
    LiteralValidator: LiteralParser,
    NamedTupleValidator: NamedTupleParser,
    ProtocolValidator: NameParser,
    RecursiveAlias: AliasParser,
    SetValidator: SetParser,
    TupleValidator: TupleParser,
    TypeValidator: TypeParser,
    TypedDictValidator: TypedDictParser,
    UnionValidator: UnionParser,
}
