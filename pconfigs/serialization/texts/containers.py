"""Parsers of containers: in brackets, as Python writes them; the texts inside need no quotes."""

from __future__ import annotations

from pconfigs.serialization.texts.base import TextParser, TextSource, read_literal
from pconfigs.serialization.texts.tokens import braced, parse_call, split_items, split_pair
from pconfigs.validation.base import ANY, ClassValidator, InvalidValue, Validator

TYPE_CHECKING = False  # every module of environment variables imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TEXT = ClassValidator(str)


class ListParser(TextParser):
    """Parses `[a, b]`."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text, item = text.strip(), self.validator.item
        if not braced(text, "[]"):
            return read_literal(text, self.validator)
        return [self.item(at, one, item, source) for at, one in enumerate(split_items(text))]


class SetParser(TextParser):
    """Parses `{a, b}`, `set()` and `frozenset({a})`."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text, item = text.strip(), self.validator.item
        call = parse_call(text)
        inside = call[1].strip() if call is not None and call[0] in ("set", "frozenset") else text
        if braced(inside, "{}") and (split_items(inside) or inside is not text):
            found = split_items(inside)
        elif inside or call is None:
            return read_literal(text, self.validator)
        else:
            found = []
        items = [self.item(at, one, item, source) for at, one in enumerate(found)]
        try:
            return self.validator.kind(items)
        except TypeError:
            said = "its members cannot be hashed"
            raise InvalidValue("", text, self.validator.description, said) from None


class TupleParser(TextParser):
    """Parses `(a, b)`."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text, validator = text.strip(), self.validator
        texts = split_items(text) if braced(text, "()") else []
        middle = len(texts) - len(validator.before) - len(validator.after)
        if not braced(text, "()") or middle < 0 or (middle and validator.repeated is None):
            return read_literal(text, validator)
        return tuple(
            [
                self.item(at, one, known, source)
                for at, (one, known) in enumerate(zip(texts, validator.for_items(texts)))
            ]
        )


class NamedTupleParser(TextParser):
    """Parses the fields of a NamedTuple: `(1, a)`, also as `Point(1, a)` or `Point(x=1, y=a)`."""

    def __init__(self, validator: Any, parser_of: Callable[[Validator], TextParser]) -> None:
        super().__init__(validator, parser_of)
        self.names = frozenset((validator.cls.__name__,))

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text, checks = text.strip(), self.validator.checks
        call = parse_call(text)
        if call is not None and call[0] in self.names:
            texts = self._in_order(split_items(f"({call[1]})"))
        else:
            texts = split_items(text) if braced(text, "()") else []
        if not texts or len(texts) != len(checks):
            return read_literal(text, self.validator)
        made = [self.item(at, one, checks[at], source) for at, one in enumerate(texts)]
        return self.validator.cls(*made)

    def explicit(self, name: str, inside: str, source: TextSource) -> Any:
        return self.parse(f"{name}({inside})", source)

    def _in_order(self, texts: list[str]) -> list[str]:
        """Return texts in the order of the fields that they name; none where they do not fit."""
        fields = self.validator.cls._fields
        found: dict[str, str] = {}
        for position, text in enumerate(texts[: len(fields)]):
            name, is_named, rest = text.partition("=")
            if is_named and name.strip() in fields:
                found[name.strip()] = rest
            else:
                found[fields[position]] = text
        return [found[name] for name in fields] if len(texts) == len(found) == len(fields) else []


class DictParser(TextParser):
    """Parses `{key: value}`."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text = text.strip()
        if not braced(text, "{}"):
            return read_literal(text, self.validator)
        found: dict[Any, Any] = {}
        for one in split_items(text):
            pair = split_pair(one)
            if pair is None:
                raise InvalidValue("", one, f"key: value, in {self.validator.description}")
            key = self.item(pair[0], pair[0], self.key_validator(), source)
            try:
                twice = key in found
            except TypeError:
                raise InvalidValue("", one, "a key that can be hashed") from None
            if twice:
                raise InvalidValue("", one, "given once", f"{key!r} is there already", True)
            found[key] = self.item(key, pair[1], self.validator_at(key), source)
        return found

    def key_validator(self) -> Validator:
        return self.validator.key  # type: ignore[no-any-return]

    def validator_at(self, key: Any) -> Validator:
        return self.validator.item  # type: ignore[no-any-return]


class TypedDictParser(DictParser):
    """Parses `{key: value}` with the keys of a TypedDict."""

    def key_validator(self) -> Validator:
        return _TEXT

    def validator_at(self, key: Any) -> Validator:
        return self.validator.members.get(key, ANY)  # type: ignore[no-any-return]


class AbstractParser(TextParser):
    """Parses containers of a class of collections.abc, by their brackets."""

    def parse(self, text: str, source: TextSource, inner: bool = False) -> Any:
        text = text.strip()
        kinds: dict[str, type] = {"[": list, "(": tuple, "{": dict, "f": frozenset}
        kind: type | None = kinds.get(text[:1])
        if kind is dict and not _is_dict(text):
            kind = set
        for known, route in self.validator.routes:
            if known is kind:
                return self.parser_of(route).parse(text, source, inner)
        return read_literal(text, self.validator)


def _is_dict(text: str) -> bool:
    found = split_items(text) if braced(text, "{}") else []
    return not found or split_pair(found[0]) is not None
